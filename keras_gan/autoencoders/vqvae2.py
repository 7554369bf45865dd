"""VQ-VAE-2, an autoencoder of two levels of codes."""

import keras
import numpy as np
from keras import ops

from keras_gan.autoencoders.quantized import QuantizedAutoencoder
from keras_gan.autoencoders.quantized_checks import check_vqvae2_networks
from keras_gan.backend.precision import precision_of
from keras_gan.distributions import likelihoods
from keras_gan.layers.vector_quantizer import Quantized, VectorQuantizer


@keras.saving.register_keras_serializable(package="keras_gan")
class VQVAE2(QuantizedAutoencoder):
    """A VQ-VAE of two levels: the top codes of the whole, and the bottom codes of details.

        e_top = quantized(E_top(x)),   e_bottom = quantized(E_bottom(x, e_top)),
        loss = E_x [‖x − D(e_top, e_bottom)‖² + β Σ_levels ‖E(x) − sg(e)‖²]

    So the upper level conditions the lower one, which need not say again what is known. Each level
    has a codebook of its own. All else is as in `kg.VQVAE`; `fit` logs `top_perplexity`,
    `top_codes_used`, `bottom_perplexity` and `bottom_codes_used`.

    Args:
        top_encoder: A built `keras.Model` from samples to a coarse grid of vectors, such as
            `(batch, 7, 7, 16)`.
        bottom_encoder: A built `keras.Model` from a list of samples and the top grid to a finer
            grid of vectors, such as `(batch, 14, 14, 16)`.
        decoder: A built `keras.Model` from a list of the top and the bottom grid to samples, or to
            the likelihood's parameters.
        codes: Number of codes of each level, at least 2; or a pair, that of the top first. Defaults
            to 512.
        commitment_weight: As in `kg.VQVAE`.
        ema: Likewise.
        restart_dead_codes: Likewise.
        likelihood: Likewise.
        average: Likewise.
        seed: Likewise.
        name: Likewise.

    Raises:
        ValueError: For networks that do not fit each other, fewer than two codes, or numbers out of
            range.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> shapes = {"image_shape": (8, 8, 1), "code_dim": 4, "width": 8}
    >>> top_encoder = kg.networks.vqvae_encoder(**shapes, halvings=2)
    >>> bottom_encoder = kg.networks.vqvae2_bottom_encoder(**shapes)
    >>> decoder = kg.networks.vqvae2_decoder(**shapes)
    >>> vqvae = kg.VQVAE2(top_encoder, bottom_encoder, decoder, codes=16, seed=0)
    >>> vqvae.compile(optimizer="adam")
    >>> x = np.random.default_rng(0).uniform(-1, 1, (64, 8, 8, 1)).astype("float32")
    >>> history = vqvae.fit(x, batch_size=32, verbose=0)
    >>> top, bottom = vqvae.encode(x)
    >>> top.shape, bottom.shape, vqvae.decode((top, bottom)).shape
    ((64, 2, 2), (64, 4, 4), (64, 8, 8, 1))

    Reference: Razavi et al. 2019, Generating Diverse High-Fidelity Images with VQ-VAE-2,
    arXiv 1906.00446, algorithm 1.
    """

    network_names = ("top_encoder", "bottom_encoder", "decoder")
    averaged_networks = (
        "decoder",
        "top_encoder",
        "bottom_encoder",
        "top_quantizer",
        "bottom_quantizer",
    )
    level_names = ("top_", "bottom_")

    def __init__(
        self,
        top_encoder: keras.Model,
        bottom_encoder: keras.Model,
        decoder: keras.Model,
        *,
        codes: int | tuple[int, int] = 512,
        commitment_weight: float = 0.25,
        ema: float | None = 0.99,
        restart_dead_codes: float | None = None,
        likelihood=None,
        average: float | None = None,
        seed: int | None = None,
        name: str | None = None,
    ):
        known = likelihoods.of_autoencoder(likelihood)
        networks = top_encoder, bottom_encoder, decoder
        shape = check_vqvae2_networks(*networks, known)
        counts = _pair(codes)
        super().__init__(
            commitment_weight=commitment_weight,
            likelihood=known,
            average=average,
            seed=seed,
            name=name,
        )
        self._sample_shape = shape
        self.top_encoder, self.bottom_encoder, self.decoder = networks

        def quantizer(level, encoder):
            options = {"seed": self.seed + level, "dtype": precision_of(networks)}
            made = VectorQuantizer(counts[level], ema, restart_dead_codes, **options)
            made.build(encoder.output_shape)
            return made

        self.top_quantizer = quantizer(0, top_encoder)
        self.bottom_quantizer = quantizer(1, bottom_encoder)
        self.begin()

    @property
    def quantizers(self) -> list[VectorQuantizer]:
        """The quantizers of the top and the bottom level."""
        return [self.top_quantizer, self.bottom_quantizer]

    @property
    def code_shapes(self) -> list[tuple]:
        """The shape of a sample's top codes, and that of its bottom codes."""
        return [
            tuple(encoder.output_shape[1:-1]) for encoder in (self.top_encoder, self.bottom_encoder)
        ]

    def quantized(self, x, training: bool = False) -> list[Quantized]:
        """The vectors of both levels with their nearest codes, those of the top first."""
        top = self.top_quantizer.quantized(self.top_encoder(x, training=training))
        seen = [ops.convert_to_tensor(x), top.straight_through]
        bottom = self.bottom_quantizer.quantized(self.bottom_encoder(seen, training=training))
        return [top, bottom]

    def made(self, vectors: list, training: bool = False):
        """The decoder's output for the vectors of both levels."""
        return self.decoder(vectors, training=training)

    def encode(self, x, average: bool = True, batch_size: int = 256) -> tuple:
        """The codes of samples.

        Args:
            x: Array `(n, ...)` of the samples' shape; images in [-1, 1].
            average: Whether averaged encoders and codebooks give them, where there are any.
            batch_size: How many at a time.

        Returns:
            The top and the bottom codes, int32 arrays such as `(n, 7, 7)` and `(n, 14, 14)`.

        Raises:
            ValueError: For samples of another shape.
        """
        return tuple(self.encode_levels(x, average, batch_size))

    def decode(self, codes, average: bool = True, batch_size: int = 256) -> np.ndarray:
        """The samples of codes.

        Args:
            codes: The top and the bottom codes, as `encode` returns them.
            average: Whether the averaged decoder and codebooks make them, where there are any.
            batch_size: How many at a time.

        Returns:
            float32 array `(n, ...)`, of images as in `kg.VQVAE.decode`.

        Raises:
            ValueError: For codes of another shape or out of range, or other numbers of both.
        """
        return self.decode_levels(codes, average, batch_size)

    def settings(self) -> dict:
        """All picks that make this model, besides networks and seed."""
        return {"codes": [each.codes for each in self.quantizers], **super().settings()}


def _pair(codes) -> tuple[int, int]:
    """The number of codes of each level.

    Raises:
        ValueError: For several numbers that are not two.
    """
    several = tuple(codes) if isinstance(codes, (tuple, list)) else (codes, codes)
    if len(several) != 2:
        raise ValueError(f"codes must be one number, or one per level; received {codes!r}.")
    return several
