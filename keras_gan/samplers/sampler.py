"""The interface of every sampler: a game in, samples out."""

import dataclasses
import zlib

import numpy as np

from keras_gan.data.checks import check_counts, chosen_seed
from keras_gan.networks.analysis.memory import check_room
from keras_gan.samplers.log_ratio import LogRatio


@dataclasses.dataclass(frozen=True)
class Drawn:
    """What `Sampler.draw` returns.

    Args:
        samples: float32 array `(n, ...)`.
        z: Their latent vectors, float32 array `(n, latent_dim)`.
        acceptance_rate: The fraction of proposals that were accepted, in (0, 1]; 1 for a sampler
            that refuses none.
        proposals: The number of proposals.
    """

    samples: np.ndarray
    z: np.ndarray
    acceptance_rate: float
    proposals: int


class Sampler:
    """A way to draw samples of a game by its discriminator's estimate of the density ratio.

        r(x) = p(x) / q(x),   log r(x) = log_ratio(D(x)) up to a constant

    with p the data's density and q that of the generator. `kg.GAN.generate(n, sampler=…)` returns
    its samples, `draw` also what became of its proposals. A subclass defines `drawn`.

    D(x) must be a function of x alone. Where D has a layer such as `kg.layers.MinibatchStdDev`, it
    depends on the samples beside x, which a sampler chooses: whether a proposal is accepted would
    depend on other proposals, and chains would pull at each other. A layer says so of itself by a
    class attribute `couples_samples = True`.

    Args:
        real: Real samples, array `(m, ...)`, better ones that the game was not trained on, or a
            pair (samples, labels) where the networks take labels. If given, log r = a D(x) + b is
            fitted to the scores of these and of as many generated ones by logistic regression,
            which any increasing score allows. Defaults to `None`: the objective says how scores
            give log r.

    Raises:
        ValueError: In `draw`: for a game without a discriminator of samples alone, one that judges
            packs of samples or couples those of a batch, or scores that do not tell r while `real`
            is missing.
    """

    def __init__(self, *, real=None):
        self.real = real

    def draw(
        self,
        game,
        n: int,
        seed: int | None = None,
        *,
        average: bool = True,
        batch_size: int | None = None,
        labels=None,
    ) -> Drawn:
        """Draws samples.

        Args:
            game: A `kg.GAN` or another game with a generator and a discriminator of samples.
            n: As in `kg.GAN.generate`, like all others.
            seed: Likewise.
            average: Likewise; D has played against the generator without its average.
            batch_size: Likewise.
            labels: Likewise.

        Returns:
            A `Drawn`.

        Raises:
            ValueError: As `kg.GAN.generate`, and for a game that the class does not allow.
        """
        judges = getattr(getattr(game, "discriminator", None), "inputs", None) or ()
        if not hasattr(game, "scores") or not 1 <= len(judges) <= 1 + game.conditional:
            raise ValueError(
                f"A sampler asks a discriminator of samples, which {type(game).__name__} does not "
                f"have: use a game such as kg.GAN, or leave sampler out."
            )
        if getattr(game, "packing", 1) > 1:
            raise ValueError(
                f"A sampler needs the density ratio of each sample, and this game's discriminator "
                f"judges packs of {game.packing} samples at once: train one without packing, or "
                f"leave sampler out."
            )
        _check_apart(game.discriminator)
        check_counts(n=n)
        check_room(game.sample_network(), n)
        seed, given = chosen_seed(seed), game.chosen(labels, n)
        options = {"average": average, "batch_size": batch_size}
        log_ratio = LogRatio.of(game, self.real, derived(seed, "calibration"), **options)
        return self.drawn(game, n, seed, given[0] if given else None, log_ratio, options)

    def drawn(
        self, game, n: int, seed: int, labels: np.ndarray | None, log_ratio: LogRatio, options: dict
    ) -> Drawn:
        """What `draw` returns, once its arguments are known to be right."""
        raise NotImplementedError


def _check_apart(discriminator) -> None:
    """Refuses a discriminator whose score of a sample depends on others of its batch.

    Raises:
        ValueError: Names the layer.
    """
    for layer in discriminator._flatten_layers():
        if getattr(layer, "couples_samples", False):
            raise ValueError(
                f"A sampler needs scores of each sample by itself, and the {type(layer).__name__} "
                f"layer {layer.name!r} of the discriminator makes them depend on the others of the "
                f"batch: train a discriminator without it, or leave sampler out."
            )


def derived(seed: int, purpose: str) -> int:
    """The seed of a random stream of its own."""
    return zlib.crc32(f"{purpose}/{seed}".encode())
