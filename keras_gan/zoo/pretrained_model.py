"""Presets that are models in every respect, ready to train on."""

from keras_gan.texts import in_short
from keras_gan.zoo.pretrained import Pretrained


class PretrainedModel(Pretrained):
    """The part of a model of a preset, which comes before the model among the bases of its class.

    Its name in messages, `called`, is that model's public name.
    """

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.describe(None)

    def settle(self) -> None:
        """As of any model: brings variables up to date while it trains."""
        super(Pretrained, self).settle()

    @property
    def data_shape(self) -> tuple[int, ...]:
        """The shape of one sample."""
        return tuple(self.sample_shape)

    @classmethod
    def check_taken(cls, gan, kind: type) -> None:
        """Refuses to copy another model.

        Args:
            gan: What `from_gan` was given.
            kind: The class of the model.

        Raises:
            ValueError: See above.
        """
        if not isinstance(gan, kind):
            raise ValueError(
                f"from_gan of {cls.called} takes a {cls.called}; received {in_short(gan)}."
            )
