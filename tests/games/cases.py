"""Every game and model on tiny networks: what one suite trains, saves, resumes, distributes."""

import dataclasses
from collections.abc import Callable

import keras
import numpy as np
from keras import layers

import keras_gan as kg
from tests import toys

LATENT, NOISE, CLASSES = 3, 2, 3


@dataclasses.dataclass(frozen=True)
class Game:
    """A game and data for it.

    Args:
        build: From options to the game.
        data: From a number of samples to the arrays that `fit` takes.
        options: Which options the game has beside schedule, average and seed.
        plain: Options without which a look is not the gradient of what it logs, to the letter.
        players: Those that move; one of them takes plain `compile(optimizer=…)`.
        straight_through: Whether a gradient passes a step function as if it were not there, so that
            it is not that of the loss; tests of its own say of what it is.
        in_float32: Whether all of it computes in float32 under any policy; then no loss is scaled.
        multiple: By what each replica's samples must divide.
    """

    build: Callable
    data: Callable
    options: tuple[str, ...] = ("objective", "penalties")
    plain: dict = dataclasses.field(default_factory=dict)
    players: tuple[str, ...] = ("discriminator", "generator")
    straight_through: bool = False
    in_float32: bool = False
    multiple: int = 1

    def make(self, seed=5, **options):
        keras.utils.set_random_seed(3)
        return self.build(seed=seed, **options)

    def optimizers(self, make_optimizer) -> dict:
        """The arguments of `compile` that give every player an optimizer of this kind."""
        if self.players == ("model",):
            return {"optimizer": make_optimizer()}
        return {f"{player}_optimizer": make_optimizer() for player in self.players}


def mlp(inputs, outputs: int, name: str, normalized=False):
    """One hidden layer from inputs, joined, to so many numbers."""
    h = layers.Concatenate()(inputs) if isinstance(inputs, list) else inputs
    h = layers.Dense(8, use_bias=not normalized)(h)  # whose gradient would be rounding alone
    h = layers.BatchNormalization()(h) if normalized else h
    h = layers.Dense(outputs, dtype="float32")(layers.LeakyReLU(0.2)(h))
    return keras.Model(inputs, h, name=name)


def generator():
    return mlp(keras.Input((LATENT,)), 2, "generator", normalized=True)


def joint_discriminator():
    return mlp([keras.Input((2,)), keras.Input((LATENT,))], 1, "discriminator")


def gan(kind=None, **options):
    return (kind or kg.GAN)(generator(), mlp(keras.Input((2,)), 1, "discriminator"), **options)


def augmented(**options):
    """Of images, which the discriminator sees through transforms whose probability adapts."""
    z, x = keras.Input((LATENT,)), keras.Input((4, 4, 1))
    h = layers.Dense(16, activation="tanh", dtype="float32")(layers.Dense(8, activation="relu")(z))
    hidden = layers.LeakyReLU(0.2)(layers.Dense(8)(layers.Flatten()(x)))
    judging = keras.Model(x, layers.Dense(1, dtype="float32")(hidden), name="discriminator")
    chosen = [kg.augment.DiffAugment(), kg.augment.Rotation(), kg.augment.FractionalTranslation()]
    own = {"augment": kg.augment.Adaptive(chosen, images=200, interval=2, start=0.5)}
    return kg.GAN(keras.Model(z, layers.Reshape((4, 4, 1))(h)), judging, **{**own, **options})


def conditional(**options):
    made = kg.networks.mlp_generator(latent_dim=LATENT, width=8, depth=1, classes=CLASSES)
    judging = kg.networks.mlp_discriminator(width=8, depth=1, classes=CLASSES)
    return kg.GAN(made, judging, **options)


def packed(**options):
    """Two samples a pack, statistics of the minibatch, penalties that keep state, the best half."""
    own = {
        "penalties": [kg.penalties.LeCam(0.1), kg.penalties.FiniteDifferenceR1(0.1, 0.1)],
        "top_k": kg.objectives.TopK(0.5, decay=0.8, every=1),
    }
    x = keras.Input((4,))
    h = layers.LeakyReLU(0.2)(layers.Dense(8)(x))
    h = kg.layers.MinibatchStdDev(group_size=2)(h)
    judge = keras.Model(x, layers.Dense(1, dtype="float32")(h), name="discriminator")
    return kg.GAN(generator(), judge, packing=2, **{**own, **options})


