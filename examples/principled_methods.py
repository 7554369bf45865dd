"""Freeze a generator and train a fresh discriminator: what becomes of the generator's gradients.

    pip install .    # in a clone of this repository
    python principled_methods.py                   # three seeds, 20 minutes of one core

A DCGAN learns MNIST; its generator is frozen after 1, 10 and 25 epochs. Against each learns a
discriminator that knows nothing, and against the last one others, whose inputs have instance noise
of several σ (images are in [-1, 1]). While they learn, on held-out images and fresh samples:

    error        the discriminator's loss, −E log D(x) − E log(1 − D(G(z))), and the share of
                 samples on the wrong side
    JSD          log 2 − ½ loss, a lower bound on the Jensen–Shannon divergence
    vanishing    the norm of the generator's gradient of E log(1 − D(G(z))), over its weights
    alternate    the norm of that of −E log D(G(z)), and its variance, the sum over weights, from
                 minibatch to minibatch

A slope is that of a straight line through log₁₀ of the values, per 1,000 steps, on the median over
the seeds, after the first tenth of the steps, in which gradients rise from those of an untrained D,
which hardly depends on its input. Every seed is a file in --folder; one that is there is not run
again.
Reference: Arjovsky and Bottou 2017, Towards Principled Methods for Training Generative Adversarial
Networks, arXiv 1701.04862, figures 1 to 3.
"""

import argparse
import json
import math
import pathlib

import keras
import numpy as np

import keras_gan as kg
from keras_gan.files.atomic import write_atomically

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--data", default="mnist", choices=("mnist", "digits"))
parser.add_argument("--images", type=int, default=10_000, help="that are trained on, at most")
parser.add_argument("--held-out", type=int, default=1000, help="images that are measured on")
parser.add_argument("--epochs", type=int, nargs="+", default=[1, 10, 25], help="of the generator")
parser.add_argument("--sigmas", type=float, nargs="+", default=[0.5, 1.0, 2.0, 4.0])
parser.add_argument("--steps", type=int, default=1000, help="of each fresh discriminator")
parser.add_argument("--every", type=int, default=50, help="steps from measurement to measurement")
parser.add_argument("--minibatches", type=int, default=8, help="of each measured gradient")
parser.add_argument("--batch-size", type=int, default=64)
parser.add_argument("--width", type=int, default=16, help="channels of the networks")
parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
parser.add_argument("--folder", default="principled_methods")
arguments = parser.parse_args()
if arguments.steps % arguments.every:
    parser.error("--steps must be a multiple of --every")

LATENT, RATE, BATCH = 64, 2e-4, arguments.batch_size
MEASURES = ["loss", "wrong", "jsd", "vanishing", "alternate", "variance"]
minimax, non_saturating = kg.objectives.get("minimax"), kg.objectives.get("non_saturating")


def adam():
    """The optimizer of all networks."""
    return keras.optimizers.Adam(RATE, beta_1=0.5)


class Fresh(keras.Model):
    """A discriminator alone, on pairs of real and fake images that both get noise."""

    def __init__(self, image_shape, sigma, seed):
        super().__init__()
        self.noise = kg.layers.InstanceNoise(sigma, seed=seed)
        self.network = kg.networks.dcgan_discriminator(image_shape, width=arguments.width)
        self.compile(adam())

    def scores(self, images):
        """The scores of noised images, `(batch, 1)`."""
        return self.network(self.noise(images, training=True))

    def call(self, pair):
        """The scores of real and of fake images."""
        return self.scores(pair[0]), self.scores(pair[1])

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """That of the minimax game."""
        return minimax.discriminator_loss(*y_pred)


def gradient(objective, generator, fresh, z):
    """The gradient of the generator's loss with respect to all its weights, as one vector."""

    def loss():
        return objective.generator_loss(fresh.scores(generator(z, training=False))), None

    parts, _ = kg.autodiff.gradients(loss, generator.trainable_variables)
    return np.concatenate([np.float64(keras.ops.convert_to_numpy(p)).ravel() for p in parts])


def measured(generator, fresh, real, fake, z):
    """One number for each of MEASURES."""
    scores = [
        np.concatenate(
            [
                keras.ops.convert_to_numpy(fresh.scores(images[i : i + 250]))
                for i in range(0, len(images), 250)
            ]
        )
        for images in (real, fake)
    ]
    loss = float(minimax.discriminator_loss(*map(keras.ops.convert_to_tensor, scores)))
    wrong = ((scores[0] < 0).mean() + (scores[1] > 0).mean()) / 2
    norms, variances = {}, {}
    for name, objective in (("vanishing", minimax), ("alternate", non_saturating)):
        several = np.stack([gradient(objective, generator, fresh, each) for each in z])
        norms[name] = float(np.linalg.norm(several.mean(axis=0)))
        variances[name] = float(several.var(axis=0, ddof=1).sum())
    jsd = math.log(2) - loss / 2
    return [loss, float(wrong), jsd, norms["vanishing"], norms["alternate"], variances["alternate"]]


