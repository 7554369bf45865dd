"""Cluster digits by their codes instead of their pixels: does k-means find the classes?

    pip install .    # in a clone of this repository
    python clustering_codes.py            # three seeds, two to four minutes on two cores
    python clustering_codes.py --data digits

K-means looks for ten clusters among the pixels, among the codes E(x) of an autoencoder, among the
posterior means of a VAE, and among as many principal components as the codes have. Labels enter
the table alone: the share of digits whose cluster stands for their class, at the best assignment of
clusters to classes (`kg.metrics.cluster_accuracy`).

MNIST comes from tensorflow-datasets: downloaded once, or read from TFDS_DATA_DIR without a network.
Reference: Yang, Fu, Sidiropoulos and Hong 2016, Towards K-means-friendly Spaces, arXiv 1610.04794.
"""

import argparse

import keras
import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--data", nargs="+", default=["digits", "mnist"], help="digits, mnist")
parser.add_argument("--images", type=int, default=10_000, help="at most; all are clustered")
parser.add_argument("--steps", type=int, default=2000, help="of each model")
parser.add_argument("--latent-dim", type=int, default=10, help="components of a code")
parser.add_argument("--width", type=int, default=256, help="units of the hidden layers")
parser.add_argument("--starts", type=int, default=10, help="of k-means, of which the best counts")
parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
arguments = parser.parse_args()


def codes(kind, x, seed):
    """The codes of images by an autoencoder or a VAE that is trained on them."""
    keras.utils.set_random_seed(seed)
    sizes = {"latent_dim": arguments.latent_dim, "width": arguments.width, "activation": "relu"}
    is_vae = kind is kg.VAE
    encoder = kg.networks.mlp_encoder(x.shape[1:], **sizes, gaussian=is_vae)
    output = {} if is_vae else {"output_activation": "tanh"}  # the VAE's are logits
    model = kind(encoder, kg.networks.mlp_decoder(x.shape[1:], **sizes, **output), seed=seed)
    model.compile(keras.optimizers.Adam(1e-3), steps_per_execution=10)
    batches = kg.data.batches(x, 100, seed=seed).repeat()
    model.fit(batches, epochs=1, steps_per_epoch=arguments.steps, verbose=0)
    return model.encode(x)


def accuracy(features, y, seed):
    """How well ten clusters agree with the classes."""
    k_means = KMeans(10, n_init=arguments.starts, random_state=seed)
    return kg.metrics.cluster_accuracy(y, k_means.fit_predict(features))


seeds = [f"seed {seed}" for seed in arguments.seeds]
print("| data | clustered |", " | ".join([*seeds, "mean"]), "|")
print("|---|---|" + "--:|" * (len(seeds) + 1), flush=True)
for name in arguments.data:
    pairs = kg.data.load(name, labels=True).batch(arguments.images)
    x, y = next(pairs.as_numpy_iterator())
    flat = x.reshape(len(x), -1)
    ways = {
        "pixels": lambda seed, flat=flat: flat,
        "principal components": lambda seed, flat=flat: PCA(
            min(arguments.latent_dim, *flat.shape), random_state=seed
        ).fit_transform(flat),
        "autoencoder's codes": lambda seed, x=x: codes(kg.Autoencoder, x, seed),
        "VAE's posterior means": lambda seed, x=x: codes(kg.VAE, x, seed),
    }
    for title, way in ways.items():
        found = [accuracy(way(seed), y, seed) for seed in arguments.seeds]
        cells = " | ".join(f"{each:.3f}" for each in [*found, np.mean(found)])
        print(f"| {name}, {len(x):,} | {title} | {cells} |", flush=True)
