"""Train an InfoGAN on digits, without labels: its categories become the digits by themselves.

    pip install .    # in a clone of this repository
    python infogan_digits.py              # 6,000 steps on the 8 x 8 digits of scikit-learn
    python infogan_digits.py --data mnist --width 32

Prints how much information each code carries through the images, in nats, and how many true digits
the categorical code of an image names right, at the best assignment of categories to digits (the
Hungarian method). Draws a row of samples a category, all columns of the same noise, and a row for
each of two continuous codes that varies alone from -1 to 1.

The digits come with scikit-learn, MNIST from tensorflow-datasets: downloaded once, or read from
TFDS_DATA_DIR without a network.
Reference: Chen, Duan, Houthooft, Schulman, Sutskever and Abbeel 2016, arXiv 1606.03657.
"""

import argparse
import pathlib

import keras
import numpy as np

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--data", choices=["digits", "mnist"], default="digits")
parser.add_argument("--epochs", type=int, default=12)
parser.add_argument("--steps-per-epoch", type=int, default=500)
parser.add_argument("--width", type=int, default=32, help="channels of the networks")
parser.add_argument("--noise-dim", type=int, default=62, help="components of z beside the codes")
parser.add_argument("--folder", default="infogan_digits", help="where pictures and model go")
arguments = parser.parse_args()

keras.utils.set_random_seed(0)

images = kg.data.load(arguments.data, split="train")
batches = kg.data.batches(images, batch_size=64, seed=0).repeat()
shape = tuple(images.element_spec.shape)

# z is noise, then a unit vector of ten categories, then two numbers uniform on [-1, 1]. D has two
# ends: a score, and Q(c|x), which guesses the codes of a sample. G is paid for being guessed right.
codes = {"digit": 10, "first": "uniform", "second": "uniform"}
generator = kg.networks.dcgan_generator(
    shape, latent_dim=arguments.noise_dim + 12, width=arguments.width
)
discriminator = kg.networks.dcgan_discriminator(shape, width=arguments.width, normalization="batch")
gan = kg.InfoGAN(generator, discriminator, codes=codes, prior="uniform", average=0.99, seed=0)
gan.compile()  # Adam with the paper's rates: 1e-3 for G, 2e-4 for D and Q
history = gan.fit(
    batches,
    epochs=arguments.epochs,
    steps_per_epoch=arguments.steps_per_epoch,
    callbacks=[kg.callbacks.Samples(arguments.folder)],
).history
folder = pathlib.Path(arguments.folder)
gan.save(folder / "gan.keras")

for code in codes:
    entropy = f" of {gan.prior.entropy(code):.3f}" if codes[code] != "uniform" else ""
    print(f"{code}: at least {history[f'mutual_information_{code}'][-1]:.3f}{entropy} nats")

# Labels enter here alone. (The digits of scikit-learn have no test split.)
split = "test" if arguments.data == "mnist" else "train"
pairs = kg.data.load(arguments.data, split=split, labels=True)
x, labels = next(iter(pairs.batch(10_000).as_numpy_iterator()))
accuracy = kg.metrics.cluster_accuracy(labels, gan.infer(x)["digit"])
print(f"{accuracy:.2%} of {len(x)} images have the category of their digit")

rows = gan.traverse("digit", n=10, seed=1).swapaxes(0, 1)  # a row a category
kg.pictures.image_grid(rows.reshape(-1, *shape), columns=10).save(folder / "categories.png")
rows = [gan.traverse(code, n=1, seed=2)[0] for code in ("first", "second")]
kg.pictures.image_grid(np.concatenate(rows), columns=10).save(folder / "continuous.png")
