"""Games whose generators make samples of one domain from those of another."""

import contextlib
from collections.abc import Iterator

import keras
import numpy as np
from keras import ops

from keras_gan.arguments import unknown_name
from keras_gan.backend.finite import refuse_broken_weights
from keras_gan.data.checks import check_samples
from keras_gan.models.prediction import Inference, as_samples
from keras_gan.networks.analysis.memory import batch_size_of
from keras_gan.networks.analysis.scores import scores_of

DOMAINS = ("x", "y")


class Translating(Inference):
    """The part of a game with `generator_xy` and `generator_yx` between two domains x and y.

    It has a `discriminator_x` and a `discriminator_y`, too, and `sample_shapes` of the domains.
    """

    def discriminator(self, domain: str) -> keras.Model:
        """The discriminator of a domain."""
        return {"x": self.discriminator_x, "y": self.discriminator_y}[domain]

    def scores(self, domain: str, samples, training: bool = False):
        """The scores of samples by the discriminator of a domain, `(batch, 1)` or of patches."""
        return scores_of(self.discriminator(domain)(samples, training=training))

    def call(self, x, training: bool = False):
        """G(x) of the generator as trained, so that `predict` maps samples of x to y."""
        return self.generator_xy(x, training=training)

    def translate(
        self, samples, to: str = "y", average: bool = True, batch_size: int | None = None
    ) -> np.ndarray:
        """Samples of one domain as the other would have them.

        Args:
            samples: Array `(n, ...)` of the other domain than `to`; images in [-1, 1].
            to: `"y"`, the default, or `"x"`.
            average: Whether the averaged generator, if there is one, translates.
            batch_size: How many are translated at a time. By default as many as memory allows, at
                most 64.

        Returns:
            float32 array `(n, ...)`; images lie in [-1, 1].

        Raises:
            ValueError: For an unknown domain or samples of another shape.
        """
        check_domain(to)
        generator = {"y": self.generator_xy, "x": self.generator_yx}[to]
        samples = self.given(samples, {"y": "x", "x": "y"}[to])

        def translated(samples):
            return generator(samples, training=False)

        size = batch_size_of(generator, batch_size, most=64)
        return self.computed(translated, samples, batch_size=size, average=average)

    def discriminate(self, samples, domain: str = "y", batch_size: int = 64) -> np.ndarray:
        """The scores of samples, float32 array `(n, 1)`; higher is more like the domain.

        Of a discriminator of patches they are the means over patches.

        Args:
            samples: Array `(n, ...)` of the domain's shape; images in [-1, 1].
            domain: `"y"`, the default, or `"x"`.
            batch_size: How many are scored at a time.

        Raises:
            ValueError: For an unknown domain or samples of another shape.
        """
        check_domain(domain)
        samples = self.given(samples, domain)

        def score(samples):
            return mean_scores(self.scores(domain, samples))

        return self.computed(score, samples, batch_size=batch_size, average=False)

    def export(
        self, filepath, to: str = "y", format="tf_saved_model", average: bool = True, **options
    ) -> None:
        """Exports the generator to a domain, as `keras.Model.export` does.

        Args:
            filepath: Where to.
            to: `"y"`, the default, or `"x"`.
            format: As in `keras.Model.export`.
            average: Whether it has its averaged weights, if there are any.
            **options: As in `keras.Model.export`.

        Raises:
            ValueError: For an unknown domain, or weights that are not finite.
        """
        check_domain(to)
        with self.holding(average):
            generator = {"y": self.generator_xy, "x": self.generator_yx}[to]
            refuse_broken_weights([generator], "nothing was exported")
            generator.export(filepath, format=format, **options)

    def given(self, samples, domain: str) -> np.ndarray:
        """Samples of a domain as float32, once they are known to be such."""
        samples = as_samples(samples)
        shape = self.sample_shapes[DOMAINS.index(domain)]
        with of_domain(domain):
            check_samples(samples, shape)
        return samples.astype("float32")


def check_domain(domain: str) -> None:
    """Refuses what is none of the two domains."""
    if domain not in DOMAINS:
        raise unknown_name("domain", domain, DOMAINS)


def mean_scores(scores):
    """The mean score of every sample, `(batch, 1)`, over its patches where there are several."""
    axes = tuple(range(1, len(scores.shape) - 1))
    return ops.mean(scores, axis=axes) if axes else scores


def with_mean_scores(outputs):
    """What a discriminator returned, with one score a sample: scores, or scores and features."""
    if isinstance(outputs, (tuple, list)):
        return [mean_scores(outputs[0]), *outputs[1:]]
    return mean_scores(outputs)


@contextlib.contextmanager
def of_domain(domain: str) -> Iterator[None]:
    """A scope in which errors say of which domain they speak."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"Domain {domain}: {error}") from error