def matching(**options):
    """A generator that matches features, with power averages where others have one."""
    x = keras.Input((2,))
    h = layers.LeakyReLU(0.2)(layers.Dense(8)(x))
    judge = keras.Model(x, [layers.Dense(1, dtype="float32")(h), h], name="discriminator")
    if "average" in options:
        options["average"] = kg.averages.Power([0.05, 0.1])
    own = {"objective": kg.objectives.FeatureMatching("hinge", 10.0, adversarial_weight=0.1)}
    return kg.GAN(generator(), judge, **{**own, **options})


def infogan(**options):
    """Of two codes of categories and one of numbers, read by last layers of batch normalization."""
    made = mlp(keras.Input((NOISE + 2 + CLASSES + 1,)), 2, "generator", normalized=True)
    judge = mlp(keras.Input((2,)), 1, "discriminator")
    reading = mlp(keras.Input((8,)), 2 + CLASSES + 2, "recognition", normalized=True)
    codes = {"side": 2, "place": "uniform", "cluster": CLASSES}
    own = {"codes": codes, "categorical_weight": 0.5, "prior": "uniform"}
    return kg.InfoGAN(made, judge, reading, **{**own, **options})


def unrolled(**options):
    return gan(kg.UnrolledGAN, unroll=2, **options)


def bigan(**options):
    encoder = mlp(keras.Input((2,)), LATENT, "encoder")
    return kg.BiGAN(generator(), encoder, joint_discriminator(), **options)


def avb(**options):
    encoder = mlp([keras.Input((2,)), keras.Input((NOISE,))], LATENT, "encoder")
    return kg.AVB(generator(), encoder, joint_discriminator(), **options)


def vae(**options):
    encoder = mlp(keras.Input((2,)), 2 * LATENT, "encoder")
    return kg.VAE(encoder, generator(), likelihood="gaussian", **options)


def conditional_vae(**options):
    sizes = {"sample_shape": (2,), "latent_dim": LATENT, "width": 8, "depth": 1}
    encoder = kg.networks.mlp_encoder(**sizes, classes=CLASSES, gaussian=True)
    decoder = kg.networks.mlp_decoder(**sizes, classes=CLASSES)
    likelihood = kg.likelihoods.Gaussian("batch")
    return kg.VAE(encoder, decoder, likelihood=likelihood, free_bits=0.05, **options)


def iwae(**options):
    encoder = mlp(keras.Input((2,)), 2 * LATENT, "encoder")
    own = {"likelihood": kg.likelihoods.Gaussian("learned"), "gradient": "doubly_reparameterized"}
    return kg.IWAE(encoder, generator(), **{**own, **options})


def score_function_vae(**options):
    options = {"gradient": "score_function", **options}
    return vae(**options)


def autoencoder(**options):
    encoder = mlp(keras.Input((2,)), LATENT, "encoder")
    options = {"corruption": kg.layers.GaussianNoise(0.2, seed=7), **options}
    return kg.Autoencoder(encoder, generator(), **options)


def grid_of(inputs, name: str, *shape):
    """One hidden layer to a grid of vectors."""
    h = layers.LeakyReLU(0.2)(layers.Dense(8)(inputs))
    h = layers.Reshape(shape)(layers.Dense(int(np.prod(shape)))(h))
    return keras.Model(inputs, h, name=name)


def of_grid(name: str, *shape):
    """Two numbers of a grid of vectors."""
    e = keras.Input(shape)
    h = layers.LeakyReLU(0.2)(layers.Dense(8)(layers.Flatten()(e)))
    return keras.Model(e, layers.Dense(2, dtype="float32")(h), name=name)


def vqvae(**options):
    encoder = grid_of(keras.Input((2,)), "encoder", 2, 3)
    options = {"codes": 6, "restart_dead_codes": 0.2, **options}
    return kg.VQVAE(encoder, of_grid("decoder", 2, 3), **options)


