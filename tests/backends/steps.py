"""A training step of a recipe from given weights, data and random numbers, on any backend.

As a program, `python -m tests.backends.steps RECIPE FILE`, it writes gradients, weights and losses
into a file, for the tests to compare with those of another backend.
"""

import sys

import keras
import numpy as np
from keras import ops

import keras_gan as kg
from tests.games.cases import GAMES as ALL_GAMES
from tests.games.cases import NEW
from tests.recipes.cases import CASES, with_labels

BATCH = 20


def randint(shape, minval, maxval, dtype="int32", seed=None):
    """Random integers that are the same on every backend, in place of `keras.random.randint`.

    A hash of the place in the tensor and of the stream's state; `maxval` is a power of two.
    """
    state = ops.cast(seed.next(), "uint32")
    place = ops.cast(ops.arange(int(np.prod(shape)), dtype="int32"), "uint32")

    def number(n):
        return ops.convert_to_tensor(n, dtype="uint32")

    x = place * number(747796405) + state[0] * number(2654435761) + state[1] * number(40503)
    for factor in (0x7FEB352D, 0x846CA68B, 0x9E3779B1):
        x = (x ^ ops.right_shift(x, number(16))) * number(factor)
    x = ops.right_shift(x, number(32 - (maxval - 1).bit_length()))
    return ops.reshape(ops.cast(x, dtype), shape)


def numbered(model) -> None:
    """Gives every weight numbers that depend on its shape and place alone."""
    for i, variable in enumerate(model.weights):
        if keras.backend.is_float_dtype(variable.dtype):
            values = np.random.default_rng(i).normal(0, 0.4, variable.shape)
            positive = variable.path.endswith(("variance", "gamma", "uses"))
            variable.assign(np.abs(values) + 0.5 if positive else values)


def data() -> np.ndarray:
    """A batch for five steps of the discriminator."""
    return np.random.default_rng(7).normal(1, 0.5, (5 * BATCH, 2)).astype("float32")


def data_of(name: str, n: int) -> tuple:
    """What `fit` takes, of so many samples."""
    if name in NEW:
        return ALL_GAMES[name].data(n)
    labelled = name in CASES and CASES[name].labelled
    return with_labels(data()[:n]) if labelled else (data()[:n],)


def lazy_dropout():
    """Assignments within a penalty that is computed at every other step."""
    keras.utils.set_random_seed(3)  # from which the dropout takes its seed
    discriminator = kg.networks.mlp_discriminator(width=8, depth=2, dropout=0.5)
    penalties = [kg.penalties.GradientPenalty(every=2)]
    return of(discriminator, penalties=penalties, schedule=3)


def layer_losses():
    """A layer that adds to its network's losses."""
    x = keras.Input((2,))
    h = keras.layers.Dense(8, activation="tanh", activity_regularizer=keras.regularizers.L2(0.5))(x)
    return of(keras.Model(x, keras.layers.Dense(1)(h)))


def of(discriminator, **options):
    keras.utils.set_random_seed(3)
    generator = kg.networks.mlp_generator(latent_dim=3, width=8, depth=2)
    return kg.GAN(generator, discriminator, seed=5, **options)


GAMES = {
    **{name: case.make for name, case in CASES.items()},
    **{name: ALL_GAMES[name].make for name in NEW},
    "lazy dropout": lazy_dropout,
    "layer losses": layer_losses,
}


def step(name: str) -> dict[str, np.ndarray]:
    """The gradients of a recipe's players, then its weights, slots and losses after two steps."""
    own, keras.random.randint = keras.random.randint, randint
    try:
        return stepped(name, GAMES[name]())
    finally:
        keras.random.randint = own


def stepped(name: str, gan) -> dict[str, np.ndarray]:
    """What `step` returns, with the random numbers as they are."""
    for network in gan.network_names:
        numbered(getattr(gan, network))
    gan.compile(diagnostics=True)
    parts = [ops.convert_to_tensor(part) for part in data_of(name, BATCH)]
    minibatch = gan.unpack(tuple(parts) if len(parts) > 1 else parts[0])
    found = {}
    for player in gan.schedule.players:
        before = [ops.convert_to_numpy(v).copy() for v in gan.variables]
        gradients, _ = gan.look(player, minibatch)
        for i, (v, g) in enumerate(zip(gan.variables_of(player), gradients, strict=True)):
            missing = np.zeros(v.shape, "float32")
            found[f"{player}/gradient/{i}"] = missing if g is None else ops.convert_to_numpy(g)
        for variable, value in zip(gan.variables, before, strict=True):
            variable.assign(value)
    x = data_of(name, BATCH * gan.schedule.parts)
    history = gan.fit(*x, batch_size=len(x[0]), epochs=2, shuffle=False, verbose=0).history
    for i, variable in enumerate([*gan.weights, *gan.optimizer.variables]):
        found[f"weight/{i}"] = np.asarray(ops.convert_to_numpy(variable))
    for name, values in history.items():
        found[f"loss/{name}"] = np.array(values)
    return found


def digits_gan():
    """An SN-GAN of images, with an average, trained for two steps."""
    keras.utils.set_random_seed(0)
    gan = kg.SNGAN(
        kg.networks.dcgan_generator((8, 8, 1), latent_dim=4, width=8),
        kg.networks.dcgan_discriminator((8, 8, 1), width=8, normalization="spectral"),
        seed=1,
    )
    gan.compile(diagnostics=True)
    x = np.random.default_rng(0).uniform(-1, 1, (32, 8, 8, 1)).astype("float32")
    gan.fit(x, batch_size=16, verbose=0)
    return gan


if __name__ == "__main__":
    np.savez(sys.argv[2], **step(sys.argv[1]))
