"""What flows of a fixed composition share: their own arguments in place of a bijection."""

import inspect

from keras_gan.arguments import amount, nearest_name, whole
from keras_gan.flows.flow import Flow

TOO_MANY = {"levels": 17, "depth": 501}
ALPHA = {1: 1e-6, 3: 0.05}  # of the logit, by channels


class NamedFlow(Flow):
    """A flow that makes its bijection itself, of `arguments` by which a file describes it.

    Images and volumes are dequantized unless `dequantize=False`. A subclass checks its arguments in
    `checked` and makes its bijection by `composed(sample_shape, classes, **arguments)`.
    """

    def __init__(self, sample_shape, arguments: dict, *, classes=None, dequantize=None, **options):
        self._check_options(options, arguments)
        self.arguments, shape = dict(arguments), tuple(sample_shape)
        super().__init__(
            self.composed(shape, classes, **arguments),
            sample_shape=shape,
            classes=classes,
            dequantize=has_levels(shape) if dequantize is None else dequantize,
            **options,
        )

    @classmethod
    def _check_options(cls, options: dict, arguments: dict) -> None:
        """Refuses an argument that neither this class nor `Flow` has.

        Raises:
            TypeError: For the first of them.
        """
        of_flows = set(inspect.signature(Flow).parameters) - {"bijection"}
        for name in options:
            if name not in of_flows:
                near = nearest_name(name, {*of_flows, *arguments})
                raise TypeError(
                    f"kg.{cls.__name__} has no argument {name!r}"
                    f"{'.' if near is None else f': did you mean {near!r}?'}"
                )

    @staticmethod
    def checked(sample_shape, **arguments) -> dict:
        """All arguments of the composition, after a check."""
        raise NotImplementedError

    @classmethod
    def arguments_of(cls, sample_shape, **given) -> dict:
        """All arguments of the composition, with the class's defaults for those not given.

        Args:
            sample_shape: The shape of one sample.
            **given: Some of them.

        Raises:
            ValueError: As the class.
        """
        defaults = inspect.signature(cls).parameters
        _, *names = inspect.signature(cls.checked).parameters
        arguments = {name: given.get(name, defaults[name].default) for name in names}
        return cls.checked(sample_shape, **arguments)

    @staticmethod
    def composed(sample_shape, classes, **arguments):
        """The bijection of samples of a shape."""
        raise NotImplementedError

    def settings(self) -> dict:
        """The arguments, and those of every flow."""
        return {**super().settings(), **self.arguments}

    def get_config(self) -> dict:
        """As of any flow, with the arguments in place of the bijection."""
        config = super().get_config()
        config.pop("bijection")
        return config


def has_levels(sample_shape) -> bool:
    """Whether samples of a shape are images or volumes, which have levels and bounds."""
    return len(sample_shape) > 2


def counted(name: str, value, least: int = 1) -> int:
    """A number of couplings, layers or scales, bounded since each takes time to build.

    Args:
        name: The argument's name.
        value: The argument.
        least: The smallest number allowed. Defaults to 1.

    Raises:
        ValueError: For any other value.
    """
    return whole(name, value, least=least, below=TOO_MANY.get(name, TOO_MANY["depth"]))


def chosen_alpha(alpha: float | None, sample_shape) -> float:
    """α of the logit before the first scale, by default as papers have it for such images.

    Args:
        alpha: The argument.
        sample_shape: The shape of one image, whose channels decide.

    Raises:
        ValueError: For an α that is not in (0, ½).
    """
    if alpha is None:
        return ALPHA.get(sample_shape[-1], ALPHA[3])
    return amount("alpha", alpha, above=0, below=0.5)
