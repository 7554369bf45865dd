"""What autoencoders share whose codes are whole numbers."""

import contextlib
from collections.abc import Iterator, Sequence

import keras
import numpy as np
from keras import ops

from keras_gan.arguments import amount
from keras_gan.autoencoders.quantized_checks import checked_codes
from keras_gan.backend.autodiff.recording import Recording
from keras_gan.layers.vector_quantizer import Quantized, VectorQuantizer
from keras_gan.models.likelihood_model import ONLY, LikelihoodModel
from keras_gan.models.observation_model import ObservationModel
from keras_gan.models.player import Player
from keras_gan.models.prediction import Prediction
from keras_gan.parallel.random_numbers import Draws


class QuantizedAutoencoder(ObservationModel, Prediction, LikelihoodModel):
    """An autoencoder of one or several levels of codes, each with a `VectorQuantizer`.

    A subclass makes its `quantizers` before it calls `begin_quantized`, and defines `quantized`,
    from samples to their levels, the uppermost first, and `made`, from the vectors of all levels to
    the decoder's output.

    Args:
        commitment_weight: β of the commitment term.
        likelihood: A `kg.likelihoods.Likelihood`.
        average: As in `LikelihoodModel`.
        seed: Likewise.
        name: Likewise.
    """

    level_names: tuple[str, ...] = ("",)  # what goes before the names of a level's figures
    quantizers: Sequence[VectorQuantizer]

    def __init__(self, *, commitment_weight: float, likelihood, average, seed, name):
        super().__init__(average=average, seed=seed, name=name)
        self.commitment_weight = amount("commitment_weight", commitment_weight, least=0)
        self.likelihood = likelihood

    def quantized(self, x, training: bool = False) -> list[Quantized]:
        """The levels of samples, the uppermost first."""
        raise NotImplementedError

    def made(self, vectors: list, training: bool = False):
        """The decoder's output for the vectors of all levels, the uppermost first."""
        raise NotImplementedError

    @property
    def code_shapes(self) -> list[tuple]:
        """The shape of a sample's codes at each level, such as (7, 7)."""
        raise NotImplementedError

    def term_names(self) -> list[str]:
        """The terms of the loss."""
        codebook = ["codebook_loss"] if self.quantizers[0].ema is None else []
        return ["reconstruction_loss", "commitment_loss", *codebook]

    def usage_names(self) -> list[str]:
        """What is logged of each level's codes."""
        names = ("perplexity", "codes_used")
        return [f"{level}{name}" for level in self.level_names for name in names]

    def logged_names(self, player: str) -> list[str]:
        """The losses, and how many codes are in use."""
        return [*super().logged_names(player), *self.usage_names()]

    def make_players(self) -> list[Player]:
        """The one player, who moves the networks and, without moving averages, the codebooks."""
        networks = [getattr(self, name) for name in self.network_names]
        trained = [each for each in self.quantizers if each.ema is None]
        names = self.term_names()
        return [
            Player(ONLY, [*networks, *trained], self.losses, names, optimizer=self.model_optimizer)
        ]

    def losses(self, minibatch, draws: Draws, training: bool) -> tuple[dict, dict]:
        """The terms of the loss, and how many codes are in use."""
        levels = self.quantized(minibatch, training)
        made = self.made([level.straight_through for level in levels], training)
        target = self.likelihood.observed(minibatch, draws.uniform)
        terms = {"reconstruction_loss": -ops.mean(self.likelihood.log_density(target, made))}
        terms["commitment_loss"] = self.commitment_weight * sum(
            _squared_error(level.h, ops.stop_gradient(level.nearest)) for level in levels
        )
        if self.quantizers[0].ema is None:
            terms["codebook_loss"] = sum(
                _squared_error(ops.stop_gradient(level.h), level.nearest) for level in levels
            )
        usage = {}
        for name, quantizer, level in zip(self.level_names, self.quantizers, levels, strict=True):
            figures = quantizer.usage(quantizer.counts(level.codes))
            usage |= {f"{name}{figure}": value for figure, value in figures.items()}
            if training:
                quantizer.learn(level)
        return terms, usage

    def decoded_vectors(self, vectors: list):
        """Samples of the vectors of all levels, in inference mode."""
        return self.likelihood.mean(self.made(vectors))

    def call(self, x, training: bool = False):
        """The samples made of the nearest codes, so that `predict` reconstructs."""
        levels = self.quantized(x, training)
        made = self.made([level.straight_through for level in levels], training)
        return self.likelihood.mean(made)

    def sample_network(self) -> keras.Model:
        """The decoder."""
        return self.decoder

    def encode_levels(self, x, average: bool = True, batch_size: int = 256) -> list[np.ndarray]:
        """The codes of samples at each level, int32 arrays `(n, ...)`, the uppermost first."""

        def flat_codes(x):
            return joined([level.codes for level in self.quantized(x)])

        x = self.given(x)
        flat = self.computed(flat_codes, x, batch_size=batch_size, average=average)
        return parted(flat, self.code_shapes)

    def decode_levels(self, levels, average: bool = True, batch_size: int = 256) -> np.ndarray:
        """The samples of the codes of all levels, the uppermost first."""
        given = self.given_levels(levels)

        def of_codes(*levels):
            pairs = zip(self.quantizers, levels, strict=True)
            return self.decoded_vectors([q.lookup(codes) for q, codes in pairs])

        return self.computed(of_codes, *given, batch_size=batch_size, average=average)

    def given_levels(self, levels) -> list[np.ndarray]:
        """The codes of all levels as int32 arrays, once they are known to be right.

        Raises:
            ValueError: As `checked_codes`, and for another number of levels or of samples in them.
        """
        shapes = self.code_shapes
        if not isinstance(levels, (tuple, list)) or len(levels) != len(shapes):
            raise ValueError(
                f"The codes of {len(shapes)} levels are a tuple of as many arrays, that of the top "
                f"first; received a {type(levels).__name__}."
            )
        counts = [quantizer.codes for quantizer in self.quantizers]
        given = list(map(checked_codes, levels, shapes, counts))
        if len({len(codes) for codes in given}) > 1:
            raise ValueError(
                f"Both levels hold codes of the same samples; received those of "
                f"{' and '.join(str(len(codes)) for codes in given)} samples."
            )
        return given

    def reconstruct(self, x, average: bool = True, batch_size: int = 256) -> np.ndarray:
        """The samples that are made of the codes of samples.

        Args:
            x: Array `(n, ...)` of the samples' shape; images in [-1, 1].
            average: Whether averaged networks make them, where there are any.
            batch_size: How many at a time.

        Returns:
            float32 array `(n, ...)`.

        Raises:
            ValueError: For samples of another shape.
        """

        def of_samples(x):
            return self.decoded_vectors([level.nearest for level in self.quantized(x)])

        return self.computed(of_samples, self.given(x), batch_size=batch_size, average=average)

    @contextlib.contextmanager
    def settled(self) -> Iterator[None]:
        """A scope, also within a step, in which averaged weights serve, where there are any."""
        average = self.average
        if average is None:
            yield
            return
        has_begun = ops.convert_to_tensor(average.updates) > 0
        pairs = [
            (own, ops.where(has_begun, ops.cast(averaged, own.dtype), own.value))
            for own, averaged in zip(average.sources(), average.averages, strict=True)
        ]
        with Recording(pairs):
            yield

    def settings(self) -> dict:
        """All picks that make this model, besides networks and seed."""
        return {
            "commitment_weight": self.commitment_weight,
            "ema": self.quantizers[0].ema,
            "restart_dead_codes": self.quantizers[0].restart_dead_codes,
            "likelihood": keras.saving.serialize_keras_object(self.likelihood),
            **super().settings(),
        }


def joined(levels: list):
    """The codes of all levels in rows, `(batch, n)`."""
    return ops.concatenate([ops.reshape(c, (ops.shape(c)[0], -1)) for c in levels], axis=1)


def parted(flat: np.ndarray, shapes: list[tuple]) -> list[np.ndarray]:
    """What was `joined`, as int32 arrays of the levels' shapes."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    parts = np.split(flat.astype("int32"), ends[:-1], axis=1)
    return [part.reshape(-1, *shape) for part, shape in zip(parts, shapes, strict=True)]


def _squared_error(a, b):
    """The mean over samples of ‖a − b‖², a scalar."""
    squares = ops.square(a - b)
    return ops.mean(ops.sum(ops.reshape(squares, (ops.shape(squares)[0], -1)), axis=1))