def curves_of(generator, sigma, seed, train, held_out):
    """What becomes of MEASURES while a fresh discriminator learns."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    fresh = Fresh(train.shape[1:], sigma, seed)
    z = rng.normal(size=(arguments.minibatches, BATCH, LATENT)).astype("float32")
    judged = samples_of(generator, len(held_out), seed + 100)
    moments = [measured(generator, fresh, held_out, judged, z)]
    for part in range(arguments.steps // arguments.every):
        count = arguments.every * BATCH
        real = train[rng.integers(len(train), size=count)]
        fake = samples_of(generator, count, 1000 * (seed + 1) + part)
        fresh.fit((real, fake), batch_size=BATCH, shuffle=False, verbose=0)
        moments.append(measured(generator, fresh, held_out, judged, z))
    return dict(zip(MEASURES, map(list, zip(*moments, strict=True)), strict=True))


def samples_of(generator, count, seed):
    """Samples of a network, with the moving averages of its batch normalization."""
    z = np.random.default_rng(seed).normal(size=(count, LATENT)).astype("float32")
    return generator.predict(z, batch_size=250, verbose=0)


def run(seed):
    """All curves of one seed, by a label."""
    keras.utils.set_random_seed(seed)
    count = arguments.images + arguments.held_out
    images = kg.data.load(arguments.data).take(count).as_numpy_iterator()
    images = np.stack(list(images))
    held_out, train = images[: arguments.held_out], images[arguments.held_out :]
    generator = kg.networks.dcgan_generator(train.shape[1:], LATENT, arguments.width)
    gan = kg.GAN(
        generator,
        kg.networks.dcgan_discriminator(train.shape[1:], width=arguments.width),
        seed=seed,
    )
    gan.compile(generator_optimizer=adam(), discriminator_optimizer=adam())
    batches, results, done = kg.data.batches(train, BATCH, seed=seed), {}, 0
    for epochs in arguments.epochs:
        gan.fit(batches, epochs=epochs, initial_epoch=done, verbose=0)
        done = epochs
        results[f"{epochs} epochs"] = curves_of(generator, 0.0, seed, train, held_out)
    for sigma in arguments.sigmas:
        label = f"{done} epochs, sigma {sigma:g}"
        results[label] = curves_of(generator, sigma, seed, train, held_out)
    return results


def kept(seed):
    """The curves of a seed, from its file if the same settings made it."""
    settings = {k: v for k, v in vars(arguments).items() if k not in ("seeds", "folder")}
    path = folder / f"seed_{seed}.json"
    if path.exists():
        record = json.loads(path.read_text())
        if record["settings"] == settings:
            return record["curves"]
    curves = run(seed)
    write_atomically(path, json.dumps({"settings": settings, "curves": curves}).encode())
    return curves


def slope(steps, runs):
    """Of log₁₀ of the median over runs, per 1,000 steps, after the first tenth of them."""
    values = np.median(runs, axis=0)
    seen = (values > 0) & (steps >= steps[-1] / 10)
    return 1000 * np.polyfit(steps[seen], np.log10(values[seen]), 1)[0]


folder = pathlib.Path(arguments.folder)
folder.mkdir(parents=True, exist_ok=True)
seeds = [kept(seed) for seed in arguments.seeds]
steps = np.arange(0, arguments.steps + 1, arguments.every)[
    : len(seeds[0][next(iter(seeds[0]))]["loss"])
]
labels = list(seeds[0])
curves = {m: {label: np.array([s[label][m] for s in seeds]) for label in labels} for m in MEASURES}

print("| generator | loss at the end | wrong | JSD, nats |", end="")
print(" slope of loss | of the norm, log(1 − D) | of the norm, −log D | of its variance |")
print("|---|--:|--:|--:|--:|--:|--:|--:|")
for label in labels:
    ends = [np.median(curves[m][label][:, -1]) for m in ("loss", "wrong", "jsd")]
    slopes = [slope(steps, curves[m][label]) for m in ("loss", *MEASURES[3:])]
    cells = [f"{ends[0]:.2g}", f"{ends[1]:.2%}", f"{ends[2]:.4f}", *(f"{s:+.2f}" for s in slopes)]
    print("|", " | ".join([label.replace("sigma", "σ"), *cells]), "|")

PANELS = {
    "loss": "the discriminator's loss",
    "jsd": "the estimate of the JSD, nats",
    "vanishing": "norm of the gradient of E log(1 - D)",
    "alternate": "norm of the gradient of -E log D",
    "variance": "variance of the gradient of -log D",
    "wrong": "share of samples on the wrong side",
}
panels = [
    (
        "",
        kg.plotting.curves_image(
            {label: (steps, runs) for label, runs in curves[measure].items()},
            title=title,
            x_label="steps of the fresh discriminator",
            log_y=measure not in ("jsd", "wrong"),
            levels={"log 2": math.log(2)} if measure == "jsd" else None,
            size=(520, 360),
        ),
    )
    for measure, title in PANELS.items()
]
kg.plotting.captioned([panels[i : i + 2] for i in (0, 2, 4)]).save(
    folder / "principled_methods.png"
)
print(f"\n{folder}/principled_methods.png: the median over {len(seeds)} seeds, least to greatest")
