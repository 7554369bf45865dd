"""Pictures for the pages of some models that no preset and no example has drawn.

    python benchmarks/model_pictures.py                  # all of them
    python benchmarks/model_pictures.py DRAGAN Pix2Pix   # some

Small networks on scikit-learn's digits, or on a ring of eight Gaussians, with seed 0. The pictures
show what a model does, not how good it can be: each trains for about half a minute of processor
time.
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


def ring(recipe, steps: int = 3000, **options):
    """Samples of a recipe and points of the ring, which are grey."""
    points = kg.data.load("ring")
    real = np.stack(list(points.take(1000).as_numpy_iterator()))
    judge, maker = n.mlp_discriminator(2), n.mlp_generator(2, latent_dim=8)
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
    "DRAGAN": lambda: ring(kg.DRAGAN, penalty_weight=0.1),
    "GANGP": lambda: ring(kg.GANGP, penalty_weight=0.1),
    "Pix2Pix": pix2pix,
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
