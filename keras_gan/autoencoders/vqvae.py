"""The VQ-VAE, an autoencoder whose codes are whole numbers."""

import keras
import numpy as np

from keras_gan.autoencoders.quantized import QuantizedAutoencoder
from keras_gan.autoencoders.quantized_checks import check_vqvae_networks
from keras_gan.backend.precision import precision_of
from keras_gan.distributions import likelihoods
from keras_gan.layers.vector_quantizer import Quantized, VectorQuantizer


@keras.saving.register_keras_serializable(package="keras_gan")
class VQVAE(QuantizedAutoencoder):
    """A vector-quantized autoencoder: the decoder sees, of each vector, the nearest of K codes.

        loss = E_x [‖x − D(e)‖² + β ‖E(x) − sg(e)‖²],   e = e_{k(x)},   k(x) = argminₖ ‖E(x) − eₖ‖²

    with a nearest code at each of the encoder's positions, and sums over all of a sample's
    positions and components. The gradient passes from D's input to E's output as it is (straight
    through); sg: no gradient. The codebook moves by moving averages, as `kg.layers.VectorQuantizer`
    says, or with `ema=None` by the further term ‖sg(E(x)) − e‖². `fit` logs `loss`,
    `reconstruction_loss`, `commitment_loss` (with β), with `ema=None` `codebook_loss`, and, as the
    means over batches, `codes_used`, how many codes occur in one, and `perplexity`, the exponential
    of their entropy: K where all are used alike.

    Args:
        encoder: A built `keras.Model` from samples to a grid of vectors, such as
            `(batch, 7, 7, 16)`.
        decoder: A built `keras.Model` from that grid to samples, or to the likelihood's parameters.
        codes: Number K of codes, at least 2. Defaults to 512.
        commitment_weight: β ≥ 0. Defaults to 0.25.
        ema: Decay of the codebook's moving averages, in (0, 1), by default 0.99; `None` for the
            codebook loss.
        restart_dead_codes: A share such as 0.03: codes with fewer than this share of an equal share
            of uses move to random outputs of the encoder. `None`, the default, moves none.
        likelihood: `None`, the default, for the squared error, or a `kg.likelihoods.Likelihood` or
            its name for −log p(x|D(e)).
        average: Decay of the averaged networks and codebook, e.g. 0.999; `None`, the default, for
            no average.
        seed: Integer from which every random number of the model follows.
        name: The model's name.

    Raises:
        ValueError: For networks that do not fit each other, fewer than two codes, or numbers out of
            range.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> encoder = kg.networks.vqvae_encoder((8, 8, 1), code_dim=4, width=8)
    >>> decoder = kg.networks.vqvae_decoder((8, 8, 1), code_dim=4, width=8)
    >>> vqvae = kg.VQVAE(encoder, decoder, codes=16, seed=0)
    >>> vqvae.compile(optimizer="adam")
    >>> x = np.random.default_rng(0).uniform(-1, 1, (64, 8, 8, 1)).astype("float32")
    >>> history = vqvae.fit(x, batch_size=32, verbose=0)
    >>> codes = vqvae.encode(x)
    >>> codes.shape, codes.dtype.name, vqvae.decode(codes).shape
    ((64, 2, 2), 'int32', (64, 8, 8, 1))

    Reference: van den Oord et al. 2017, Neural Discrete Representation Learning, arXiv 1711.00937.
    """

    network_names = ("encoder", "decoder")
    averaged_networks = ("decoder", "encoder", "quantizer")

    def __init__(
        self,
        encoder: keras.Model,
        decoder: keras.Model,
        *,
        codes: int = 512,
        commitment_weight: float = 0.25,
        ema: float | None = 0.99,
        restart_dead_codes: float | None = None,
        likelihood=None,
        average: float | None = None,
        seed: int | None = None,
        name: str | None = None,
    ):
        known = likelihoods.of_autoencoder(likelihood)
        shape = check_vqvae_networks(encoder, decoder, known)
        super().__init__(
            commitment_weight=commitment_weight,
            likelihood=known,
            average=average,
            seed=seed,
            name=name,
        )
        self._sample_shape = shape
        self.encoder, self.decoder = encoder, decoder
        self.quantizer = VectorQuantizer(
            codes, ema, restart_dead_codes, seed=self.seed, dtype=precision_of([encoder, decoder])
        )
        self.quantizer.build(encoder.output_shape)
        self.begin()

    @property
    def quantizers(self) -> list[VectorQuantizer]:
        """The one quantizer, in a list."""
        return [self.quantizer]

    @property
    def code_shapes(self) -> list[tuple]:
        """The shape of a sample's codes, such as (7, 7), in a list."""
        return [tuple(self.encoder.output_shape[1:-1])]

    def quantized(self, x, training: bool = False) -> list[Quantized]:
        """The encoder's vectors with their nearest codes, in a list."""
        return [self.quantizer.quantized(self.encoder(x, training=training))]

    def made(self, vectors: list, training: bool = False):
        """The decoder's output for vectors, in a list."""
        return self.decoder(vectors[0], training=training)

    def encode(self, x, average: bool = True, batch_size: int = 256) -> np.ndarray:
        """The codes of samples.

        Args:
            x: Array `(n, ...)` of the samples' shape; images in [-1, 1].
            average: Whether the averaged encoder and codebook give them, where there are any.
            batch_size: How many at a time.

        Returns:
            int32 array `(n, ...)` of numbers in [0, codes), such as `(n, 7, 7)`.

        Raises:
            ValueError: For samples of another shape.
        """
        return self.encode_levels(x, average, batch_size)[0]

    def decode(self, codes, average: bool = True, batch_size: int = 256) -> np.ndarray:
        """The samples of codes.

        Args:
            codes: Whole numbers in [0, codes), `(n, ...)`, as `encode` returns them.
            average: Whether the averaged decoder and codebook make them, where there are any.
            batch_size: How many at a time.

        Returns:
            float32 array `(n, ...)`; images lie in [-1, 1], beyond which a decoder without an
            activation, such as `kg.networks.vqvae_decoder`, may go a little.

        Raises:
            ValueError: For codes of another shape or out of range.
        """
        return self.decode_levels([codes], average, batch_size)

    def settings(self) -> dict:
        """All picks that make this model, besides networks and seed."""
        return {"codes": self.quantizer.codes, **super().settings()}
