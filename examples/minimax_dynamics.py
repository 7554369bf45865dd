"""Where the schedules of GANs lead two numbers that play min max, and the eigenvalues that say so.

    pip install .    # in a clone of this repository
    python minimax_dynamics.py            # half a minute on one core

The smallest GAN (Mescheder et al.): the data are the point 0, G makes the point x, D(s) = −y s. Its
Wasserstein game is min over x, max over y of xy; with a curvature for each player it is

    L(x, y) = ½ a x² + c xy − ½ b y²,    of which −½ b y² is R1 with γ = b.

Each row trains a `kg.UnrolledGAN`, with unroll=0 a GAN, by plain gradient steps: linear maps of (x,
y). Predicted: the leading eigenvalue of the product of the moves' matrices; the game converges
below modulus 1, rotates at 1, diverges above. −½ b y² is a regularizer of D: unrolled by k, G
minimises ½ a x² + c x y_k, with y_k the answer after k steps. Measured: that of the matrix that
takes each of the run's first 20 points to the next, by least squares. A second table, on the square
[−1, 1]², has min max and max min, which differ where there is no saddle point, and where training
with weights clipped to the square ends.

References: Mescheder et al. 2018, arXiv 1801.04406; Metz et al. 2016, arXiv 1611.02163.
"""

import argparse
import cmath
import dataclasses
import itertools
import math
import pathlib

import keras
import numpy as np

import keras_gan as kg


@dataclasses.dataclass(frozen=True)
class Game:
    """L(x, y) = ½ a x² + c xy − ½ b y², minimised over x and maximised over y."""

    name: str
    a: float = 0.0
    b: float = 0.0
    c: float = 1.0

    def __call__(self, x, y):
        """The value L."""
        return self.a / 2 * x**2 + self.c * x * y - self.b / 2 * y**2


@dataclasses.dataclass(frozen=True)
class Method:
    """Who moves when, how far G foresees, and the weight of R1."""

    name: str
    schedule: str | int
    unroll: int = 0
    r1: float = 0.0


GAMES = [
    Game("xy"),
    Game("x²/4 + xy − y²/4", a=0.5, b=0.5),
    Game("−x²/4 + xy − y²/2", a=-0.5, b=1.0),
    Game("(x − y)²", a=2.0, b=-2.0, c=-2.0),
]
METHODS = [
    Method("simultaneous", "simultaneous"),
    Method("alternating", "alternating"),
    Method("5 to 1", 5),
    Method("alternating, unrolled 5", "alternating", unroll=5),
    Method("simultaneous, R1", "simultaneous", r1=0.5),
    Method("alternating, R1", "alternating", r1=0.5),
]
START = 0.8, 0.3


@keras.saving.register_keras_serializable(package="minimax_dynamics")
class Curvature(keras.regularizers.Regularizer):
    """½ k w², also for a negative k."""

    def __init__(self, k):
        self.k = k

    def __call__(self, w):
        """The term of the loss."""
        return 0.5 * self.k * keras.ops.sum(keras.ops.square(w))

    def get_config(self):
        """The constructor's argument."""
        return {"k": self.k}


@keras.saving.register_keras_serializable(package="minimax_dynamics")
def one(shape, seed):
    """The prior of a generator that makes a single point."""
    return keras.ops.ones(shape)


def line(name, weight, curvature, clip, scale=1.0):
    """The network s -> scale · weight · s."""
    layer = keras.layers.Dense(
        1,
        use_bias=False,
        kernel_initializer=keras.initializers.Constant(weight),
        kernel_regularizer=Curvature(curvature) if curvature else None,
        kernel_constraint=kg.constraints.ClipWeights(clip) if clip else None,
    )
    return keras.Sequential([keras.Input((1,)), layer, keras.layers.Rescaling(scale)], name=name)


def gan_of(game, method, rates, start=START, clip=None):
    """The game as a GAN, compiled with gradient descent at the rates of x and y."""
    x, y = start
    gan = kg.UnrolledGAN(
        line("generator", x, game.a, clip, game.c),
        line("discriminator", -y, game.b, clip),
        unroll=method.unroll,
        objective="wasserstein",
        schedule=method.schedule,
        penalties=[kg.penalties.R1(method.r1)] if method.r1 else [],
        prior=one,
        seed=0,
    )
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(rates[0]),
        discriminator_optimizer=keras.optimizers.SGD(rates[1]),
    )
    return gan


def path_of(gan, steps):
    """(x, y) before each step and after the last, `(steps + 1, 2)`."""
    data = np.zeros((gan.schedule.parts, 1), "float32")

    def point():
        x, w = (
            float(keras.ops.squeeze(network.trainable_variables[0]))
            for network in (gan.generator, gan.discriminator)
        )
        return x, -w

    points = [point()]
    for _ in range(steps):
        gan.train_on_batch(data)
        points.append(point())
    return np.array(points)


