"""Every recipe with all that draws random numbers or keeps state, to train on several replicas."""

import functools

import keras
import numpy as np
import tensorflow as tf

import keras_gan as kg
from tests.recipes.cases import CASES

LAZY = {"penalty_every": 2, "path_length_every": 2}
OPTIONS = {  # a clip that lets the critic move, and weights under which SGD stays finite
    "WGAN": {"clip": 0.3},
    "StyleGAN2": {"penalty_weight": 0.1, "path_length_weight": 0.1, **LAZY},
}
STEPS_BY_NAME = ("WGAN", "WGANGP", "CTGAN", "SNGAN", "ACGAN", "ReACGAN")


@functools.cache
def mirrored(replicas):
    """The one strategy over so many logical CPU devices.

    Devices know a collective operation by its number. Every strategy counts from the same one, so
    that two of a process would clash (TensorFlow 2.21) if they did not begin at different ones.
    """
    own_numbers = {"_collective_key_base": 100_000 * replicas}
    strategy = type("MirroredStrategy", (tf.distribute.MirroredStrategy,), own_numbers)
    return strategy([f"CPU:{i}" for i in range(replicas)])


def noisy(network):
    """The discriminator behind instance noise that fades."""
    x = keras.Input(network.input_shape[1:])
    noise = kg.layers.InstanceNoise(0.2, anneal_steps=50, seed=1)
    return keras.Model(x, network(noise(x)), name="noisy_discriminator")


def make(name, **options):
    """The recipe on MLPs with two discriminator steps, instance noise and averaging."""
    case = CASES[name]
    steps = "discriminator_steps" if name in STEPS_BY_NAME else "schedule"
    options = {steps: 2, "average": 0.9, "seed": 5, **OPTIONS.get(name, {}), **options}
    generator, discriminator = case.networks()
    return case.recipe(generator, noisy(discriminator), **options)


def descending(gan, rate=0.05, **options):
    """Compiles with SGD, which hides no factor of the gradient as Adam does."""
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(rate),
        discriminator_optimizer=keras.optimizers.SGD(rate),
        **options,
    )
    return gan


def state(gan):
    """Every floating-point variable but the sums of the logs, which count each replica."""
    variables = gan.variables + gan.optimizer.variables
    kept = [v for v in variables if "running_means" not in v.path]
    return [v for v in kept if keras.backend.is_float_dtype(v.dtype)]


def distance(one, other):
    """‖a − b‖ / ‖a‖ of the weights that are furthest apart, by path."""
    apart = {}
    for i, (a, b) in enumerate(zip(state(one), state(other), strict=True)):
        a, b = np.asarray(a, "float64"), np.asarray(b, "float64")
        apart[f"{i} {state(one)[i].path}"] = np.linalg.norm(a - b) / max(np.linalg.norm(a), 1e-3)
    return max(apart.items(), key=lambda item: item[1])


def unequal_replicas(gan):
    """The paths of variables that are not equal to the bit on all replicas."""
    variables = [v for v in gan.variables + gan.optimizer.variables]
    return [
        v.path
        for v in variables
        if "running_means" not in v.path
        and not all(
            np.array_equal(part.numpy(), v.value.values[0].numpy()) for part in v.value.values
        )
    ]
