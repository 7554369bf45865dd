"""Steps a second of all recipes and games, on points and on images.

Points: MLPs of 3 x 128 units, batch 256, 50 fused steps. Images: the DCGAN pair of width 32 for
28 x 28 pixels, batch 64, 10 fused steps; of other games the networks of their own papers, small. A
step is one of the generator, with all of the discriminator's before it. Each row is the median over
the epochs of one `fit` after the first, which compiles.

    python benchmarks/steps.py
    KERAS_BACKEND=jax python benchmarks/steps.py --kinds points
"""

import argparse

import keras
import numpy as np

import keras_gan as kg
from turns import Turns

RECIPES = ("DCGAN", "FGAN", "SNGAN", "R3GAN", "DRAGAN", "GANGP", "WGAN", "WGANGP", "CTGAN")
OPTIONS = {
    "SNGAN": {"normalization": "spectral"},
    "CTGAN": {"dropout": 0.5, "features": True},
}
POINT, IMAGE = (2,), (28, 28, 1)


def recipe(name: str, kind: str):
    """A recipe with networks for a kind of data."""
    n, options = kg.networks, OPTIONS.get(name, {})
    if kind == "points":
        return getattr(kg, name)(n.mlp_generator(), n.mlp_discriminator(**options), seed=0)
    generator = n.dcgan_generator(IMAGE, latent_dim=50, width=32)
    return getattr(kg, name)(generator, n.dcgan_discriminator(IMAGE, 32, **options), seed=0)


def games(kind: str) -> dict:
    """Other games by name: how each is made."""
    n = kg.networks
    if kind == "points":
        return {
            "UnrolledGAN, 5": lambda: kg.UnrolledGAN(
                n.mlp_generator(), n.mlp_discriminator(), unroll=5, seed=0
            ),
            "AVB": lambda: kg.AVB(n.mlp_generator(), n.avb_encoder(2), n.avb_discriminator(2)),
        }
    return {
        "BiGAN": lambda: kg.BiGAN(n.bigan_generator(), n.bigan_encoder(), n.bigan_discriminator()),
        "CycleGAN": lambda: kg.CycleGAN(
            *(n.translation_generator(IMAGE, width=16) for _ in range(2)),
            *(n.patch_discriminator(IMAGE) for _ in range(2)),
        ),
    }


def row(name: str, make, kind: str, epochs: int) -> str:
    """A row of the table."""
    keras.utils.set_random_seed(0)
    model, rng = make(), np.random.default_rng(0)
    shape, batch, fused = (POINT, 256, 50) if kind == "points" else (IMAGE, 64, 10)
    x = rng.uniform(-1, 1, (2**13 if kind == "points" else 2**11, *shape)).astype("float32")
    if name == "CycleGAN":
        batch, fused = 16, 1
        data = kg.data.unpaired(x, x[::-1], batch_size=batch)
    else:
        parts = model.schedule.parts
        data = kg.data.batches(x, batch, discriminator_steps=parts, seed=0)
    model.compile(steps_per_execution=fused)
    steps, clock = 2 * fused if kind == "images" else 4 * fused, Turns(lambda: None)
    options = {"steps_per_epoch": steps, "epochs": epochs + 1, "verbose": 0}
    model.fit(data.repeat(), callbacks=[clock], **options)
    low, middle, high = np.percentile(steps / np.array(clock.seconds[1:]), [25, 50, 75])
    return f"| {name} | {kind} | {batch} | {middle:.3g} | {low:.3g}–{high:.3g} |"


def main():
    """Prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kinds", nargs="+", choices=("points", "images"), default=None)
    parser.add_argument("--names", nargs="+", help="recipes or games; all by default")
    parser.add_argument("--epochs", type=int, default=5)
    given = parser.parse_args()
    print("| | data | batch | steps a second | quartiles |")
    print("|---|---|--:|--:|--:|", flush=True)
    for kind in given.kinds or ("points", "images"):
        made = {name: lambda name=name, kind=kind: recipe(name, kind) for name in RECIPES}
        for name, make in {**made, **games(kind)}.items():
            if not given.names or name in given.names:
                print(row(name, make, kind, given.epochs), flush=True)


if __name__ == "__main__":
    main()
