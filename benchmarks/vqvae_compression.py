"""Bits per image of MNIST's test set: the codes of a VQ-VAE by their prior, beside PNG.

A VQ-VAE of 7 x 7 codes of 128, trained by Adam from 1e-3 by a cosine, then a PixelCNN over its
codes: the recipes `vqvae` and `code_prior` of the command line, whose runs the preset vqvae_mnist
holds. The bits are −log₂ of its probability of an image's codes, what an ideal arithmetic coder
needs. PNG is without loss; its bits are those of the smallest file that Pillow writes, with and
without the 57 bytes that every file has. The error is the mean of squared differences of images in
[0, 1].

    python benchmarks/vqvae_compression.py    # about forty minutes on two cores

Runs are kept in --folder: one that ended is measured, one that was cut off goes on.
"""

import argparse
import pathlib
import tempfile

import numpy as np

import keras_gan as kg
from keras_gan.families.vqvae import compression, score_texts
from runs import minutes, trained

COMMON = ("--learning-rate-schedule", "cosine", "--score-samples", "10000")


def main():
    """Trains what is not there, and prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--epochs", type=int, default=8, help="of the VQ-VAE")
    parser.add_argument("--prior-epochs", type=int, default=10)
    parser.add_argument("--images", type=int, default=10_000, help="of the test set")
    parser.add_argument("--folder", type=pathlib.Path, help="for the runs")
    given = parser.parse_args()
    batches = kg.data.load("mnist", split="test").take(given.images).batch(1000)
    test = np.concatenate(list(batches.as_numpy_iterator()))
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or pathlib.Path(temporary)
        vqvae = trained(
            folder / "vqvae_mnist",
            *("--recipe", "vqvae", "--dataset", "mnist", "--epochs", str(given.epochs), *COMMON),
        )
        codes = trained(
            folder / "code_prior_mnist",
            *("--recipe", "code_prior", "--codes-of", str(vqvae), "--features", "mnist"),
            *("--epochs", str(given.prior_epochs), "--learning-rate", "0.002", *COMMON),
        )
        prior = kg.load_model(codes / "model.keras")
        print(f"{minutes(vqvae):.1f} and {minutes(codes):.1f} minutes of training")
    print("| images as | bits per image | mean squared error |\n|---|---|---|")
    for name, bits, error in score_texts.rows(compression.figures(prior.vqvae, test, prior)):
        print(f"| {name} | {bits:,.0f} | {error:.4f} |")


if __name__ == "__main__":
    main()
