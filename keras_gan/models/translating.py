"""Games whose generators make samples of one domain from those of another."""

import contextlib
from collections.abc import Callable, Iterator
from typing import ClassVar

import keras
import numpy as np

from keras_gan.arguments import unknown_name
from keras_gan.data.checks import check_samples, chosen_seed
from keras_gan.models.prediction import Prediction, as_samples
from keras_gan.networks.analysis.memory import batch_size_of
from keras_gan.parallel.random_numbers import random_states
from keras_gan.training.averaging import Average

DOMAINS = ("x", "y")


class Translating(Prediction):
    """The ability of a game or a preset with generators between two domains.

    G = `generator_xy` maps samples of domain x to samples of y, F = `generator_yx` maps them back.
    A subclass that goes one way, or calls its networks otherwise, says so in `translators`.
    """

    translators: ClassVar[dict[str, str]] = {"y": "generator_xy", "x": "generator_yx"}  # by target

    @property
    def sample_shapes(self) -> tuple[tuple, tuple]:
        """The shape of a sample of x and that of one of y, such as (height, width, channels)."""
        there, back = self.generator_to("y"), self.translators.get("x")
        of_y = there.output_shape if back is None else getattr(self, back).input_shape
        return there.input_shape[1:], of_y[1:]

    def generator_to(self, domain: str) -> keras.Model:
        """The generator whose outputs are samples of a domain.

        Raises:
            ValueError: For an unknown domain, or one to which no generator leads.
        """
        check_domain(domain)
        if domain not in self.translators:
            raise ValueError(
                f"A {type(self).__name__} of one generator translates from x to y alone; received "
                f"to={domain!r}: train another one with x and y exchanged."
            )
        return getattr(self, self.translators[domain])

    def call(self, x, training: bool = False):
        """G(x) of the generator as trained, so that `predict` maps samples of x to y."""
        return self.generator_to("y")(x, training=training)

    def translate(
        self,
        samples,
        to: str = "y",
        average: bool = True,
        batch_size: int | None = None,
        *,
        noise: bool = False,
        seed: int | None = None,
    ) -> np.ndarray:
        """Samples of one domain as the other would have them: G(x) or F(y).

        Args:
            samples: Array `(n, ...)` of the other domain than `to`; images in [-1, 1].
            to: `"y"`, the default, for G(x), or `"x"` for F(y).
            average: Whether the averaged generator translates, where there is one.
            batch_size: How many are translated at a time. By default as many as memory allows, at
                most 64.
            noise: Whether the generator computes as in training, so that its dropout makes other
                translations of the same samples, and batch normalization takes the statistics of a
                batch, as in pix2pix at test time (Isola et al. 2017, arXiv 1611.07004, section
                3.4). Nothing that is kept changes. Defaults to `False`.
            seed: Integer that fixes the noise, for one `batch_size`; `None` takes new noise at
                every call.

        Returns:
            float32 array `(n, ...)`; images lie in [-1, 1].

        Raises:
            ValueError: For an unknown domain or samples of another shape; for noise from a
                generator without dropout, or a seed without noise.
        """
        generator = self.generator_to(to)
        samples = self.given_of(samples, {"y": "x", "x": "y"}[to])
        size = batch_size_of(generator, batch_size, most=64)
        if noise:
            averages = self.average if average else None
            noisy = with_noise(generator, averages, seed)
            return self.computed(noisy, samples, batch_size=size, average=False)
        if seed is not None:
            raise ValueError("A seed fixes the noise of a translation: pass noise=True, too.")

        def translated(samples):
            return generator(samples, training=False)

        return self.computed(translated, samples, batch_size=size, average=average)

    def given_of(self, samples, domain: str) -> np.ndarray:
        """Samples of a domain as float32, once they are known to be such."""
        samples = as_samples(samples)
        with of_domain(domain):
            check_samples(samples, self.sample_shapes[DOMAINS.index(domain)])
        return samples.astype("float32")


def with_noise(generator: keras.Model, average: Average | None, seed: int | None) -> Callable:
    """The generator as it computes in training, a function that draws new noise at every call.

    Args:
        generator: A network with layers that draw random numbers.
        average: The average of a model's networks, whose weights then serve; `None` for none.
        seed: Integer that fixes the noise of the first call, the second, …; `None` for any.

    Raises:
        ValueError: For a generator without such layers, or a seed that is none.
    """
    states = random_states(generator)
    if not states:
        raise ValueError(
            f"The network {generator.name!r} has no layer that draws random numbers, such as "
            f"dropout: leave noise out."
        )
    numbers = np.random.default_rng(chosen_seed(seed))

    def noisy(samples):
        scope = keras.StatelessScope() if average is None else average.applied()
        with scope:  # what layers assign, such as moving statistics, is gone afterwards
            for state in states:
                state.assign(numbers.integers(0, 2**31, tuple(state.shape)))
            return generator(samples, training=True)

    return noisy


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