def step_matrix(game, method, rates):
    """The matrix of one training step on (x, y): the product of those of its moves."""
    (alpha, beta), a, b, c = rates, game.a, game.b + method.r1, game.c
    stays = (1 - beta * b) ** method.unroll  # y after k steps: stays y + foreseen x
    foreseen = beta * c * sum((1 - beta * b) ** i for i in range(method.unroll))
    rows = {
        "generator": [-alpha * (a + 2 * c * foreseen), -alpha * c * stays],
        "discriminator": [beta * c, -beta * b],
    }
    whole = np.eye(2)
    for players in kg.schedules.get(method.schedule).moves:
        move = np.eye(2)
        for i, player in enumerate(("generator", "discriminator")):
            if player in players:
                move[i] += rows[player]
        whole = move @ whole
    return whole


def fitted_matrix(path):
    """The matrix that takes each point of a path to the next, by least squares."""
    sizes = np.linalg.norm(path[:-1], axis=1, keepdims=True)
    return np.linalg.lstsq(path[:-1] / sizes, path[1:] / sizes, rcond=None)[0].T


def leading(matrix):
    """Modulus and angle in degrees of the eigenvalue of the largest modulus."""
    modulus, angle = max((abs(v), abs(cmath.phase(v))) for v in np.linalg.eigvals(matrix))
    return modulus, math.degrees(angle)


def course(modulus):
    """What a spectral radius says."""
    return "converges" if modulus < 1 - 1e-6 else "rotates" if modulus < 1 + 1e-6 else "diverges"


def values(game, points=201):
    """min max and max min of L over the square, on a grid that has its corners and middle."""
    x, y = np.meshgrid(*[np.linspace(-1, 1, points)] * 2, indexing="ij")
    L = game(x, y)
    return L.max(axis=1).min(), L.min(axis=0).max()


def figure_of(paths):
    """The runs in the plane, a panel a game, and on xy the modulus at other rates."""
    rows = []
    for game, runs in paths.items():
        curves = {name: tuple(path.T) for name, path in runs.items()}
        heading = f"L = {game.name.replace('−', '-').replace('²', '^2')}, from {START}"
        rows.append(kg.plotting.curves_image(curves, heading, "x", "y", size=(480, 420)))
    scales, moduli = np.geomspace(0.01, 2.0, 80), {}
    for method in METHODS:
        found = [leading(step_matrix(GAMES[0], method, (rate, rate)))[0] for rate in scales]
        moduli[method.name] = scales, [value if value < 2 else math.nan for value in found]
    labels = "L = xy: largest modulus, which converges below 1", "learning rate of both players"
    options = {"log_x": True, "levels": {"1": 1.0}, "size": (480, 420)}
    rows.append(kg.plotting.curves_image(moduli, *labels, **options))
    return kg.plotting.captioned([[("", each) for each in rows[i : i + 2]] for i in (0, 2)])


def print_row(*cells):
    """Prints a row of a Markdown table."""
    print("|", " | ".join(map(str, cells)), "|", flush=True)


def main():
    """Both tables and the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--rates", type=float, nargs=2, default=[0.1, 0.1], help="of x and of y")
    parser.add_argument("--folder", default="minimax_dynamics", help="where the picture goes")
    arguments = parser.parse_args()
    rates, steps = arguments.rates, arguments.steps
    print_row("L", "method", "predicted", "measured", f"distance from 0, step {steps}", "the game")
    print_row(*["---"] * 6)
    paths = {game: {} for game in GAMES[:3]}
    for game, method in itertools.product(paths, METHODS):
        path = path_of(gan_of(game, method, rates), steps)
        predicted = leading(step_matrix(game, method, rates))
        found = leading(fitted_matrix(path[:20]))
        cells = ["{:.4f}, {:.2f}°".format(*each) for each in (predicted, found)]
        cells += [f"{np.linalg.norm(path[-1]):.2g}", course(predicted[0])]
        print_row(game.name, method.name, *cells)
        paths[game][method.name] = path

    clipped, ends = METHODS[:3], [f"{method.name} ends at" for method in METHODS[:3]]
    print()
    print_row("L on [−1, 1]²", "min max", "max min", "saddle point", *ends)
    print_row(*["---"] * 7)
    for game in GAMES:
        upper, lower = values(game)
        ends = [path_of(gan_of(game, each, rates, clip=1.0), steps)[-1] for each in clipped]
        cells = [f"({x:.2f}, {y:.2f}), L = {game(x, y):.2f}" for x, y in np.round(ends, 2) + 0.0]
        saddle = "(0, 0)" if math.isclose(upper, lower, abs_tol=1e-9) else "none"
        print_row(game.name, f"{upper:.2f}", f"{lower:.2f}", saddle, *cells)

    folder = pathlib.Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    figure_of(paths).save(folder / "minimax_dynamics.png")
    print(f"\n{folder}/minimax_dynamics.png: the runs in the plane, and moduli by learning rate")


if __name__ == "__main__":
    main()
