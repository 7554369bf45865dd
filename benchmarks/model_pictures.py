"""Pictures for the pages of some models that no preset and no example has drawn.

    python benchmarks/model_pictures.py                  # all of them
    python benchmarks/model_pictures.py DRAGAN Pix2Pix   # some

Small networks on scikit-learn's digits, a ring of eight Gaussians or images of MNIST, with seed 0.
The pictures show what a model does, not how good it can be: each trains for half a minute to four
minutes of processor time.
"""

import argparse
import pathlib
import time

import keras
import numpy as np

import keras_gan as kg

FOLDER = pathlib.Path(__file__).parents[1] / "examples/pictures/models"
SHAPE, SCALE = (8, 8, 1), 4
n = kg.networks


def digits():
    """The digits and their classes."""
    pairs = kg.data.load("digits", labels=True).as_numpy_iterator()
    return tuple(map(np.stack, zip(*pairs, strict=True)))


def ring(recipe, steps: int = 3000, judge=None, **options):
    """Samples of a recipe and points of the ring, which are grey."""
    points = kg.data.load("ring")
    real = np.stack(list(points.take(1000).as_numpy_iterator()))
    judge, maker = judge or n.mlp_discriminator(2), n.mlp_generator(2, latent_dim=8)
    gan = recipe(maker, judge, average=0.99, seed=0, **options)
    gan.compile(
        generator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
        discriminator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
        steps_per_execution=50,
    )
    parts = gan.schedule.parts  # a minibatch for every discriminator step
    batches = kg.data.batches(points, batch_size=256, discriminator_steps=parts, seed=0)
    gan.fit(batches.repeat(), epochs=1, steps_per_epoch=steps, verbose=0)
    return kg.plotting.scatter(gan.generate(1000, seed=0), real, limit=1.5)


def ctgan():
    """CTGAN's samples of the ring, with a critic that drops units out and shows its features."""
    x = keras.Input((2,))
    h = x
    for _ in range(3):
        h = kg.layers.Dropout(0.1)(keras.layers.Dense(128, activation="leaky_relu")(h))
    critic = keras.Model(x, [keras.layers.Dense(1)(h), h])
    return ring(kg.CTGAN, judge=critic, penalty_weight=0.1)


def trained(gan, *data, steps: int, batch: int = 64, rate: float | None = None):
    """The game after some steps on arrays, at its own rates if none is given."""
    players = ("generator", "discriminator")
    adam = {} if rate is None else {f"{each}_optimizer": adam_of(rate) for each in players}
    gan.compile(**adam)
    batches = kg.data.batches(data if len(data) > 1 else data[0], batch, seed=0).repeat()
    gan.fit(batches, epochs=1, steps_per_epoch=steps, verbose=0)
    return gan


def adam_of(rate: float):
    """Adam with little momentum, as games have it."""
    return keras.optimizers.Adam(rate, beta_1=0.5)


def by_class(recipe, conditioning: str, steps: int = 2000):
    """Samples of a game with a classifying discriminator, a column a class."""
    sizes = {"width": 24, "classes": 10}
    gan = recipe(
        n.dcgan_generator(SHAPE, latent_dim=16, **sizes),
        n.dcgan_discriminator(SHAPE, conditioning=conditioning, normalization="spectral", **sizes),
        average=0.99,
        seed=0,
    )
    trained(gan, *digits(), steps=steps, rate=5e-4)
    return kg.plotting.image_grid(gan.generate(40, seed=0), columns=10, scale=SCALE)


def infogan(steps: int = 3000):
    """Samples of ten categories, a row a category, all columns of one noise."""
    gan = kg.InfoGAN(
        n.dcgan_generator(SHAPE, latent_dim=40 + 10, width=24),
        n.dcgan_discriminator(SHAPE, width=24, normalization="batch"),
        codes={"digit": 10},
        prior="uniform",
        average=0.99,
        seed=0,
    )
    trained(gan, digits()[0], steps=steps)
    rows = gan.traverse("digit", n=12, seed=1).swapaxes(0, 1)
    return kg.plotting.image_grid(rows.reshape(-1, *SHAPE), columns=12, scale=SCALE)


