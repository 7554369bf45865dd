"""Unrolled GANs on a ring of eight Gaussians: does a generator that foresees keep all modes?

    pip install .    # in a clone of this repository
    python unrolled_ring.py --unroll 0 5 --seeds 0 --steps 5000     # minutes on two cores
    python unrolled_ring.py                                         # all of it, hours

From the authors' notebook (github.com/poolio/unrolled_gan), as it stands: networks of two hidden
layers of 128 tanh units, kernels orthogonal with gain 1.4, z of 256 standard normal numbers, 512
samples per step, Adam(β₁ = 0.5, ε = 1e-8) at 1e-3 for G and 1e-4 for D, both moving at once, G
minimising −L_D (`objective="saddle"`), 25,000 steps, and a unit circle with σ = 0.01. Its eight
angles begin and end at the same point, so that it has seven centres; here the eight are distinct.
The paper's appendix has another ring (radius 2, σ = 0.02) and ReLU units in G, as recalled.
Reference: Metz, Poole, Pfau and Sohl-Dickstein 2016, arXiv 1611.02163.

One row of the picture a value of --unroll, one column a moment, of the first seed. A sample is of
high quality within 3σ of a centre; a mode is covered that has one such sample of 2,500.
"""

import argparse
import pathlib

import keras
from PIL import Image, ImageDraw

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--unroll", type=int, nargs="+", default=[0, 5, 10], help="steps foreseen")
parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
parser.add_argument("--steps", type=int, default=25_000, help="a multiple of columns × fused")
parser.add_argument("--columns", type=int, default=5, help="moments measured after the start")
parser.add_argument("--fused", type=int, default=50, help="steps per execution")
parser.add_argument("--batch-size", type=int, default=512)
parser.add_argument("--width", type=int, default=128, help="units of the networks' layers")
parser.add_argument("--out", default="unrolled_ring", help="the folder for the picture")
arguments = parser.parse_args()
if arguments.steps % (arguments.columns * arguments.fused):
    parser.error(f"--steps must be a multiple of {arguments.columns * arguments.fused}")

ring = kg.data.mixture("ring")  # eight centres on the unit circle, σ = 0.01
points = kg.data.load("ring")
moments = [arguments.steps * i // arguments.columns for i in range(1, arguments.columns + 1)]


def network(inputs, outputs, name):
    """Two tanh layers, and a linear one."""
    layers = [keras.Input((inputs,))]
    for units, activation in [(arguments.width, "tanh")] * 2 + [(outputs, None)]:
        orthogonal = keras.initializers.Orthogonal(gain=1.4)
        layers.append(keras.layers.Dense(units, activation, kernel_initializer=orthogonal))
    return keras.Sequential(layers, name=name)


def adam(rate):
    """The optimizer of both players."""
    return keras.optimizers.Adam(rate, beta_1=0.5, epsilon=1e-8)


def panel(gan, title):
    """2,500 samples over the data, and the modes they cover."""
    samples = gan.generate(2500, seed=0)
    found = kg.metrics.mode_coverage(samples, ring.centers, ring.stddev)
    picture = kg.pictures.scatter(samples, real=ring.centers, limit=1.6).resize((240, 240))
    caption = f"{title}, {found.modes} modes"
    ImageDraw.Draw(picture).text((6, 4), caption, fill="black", font_size=14)
    return picture, found


headings = ["unroll", "seed", *(f"modes at {moment:,}" for moment in moments), "high quality"]
print("|", " | ".join(headings), "|", flush=True)
print("|" + "--:|" * len(headings), flush=True)
rows = {}
for seed in arguments.seeds:
    for unroll in arguments.unroll:
        keras.utils.set_random_seed(seed)
        gan = kg.UnrolledGAN(
            network(256, 2, "generator"),
            network(2, 1, "discriminator"),
            unroll=unroll,
            objective="saddle",
            schedule="simultaneous",
            seed=seed,
        )
        gan.compile(
            generator_optimizer=adam(1e-3),
            discriminator_optimizer=adam(1e-4),
            steps_per_execution=arguments.fused,
        )
        batches = kg.data.batches(points, arguments.batch_size, seed=seed).repeat()
        shown = [panel(gan, f"unroll {unroll}")]
        for moment in moments:
            steps = arguments.steps // arguments.columns
            gan.fit(batches, epochs=1, steps_per_epoch=steps, verbose=0)
            shown.append(panel(gan, f"step {moment:,}"))
        rows.setdefault(unroll, [picture for picture, _ in shown])
        found = [coverage for _, coverage in shown[1:]]
        cells = [unroll, seed, *(each.modes for each in found), f"{found[-1].high_quality:.1%}"]
        print("|", " | ".join(map(str, cells)), "|", flush=True)

side = shown[0][0].width
figure = Image.new("RGB", (side * len(shown), side * len(rows)), "white")
for i, pictures in enumerate(rows.values()):
    for j, picture in enumerate(pictures):
        figure.paste(picture, (j * side, i * side))
folder = pathlib.Path(arguments.out)
folder.mkdir(parents=True, exist_ok=True)
figure.save(folder / "unrolled_ring.png")
print(f"\n{folder}/unrolled_ring.png: one row a value of unroll, one column a moment")
