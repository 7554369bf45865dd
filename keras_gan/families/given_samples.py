"""Models that make one sample of each that they are given, in the place of those that draw them."""

from collections.abc import Iterator

import numpy as np

READ_AT_ONCE = 256  # samples


class Given:
    """What a model makes of given samples, such as translations, as if it drew them.

    Args:
        model: Anything with `translate`, such as a `kg.Pix2Pix` or a `kg.Translator`.
        samples: A data set of `kg.data.load`, without labels.
        to: The domain of the translations, `"y"` or `"x"`.

    Raises:
        ValueError: If the model does not make samples of that domain.
    """

    conditional, classes = False, None

    def __init__(self, model, samples, to: str = "y"):
        self.model, self.samples, self.to = model, samples, to
        self.sample_shape = tuple(model.generator_to(to).output_shape[1:])
        self.average = getattr(model, "average", None)
        self.count = int(samples.cardinality())

    def check_number(self, n: int) -> None:
        """Refuses more samples than are given."""
        if n > self.count:
            raise ValueError(
                f"There are {self.count} samples to make others of; received --count {n}: take "
                f"fewer."
            )

    def generate_in_parts(self, n: int, seed=None, labels=None, truncation=None) -> Iterator:
        """What becomes of the first n samples, part by part; nothing in it is random.

        Args:
            n: How many.
            seed: Not used.
            labels: Not used.
            truncation: It has no meaning here.

        Raises:
            ValueError: For a truncation, and for samples of another shape.
        """
        if truncation is not None:
            raise ValueError("--truncation is of latent vectors, which translations do not have.")
        self.check_number(n)
        for part in self.samples.take(n).batch(READ_AT_ONCE).as_numpy_iterator():
            yield np.asarray(self.model.translate(part, to=self.to))


def way_to(model, to: str) -> tuple[int, ...]:
    """The shape of the samples that a model takes to make those of a domain.

    Args:
        model: As in `Given`.
        to: As in `Given`.

    Raises:
        ValueError: If it does not go there, or takes no samples at all.
    """
    if not hasattr(model, "translate"):
        raise ValueError(
            f"--of names images to translate, and a {type(model).__name__} makes samples by "
            f"itself: leave it out."
        )
    return tuple(model.generator_to(to).input_shape[1:])


def ways_of(model) -> dict[str, str]:
    """The domains that a model makes samples of, by what a reader calls it.

    Args:
        model: Any model; most make samples of none.
    """
    return {f"translate to {to}": to for to in getattr(model, "translators", {})}


def others_of(model, samples, to: str) -> np.ndarray:
    """What a model makes of samples.

    Args:
        model: One with `ways_of`.
        samples: A batch of the other domain.
        to: The domain of what is made.
    """
    return np.asarray(model.translate(samples, to=to))
