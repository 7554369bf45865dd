"""Train a BiGAN on MNIST, without labels, and probe what its encoder has learnt of the digits.

    pip install .    # in a clone of this repository
    python bigan_mnist.py                 # 30,000 steps, about twenty minutes on two cores

Prints how many test digits a nearest neighbour and a linear classifier name right, given E(x), what
the discriminator's last layer sees of (x, E(x)), or the pixels themselves. Draws digits x, what the
generator makes of their codes, G(E(x)), and samples G(z).

MNIST comes from tensorflow-datasets: downloaded once, or read from TFDS_DATA_DIR without a network.
Reference: Donahue, Krähenbühl and Darrell 2016, arXiv 1605.09782, section 4.2.
"""

import argparse
import pathlib

import keras
import numpy as np

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--epochs", type=int, default=15)
parser.add_argument("--steps-per-epoch", type=int, default=2000)
parser.add_argument("--width", type=int, default=512, help="units of the hidden layers")
parser.add_argument("--latent-dim", type=int, default=50, help="components of z")
parser.add_argument("--probe-images", type=int, default=60_000, help="labelled training images")
parser.add_argument("--folder", default="bigan_mnist", help="where pictures and model go")
arguments = parser.parse_args()

keras.utils.set_random_seed(0)
keras.config.set_dtype_policy("mixed_bfloat16")  # faster if the chip has it; losses in float32


def labelled(split, count):
    """The first images of MNIST, (count, 28, 28, 1) in [-1, 1], and their labels, (count,)."""
    dataset = kg.data.load("mnist", split=split, labels=True)
    return next(iter(dataset.batch(count).as_numpy_iterator()))


images = kg.data.load("mnist", split="train")
batches = kg.data.batches(images, batch_size=128, seed=0).repeat()

# G maps z, uniform on [-1, 1], to an image, E an image to a code; D scores pairs of both. None of
# them knows that pixels have neighbours.
sizes = {
    "sample_shape": (28, 28, 1),
    "latent_dim": arguments.latent_dim,
    "width": arguments.width,
}
generator = kg.networks.bigan_generator(**sizes)
encoder = kg.networks.bigan_encoder(**sizes)
discriminator = kg.networks.bigan_discriminator(**sizes)

# D minimises E softplus(−D(x, E(x))) + E softplus(D(G(z), z)); G and E the same with flipped signs.
gan = kg.BiGAN(generator, encoder, discriminator, prior="uniform", average=0.999, seed=0)
gan.compile(
    generator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5),
    discriminator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5),
)
gan.fit(
    batches,
    epochs=arguments.epochs,
    steps_per_epoch=arguments.steps_per_epoch,
    callbacks=[kg.callbacks.Samples(arguments.folder)],  # a grid per epoch, from the same z
)
folder = pathlib.Path(arguments.folder)
gan.save(folder / "gan.keras")  # networks, averages, both Adams, random state

x, y = labelled("train", arguments.probe_images)
test_x, test_y = labelled("test", 10_000)
views = {
    "E(x)": gan.encode,
    "D's last layer": gan.features,
    "pixels": lambda images: images.reshape(len(images), -1),
}
print(f"{'':20}{'components':>12}{'1-NN':>10}{'linear':>10}")
for name, view in views.items():
    given = view(x), y, view(test_x), test_y
    neighbour = kg.metrics.nearest_neighbour_accuracy(*given)
    linear = kg.metrics.linear_probe_accuracy(*given)
    print(f"{name:20}{given[0].shape[1]:>12}{neighbour:>10.2%}{linear:>10.2%}")

rows = [test_x[:16], gan.reconstruct(test_x[:16]), gan.generate(16, seed=1)]
kg.pictures.image_grid(np.concatenate(rows), columns=16).save(folder / "reconstructions.png")
