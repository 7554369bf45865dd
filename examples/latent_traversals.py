"""What do the components of a code mean? Traversals of a VAE and a β-VAE, and interpolations.

    pip install .    # in a clone of this repository
    python latent_traversals.py           # MNIST, about three minutes on two cores
    python latent_traversals.py --data digits

Both models have the same networks and the same seed; the β-VAE's KL term counts β times:

    loss = E_x [β KL(q(z|x) ‖ p(z)) − E_q log p(x|z)]

The pictures of traversals have one row per component of z, from −3 to 3, all others held at those
of one test digit. The components are ordered by what they carry, E KL(q(zᵢ|x) ‖ p(zᵢ)), printed in
nats. One below 0.01 nats has collapsed: its row does not change. `interpolation.png` goes from one
test digit to another in eight steps: by their pixels, by the codes of the VAE, and of the β-VAE.

MNIST comes from tensorflow-datasets: downloaded once, or read from TFDS_DATA_DIR without a network.
Reference: Higgins et al. 2017, beta-VAE: Learning Basic Visual Concepts with a Constrained
Variational Framework, ICLR.
"""

import argparse
import pathlib

import keras
import numpy as np

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--data", choices=["mnist", "digits"], default="mnist")
parser.add_argument("--beta", type=float, default=4.0)
parser.add_argument("--steps", type=int, default=4000, help="of each model")
parser.add_argument("--latent-dim", type=int, default=10, help="components of a code")
parser.add_argument("--width", type=int, default=256, help="units of the hidden layers")
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--folder", default="latent_traversals", help="where the pictures go")
arguments = parser.parse_args()
is_mnist = arguments.data == "mnist"


def images(split):
    """All images of a split, (n, side, side, 1) in [-1, 1]."""
    batches = kg.data.load(arguments.data, split=split).batch(1000).as_numpy_iterator()
    return np.concatenate(list(batches))


def trained(beta):
    """A VAE whose KL term counts β times."""
    keras.utils.set_random_seed(arguments.seed)
    sizes = {"latent_dim": arguments.latent_dim, "width": arguments.width, "activation": "relu"}
    encoder = kg.networks.mlp_encoder(x.shape[1:], **sizes, gaussian=True)
    decoder = kg.networks.mlp_decoder(x.shape[1:], **sizes)
    vae = kg.BetaVAE(encoder, decoder, beta=beta, seed=arguments.seed)
    vae.compile(keras.optimizers.Adam(1e-3), steps_per_execution=10)
    batches = kg.data.batches(x, 100, seed=arguments.seed).repeat()
    vae.fit(batches, epochs=1, steps_per_epoch=arguments.steps, verbose=0)
    return vae


x = images("train")
x, tests = (x, images("test")) if is_mnist else np.split(x, [1500])
folder = pathlib.Path(arguments.folder)
folder.mkdir(parents=True, exist_ok=True)
one, other = tests[0], tests[1]
shares = np.linspace(0, 1, 8, dtype="float32").reshape(-1, 1, 1, 1)
rows = [(1 - shares) * one + shares * other]

for name, beta in {"vae": 1.0, "beta_vae": arguments.beta}.items():
    vae = trained(beta)
    z0, z1 = vae.encode(np.stack([one, other]))
    carried = vae.kl_per_component(tests)
    order = np.argsort(-carried)
    made = vae.traverse(z0, components=order.tolist(), values=np.linspace(-3, 3, 11))
    kg.pictures.rows_of_images(list(made)).save(folder / f"traversals_{name}.png")
    rows.append(vae.interpolate(z0, z1, 8))
    error = np.mean((vae.reconstruct(tests) - tests) ** 2) / 4
    print(
        f"β = {beta:g}: {carried.sum():.2f} nats per code, "
        f"{sum(carried < 0.01)} components collapsed"
    )
    print("    nats by component:", " ".join(f"{each:.2f}" for each in carried[order]))
    print(
        f"    squared error of reconstructed test digits, a pixel in [0, 1]: {error:.4f}",
        flush=True,
    )

kg.pictures.rows_of_images(rows).save(folder / "interpolation.png")
print(
    f"{folder}: traversals_vae.png, traversals_beta_vae.png, interpolation.png (pixels, VAE, β-VAE)"
)
