"""VQ-VAEs as a prior of their codes takes them: from a run, a file or a preset, for inference."""

import pathlib
import random

from keras_gan.autoencoders import VQVAE, VQVAE2, CodePrior
from keras_gan.autoencoders.quantized import QuantizedAutoencoder
from keras_gan.models.loading import load_model
from keras_gan.texts import one_line
from keras_gan.zoo.inference_copies import averages_of, copies


def vqvae_in(source: str) -> QuantizedAutoencoder:
    """The VQ-VAE of a run, a file or a preset, as a copy for inference; random states stay.

    Args:
        source: A run folder, a `.keras` file, or the name or folder of a preset.

    Raises:
        ValueError: If there is no such thing, or it holds no VQ-VAE.
    """
    state = random.getstate()  # Keras draws the seeds of weights from it
    try:
        return frozen(_loaded(source))
    finally:
        random.setstate(state)


def _loaded(source: str) -> QuantizedAutoencoder:
    path = pathlib.Path(source)
    if path.is_absolute() and not path.exists():
        raise ValueError(
            f"{one_line(source)}, whose codes this run learns, is not there any more: pass its new "
            f"place with --codes-of."
        )
    if not path.exists() or (path / "checksums").is_file():
        return CodePrior.from_preset(source).vqvae
    model = load_model(path / "model.keras" if path.is_dir() else path)
    model = model.vqvae if isinstance(model, CodePrior) else model
    if not isinstance(model, QuantizedAutoencoder):
        raise ValueError(
            f"{one_line(source)} holds a {type(model).__name__}, which has no codes: name a run of "
            f"keras-gan train --model vqvae."
        )
    return model


def frozen(vqvae: QuantizedAutoencoder, average: bool = True) -> QuantizedAutoencoder:
    """A copy of a trained VQ-VAE in float32, without optimizer.

    Args:
        vqvae: A `kg.VQVAE` or `kg.VQVAE2`.
        average: Whether it has the averaged weights, if there are any. Defaults to `True`.
    """
    networks = copies(vqvae, vqvae.network_names, average)
    counts = [quantizer.codes for quantizer in vqvae.quantizers]
    copy = assembled(networks, counts, vqvae.likelihood, seed=vqvae.seed)
    averages = averages_of(vqvae) if average else {}
    for role in quantizer_names(vqvae):
        _copy_quantizer(getattr(vqvae, role), getattr(copy, role), averages.get(role))
    return copy


def assembled(networks: dict, counts: list[int], likelihood, **options) -> QuantizedAutoencoder:
    """The VQ-VAE of these networks.

    Args:
        networks: By their names as arguments of `kg.VQVAE`, or of `kg.VQVAE2`.
        counts: The number of codes of each level.
        likelihood: As in `kg.VQVAE`.
        **options: Likewise.

    Raises:
        ValueError: As `kg.VQVAE`.
    """
    if len(counts) == 1:
        return VQVAE(**networks, codes=counts[0], likelihood=likelihood, **options)
    return VQVAE2(**networks, codes=counts, likelihood=likelihood, **options)


def quantizer_names(vqvae: QuantizedAutoencoder) -> list[str]:
    """The names of the codebooks, attributes of a VQ-VAE."""
    return [name for name in vqvae.averaged_networks if name not in vqvae.network_names]


def _copy_quantizer(source, target, weights: list | None = None) -> None:
    """Copies codebook and uses to a quantizer with moving averages.

    Args:
        source: A `kg.layers.VectorQuantizer`.
        target: One that has moving averages.
        weights: Those of the source to copy in the place of its own. Defaults to `None`.
    """
    pairs = zip(source.weights, weights or source.weights, strict=True)
    values = {own.name: value for own, value in pairs}
    for name, value in values.items():
        getattr(target, name).assign(value)
    if "sums" not in values:  # whose quotient by the uses is the codebook
        target.sums.assign(target.codebook * target.uses[:, None])
