"""Watch three GANs on a ring of eight Gaussians: one loses its modes, two find all of them.

    pip install .    # in a clone of this repository
    python mode_collapse.py               # three methods, a few minutes on two cores

One row a method, one column a moment; empty panels have all samples outside. All three train the
same networks with the same optimizers, at a rate that is high for a GAN: the minimax GAN finds
a few modes, leaves them again and flies off. (At a fifth of the rate it finds all eight, too.)
References: Goodfellow et al. 2014, arXiv 1406.2661; Gulrajani et al. 2017, arXiv 1704.00028; Huang
et al. 2025, arXiv 2501.05441.
"""

import argparse
import pathlib

import keras
from PIL import Image, ImageDraw

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--columns", type=int, default=6, help="moments shown after the start")
parser.add_argument("--steps-per-column", type=int, default=500, help="a multiple of 50")
parser.add_argument("--batch-size", type=int, default=256)
parser.add_argument("--width", type=int, default=128, help="units of the networks' layers")
parser.add_argument("--folder", default="mode_collapse", help="where the picture goes")
arguments = parser.parse_args()

ring = kg.data.mixture("ring")  # eight centres on the unit circle, σ = 0.01
points = kg.data.load("ring")

# Method: the game of two networks, and its discriminator steps. All use the same optimizers, at a
# rate at which a GAN without a penalty does not hold.
METHODS = {
    "GAN (minimax)": (lambda G, D: kg.GAN(G, D, objective="minimax", seed=0), 1),
    "WGAN-GP": (
        lambda G, D: kg.WGANGP(
            G, D, discriminator_steps=2, penalty_weight=0.1, average=0.999, seed=0
        ),
        2,
    ),
    "R3GAN": (lambda G, D: kg.R3GAN(G, D, penalty_weight=0.1, seed=0), 1),
}
RATE = 5e-3


def panel(gan, title):
    """2,500 samples over the data, with the modes they cover."""
    samples = gan.generate(2500, seed=0)
    found = kg.metrics.mode_coverage(samples, ring.centers, ring.stddev)
    picture = kg.pictures.scatter(samples, real=ring.centers, limit=1.6).resize((240, 240))
    caption = f"{title}, {found.modes} modes"
    ImageDraw.Draw(picture).text((6, 4), caption, fill="black", font_size=14)
    return picture, found


rows = []
for method, (make, discriminator_steps) in METHODS.items():
    keras.utils.set_random_seed(0)
    gan = make(
        kg.networks.mlp_generator(latent_dim=8, width=arguments.width),
        kg.networks.mlp_discriminator(width=arguments.width),
    )
    gan.compile(
        generator_optimizer=keras.optimizers.Adam(RATE, beta_1=0.5),
        discriminator_optimizer=keras.optimizers.Adam(RATE, beta_1=0.5),
        steps_per_execution=50,
    )
    batches = kg.data.batches(points, arguments.batch_size, discriminator_steps, seed=0).repeat()
    pictures = [panel(gan, method)[0]]
    for column in range(1, arguments.columns + 1):
        gan.fit(batches, epochs=1, steps_per_epoch=arguments.steps_per_column, verbose=0)
        picture, found = panel(gan, f"step {column * arguments.steps_per_column}")
        pictures.append(picture)
    rows.append(pictures)
    print(f"{method:16}{found.modes} of 8 modes, {found.high_quality:.1%} of the samples within 3σ")

side = rows[0][0].width
figure = Image.new("RGB", (side * len(rows[0]), side * len(rows)), "white")
for i, pictures in enumerate(rows):
    for j, picture in enumerate(pictures):
        figure.paste(picture, (j * side, i * side))
folder = pathlib.Path(arguments.folder)
folder.mkdir(parents=True, exist_ok=True)
figure.save(folder / "mode_collapse.png")
print(f"{folder}/mode_collapse.png: one row a method, one column a moment")
