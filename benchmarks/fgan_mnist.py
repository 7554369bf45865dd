"""The f-GAN on MNIST: GAN, KL and squared Hellinger side by side, at equal budget, scored.

    python benchmarks/fgan_mnist.py                # 15 minutes on one core
    python benchmarks/fgan_mnist.py --seeds 0 --divergences kl

All runs have the same DCGAN networks, batches, Adam settings and steps; only the divergence
differs. As in the authors' section 3.2, G maximises E g(D(G(z))) instead of minimising the bound;
`--saturating` minimises it. After every epoch the averaged generator is scored on 5,000 samples
against each half of the test set, by the features of the package's MNIST classifier.

    Fréchet distance     final, and the best of all epochs; real to real at its head
    precision, recall    final (Kynkäänniemi et al.)
    KL of the classes    final, KL(classes of 5,000 samples ‖ uniform) in nats, by the classifier

A run that ends in NaN is counted beside the divergence's name and not scored. A finished run is a
JSON file in `--folder`, which a later call takes as it is; beside it are 30 samples, of which the
picture shows those of the first seed that has some.

Reference: Nowozin, Cseke and Tomioka 2016, arXiv 1606.00709; its figure of the three is of rooms of
LSUN, its MNIST has other divergences.
"""

import argparse
import pathlib
import time

import keras
import numpy as np
from PIL import Image

import keras_gan as kg
from kept import kept, spread

DIVERGENCES = {"gan": "GAN", "kl": "KL", "squared_hellinger": "squared Hellinger"}
METRICS = ["frechet_distance", "precision", "recall"]


def trained(divergence, seed, settings):
    """A run: scores by epoch and at the end, and 30 samples."""
    keras.utils.set_random_seed(seed)
    generator = kg.networks.dcgan_generator(latent_dim=64, width=settings["width"])
    discriminator = kg.networks.dcgan_discriminator(width=settings["width"])
    gan = kg.FGAN(
        generator,
        discriminator,
        divergence=divergence,
        saturating=settings["saturating"],
        average=0.995,
        seed=seed,
    )
    gan.compile(
        generator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5),
        discriminator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5),
    )
    batches = kg.data.batches(kg.data.load("mnist", split="train"), 64, seed=seed).repeat()
    evaluation = kg.callbacks.Evaluation(
        kg.data.load("mnist", split="test"),
        metrics=METRICS,
        features="mnist",
        samples=settings["samples"],
    )
    start = time.perf_counter()
    history = gan.fit(
        batches,
        epochs=settings["epochs"],
        steps_per_epoch=settings["steps_per_epoch"],
        callbacks=[evaluation],
        verbose=0,
    ).history
    seconds = time.perf_counter() - start
    samples = gan.generate(settings["samples"], seed=1)
    if not np.isfinite(samples).all():
        return {"diverged": True, "divergence_estimate": history["divergence_estimate"]}, None
    chances = kg.metrics.features.get("mnist").probabilities(samples)
    classes = kg.metrics.class_coverage(chances.argmax(axis=1), total=10)
    return {
        **evaluation.report(),
        "divergence_estimate": history["divergence_estimate"],
        "classes": classes.appearing,
        "kl": classes.kl,
        "seconds": seconds,
    }, samples[:30]


def run_of(folder, divergence, seed, settings):
    """The scores of a run and the path of its picture: read, or trained and written."""
    name = f"{divergence}_{seed}"
    picture = folder / f"{name}.png"

    def run():
        scores, samples = trained(divergence, seed, settings)
        if samples is not None:
            kg.plotting.image_grid(samples, columns=6, scale=2).save(picture)
        return scores

    return kept(folder, name, settings, run), picture


def main():
    """Trains what is missing, prints the table and draws the samples and curves."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--divergences", nargs="+", default=list(DIVERGENCES), choices=DIVERGENCES)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--steps-per-epoch", type=int, default=300)
    parser.add_argument("--width", type=int, default=32, help="channels of the networks")
    parser.add_argument("--samples", type=int, default=5000, help="scored, and half the test set")
    parser.add_argument("--saturating", action="store_true", help="G minimises the bound itself")
    parser.add_argument("--folder", default="fgan_mnist", help="for runs and pictures")
    arguments = parser.parse_args()
    names = ("epochs", "steps_per_epoch", "width", "samples", "saturating")
    settings = {name: getattr(arguments, name) for name in names}
    folder = pathlib.Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)

    panels, curves, first = [], {}, True
    for divergence in arguments.divergences:
        runs = [run_of(folder, divergence, seed, settings) for seed in arguments.seeds]
        ended = [(scores, picture) for scores, picture in runs if not scores.get("diverged")]
        label = DIVERGENCES[divergence]
        if len(ended) < len(runs):
            label += f", {len(runs) - len(ended)} of {len(runs)} runs ended in NaN"
        if not ended:
            print(f"| {label} |")
            continue
        scores, pictures = zip(*ended, strict=True)
        with Image.open(pictures[0]) as picture:
            panels.append((DIVERGENCES[divergence], picture.convert("RGB")))
        curve = [[epoch["frechet_distance"] for epoch in run["curve"]] for run in scores]
        curves[DIVERGENCES[divergence]] = range(1, arguments.epochs + 1), np.array(curve)
        if first:
            real = scores[0]["real_to_real"]
            print(
                f"| divergence | Fréchet, final | best (real: {real['frechet_distance']:.3f}) "
                f"| precision | recall | classes | KL of the classes | seconds |"
            )
            print("|---|--:|--:|--:|--:|--:|--:|--:|")
            first = False
        cells = [
            label,
            spread([run["final"]["frechet_distance"] for run in scores], ".2f"),
            spread([run["best"]["frechet_distance"] for run in scores], ".2f"),
            spread([run["final"]["precision"] for run in scores], ".3f"),
            spread([run["final"]["recall"] for run in scores], ".3f"),
            spread([run["classes"] for run in scores], "g"),
            spread([run["kl"] for run in scores], ".4f"),
            spread([run["seconds"] for run in scores], ".0f"),
        ]
        print("|", " | ".join(cells), "|", flush=True)
    if not curves:
        raise SystemExit("All runs ended in NaN: there is nothing to draw.")
    chart = kg.plotting.curves_image(
        curves,
        "Fréchet distance to test digits, median and range of the seeds",
        "epochs",
        log_y=True,
    )
    chart.save(folder / "curves.png")
    kg.plotting.captioned([panels]).save(folder / "samples.png")
    print(f"\n{folder}/samples.png: the first seed; {folder}/curves.png: by epoch")


if __name__ == "__main__":
    main()
