"""The codebook of a VQ-VAE: nearest codes, and how they move."""

import random
from typing import Any, NamedTuple

import keras
from keras import ops

from keras_gan.arguments import amount, whole
from keras_gan.parallel.global_batch import ReplicaPart, part_of_replica, present_part
from keras_gan.parallel.random_numbers import Draws, uniform
from keras_gan.parallel.replicas import sum_over_replicas
from keras_gan.texts import in_short

USES_DECAY = 0.99  # of the counts of uses, where the codebook itself is moved by an optimizer
MOST_CODES = 2**24
SMOOTHING = 1e-5  # ε of Laplace's rule, in uses a code
FIRST_USES = 1e-3  # few, so that a first batch counts, and more than ε, so that no code collapses


class Quantized(NamedTuple):
    """Vectors with their nearest codes.

    Args:
        h: The vectors, `(batch, ..., d)`.
        codes: The numbers of the nearest codes, int32 `(batch, ...)`.
        nearest: The vectors of these codes, `(batch, ..., d)`.
    """

    h: Any
    codes: Any
    nearest: Any

    @property
    def straight_through(self):
        """The vectors of the codes, whose gradient goes to h as it is: h + sg(e − h)."""
        return self.h + ops.stop_gradient(self.nearest - self.h)


@keras.saving.register_keras_serializable(package="keras_gan")
class VectorQuantizer(keras.layers.Layer):
    """Replaces each vector by the nearest one of a codebook e₁, …, e_K, straight through.

        k(h) = argminₖ ‖h − eₖ‖²,   y = h + sg(e_{k(h)} − h),   sg: no gradient

    so that ∂y/∂h = 1. With `ema`, the codebook is no weight to train. A training call moves it by
    the moving averages of n, how many vectors of the batch have the code, and s, their sum:

        N ← γ N + (1 − γ) n,   m ← γ m + (1 − γ) s,   eₖ = mₖ / N̂ₖ,
        N̂ₖ = (Nₖ + ε) / (ΣN + K ε) · ΣN,   ε = 10⁻⁵

    N begins at 10⁻³ and m at 10⁻³ e, so that the first batch makes its codes the means of the
    vectors that have them. In the limit γ → 0 every move is such a step of k-means. On several
    replicas, n and s are those of the global batch. The commitment term is left to the model:
    `kg.VQVAE`.

    Args:
        codes: Number K of codes, at least 2. Defaults to 512.
        ema: Decay γ in (0, 1) of the moving averages, by default 0.99; `None` for a codebook that
            an optimizer trains, on a loss such as ‖sg(h) − e‖².
        restart_dead_codes: A share r in (0, 1), such as 0.03: a code with fewer uses than r times
            those of an equal share, N < r ΣN / K, moves to a random vector of the batch, and begins
            with an equal share of uses. `None`, the default, leaves codes where they are.
        seed: Integer that decides the first codes and random vectors. Defaults to `None`, a random
            one.
        **options: `name`, `dtype` of `keras.layers.Layer`; the default is float32 even with mixed
            precision, which would confuse neighbouring codes.

    Raises:
        ValueError: For fewer than two codes, more than 2²⁴, or a decay or share outside of (0, 1).

    Example:

    >>> quantizer = VectorQuantizer(codes=2, seed=0)
    >>> quantizer.build((None, 1))
    >>> _ = quantizer.codebook.assign([[-1.0], [1.0]])
    >>> h = keras.ops.convert_to_tensor([[0.3], [-4.0]])
    >>> keras.ops.convert_to_numpy(quantizer(h)).tolist()
    [[1.0], [-1.0]]
    >>> keras.ops.convert_to_numpy(quantizer.nearest(h)).tolist()
    [1, 0]

    Reference:
        van den Oord et al. 2017, Neural Discrete Representation Learning, arXiv 1711.00937,
        with appendix A.1; Dhariwal et al. 2020, Jukebox, arXiv 2005.00341, for restarts, whose
        threshold is in uses a batch, and whose moved codes keep their low count.
    """

    def __init__(
        self,
        codes: int = 512,
        ema: float | None = 0.99,
        restart_dead_codes: float | None = None,
        seed: int | None = None,
        **options,
    ):
        super().__init__(**{"dtype": "float32", **options})
        self.codes = whole("codes", codes, least=2)
        if self.codes > MOST_CODES:
            raise ValueError(
                f"codes must be at most {MOST_CODES:,}, up to which float32 counts; received "
                f"{in_short(codes)}."
            )
        self.ema = None if ema is None else amount("ema", ema, above=0, below=1)
        share = restart_dead_codes
        self.restart_dead_codes = (
            None if share is None else amount("restart_dead_codes", share, above=0, below=1)
        )
        self.seed = random.randrange(2**31) if seed is None else whole("seed", seed, least=0)
        self.draws = None if share is None else Draws(self.seed, "restarts")

    def build(self, input_shape):
        """Makes the codebook of vectors of the inputs' last axis, uniform within ±1/K."""
        shape = self.codes, int(input_shape[-1])
        self.codebook = self._weight("codebook", shape, self._uniform(1.0), self.ema is None)
        first_uses = keras.initializers.Constant(FIRST_USES)
        self.uses = self._weight("uses", shape[:1], first_uses)
        if self.ema is not None:
            self.sums = self._weight("sums", shape, self._uniform(FIRST_USES))
        self.built = True

    def _uniform(self, factor: float):
        """An initializer: a factor times the first codebook, on every backend the same one."""

        def initial(shape, dtype=None):
            u = uniform(shape, seed=self.seed)
            return ops.cast(factor / self.codes * (2.0 * u - 1.0), dtype)

        return initial

    def _weight(self, name: str, shape: tuple, initializer, trainable: bool = False):
        """A weight that all replicas assign alike."""
        return self.add_weight(
            name=name,
            shape=shape,
            initializer=initializer,
            trainable=trainable,
            aggregation="only_first_replica",
        )

    def call(self, h, training: bool = False):
        """Returns the vectors of the nearest codes; a training call moves the codebook."""
        quantized = self.quantized(h)
        if training:
            self.learn(quantized)
        return quantized.straight_through

    def quantized(self, h) -> Quantized:
        """Vectors `(batch, ..., d)` with their nearest codes; nothing moves."""
        h = ops.cast(h, self.variable_dtype)
        codes = self.nearest(h)
        return Quantized(h, codes, self.lookup(codes))

    def nearest(self, h):
        """The numbers of the codes nearest to vectors, int32 `(batch, ...)`."""
        h, codebook = ops.stop_gradient(h), ops.stop_gradient(self.codebook.value)
        centre = ops.mean(codebook, axis=0)  # far from 0, squares have no digits left for distances
        codebook = codebook - centre
        squares = ops.sum(ops.square(codebook), axis=1)
        distances = squares - 2.0 * ops.matmul(h - centre, ops.transpose(codebook))  # less ‖h‖²
        return ops.cast(ops.argmin(distances, axis=-1), "int32")

    def lookup(self, codes):
        """The vectors of codes, `(batch, ..., d)`."""
        return ops.take(self.codebook.value, codes, axis=0)

    def counts(self, codes):
        """How often each code occurs in the global batch, `(K,)`."""
        return sum_over_replicas(ops.sum(self._hits(codes), axis=0))

    def usage(self, counts) -> dict:
        """What counts say: the number of codes in use, and the perplexity exp(−Σ p log p)."""
        p = counts / ops.maximum(ops.sum(counts), 1.0)
        entropy = -ops.sum(p * ops.log(ops.maximum(p, 1e-20)))
        used = ops.sum(ops.cast(counts > 0, counts.dtype))
        return {"perplexity": ops.exp(entropy), "codes_used": used}

    def learn(self, quantized: Quantized) -> None:
        """Moves the codebook, and counts its uses, by the vectors of a global batch."""
        h, codes = ops.stop_gradient(quantized.h), quantized.codes
        decay = USES_DECAY if self.ema is None else self.ema
        uses = decay * self.uses + (1.0 - decay) * self.counts(codes)
        codebook = ops.convert_to_tensor(self.codebook.value)
        total = ops.sum(uses)
        if self.ema is not None:
            vectors = ops.reshape(h, (-1, h.shape[-1]))
            found = sum_over_replicas(ops.matmul(ops.transpose(self._hits(codes)), vectors))
            sums = decay * self.sums + (1.0 - decay) * found
            smoothed = (uses + SMOOTHING) / (total + self.codes * SMOOTHING) * total
            codebook = sums / ops.expand_dims(smoothed, -1)
        if self.restart_dead_codes is not None:
            fair = total / self.codes
            is_dead = uses < self.restart_dead_codes * fair
            uses = ops.where(is_dead, fair, uses)
            is_dead, chosen = ops.expand_dims(is_dead, -1), self._random_vectors(h)
            codebook = ops.where(is_dead, chosen, codebook)
            if self.ema is not None:
                sums = ops.where(is_dead, fair * chosen, sums)
        self.uses.assign(uses)
        if self.ema is not None:
            self.sums.assign(sums)
        if self.ema is not None or self.restart_dead_codes is not None:
            self.codebook.assign(codebook)

    def _hits(self, codes):
        """Unit vectors of the codes, `(vectors, K)`; zeros for rows that fill an empty replica."""
        rows = ops.shape(codes)[0]
        part = _part(rows)
        hits = ops.one_hot(ops.reshape(codes, (rows, -1)), self.codes, dtype=self.variable_dtype)
        if part is not None:
            is_own = ops.cast(ops.arange(rows) < part.size, hits.dtype)
            hits = hits * ops.reshape(is_own, (-1, 1, 1))
        return ops.reshape(hits, (-1, self.codes))

    def _random_vectors(self, h):
        """For each code a random vector of the global batch, `(K, d)`, the same on all replicas."""
        u = uniform((self.codes,), seed=self.draws)
        part = _part(ops.shape(h)[0])
        vectors = ops.reshape(h, (-1, h.shape[-1]))
        n = ops.shape(vectors)[0]
        total, start = n, 0
        if part is not None:
            a_row = n // ops.shape(h)[0]
            n, total, start = a_row * part.size, a_row * part.total, a_row * part.start
        chosen = ops.cast(ops.floor(u * ops.cast(total, u.dtype)), "int32")
        chosen = ops.minimum(chosen, total - 1) - start
        is_own = ops.logical_and(chosen >= 0, chosen < n)
        own = ops.take(vectors, ops.where(is_own, chosen, 0), axis=0)
        return sum_over_replicas(ops.where(ops.expand_dims(is_own, -1), own, 0.0))

    def compute_output_shape(self, input_shape):
        """The shape of the inputs."""
        return input_shape

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {
            **super().get_config(),
            "codes": self.codes,
            "ema": self.ema,
            "restart_dead_codes": self.restart_dead_codes,
            "seed": self.seed,
        }


def _part(rows) -> ReplicaPart | None:
    """Which part of the global batch this replica has; `None` for all of it."""
    return present_part() or part_of_replica(rows)
