"""Which architectures train: random ones, each as a GAN and as a WGAN-GP.

    python benchmarks/random_architectures.py --folder runs/architectures

Fully connected pairs on scikit-learn's digits (8 × 8 pixels). Depth, width, activation and
normalization of both players and the number of latent dimensions are drawn by `--seed`;
architecture i is the same whatever `--count` is. As in Gulrajani et al. 2017, arXiv 1704.00028, a
normalized discriminator has batch normalization in the GAN and layer normalization in the WGAN-GP,
which allows no other. Both take `--steps` generator steps, with the schedule of their recipe (1 and
5 discriminator steps) and its Adam at the rate `RATE`.

The tables count the architectures with which only the GAN, only the WGAN-GP, both or neither
reach a score, at the end and at the best of `LOOKS` looks. `digit_judge.py` says what the scores
are of. Every run is kept in `--folder`, and one that is there is not repeated. The
process grows by some 20 MB a run; where memory is short, go to the full count in several steps.
"""

import argparse
import dataclasses
import functools
import pathlib

import keras
import numpy as np
from keras import layers, ops

import digit_judge
import keras_gan as kg
from kept import kept
from looks import fused, looked_at

BATCH, SAMPLES, LOOKS = 64, 2000, 5
RATE = 5e-4
METHODS = {  # recipe, normalization of its discriminator, Adam's β₁ and β₂ as the recipe has them
    "GAN": (kg.DCGAN, "batch", 0.5, 0.999),  # the non-saturating GAN
    "WGAN-GP": (kg.WGANGP, "layer", 0.0, 0.9),
}
LEAST = {"inception_score": (2, 4, 5, 6, 7, 8, 9)}
MOST = {"frechet_distance": (80, 40, 20, 10, 5)}


@keras.saving.register_keras_serializable(package="random_architectures")
def softplus(x):
    """½ softplus(2x + 2) − 1, the smooth activation among those of the paper."""
    return ops.softplus(2.0 * x + 2.0) / 2.0 - 1.0


ACTIVATIONS = {"relu": "relu", "leaky_relu": "leaky_relu", "tanh": "tanh", "softplus": softplus}


@dataclasses.dataclass(frozen=True)
class Stack:
    """Hidden layers of one kind."""

    depth: int
    width: int
    activation: str
    normalized: bool


@dataclasses.dataclass(frozen=True)
class Architecture:
    """The hidden layers of both players, and the number of latent dimensions."""

    latent_dim: int
    generator: Stack
    discriminator: Stack


def architecture(number: int, seed: int) -> Architecture:
    """The architecture of a number: all choices equally likely and independent."""
    rng = np.random.default_rng([number, seed])

    def one_of(*options):
        return options[rng.integers(len(options))]

    def stack():
        depth, width = one_of(2, 4, 8, 12), one_of(32, 64, 128)
        return Stack(depth, width, one_of(*ACTIVATIONS), one_of(False, True))

    return Architecture(one_of(2, 8, 32, 128), stack(), stack())


def hidden(h, stack: Stack, normalization: str):
    """The hidden layers of a stack; normalization precedes each activation but the first."""
    for i in range(stack.depth):
        h = layers.Dense(stack.width)(h)
        if stack.normalized and i > 0:
            h = {
                "batch": layers.BatchNormalization(momentum=0.9, epsilon=1e-5),
                "layer": kg.layers.LayerNormalization(),
            }[normalization](h)
        h = layers.Activation(ACTIVATIONS[stack.activation])(h)
    return h


def networks(architecture: Architecture, normalization: str) -> tuple[keras.Model, keras.Model]:
    """The generator, which ends in tanh, and the discriminator."""
    z = keras.Input((architecture.latent_dim,))
    h = hidden(z, architecture.generator, "batch")
    image = layers.Reshape((8, 8, 1))(layers.Dense(64, activation="tanh")(h))
    x = keras.Input((8, 8, 1))
    h = hidden(layers.Flatten()(x), architecture.discriminator, normalization)
    return keras.Model(z, image), keras.Model(x, layers.Dense(1)(h))


