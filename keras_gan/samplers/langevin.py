"""Langevin sampling in latent space, driven by the discriminator."""

import math

import numpy as np
from keras import ops

from keras_gan.arguments import amount, whole
from keras_gan.backend import autodiff
from keras_gan.distributions import priors
from keras_gan.distributions.coded import Coded
from keras_gan.distributions.uniform import Uniform
from keras_gan.models.compiled_batches import MANY, OFTEN, CompiledBatches
from keras_gan.networks.analysis.memory import batch_size_of
from keras_gan.networks.analysis.scores import mean_scores
from keras_gan.networks.class_labels import with_labels
from keras_gan.samplers.log_ratio import LogRatio
from keras_gan.samplers.sampler import Drawn, Sampler, derived


class Langevin(Sampler):
    """Moves latent vectors towards z whose samples the discriminator takes for real ones.

        z ← z − ½ ε ∇E(z) + √ε ξ,   E(z) = −log π(z) − log r(G(z)),   ξ ~ N(0, I)

    with π the prior, from which z starts. Many small steps sample π(z) r(G(z)), up to its
    normalization, and G of these has the data's density, if r is right. Steps of a finite size
    leave an error of order ε, which `metropolis=True` removes: each step is then accepted or
    refused by the ratio of the densities and of the ways there and back (MALA). At the ends of a
    uniform prior z is reflected, or, with `metropolis`, stays where it is.

    Ours differs from the paper in the calibration by `real`, as in `Sampler`.

    Args:
        steps: The number of steps. Defaults to 100.
        step_size: ε > 0. Defaults to 0.01.
        metropolis: Whether steps can be refused. Defaults to `False`, as in the paper.
        real: As in `Sampler`.

    Raises:
        ValueError: For an argument out of its range. In `draw`: as `Sampler`, for a prior without
            a density or with codes, or if z becomes infinite.

    Example:

    >>> import keras_gan as kg
    >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
    >>> gan.generate(8, seed=0, sampler=Langevin(steps=3)).shape
    (8, 2)

    Reference: Che, Zhang, Sohl-Dickstein, Larochelle, Paull, Cao and Bengio 2020, Your GAN is
    Secretly an Energy-based Model and You Should Use Discriminator Driven Latent Sampling,
    arXiv 2003.06060.
    """

    def __init__(
        self,
        steps: int = 100,
        step_size: float = 0.01,
        *,
        metropolis: bool = False,
        real=None,
    ):
        super().__init__(real=real)
        self.steps, self.step_size = whole("steps", steps), amount("step_size", step_size, above=0)
        self.metropolis = metropolis

    def drawn(self, game, n, seed, labels, log_ratio: LogRatio, options: dict) -> Drawn:
        """Draws samples at the ends of n chains."""
        prior = priors.distribution_of(game.prior)
        if prior is None:
            raise ValueError(
                f"Langevin sampling needs the density of the prior, which "
                f"{priors.name_of(game.prior)} does not have: use a kg.distributions.Distribution."
            )
        if isinstance(prior, Coded):
            raise ValueError(
                "Langevin sampling moves all components of z by gradients, which the codes of "
                "kg.distributions.Coded cannot follow: use kg.samplers.Rejection."
            )
        given = [] if labels is None else [labels]
        look = self.looking(game, prior, log_ratio, n, options)
        z = game.latents(n, seed).astype("float64")
        random = np.random.default_rng(derived(seed, "langevin"))
        energy, slope = look(z, *given)
        accepted = 0
        for _ in range(self.steps):
            noise = random.normal(size=z.shape)
            moved = z - 0.5 * self.step_size * slope + math.sqrt(self.step_size) * noise
            if isinstance(prior, Uniform) and not self.metropolis:
                moved = _reflected(moved, prior.low, prior.high)
            if not np.isfinite(moved).all():
                raise ValueError(
                    f"Langevin sampling diverged with step_size={self.step_size}: use a smaller "
                    f"one, or metropolis=True."
                )
            there = look(moved, *given)
            if self.metropolis:
                back = z - moved + 0.5 * self.step_size * there[1]
                ways = (np.square(noise).sum(axis=1) - _squares(back) / self.step_size) / 2
                with np.errstate(invalid="ignore"):
                    log_ratios = energy - there[0] + ways
                fits = np.log(random.uniform(size=n)) < np.where(
                    np.isfinite(there[0]), log_ratios, -math.inf
                )
                accepted += int(fits.sum())
                rows = fits[:, None]
                z, slope = np.where(rows, moved, z), np.where(rows, there[1], slope)
                energy = np.where(fits, there[0], energy)
            else:
                z, (energy, slope) = moved, there
                accepted += n
        proposals, z = n * self.steps, z.astype("float32")
        found = {} if labels is None else {"labels": labels}
        return Drawn(game.samples_of(z, **found, **options), z, accepted / proposals, proposals)

    def looking(self, game, prior, log_ratio: LogRatio, n: int, options: dict):
        """The function from arrays z, and labels, to the energies `(n,)` and their slopes."""

        def energy(z, labels=None):
            x = game.generator(with_labels(z, labels), training=False)
            scores = mean_scores(game.scores(with_labels(x, labels)))  # as `discriminate`'s
            log_ratios = ops.cast(log_ratio(scores)[:, 0], z.dtype)
            return -ops.reshape(prior.log_prob(z) + log_ratios, (-1, 1))

        def both(z, labels=None):
            def twice(z):
                found = energy(z, labels)
                return found, found

            value, slope = autodiff.with_slope(twice, z)
            return ops.concatenate([value, slope()], axis=1)

        size = min(n, batch_size_of(game.sample_network(), options["batch_size"]))
        variables = [*game.generator.variables, *game.discriminator.variables]
        rows, compiled = MANY if self.steps >= OFTEN else n, CompiledBatches()

        def look(z, *labels):
            function = compiled.of("energy", both, variables, rows, size)
            given = {"batch_size": size, "average": options["average"], "alike": True}
            with np.errstate(over="ignore"):  # what diverges is refused later
                z = z.astype("float32")
            found = game.computed(function, z, *labels, **given)
            return found[:, 0].astype("float64"), found[:, 1:].astype("float64")

        return look


def _squares(x: np.ndarray) -> np.ndarray:
    """The squared length of each row."""
    return np.square(x).sum(axis=1)


def _reflected(z: np.ndarray, low: float, high: float) -> np.ndarray:
    """Numbers beyond the ends of an interval, reflected at these until they lie within.

    >>> _reflected(np.array([0.5, 1.25, -1.5, 3.5]), -1.0, 1.0).tolist()
    [0.5, 0.75, -0.5, -0.5]
    """
    width = high - low
    folded = np.mod(z - low, 2 * width)
    return low + np.minimum(folded, 2 * width - folded)
