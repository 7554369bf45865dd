"""Top-k training: the generator learns from those of its samples that score best."""

from keras import ops

from keras_gan.arguments import amount, whole
from keras_gan.backend.configured import Configured, register
from keras_gan.parallel.global_batch import gathered, own_rows


@register
class TopK(Configured):
    """How many of the generator's samples count in its loss: those with the best scores.

        generator_loss = mean of the generator's terms over the k fakes of highest score,
        k = max(1, round(B max(ν, γ^⌊t / every⌋)))

    of a minibatch of B, at the generator's step t. The gradients of the worst samples, which the
    discriminator is surest of, often point away from the data, the more so the better the
    discriminator: so all samples count at first, and later only the share ν. In the paper γ = 0.99
    an epoch. The best are those of the global minibatch. In an evaluation all samples count.

    Args:
        least: ν, in (0, 1]. Defaults to 0.5.
        decay: γ, in (0, 1]; `None`, the default, for the share ν from the first step on.
        every: How many generator steps γ counts for, such as those of an epoch. Defaults to 1.

    Raises:
        ValueError: For a number out of range.

    Example:

    >>> best = TopK(least=0.5, decay=0.9, every=100)
    >>> [round(float(best.share(step)), 3) for step in (0, 99, 100, 10_000)]
    [1.0, 1.0, 0.9, 0.5]

    Reference:
        Sinha, Zhao, Goyal, Raffel and Odena 2020, Top-k Training of GANs: Improving GAN Performance
        by Throwing Away Bad Samples, arXiv 2002.06224.
    """

    def __init__(self, least: float = 0.5, decay: float | None = None, every: int = 1):
        self.least = amount("least", least, above=0, most=1)
        self.decay = None if decay is None else amount("decay", decay, above=0, most=1)
        self.every = whole("every", every)

    def share(self, step):
        """The share of samples that count at a step of the generator, a float32 scalar."""
        if self.decay is None:
            return ops.convert_to_tensor(self.least, "float32")
        times = ops.cast(ops.cast(step, "int32") // self.every, "float32")
        return ops.maximum(self.least, ops.power(self.decay, times))

    def mean(self, terms, scores, step):
        """The mean of the terms of the k samples with the highest scores, a scalar.

        Args:
            terms: Of this replica's fakes, `(batch, 1)`.
            scores: Of the same, `(batch, 1)`.
            step: t, the number of the generator's steps so far.

        Returns:
            The mean over this replica's fakes of terms times B / k, 0 for those that do not count:
            the mean of it over replicas, each with its share of samples, is that over the k best.
        """
        everyone = gathered(ops.cast(ops.stop_gradient(scores), terms.dtype))[:, 0]
        n = ops.cast(ops.shape(everyone)[0], "float32")
        k = ops.maximum(ops.round(self.share(step) * n), 1.0)
        rank = ops.argsort(ops.argsort(-everyone))
        chosen = ops.cast(rank, "float32") < k
        weights = ops.cast(chosen, terms.dtype) * ops.cast(n / k, terms.dtype)
        return ops.mean(own_rows(weights)[:, None] * terms)

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {"least": self.least, "decay": self.decay, "every": self.every}


def chosen(top_k) -> TopK | None:
    """The `TopK` that a game was given, or that of a share; `None` for all samples.

    Args:
        top_k: `None`, a number in (0, 1], or a `TopK`.

    Raises:
        ValueError: For anything else.

    Example:

    >>> chosen(0.75)
    TopK(least=0.75)
    """
    if top_k is None or isinstance(top_k, TopK):
        return top_k
    try:
        return TopK(top_k)
    except ValueError as error:
        raise ValueError(
            f"top_k must be a share of the samples in (0, 1], such as 0.5, or "
            f"kg.objectives.TopK(least=0.5, decay=0.99, every=1000); received {top_k!r}."
        ) from error
