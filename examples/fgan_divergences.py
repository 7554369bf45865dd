"""Fit one small generator to the same points under several f-divergences, and compare.

    pip install .    # in a clone of this repository
    python fgan_divergences.py            # five divergences, a minute or two on two cores

The data is three Gaussians of unequal weight; the generator, an affine map of a two-dimensional
normal distribution, cannot cover them exactly. Where it then puts its samples is the divergence's
choice: Pearson and KL stretch over all the data, reverse KL keeps to the two heavy Gaussians. With
Neyman's (`--divergences neyman`) this small discriminator does not learn its bound.
Reference: Nowozin, Cseke and Tomioka 2016, arXiv 1606.00709.
"""

import argparse
import pathlib

import keras
import numpy as np
from PIL import Image, ImageDraw

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument(
    "--divergences",
    nargs="+",
    default=["pearson", "kl", "jensen_shannon", "squared_hellinger", "reverse_kl"],
    choices=sorted(kg.objectives.divergences.DIVERGENCES),
)
parser.add_argument("--steps", type=int, default=1500, help="generator steps, a multiple of 50")
parser.add_argument("--batch-size", type=int, default=512)
parser.add_argument("--folder", default="fgan_divergences", help="where the picture goes")
arguments = parser.parse_args()

centres = np.array([[-1.5, 0.0], [1.0, 0.9], [1.0, -0.9]])
rng = np.random.default_rng(0)
component = rng.choice(3, size=100_000, p=[0.2, 0.4, 0.4])
x = (centres[component] + 0.5 * rng.normal(size=(len(component), 2))).astype("float32")


def decaying(rate, steps):
    """A learning rate that falls to nothing: the end point then shows the objective, not noise."""
    return keras.optimizers.schedules.CosineDecay(rate, steps)


def fitted(divergence):
    """An f-GAN after training: its generator minimises the bound that its discriminator raises."""
    keras.utils.set_random_seed(0)
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])  # x = W z + b
    discriminator = kg.networks.mlp_discriminator(2, width=48, depth=2, activation="tanh")
    gan = kg.FGAN(
        generator,
        discriminator,
        divergence=divergence,
        saturating=True,  # as in the theory; fit for a generator that starts among the data
        schedule=3,
        average=0.99,
        seed=0,
    )
    gan.compile(
        generator_optimizer=keras.optimizers.Adam(decaying(5e-3, arguments.steps), beta_1=0.5),
        discriminator_optimizer=keras.optimizers.Adam(
            decaying(5e-3, 3 * arguments.steps), beta_1=0.5
        ),
        steps_per_execution=50,
    )
    batches = kg.data.batches(x, arguments.batch_size, discriminator_steps=3, seed=0).repeat()
    logs = gan.fit(batches, epochs=1, steps_per_epoch=arguments.steps, verbose=0).history
    return gan, logs["divergence_estimate"][0]


panels = []
print(f"{'divergence':24}{'estimate':>9}{'mean':>16}{'standard deviations':>22}")
for divergence in arguments.divergences:
    gan, estimate = fitted(divergence)
    samples = gan.generate(2000, seed=0)
    mean, spread = samples.mean(axis=0), samples.std(axis=0)
    print(
        f"{divergence:24}{estimate:9.3f}{mean[0]:9.2f}{mean[1]:7.2f}{spread[0]:14.2f}{spread[1]:8.2f}"
    )
    panel = kg.pictures.scatter(samples, real=x[:2000], limit=3.5)
    ImageDraw.Draw(panel).text((10, 8), divergence, fill="black", font_size=24)
    panels.append(panel)

columns = min(3, len(panels))
width, height = panels[0].size
picture = Image.new("RGB", (columns * width, -(-len(panels) // columns) * height), "white")
for i, panel in enumerate(panels):
    picture.paste(panel, (i % columns * width, i // columns * height))
folder = pathlib.Path(arguments.folder)
folder.mkdir(parents=True, exist_ok=True)
picture.save(folder / "divergences.png")
print(f"{folder}/divergences.png: samples in red on the data in grey")
