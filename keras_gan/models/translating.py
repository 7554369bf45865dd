"""Games whose generators make samples of one domain from those of another."""

import contextlib
from collections.abc import Iterator

import keras
import numpy as np

from keras_gan.arguments import unknown_name
from keras_gan.data.checks import check_samples
from keras_gan.models.prediction import Prediction, as_samples
from keras_gan.networks.analysis.memory import batch_size_of

DOMAINS = ("x", "y")


class Translating(Prediction):
    """The ability of a game or a preset with `generator_xy` and `generator_yx` between domains.

    G = `generator_xy` maps samples of domain x to samples of y, F = `generator_yx` maps them back.
    """

    @property
    def sample_shapes(self) -> tuple[tuple, tuple]:
        """The shape of a sample of x and that of one of y, such as (height, width, channels)."""
        return self.generator_xy.input_shape[1:], self.generator_yx.input_shape[1:]

    def generator_to(self, domain: str) -> keras.Model:
        """The generator whose outputs are samples of a domain."""
        check_domain(domain)
        return {"y": self.generator_xy, "x": self.generator_yx}[domain]

    def call(self, x, training: bool = False):
        """G(x) of the generator as trained, so that `predict` maps samples of x to y."""
        return self.generator_xy(x, training=training)

    def translate(
        self, samples, to: str = "y", average: bool = True, batch_size: int | None = None
    ) -> np.ndarray:
        """Samples of one domain as the other would have them: G(x) or F(y).

        Args:
            samples: Array `(n, ...)` of the other domain than `to`; images in [-1, 1].
            to: `"y"`, the default, for G(x), or `"x"` for F(y).
            average: Whether the averaged generator translates, where there is one.
            batch_size: How many are translated at a time. By default as many as memory allows, at
                most 64.

        Returns:
            float32 array `(n, ...)`; images lie in [-1, 1].

        Raises:
            ValueError: For an unknown domain or samples of another shape.
        """
        generator = self.generator_to(to)
        samples = self.given_of(samples, {"y": "x", "x": "y"}[to])

        def translated(samples):
            return generator(samples, training=False)

        size = batch_size_of(generator, batch_size, most=64)
        return self.computed(translated, samples, batch_size=size, average=average)

    def given_of(self, samples, domain: str) -> np.ndarray:
        """Samples of a domain as float32, once they are known to be such."""
        samples = as_samples(samples)
        with of_domain(domain):
            check_samples(samples, self.sample_shapes[DOMAINS.index(domain)])
        return samples.astype("float32")


def check_domain(domain: str) -> None:
    """Refuses a name that is not one of the two domains."""
    if domain not in DOMAINS:
        raise unknown_name("domain", domain, DOMAINS)


@contextlib.contextmanager
def of_domain(domain: str) -> Iterator[None]:
    """A scope in which errors say of which domain they speak."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"Domain {domain}: {error}") from error