def trained(method: str, architecture: Architecture, seed: int, steps: int) -> dict:
    """The scores at every look, and the seconds of training."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    recipe, normalization, beta_1, beta_2 = METHODS[method]
    generator, discriminator = networks(architecture, normalization)
    gan = recipe(generator, discriminator, seed=seed)
    gan.compile(
        generator_optimizer=keras.optimizers.Adam(RATE, beta_1=beta_1, beta_2=beta_2),
        discriminator_optimizer=keras.optimizers.Adam(RATE, beta_1=beta_1, beta_2=beta_2),
        steps_per_execution=fused(steps, LOOKS),
    )
    images, _ = digit_judge.digits()
    k = gan.schedule.parts
    batches = kg.data.batches(images, BATCH, discriminator_steps=k, seed=seed).repeat()

    def scored(gan):
        return digit_judge.scores(gan.generate(SAMPLES, seed=seed))

    return looked_at(gan, batches, steps, LOOKS, scored)


def values(runs: list[dict], score: str, best: bool) -> np.ndarray:
    """A score of every run, at the end or at its best look; the worst there is if it diverged."""
    pick, worst = (max, 1.0) if score in LEAST else (min, np.inf)
    looks = [
        [worst if look[score] is None else look[score] for look in run["looks"]] for run in runs
    ]
    return np.array([pick(each) if best else each[-1] for each in looks])


def counts(gan: np.ndarray, wgan_gp: np.ndarray) -> tuple[int, int, int, int]:
    """How many succeed as a GAN alone, as a WGAN-GP alone, as both, as neither.

    Args:
        gan: Booleans `(n,)`, whether each architecture succeeds as a GAN.
        wgan_gp: Whether it does as a WGAN-GP.
    """
    parts = gan & ~wgan_gp, ~gan & wgan_gp, gan & wgan_gp, ~gan & ~wgan_gp
    return tuple(int(part.sum()) for part in parts)


def table(found: dict[str, list[dict]], best: bool) -> str:
    """The Markdown table of the lecture, for every threshold of both scores."""
    lines = ["| score | only GAN | only WGAN-GP | both | neither |", "|---|--:|--:|--:|--:|"]
    for score, bounds in {**LEAST, **MOST}.items():
        of = {method: values(runs, score, best) for method, runs in found.items()}
        for bound in bounds:
            reached = [each >= bound if score in LEAST else each <= bound for each in of.values()]
            name = f"{score.replace('_', ' ')} {'≥' if score in LEAST else '≤'} {bound}"
            lines.append(f"| {name} | {' | '.join(map(str, counts(*reached)))} |")
    return "\n".join(lines)


def by_choice(found: dict[str, list[dict]], drawn: list[Architecture]) -> str:
    """The median inception score at the end of all architectures that have a choice in common."""
    of = {method: values(runs, "inception_score", False) for method, runs in found.items()}
    lines = ["| choice | architectures | GAN | WGAN-GP |", "|---|--:|--:|--:|"]
    flat = [keras.tree.flatten_with_path(dataclasses.asdict(each)) for each in drawn]
    choices = sorted(
        {pair for pairs in flat for pair in pairs}, key=lambda p: (p[0], str(p[1]).zfill(4))
    )
    for path, value in choices:
        chosen = np.array([(path, value) in pairs for pairs in flat])
        medians = " | ".join(f"{np.median(each[chosen]):.2f}" for each in of.values())
        name = " ".join(path).replace("_", " ")
        lines.append(f"| {name}: {value} | {chosen.sum()} | {medians} |")
    return "\n".join(lines)


def figure(found: dict[str, list[dict]]):
    """The share of architectures that reach an inception score, for every score."""
    curves = {}
    for best in (False, True):
        for method, runs in found.items():
            reached = np.sort(values(runs, "inception_score", best))[::-1]
            shares = 100.0 * np.arange(1, len(reached) + 1) / len(reached)
            curves[f"{method}, {'best' if best else 'end'}"] = (reached[::-1], shares[::-1])
    return kg.plotting.curves_image(
        curves, x_label="inception score", y_label="architectures that reach it, %"
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="where runs are kept")
    parser.add_argument("--count", type=int, default=200, help="architectures")
    parser.add_argument("--steps", type=int, default=1000, help=f"a multiple of {LOOKS}")
    parser.add_argument("--seed", type=int, default=0, help="of the architectures and trainings")
    parser.add_argument("--figure", type=pathlib.Path, help="defaults to FOLDER/architectures.png")
    arguments = parser.parse_args()
    drawn = [architecture(i, arguments.seed) for i in range(arguments.count)]
    found = {method: [] for method in METHODS}
    for number, each in enumerate(drawn):
        for method, runs in found.items():
            settings = {
                **dataclasses.asdict(each),
                **{"method": method, "seed": arguments.seed, "steps": arguments.steps},
                **{"batch": BATCH, "rate": RATE, "looks": LOOKS, "samples": SAMPLES},
            }
            run = functools.partial(trained, method, each, arguments.seed, arguments.steps)
            runs.append(kept(arguments.folder, f"{number:03}_{method}", settings, run))
    for best in (False, True):
        print(f"\nAt {'the best look' if best else 'the end'}:\n\n{table(found, best)}")
    print(f"\n{by_choice(found, drawn)}\n")
    for method, runs in found.items():
        spent = [run["seconds"] for run in runs]
        broken = sum(run["looks"][-1]["frechet_distance"] is None for run in runs)
        print(
            f"{method}: {np.mean(spent):.1f} s of processor time a run, "
            f"{np.sum(spent) / 60:.0f} min in all; "
            f"{broken} ended with NaN"
        )
    path = arguments.figure or arguments.folder / "architectures.png"
    figure(found).save(path)
    print(path)


if __name__ == "__main__":
    main()
