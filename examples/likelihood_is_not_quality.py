"""Compare models of digits by likelihood and by quality: either may be good where the other is bad.

    pip install .    # in a clone of this repository
    python likelihood_is_not_quality.py   # trains nothing; about three minutes on two cores

Four models of MNIST's digits, whose pixels get noise of their level's width (in [-1, 1]^784):

    flow            a normalizing flow q, `kg.Glow`, of the zoo
    mostly noise    0.01 q + 0.99 u with u uniform: log p >= log q - log 100, so it loses at most
                    4.61 nats of some thousands, and 99 of 100 samples are noise
    memorizer       0.99 of a training digit, evenly, with its noise, + 0.01 u: perfect samples,
                    and nothing but the noise explains a digit that it has not seen
    GAN             an SN-GAN of the zoo; its samples fill a surface of the space, of volume 0, so
                    that it has no density

Prints, of each, the mean of log p(x) over test digits in nats, in bits per pixel, the estimate by a
Parzen window that was once published of GANs (Gaussians of one standard deviation, the best of five
on 1,000 test digits, around the samples, of 1,000 others), and the Fréchet distance of samples from
real digits in the features of a classifier. The picture has a row of samples of each.

Reference: Theis, van den Oord and Bethge 2016, A note on the evaluation of generative models, arXiv
1511.01844, sections 3.2 and 3.3.
"""

import argparse
import math
import pathlib

import numpy as np
from PIL import Image
from scipy.special import logsumexp

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--flow", default="glow_mnist", help="a preset or a folder of one")
parser.add_argument("--generator", default="sngan_mnist", help="likewise")
parser.add_argument("--samples", type=int, default=10_000, help="of each model, and test digits")
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--folder", default="likelihood_is_not_quality", help="where the picture goes")
arguments = parser.parse_args()

SHOWN, PIXELS, JUDGED, DEVIATIONS = 12, 784, 2000, (0.1, 0.2, 0.3, 0.4, 0.6)
LOG_NOISE = -PIXELS * math.log(2)  # the log density of u
rng = np.random.default_rng(arguments.seed)


def digits(split):
    """The first digits of a split, (n, 28, 28, 1) in [-1, 1]."""
    dataset = kg.data.load("mnist", split=split).take(arguments.samples)
    return np.stack(list(dataset.as_numpy_iterator()))


def bits(nats):
    """Bits per pixel of 256 levels, of a log density in nats."""
    return -(nats / PIXELS + math.log(2 / 256)) / math.log(2)


def mixed(first, second, weight):
    """Log (weight e^first + (1 − weight) e^second)."""
    return np.logaddexp(math.log(weight) + first, math.log1p(-weight) + second)


def either(samples, others, weight):
    """Samples of a mixture of two models, of which the first has this weight."""
    chosen = rng.uniform(size=(len(samples), 1, 1, 1)) < weight
    return np.where(chosen, samples, others).astype("float32")


def parzen(samples, test):
    """The mean log density of Gaussians around samples; their deviation by half of the test set."""
    flat, judged = (np.float64(each).reshape(len(each), -1) for each in (samples, test))
    judged = judged[:JUDGED]
    half, means = len(judged) // 2, []
    squares = np.square(judged).sum(1)[:, None] - 2 * judged @ flat.T + np.square(flat).sum(1)
    for deviation in DEVIATIONS:
        logs = logsumexp(-squares / (2 * deviation**2), axis=1) - math.log(len(flat))
        logs -= PIXELS * (math.log(deviation) + 0.5 * math.log(2 * math.pi))
        means.append((logs[:half].mean(), logs[half:].mean()))
    return max(means)[1]


flow = kg.Flow.from_preset(arguments.flow)
generator = kg.Generator.from_preset(arguments.generator)
train, test = digits("train"), digits("test")
noise = rng.uniform(-1, 1, train.shape).astype("float32")
drawn = np.clip(flow.generate(arguments.samples, seed=arguments.seed), -1, 1)
of_flow = flow.log_prob(test, seed=arguments.seed).astype("float64")

# A test digit is one of the training digits, or only the noise explains it.
known = {each.tobytes(): 0 for each in train}
for each in train:
    known[each.tobytes()] += 1
times = np.array([known.get(each.tobytes(), 0) for each in test])
with np.errstate(divide="ignore"):
    of_memory = np.log(times / len(train)) + PIXELS * math.log(256 / 2)

models = {
    "flow": (drawn, of_flow),
    "mostly noise": (either(drawn, noise, 0.01), mixed(of_flow, LOG_NOISE, 0.01)),
    "memorizer": (either(train, noise, 0.99), mixed(of_memory, LOG_NOISE, 0.99)),
    "GAN": (generator.generate(arguments.samples, seed=arguments.seed), None),
}
features = kg.metrics.features.get("mnist")
real = features(test)

print("| model | log p, nats | bits per pixel | Parzen window, nats | Fréchet distance |")
print("|---|--:|--:|--:|--:|", flush=True)
rows = []
for name, (samples, nats) in models.items():
    exact = "none | none" if nats is None else f"{nats.mean():,.1f} | {bits(nats.mean()):.3f}"
    distance = kg.metrics.frechet_distance(features(samples), real)
    print(f"| {name} | {exact} | {parzen(samples, test):,.0f} | {distance:.2f} |", flush=True)
    rows.append(np.concatenate(samples[:SHOWN, ..., 0], axis=1))
loss = of_flow - models["mostly noise"][1]
print(
    f"\nmostly noise loses at most {loss.max():.2f} nats of a digit; log 100 is {math.log(100):.2f}"
)
folder = pathlib.Path(arguments.folder)
folder.mkdir(parents=True, exist_ok=True)
picture = np.uint8(np.clip((np.concatenate(rows) + 1) * 127.5, 0, 255))
Image.fromarray(picture).resize((2 * picture.shape[1], 2 * picture.shape[0]), 0).save(
    folder / "likelihood_is_not_quality.png"
)
print(f"the picture is {folder / 'likelihood_is_not_quality.png'}")