def trained_codebook(**options):
    still = {"restart_dead_codes": None}  # Adam enlarges the rounding of a code that met its vector
    return vqvae(ema=None, **still, **options)


def vqvae2(**options):
    top = grid_of(keras.Input((2,)), "top_encoder", 1, 3)
    x, e = keras.Input((2,)), keras.Input((1, 3))
    inner = grid_of(keras.Input((5,)), "inner", 2, 4)
    seen = layers.Concatenate()([x, layers.Flatten()(e)])
    bottom = keras.Model([x, e], inner(seen), name="bottom_encoder")
    grids = keras.Input((1, 3)), keras.Input((2, 4))
    flat = layers.Concatenate()([layers.Flatten()(grid) for grid in grids])
    decoder = keras.Model(list(grids), mlp(keras.Input((11,)), 2, "inner")(flat), name="decoder")
    return kg.VQVAE2(top, bottom, decoder, codes=(4, 6), **{"restart_dead_codes": 0.2, **options})


def ordered(length, codes, labels=False):
    """Logits of each code of a row by those before it, through kernels that see to the left."""
    k = keras.Input((length,), dtype="int32")
    h = layers.Embedding(codes, 4)(k)
    h = layers.ZeroPadding1D((2, 0))(h)[:, :-1]  # whose kernel ends before the code itself
    h = layers.Conv1D(8, 2, activation="tanh")(h)  # the first code sees zeros: a kink of any ReLU
    return keras.Model(k, layers.Dense(codes, dtype="float32")(h), name="network")


def code_prior(**options):
    return kg.CodePrior(vqvae(seed=1), ordered(2, 6), **options)


def pixels(dropout=0.2, **options):
    """Of images and labels, by a PixelCNN."""
    x, e = keras.Input((4, 4, 1)), keras.Input((2, 2, 3))
    encoder = keras.Model(x, layers.Conv2D(3, 2, 2)(x), name="encoder")
    decoder = keras.Model(e, layers.Conv2DTranspose(1, 2, 2, dtype="float32")(e), name="decoder")
    own = kg.VQVAE(encoder, decoder, codes=5, average=0.9, seed=1)
    network = kg.networks.pixelcnn((2, 2), 5, width=4, depth=2, classes=CLASSES, dropout=dropout)
    return kg.CodePrior(own, network, **options)


def real_nvp(**options):
    flow = kg.RealNVP((2,), couplings=2, width=8, depth=1, **options)
    flow.adapt(toys.points(16))  # or fit starts it at all of its data, a loop at the first batch
    return flow


def glow(**options):
    sizes = {"levels": 1, "steps_per_level": 1, "width": 4, "depth": 1}
    flow = kg.Glow((4, 4, 1), **sizes, **options)
    flow.adapt(*tame_images(16))
    return flow


def conditional_flow(**options):
    flow = kg.RealNVP((2,), couplings=2, width=8, depth=1, classes=CLASSES, **options)
    flow.adapt(*labelled(16))
    return flow


def ffjord(**options):
    sizes = {"width": 6, "solver": "rk4", "steps": 2}
    return kg.FFJORD((2,), trace="hutchinson", **sizes, **options)


def conditional_ffjord(**options):
    sizes = {"width": 6, "solver": "rk4", "steps": 2}
    return kg.FFJORD((2,), gradient="adjoint", classes=CLASSES, **sizes, **options)


def translator(name):
    x = keras.Input((4, 4, 1))
    h = layers.LeakyReLU(0.2)(layers.Conv2D(4, 3, padding="same")(x))
    h = kg.layers.InstanceNormalization()(h)
    h = layers.Conv2D(1, 3, padding="same", activation="tanh", dtype="float32")(h)
    return keras.Model(x, h, name=name)


def patches(name):
    x = keras.Input((4, 4, 1))
    h = layers.LeakyReLU(0.2)(layers.Conv2D(4, 3, padding="same")(x))
    return keras.Model(x, layers.Conv2D(1, 3, strides=2, dtype="float32")(h), name=name)


def cyclegan(**options):
    names = "generator_xy", "generator_yx"
    judges = "discriminator_x", "discriminator_y"
    return kg.CycleGAN(
        *map(translator, names), *map(patches, judges), **{"pool_size": 6, **options}
    )


