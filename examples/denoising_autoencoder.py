"""Remove noise from digits: a denoising autoencoder beside a plain one and beside filters.

    pip install .    # in a clone of this repository
    python denoising_autoencoder.py       # MNIST, one to two minutes on two cores
    python denoising_autoencoder.py --data digits

Both autoencoders have the same networks and see the same clean digits; the denoising one sees them
with noise that is new at every step, and is asked for the clean ones:

    plain   E ‖x − D(E(x))‖²        denoising   E ‖x − D(E(x + noise))‖²

The table has the mean squared error per pixel, of images in [0, 1], on test digits that nobody has
seen; the filters' sizes are the best ones on training digits. The picture's rows are clean digits,
noisy ones, and what the best filter, the plain and the denoising autoencoder make of those.

MNIST comes from tensorflow-datasets: downloaded once, or read from TFDS_DATA_DIR without a network.
Reference: Vincent, Larochelle, Lajoie, Bengio and Manzagol 2010, Stacked Denoising Autoencoders,
JMLR 11.
"""

import argparse
import pathlib

import keras
import numpy as np
from keras import ops
from scipy import ndimage

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--data", choices=["mnist", "digits"], default="mnist")
parser.add_argument("--noise", choices=["gaussian", "masking", "salt_pepper"], default="gaussian")
parser.add_argument("--level", type=float, default=0.5, help="σ in [0, 1], or a share of pixels")
parser.add_argument("--steps", type=int, default=4000, help="of each autoencoder")
parser.add_argument("--latent-dim", type=int, default=50, help="components of a code")
parser.add_argument("--width", type=int, default=256, help="units of the hidden layers")
parser.add_argument("--seeds", type=int, nargs="+", default=[0])
parser.add_argument("--folder", default="denoising_autoencoder", help="where the picture goes")
arguments = parser.parse_args()

NOISES = {  # on images in [-1, 1]
    "gaussian": lambda seed: kg.layers.GaussianNoise(2 * arguments.level, seed=seed),
    "masking": lambda seed: kg.layers.MaskingNoise(arguments.level, seed=seed),
    "salt_pepper": lambda seed: kg.layers.SaltAndPepper(arguments.level, seed=seed),
}
FILTERS = {
    "median filter": (ndimage.median_filter, [(1, k, k, 1) for k in (2, 3, 4, 5)]),
    "Gaussian filter": (ndimage.gaussian_filter, [(0, s, s, 0) for s in np.arange(0.3, 2.1, 0.1)]),
}


def digits():
    """Digits to train on, and others to test on, (n, side, side, 1) in [-1, 1]."""
    if arguments.data == "mnist":
        return [images("mnist", split) for split in ("train", "test")]
    return np.split(images("digits", "train"), [1400])


def images(name, split):
    """All images of a data set."""
    batches = kg.data.load(name, split=split).batch(1000).as_numpy_iterator()
    return np.concatenate(list(batches))


def noisy(x, seed):
    """The images with noise."""
    noise = NOISES[arguments.noise](seed)
    return ops.convert_to_numpy(noise(ops.convert_to_tensor(x), training=True))


def error(x, made):
    """The mean squared error per pixel of images in [0, 1]."""
    return np.mean((x - made) ** 2) / 4


def best_filter(name, x, seen):
    """The filter of the size that is best on these images."""
    function, sizes = FILTERS[name]
    best = min(sizes, key=lambda size: error(x, function(seen, size)))
    return lambda images: function(images, best)


def trained(x, corruption, seed):
    """An autoencoder after its training."""
    keras.utils.set_random_seed(seed)
    sizes = {"latent_dim": arguments.latent_dim, "width": arguments.width, "activation": "relu"}
    model = kg.Autoencoder(
        kg.networks.mlp_encoder(x.shape[1:], **sizes),
        kg.networks.mlp_decoder(x.shape[1:], **sizes, output_activation="tanh"),
        corruption=corruption,
        seed=seed,
    )
    rate = keras.optimizers.schedules.CosineDecay(1e-3, arguments.steps)
    model.compile(keras.optimizers.Adam(rate), steps_per_execution=10)
    batches = kg.data.batches(x, 100, seed=seed).repeat()
    model.fit(batches, epochs=1, steps_per_epoch=arguments.steps, verbose=0)
    return model


train, test = digits()
print(f"{len(train)} digits to train on, {len(test)} to test on; {arguments.noise} noise")
print("| seed | made of noisy digits by | error | of clean digits |\n|--:|---|--:|--:|", flush=True)
rows = {}
for seed in arguments.seeds:
    seen, some = noisy(test, 100 + seed), train[:1000]
    ways = {"nothing": lambda images: images}
    ways |= {name: best_filter(name, some, noisy(some, 200 + seed)) for name in FILTERS}
    ways["plain autoencoder"] = trained(train, None, seed).reconstruct
    denoising = trained(train, NOISES[arguments.noise](300 + seed), seed)
    ways["denoising autoencoder"] = denoising.reconstruct
    made = {name: way(seen) for name, way in ways.items()}
    for name, way in ways.items():
        print(f"| {seed} | {name} | {error(test, made[name]):.4f} | {error(test, way(test)):.4f} |")
    rows = rows or {"clean": test, **made}

filtered = min(FILTERS, key=lambda name: error(test, rows[name]))
shown = ["clean", "nothing", filtered, "plain autoencoder", "denoising autoencoder"]
folder = pathlib.Path(arguments.folder)
folder.mkdir(parents=True, exist_ok=True)
picture = kg.pictures.rows_of_images([rows[name][:16] for name in shown])
picture.save(folder / f"{arguments.data}_{arguments.noise}.png")
print(f"{folder}/{arguments.data}_{arguments.noise}.png: rows {', '.join(shown)}")
