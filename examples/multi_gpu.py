"""Train one GAN on all GPUs of a machine, or on two halves of a CPU to see that it works.

    pip install .    # in a clone of this repository
    python multi_gpu.py                   # 2,000 steps on the handwritten digits of scikit-learn

Every step's batch is cut into one slice a device, and the gradients are added up: the weights
are those that one device would find on the whole batch. The latent vectors, too, are drawn for the
whole batch, so that no two devices see the same ones.
"""

import argparse

import keras
import tensorflow as tf

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--steps-per-epoch", type=int, default=200)
parser.add_argument("--batch-size", type=int, default=128, help="of all devices together")
parser.add_argument("--width", type=int, default=32, help="channels of the networks")
parser.add_argument("--folder", default="multi_gpu", help="where pictures and model go")
arguments = parser.parse_args()

# Without two GPUs, the CPU serves as two devices; this has to come before any computation.
devices = [
    gpu.name.removeprefix("/physical_device:") for gpu in tf.config.list_physical_devices("GPU")
]
if len(devices) < 2:
    (cpu,) = tf.config.list_physical_devices("CPU")
    if not tf.config.get_logical_device_configuration(cpu):
        half = tf.config.LogicalDeviceConfiguration()
        tf.config.set_logical_device_configuration(cpu, [half, half])
    devices = ["CPU:0", "CPU:1"]
strategy = tf.distribute.MirroredStrategy(devices)
print(f"{strategy.num_replicas_in_sync} devices: {', '.join(devices)}")

keras.utils.set_random_seed(0)
images = kg.data.load("digits")  # (8, 8, 1), float32 in [-1, 1]
batches = kg.data.batches(images, arguments.batch_size, seed=0).repeat()

# Networks, game and compile belong into the scope, and nothing else does.
with strategy.scope():
    generator = kg.networks.dcgan_generator((8, 8, 1), latent_dim=32, width=arguments.width)
    discriminator = kg.networks.dcgan_discriminator(
        (8, 8, 1), width=arguments.width, normalization="spectral"
    )
    gan = kg.SNGAN(generator, discriminator, seed=0)
    gan.compile()

gan.fit(
    batches,
    epochs=arguments.epochs,
    steps_per_epoch=arguments.steps_per_epoch,
    callbacks=[kg.callbacks.Samples(arguments.folder)],  # a grid per epoch, from the same z
)
gan.save(f"{arguments.folder}/gan.keras")

# Loaded outside of the scope, the game goes on on one device, optimizers and all.
alone = kg.load_model(f"{arguments.folder}/gan.keras")
apart = abs(alone.generate(16, seed=0) - gan.generate(16, seed=0)).max()
print(f"16 samples of the saved game differ from those of the trained one by {apart:.1e} at most")
