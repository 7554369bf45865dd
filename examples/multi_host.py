"""Train one GAN on several hosts together: every host runs this program, with a number of its own.

    pip install . jax          # in a clone of this repository; "jax[cuda13]" for GPUs
    python multi_host.py --coordinator host0:5555 --processes 2 --process 0      # on host0
    python multi_host.py --coordinator host0:5555 --processes 2 --process 1      # on the other

Without options one process trains alone; with 127.0.0.1 as the host, two terminals will do. Every
process reads its shard of the data, a step's batch is that of all processes together, and all hold
the same weights at every step. The first one writes checkpoints, pictures and the model.
If a process is lost the others end with an error: run the same commands again, and all go on
from the last checkpoint.
"""

import argparse
import os

os.environ.setdefault("KERAS_BACKEND", "jax")  # before Keras is imported

import keras
from sklearn.datasets import load_digits

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--coordinator", default="127.0.0.1:5555", help="host:port of process 0")
parser.add_argument("--processes", type=int, default=1)
parser.add_argument("--process", type=int, default=0, help="the number of this one, from 0")
parser.add_argument("--timeout", type=float, default=60, help="seconds to wait for the others")
parser.add_argument("--epochs", type=int, default=100)
parser.add_argument("--batch-size", type=int, default=64, help="of one process")
parser.add_argument("--width", type=int, default=32, help="channels of the networks")
parser.add_argument("--folder", default="multi_host", help="on the first host")
arguments = parser.parse_args()

# Before anything else. What is made afterwards belongs to the devices of all processes.
kg.hosts.join(
    arguments.coordinator,
    arguments.processes,
    arguments.process,
    timeout=arguments.timeout,
    seed=0,
)

images = load_digits().images[..., None].astype("float32") / 8 - 1  # (1797, 8, 8, 1) in [-1, 1]
images = kg.hosts.shard(images)
images = images[: len(images) // arguments.batch_size * arguments.batch_size]  # whole batches

generator = kg.networks.dcgan_generator((8, 8, 1), latent_dim=32, width=arguments.width)
discriminator = kg.networks.dcgan_discriminator(
    (8, 8, 1), width=arguments.width, normalization="spectral"
)
gan = kg.SNGAN(generator, discriminator, seed=0)
gan.compile()
gan.fit(
    images,
    batch_size=arguments.batch_size,
    epochs=arguments.epochs,
    verbose="auto" if kg.hosts.is_first() else 0,
    callbacks=[
        kg.callbacks.Checkpoint(f"{arguments.folder}/checkpoints", every=100),
        kg.callbacks.Samples(f"{arguments.folder}/samples", every=10),
    ],
)
gan.save(f"{arguments.folder}/gan.keras")
devices = len(keras.distribution.list_devices())
print(
    f"process {arguments.process} of {arguments.processes}, {devices} devices: "
    f"checksum of the weights {kg.hosts.digest(gan.weights):08x}"
)
