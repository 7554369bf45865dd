"""Train a Wasserstein GAN with gradient penalty on MNIST and watch its distance to the data.

    pip install .    # in a clone of this repository
    python wgan_gp_mnist.py               # 2,000 generator steps, about 40 minutes on two cores

MNIST comes from tensorflow-datasets: downloaded once, or read from TFDS_DATA_DIR without a network.
Reference: Gulrajani et al. 2017, arXiv 1704.00028.
"""

import argparse

import keras

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--epochs", type=int, default=20)
parser.add_argument("--steps-per-epoch", type=int, default=100)
parser.add_argument("--batch-size", type=int, default=64)
parser.add_argument("--critic-steps", type=int, default=5)
parser.add_argument("--width", type=int, default=64, help="channels of the networks")
parser.add_argument("--folder", default="wgan_gp_mnist", help="where pictures and model go")
arguments = parser.parse_args()

keras.utils.set_random_seed(0)
keras.config.set_dtype_policy("mixed_bfloat16")  # faster if the chip has it; losses in float32

# Images are (28, 28, 1), float32 in [-1, 1]. Every critic step gets a minibatch of its own.
images = kg.data.load("mnist", split="train")
batches = kg.data.batches(
    images, arguments.batch_size, discriminator_steps=arguments.critic_steps, seed=0
).repeat()

# The critic D gives unbounded scores. Layer normalization, because batch normalization would couple
# the samples of a batch, and the penalty is on the gradient of each sample.
generator = kg.networks.dcgan_generator((28, 28, 1), latent_dim=128, width=arguments.width)
critic = kg.networks.dcgan_discriminator((28, 28, 1), arguments.width, normalization="layer")

# D minimises E D(G(z)) − E D(x) + 10 E (‖∇D(x̂)‖ − 1)², five times; then G minimises −E D(G(z)).
gan = kg.WGANGP(generator, critic, discriminator_steps=arguments.critic_steps, seed=0)
gan.compile()  # Adam(1e-4, β₁ = 0, β₂ = 0.9) for both, as in the paper
history = gan.fit(
    batches,
    epochs=arguments.epochs,
    steps_per_epoch=arguments.steps_per_epoch,
    callbacks=[kg.callbacks.Samples(arguments.folder)],  # a grid per epoch, from the same z
).history

# E D(x) − E D(G(z)) estimates the Wasserstein distance W of data and model: it tends to W + W²/20
# or more, and compile(diagnostics=True) shows it corrected. It falls while the images get better,
# which no loss of a standard GAN does.
print("\nepoch   wasserstein_estimate   gradient_penalty")
for epoch, (estimate, penalty) in enumerate(
    zip(history["wasserstein_estimate"], history["gradient_penalty"], strict=True), 1
):
    print(f"{epoch:5}   {estimate:20.3f}   {penalty:16.3f}")
gan.save(f"{arguments.folder}/gan.keras")  # networks, both Adams, random state