def pix2pix(dropout=0.3, **options):
    x, pair = keras.Input((4, 4, 1)), keras.Input((4, 4, 2))
    h = layers.LeakyReLU(0.2)(layers.Conv2D(4, 3, padding="same")(x))
    h = kg.layers.Dropout(dropout, seed=7)(h) if dropout else h
    h = layers.Conv2D(1, 3, padding="same", activation="tanh", dtype="float32")(h)
    seen = layers.LeakyReLU(0.2)(layers.Conv2D(4, 3, padding="same")(pair))
    scores = layers.Conv2D(1, 3, strides=2, dtype="float32")(seen)
    players = keras.Model(x, h, name="generator"), keras.Model(pair, scores, name="discriminator")
    return kg.Pix2Pix(*players, **options)


def points(n):
    return (toys.points(n),)


def labelled(n):
    return toys.points(n), np.random.default_rng(1).integers(0, CLASSES, n).astype("int32")


def labelled_images(n):
    return images(n)[0], labelled(n)[1]


def tame_images(n):
    """Images in [-1, 1], none of whose pixels is near a level's end: of both the logit is steep."""
    return ((0.8 * np.tanh(images(n)[0])).astype("float32"),)


def images(n):
    rng = np.random.default_rng(2)
    return tuple(rng.uniform(-1, 1, (n, 4, 4, 1)).astype("float32") for _ in range(2))


ONE = ("model",)

GAMES = {
    "GAN": Game(gan, points),
    "labels": Game(conditional, labelled),
    "augmented": Game(augmented, tame_images, plain={"augment": None}),
    "UnrolledGAN": Game(unrolled, points),
    "packed": Game(packed, points, plain={"penalties": ()}, multiple=2),
    "matching": Game(matching, points),
    "InfoGAN": Game(infogan, points),
    "BiGAN": Game(bigan, points),
    "CycleGAN": Game(cyclegan, images, plain={"pool_size": 0}),
    "Pix2Pix": Game(pix2pix, images, plain={"dropout": 0.0}),
    "AVB": Game(avb, points, options=(), plain={"contrast_noises": 0}),
    "VAE": Game(vae, points, options=(), players=ONE),
    "conditional VAE": Game(conditional_vae, labelled, options=(), players=ONE),
    "score-function VAE": Game(
        score_function_vae,
        points,
        options=(),
        plain={"gradient": "reparameterized"},
        players=ONE,
    ),
    "IWAE": Game(iwae, points, options=(), plain={"gradient": "reparameterized"}, players=ONE),
    "Autoencoder": Game(autoencoder, points, options=(), plain={"corruption": None}, players=ONE),
    "VQVAE": Game(vqvae, points, options=(), players=ONE, straight_through=True),
    "codebook": Game(trained_codebook, points, options=(), players=ONE, straight_through=True),
    "VQVAE2": Game(vqvae2, points, options=(), players=ONE, straight_through=True),
    "CodePrior": Game(code_prior, points, options=(), players=ONE),
    "RealNVP": Game(real_nvp, points, options=(), players=ONE),
    "Glow": Game(glow, tame_images, options=(), players=ONE),
    "conditional RealNVP": Game(conditional_flow, labelled, options=(), players=ONE),
    "FFJORD": Game(ffjord, points, options=(), players=ONE, in_float32=True),
    "conditional FFJORD": Game(
        conditional_ffjord, labelled, options=(), players=ONE, in_float32=True
    ),
    "PixelCNN": Game(pixels, labelled_images, options=(), plain={"dropout": 0.0}, players=ONE),
}
NEW = [name for name in GAMES if name != "GAN"]
OF_PLAYERS = [name for name in GAMES if len(GAMES[name].players) > 1]


def variables_of(game):
    """All that a game holds: networks, averages, pools, random states, optimizers."""
    return [*game.variables, *game.optimizer.variables]


def assert_equal(one, other):
    """To the bit, but for the sums of the logs."""
    for a, b in zip(variables_of(one), variables_of(other), strict=True):
        if "running_means" not in a.path:
            np.testing.assert_array_equal(np.asarray(a), np.asarray(b), err_msg=a.path)
