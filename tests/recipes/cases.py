"""Every recipe on tiny networks, and what its docstring promises to pick."""

import dataclasses

import keras
import pytest

import keras_gan as kg
from keras_gan import objectives
from tests.slow import slow_but


@dataclasses.dataclass(frozen=True)
class Case:
    """A recipe, the discriminator it needs, and the published defaults."""

    recipe: type
    objective: type
    optimizer: dict
    penalties: tuple = ()
    steps: int = 1
    average: float | None = None
    discriminator: dict = dataclasses.field(default_factory=dict)

    def make(self, seed=5, **options):
        keras.utils.set_random_seed(3)
        generator = kg.networks.mlp_generator(latent_dim=3, width=8, depth=2)
        discriminator = kg.networks.mlp_discriminator(width=8, depth=2, **self.discriminator)
        return self.recipe(generator, discriminator, seed=seed, **options)

    @property
    def terms(self):
        return ["discriminator_loss", "generator_loss", *(p["name"] for p in self.penalties)]


def adam(rate, beta_1, beta_2=0.999):
    return {"kind": "Adam", "learning_rate": rate, "beta_1": beta_1, "beta_2": beta_2}


def between(weight):
    return {"name": "gradient_penalty", "weight": weight, "at": "between", "target": 1.0}


CASES = {
    "DCGAN": Case(kg.DCGAN, objectives.NonSaturating, adam(2e-4, 0.5)),
    "SNGAN": Case(
        kg.SNGAN,
        objectives.NonSaturating,
        adam(2e-4, 0.5),
        average=0.999,
        discriminator={"normalization": "spectral"},
    ),
    "WGAN": Case(
        kg.WGAN, objectives.Wasserstein, {"kind": "RMSprop", "learning_rate": 5e-5}, steps=5
    ),
    "WGANGP": Case(
        kg.WGANGP, objectives.Wasserstein, adam(1e-4, 0.0, 0.9), (between(10.0),), steps=5
    ),
    "CTGAN": Case(
        kg.CTGAN,
        objectives.Wasserstein,
        adam(1e-4, 0.5, 0.9),
        (between(10.0), {"name": "consistency_term", "weight": 2.0, "margin": 0.0}),
        steps=5,
        discriminator={"dropout": 0.5, "features": True},
    ),
    "DRAGAN": Case(
        kg.DRAGAN,
        objectives.NonSaturating,
        adam(1e-4, 0.5, 0.9),
        ({**between(10.0), "at": "around_real"},),
    ),
    "GANGP": Case(kg.GANGP, objectives.NonSaturating, adam(1e-4, 0.5, 0.9), (between(10.0),)),
    "FGAN": Case(kg.FGAN, objectives.Variational, adam(2e-4, 0.5)),
    "R3GAN": Case(
        kg.R3GAN,
        objectives.Relativistic,
        adam(2e-4, 0.0, 0.99),
        ({"name": "r1_penalty", "weight": 1.0}, {"name": "r2_penalty", "weight": 1.0}),
        average=0.999,
    ),
}
every = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
few = pytest.mark.parametrize(  # whose discriminators, steps and draws differ most
    "case",
    slow_but([CASES[name] for name in ("SNGAN", "WGANGP", "CTGAN")], CASES.values()),
    ids=CASES,
)
