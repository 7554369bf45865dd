"""Train a GAN on MNIST that draws the digit you ask for.

    pip install .    # in a clone of this repository
    python conditional_mnist.py           # 6,000 steps, about five minutes on two cores

MNIST comes from tensorflow-datasets: downloaded once, or read from TFDS_DATA_DIR without a network.
References: Miyato and Koyama 2018, cGANs with Projection Discriminator, arXiv 1802.05637; Mirza and
Osindero 2014, arXiv 1411.1784.
"""

import argparse

import keras
import numpy as np

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--epochs", type=int, default=12)
parser.add_argument("--steps-per-epoch", type=int, default=500)
parser.add_argument("--width", type=int, default=32, help="channels of the networks")
parser.add_argument("--count", type=int, default=10_000, help="samples that are judged")
parser.add_argument("--folder", default="conditional_mnist", help="where pictures and model go")
arguments = parser.parse_args()

keras.utils.set_random_seed(0)

# Pairs of an image (28, 28, 1), float32 in [-1, 1], and its digit.
pairs = kg.data.load("mnist", split="train", labels=True)
batches = kg.data.batches(pairs, batch_size=64, seed=0).repeat()

# With classes=10 both networks take a label beside z or x. G gives each class its own scales and
# shifts in batch normalization; D adds to its score the projection ⟨v_y, h⟩ of what its last layer
# sees, so that it judges both whether an image is real and whether it is of its class.
generator = kg.networks.dcgan_generator(latent_dim=50, width=arguments.width, classes=10)
discriminator = kg.networks.dcgan_discriminator(
    width=arguments.width, normalization="spectral", classes=10
)

gan = kg.SNGAN(generator, discriminator, average=0.999, seed=0)
gan.compile(
    generator_optimizer=keras.optimizers.Adam(4e-4, beta_1=0.5),
    discriminator_optimizer=keras.optimizers.Adam(4e-4, beta_1=0.5),
)
gan.fit(
    batches,
    epochs=arguments.epochs,
    steps_per_epoch=arguments.steps_per_epoch,
    callbacks=[kg.callbacks.Samples(arguments.folder, count=100)],  # a column per class
)

gan.save(f"{arguments.folder}/gan.keras")
sevens = gan.generate(8, seed=1, labels=7)
print(f"8 sevens of shape {sevens.shape[1:]}")

# How often does a classifier of digits see the one that was asked for?
asked = np.arange(arguments.count) % 10
samples = gan.generate(arguments.count, seed=2, labels=asked)
seen = kg.metrics.features.get("mnist").probabilities(samples).argmax(-1)
print(f"{np.mean(seen == asked):.2%} of {arguments.count} samples show the digit asked for")
