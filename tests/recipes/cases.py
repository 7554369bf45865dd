"""Every recipe on tiny networks, and what its docstring promises to pick."""

import dataclasses
from collections.abc import Callable

import keras
import numpy as np
import pytest
from keras import layers

import keras_gan as kg
from keras_gan import objectives
from keras_gan.networks._stylegan2_layers import RunningMean
from tests import toys
from tests.slow import slow_but

CLASSES = 3


def with_labels(x) -> tuple:
    """Samples, each with one of the classes in turn."""
    return x, (np.arange(len(x)) % CLASSES).astype("int32")


def labelled_generator():
    """From 3 latent numbers and a label to points."""
    return kg.networks.mlp_generator(latent_dim=3, width=8, depth=2, classes=CLASSES)


def plain_generator():
    """From 3 latent numbers to points."""
    return kg.networks.mlp_generator(latent_dim=3, width=8, depth=2)


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
    generator: Callable = plain_generator
    further_terms: tuple = ()

    @property
    def labelled(self) -> bool:
        """Whether it is a game of class labels alone."""
        return self.generator is labelled_generator

    def data(self, n: int) -> tuple:
        """The arrays that `fit` takes, of n samples."""
        return with_labels(toys.points(n)) if self.labelled else (toys.points(n),)

    def networks(self):
        """A generator and a discriminator of points."""
        keras.utils.set_random_seed(3)
        generator = self.generator()
        return generator, kg.networks.mlp_discriminator(width=8, depth=2, **self.discriminator)

    def make(self, seed=5, **options):
        return self.recipe(*self.networks(), seed=seed, **options)

    @property
    def terms(self):
        penalties = [penalty["name"] for penalty in self.penalties]
        return ["discriminator_loss", "generator_loss", *penalties, *self.further_terms]


def styled_generator():
    """A mapping and a synthesis of points, by two layers that one w styles."""
    z, styles = keras.Input((3,)), keras.Input((2, 8))
    mapping = keras.Model(z, layers.Dense(8, activation="leaky_relu")(z), name="mapping")
    h = layers.Dense(8, activation="tanh")(layers.Flatten()(styles))
    synthesis = keras.Model(styles, layers.Dense(2, dtype="float32")(h), name="synthesis")
    z = keras.Input((3,))
    w = RunningMean(name="mean_of_w")(mapping(z))
    return keras.Model(z, synthesis(layers.RepeatVector(2)(w)), name="generator")


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
    "ACGAN": Case(
        kg.ACGAN,
        objectives.NonSaturating,
        adam(2e-4, 0.5),
        discriminator={"classes": CLASSES, "conditioning": "classifier"},
        generator=labelled_generator,
        further_terms=(
            "real_classification_loss",
            "fake_classification_loss",
            "generator_classification_loss",
        ),
    ),
    "ReACGAN": Case(
        kg.ReACGAN,
        objectives.Hinge,
        adam(2e-4, 0.5),
        average=0.999,
        discriminator={"classes": CLASSES, "conditioning": "proxies"},
        generator=labelled_generator,
        further_terms=("real_classification_loss", "generator_classification_loss"),
    ),
    "StyleGAN2": Case(
        kg.StyleGAN2,
        objectives.NonSaturating,
        adam(2.5e-3, 0.0, 0.99),
        ({"name": "r1_penalty", "weight": 10.0, "every": 16},),
        average=0.999,
        generator=styled_generator,
        further_terms=("path_length_penalty",),
    ),
}
every = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
few = pytest.mark.parametrize(  # whose discriminators, steps and draws differ most
    "case",
    slow_but([CASES[name] for name in ("SNGAN", "WGANGP", "CTGAN")], CASES.values()),
    ids=CASES,
)
