"""Train a spectrally normalized GAN on MNIST and look at what it draws.

    pip install .    # in a clone of this repository
    python sngan_mnist.py                 # 3,600 steps, about ten minutes on two cores

MNIST comes from tensorflow-datasets: downloaded once, or read from TFDS_DATA_DIR without a network.
Reference: Miyato et al. 2018, arXiv 1802.05957.
"""

import argparse

import keras

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--epochs", type=int, default=12)
parser.add_argument("--steps-per-epoch", type=int, default=300)
parser.add_argument("--width", type=int, default=64, help="channels of the networks")
parser.add_argument("--folder", default="sngan_mnist", help="where pictures and model go")
arguments = parser.parse_args()

keras.utils.set_random_seed(0)
keras.config.set_dtype_policy("mixed_bfloat16")  # faster if the chip has it; losses, σ in float32

# Images are (28, 28, 1), float32 in [-1, 1].
images = kg.data.load("mnist", split="train")
batches = kg.data.batches(images, batch_size=64, seed=0).repeat()

# G maps z ~ N(0, I) to an image; D maps an image to an unbounded score, higher for real ones. Every
# layer of D computes with W/σ(W), its kernel divided by the largest singular value.
generator = kg.networks.dcgan_generator(
    image_shape=(28, 28, 1), latent_dim=128, width=arguments.width
)
discriminator = kg.networks.dcgan_discriminator(
    image_shape=(28, 28, 1), width=arguments.width, normalization="spectral"
)

# D minimises E softplus(−D(x)) + E softplus(D(G(z))), then G minimises E softplus(−D(G(z))).
gan = kg.SNGAN(generator, discriminator, average=0.999, seed=0)
gan.compile(
    generator_optimizer=keras.optimizers.Adam(3e-4, beta_1=0.5),
    discriminator_optimizer=keras.optimizers.Adam(3e-4, beta_1=0.5),
)
gan.fit(
    batches,
    epochs=arguments.epochs,
    steps_per_epoch=arguments.steps_per_epoch,
    callbacks=[kg.callbacks.Samples(arguments.folder)],  # a grid per epoch, from the same z
)

gan.save(f"{arguments.folder}/gan.keras")  # networks, average, both Adams, random state
digits = gan.generate(64, seed=1)  # (64, 28, 28, 1), from the averaged generator
print(f"64 digits of shape {digits.shape[1:]}, from {digits.min():.2f} to {digits.max():.2f}")