def stylegan2(steps: int = 1500):
    """Samples of a small StyleGAN2."""
    gan = kg.StyleGAN2(
        n.stylegan2_generator(SHAPE, 16, width=24),
        n.stylegan2_discriminator(SHAPE, width=24),
        penalty_weight=1.0,
        average=0.99,
        seed=0,
    )
    trained(gan, digits()[0], steps=steps)
    return kg.plotting.image_grid(gan.generate(40, seed=0), columns=10, scale=SCALE)


def mnist(side: int = 32, number: int = 2000):
    """The first images of MNIST, at another size."""
    images = kg.data.load("mnist", image_size=side).take(number)
    return np.stack([*images.as_numpy_iterator()])


def fastgan(steps: int = 600):
    """Samples of a small FastGAN, of 2,000 images of MNIST."""
    shape = (32, 32, 1)
    gan = kg.FastGAN(
        n.fastgan_generator(shape, latent_dim=32, width=8),
        n.fastgan_discriminator(shape, width=8, grids=True),
        reconstruction="l1",
        average=0.99,
        seed=0,
    )
    trained(gan, mnist(), steps=steps, batch=16)
    return kg.plotting.image_grid(gan.generate(30, seed=0), columns=10, scale=2)


def projected(steps: int = 500):
    """Samples of a small projected GAN, of 2,000 images of MNIST."""
    generator = n.fastgan_generator((32, 32, 1), latent_dim=32, width=8)
    gan = kg.ProjectedGAN(generator, input_size=64, average=0.99, seed=0)
    trained(gan, mnist(), steps=steps, batch=16)
    return kg.plotting.image_grid(gan.generate(30, seed=0), columns=10, scale=2)


def pix2pix(steps: int = 1500):
    """Coarse digits, their translations, and the truth, of digits held out."""
    y = digits()[0]
    x = y.reshape(-1, 4, 2, 4, 2, 1).mean(axis=(2, 4)).repeat(2, axis=1).repeat(2, axis=2)
    gan = kg.Pix2Pix(
        n.unet_generator(SHAPE, width=24),
        n.patch_discriminator((8, 8, 2), 24, depth=1),
        seed=0,
    )
    gan.compile()
    pairs = 1500
    gan.fit(x[:pairs], y[:pairs], batch_size=16, epochs=steps // (pairs // 16), verbose=0)
    shown = slice(pairs, pairs + 16)
    made = gan.translate(x[shown])
    return kg.plotting.image_grid(
        np.concatenate([x[shown], made, y[shown]]), columns=16, scale=SCALE
    )


def vqvae2(epochs: int = 30):
    """Digits, and what two levels of codes keep of them."""
    images = digits()[0]
    sizes = {"image_shape": SHAPE, "code_dim": 16, "width": 16}
    model = kg.VQVAE2(
        n.vqvae_encoder(**sizes),
        n.vqvae2_bottom_encoder(**sizes),
        n.vqvae2_decoder(**sizes),
        codes=32,
        seed=0,
    )
    model.compile(optimizer=keras.optimizers.Adam(1e-3))
    model.fit(images[:1500], batch_size=50, epochs=epochs, verbose=0)
    shown = images[1500:1516]
    again = model.reconstruct(shown)
    return kg.plotting.image_grid(np.concatenate([shown, again]), columns=16, scale=SCALE)


PICTURES = {
    "ACGAN": lambda: by_class(kg.ACGAN, "classifier"),
    "CTGAN": ctgan,
    "DRAGAN": lambda: ring(kg.DRAGAN, penalty_weight=0.1),
    "GANGP": lambda: ring(kg.GANGP, penalty_weight=0.1),
    "FastGAN": fastgan,
    "InfoGAN": infogan,
    "Pix2Pix": pix2pix,
    "ProjectedGAN": projected,
    "ReACGAN": lambda: by_class(kg.ReACGAN, "proxies"),
    "StyleGAN2": stylegan2,
    "VQVAE2": vqvae2,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", metavar="MODEL", help=", ".join(PICTURES))
    parser.add_argument("--folder", type=pathlib.Path, default=FOLDER, help="where pictures go")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.models if name not in PICTURES]
    if unknown:
        parser.error(f"no such model: {', '.join(unknown)}; known are {', '.join(PICTURES)}")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name in arguments.models or PICTURES:
        keras.utils.set_random_seed(0)
        began = time.process_time()
        PICTURES[name]().save(arguments.folder / f"{name}.png", optimize=True)
        print(f"{name}: {time.process_time() - began:.0f} s of processor time")
