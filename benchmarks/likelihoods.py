"""Log-likelihoods of MNIST under the networks of Burda et al. 2015, arXiv 1509.00519.

One stochastic layer of 50, two hidden layers of 200 tanh units on each side, pixels binarized anew
at every use, Adam from 1e-3 to 0 by a cosine: the recipes `vae` and `iwae` of the command line,
whose runs the presets vae_mnist and iwae_mnist hold. The test images are binarized once, by a seed;
the likelihood is the importance-weighted estimate of 5,000 samples, and ± its standard error over
the images. The paper's 3,280 epochs reach 86.76 nats for the VAE, 85.54 for k = 5.

    python benchmarks/likelihoods.py                       # VAE and IWAE of k = 5
    python benchmarks/likelihoods.py --models vae --epochs 20 --images 1000

Runs are kept in --folder: one that ended is measured, one that was cut off goes on.
"""

import argparse
import pathlib
import tempfile

import numpy as np

import keras_gan as kg
from runs import minutes, settings, trained

MODELS = ("vae", "iwae")


def images(split: str) -> np.ndarray:
    """All images of a split of MNIST."""
    batches = kg.data.load("mnist", split=split).batch(1000)
    return np.concatenate(list(batches.as_numpy_iterator()))


def row(name: str, run: pathlib.Path, test: np.ndarray, samples: int) -> str:
    """A model's row of the table."""
    model = kg.load_model(run / "model.keras")
    k = model.importance_samples
    bound = model.log_likelihood(test, samples=k, seed=1).mean()
    nats = model.log_likelihood(test, samples=samples, seed=1)
    error = nats.std() / len(nats) ** 0.5
    return (
        f"| {name}, k = {k} | {settings(run)['epochs']} | {minutes(run):.1f} | {-bound:.2f} "
        f"| {-nats.mean():.2f} ± {error:.2f} |"
    )


def main():
    """Trains the models by turns, and prints a row for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS)
    parser.add_argument("--epochs", type=int, default=250)
    parser.add_argument("--samples", type=int, default=5000, help="of the estimate")
    parser.add_argument("--images", type=int, default=10_000, help="of the test set")
    parser.add_argument("--folder", type=pathlib.Path, help="for the runs")
    given = parser.parse_args()
    test = images("test")[: given.images]
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or pathlib.Path(temporary)
        print("| model | epochs | minutes | bound, test | nats, test |")
        print("|---|---|---|---|---|", flush=True)
        for name in given.models:
            run = trained(
                folder / f"{name}_mnist",
                *("--recipe", name, "--dataset", "mnist", "--epochs", str(given.epochs)),
                *("--learning-rate-schedule", "cosine", "--features", "mnist"),
                *("--score-samples", "10000", "--checkpoint-steps", "6000"),
            )
            print(row(name, run, test, given.samples), flush=True)


if __name__ == "__main__":
    main()
