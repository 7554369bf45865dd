"""Train a mixture of Gaussians by maximum likelihood: the sum over z, or samples of z instead.

    pip install .    # in a clone of this repository
    python mixture_likelihood.py          # three seeds, about two minutes on two cores

A point x of the plane comes from one of n Gaussians, the latent variable z, each as likely:

    p(x) = Σ_z p(z) p(x|z) = E_{z ~ q} [p(z) p(x|z) / q(z)]   for every q that is positive

Five losses estimate −log p(x). The first is the sum itself. The others take k draws of z, from the
prior p(z) or from a network q(z|x) that learns with the mixture, and the mean of p(z) p(x|z) / q(z)
for p(x). That mean is unbiased for every q, but its logarithm is not: one draw from the prior
maximises E log p(x|z), for which every component becomes the same Gaussian. With q the posterior
there is no variance and no bias; a learned q comes close. The variance is known exactly, too:

    Var(mean of k) / p(x)² = (Σ_z p(z|x)² / q(z) − 1) / k

For the prior that is nearly (n − 1) / k where the Gaussians lie apart, and never more. For a
learned q it is small at most points, but it has no bound: the loss hardly notices a q that is too
small for a z that is improbable, and 1 / q does.

Prints each loss beside the exact −log p(x) of test points, then the variances side by side, for one
trained mixture. The picture has the trained mixtures above and the standard deviation of the
estimates below, white for 0, red for √(n − 1) times p(x) or more.
References: Kingma and Welling 2013, arXiv 1312.6114; Burda, Grosse and Salakhutdinov 2015, arXiv
1509.00519; for the gradient by q, Williams 1992, Machine Learning 8.
"""

import argparse
import math
import pathlib

import keras
import numpy as np
from keras import ops
from PIL import Image, ImageDraw

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--components", type=int, default=3, help="Gaussians, of data and model")
parser.add_argument("--draws", type=int, nargs="+", default=[1, 10], help="k, draws of z")
parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
parser.add_argument("--epochs", type=int, default=60, help="of 20 steps")
parser.add_argument("--batch-size", type=int, default=200)
parser.add_argument("--folder", default="mixture_likelihood", help="where the picture goes")
arguments = parser.parse_args()

SIDE, LIMIT = 240, 4.0  # pixels of a panel, and what its axes end at


@keras.saving.register_keras_serializable(package="mixture_likelihood")
class Mixture(kg.LikelihoodModel):
    """n Gaussians of any mean and covariance, trained by the sum over z or by k draws of z."""

    averaged_networks = ("decoder",)
    sample_shape = (2,)

    def __init__(self, decoder, encoder=None, draws_from=None, k=1, **options):
        super().__init__(**options)
        self.decoder, self.encoder, self.draws_from, self.k = decoder, encoder, draws_from, k
        self.n = decoder.input_shape[-1]
        self.network_names = ("decoder",) if encoder is None else ("decoder", "encoder")
        self.begin()

    def settings(self):
        """What makes this model besides its networks."""
        return {"draws_from": self.draws_from, "k": self.k, **super().settings()}

    def term_names(self):
        """The one term of the loss."""
        return ["estimate_loss"]

    def log_joint(self, x):
        """log p(z) + log p(x|z) of every z, (batch, n)."""
        table = self.decoder(ops.eye(self.n))
        mean, log_diagonal, corner = table[:, :2], table[:, 2:4], table[:, 4]
        apart = x[:, None] - mean  # and then A (x − μ), with A lower triangular
        scaled = ops.exp(log_diagonal) * apart
        square = scaled[..., 0] ** 2 + (scaled[..., 1] + corner * apart[..., 0]) ** 2
        log_density = ops.sum(log_diagonal, axis=1) - math.log(2 * math.pi) - 0.5 * square
        return log_density - math.log(self.n)

    def log_q(self, x):
        """Log q(z|x) of every z, (batch, n): the network's, or the prior's −log n."""
        if self.draws_from == "q":
            return ops.log_softmax(self.encoder(x))
        return ops.full((ops.shape(x)[0], self.n), -math.log(self.n))

    def log_estimate(self, x, draws):
        """The log of the mean of p(z) p(x|z) / q(z) over k draws of z, and Σ log q of the draws."""
        log_joint, log_q = self.log_joint(x), self.log_q(x)
        z = kg.distributions.Categorical(log_q[:, None]).sample((ops.shape(x)[0], self.k), draws)
        log_weights = ops.take_along_axis(log_joint - log_q, z, axis=1)
        log_drawn = ops.sum(ops.take_along_axis(log_q, z, axis=1), axis=1)
        return ops.logsumexp(log_weights, axis=1) - math.log(self.k), log_drawn

    def losses(self, x, draws, training):
        """−log of the estimate of p(x), on the mean over x."""
        if self.draws_from is None:
            return {"estimate_loss": -ops.mean(ops.logsumexp(self.log_joint(x), axis=1))}, {}
        estimate, log_drawn = self.log_estimate(x, draws)
        loss = -ops.mean(estimate)
        if self.draws_from == "q":
            # No derivative goes through draws of a discrete z: the log-derivative trick, whose
            # baseline is the mean of the others' estimates. The term itself is 0.
            fixed = ops.stop_gradient(estimate)
            others = (ops.sum(fixed) - fixed) / ops.cast(ops.shape(x)[0] - 1, fixed.dtype)
            loss -= ops.mean((fixed - others) * (log_drawn - ops.stop_gradient(log_drawn)))
        return {"estimate_loss": loss}, {}


def mixture(n, draws_from, k, seed):
    """A mixture before its training; the same one for every `draws_from` and k."""
    # From z, as a unit vector, to its mean and the factor A of its precision, Σ⁻¹ = Aᵀ A.
    start = keras.initializers.RandomNormal(stddev=1.0, seed=seed)
    layer = keras.layers.Dense(5, use_bias=False, kernel_initializer=start)
    decoder = keras.Sequential([keras.Input((n,)), layer], name="decoder")
    encoder = None
    if draws_from == "q":
        encoder = kg.networks.mlp_encoder((2,), latent_dim=n, width=64)
    return Mixture(decoder, encoder, draws_from, k, seed=seed)


def log_likelihood(model, x):
    """The exact log p(x) of points, (n,)."""
    return ops.convert_to_numpy(ops.logsumexp(model.log_joint(ops.convert_to_tensor(x)), axis=1))


def relative_variance(log_joint, log_q, k=1):
    """Var(mean of k) / p(x)² of points, (n,): χ² of the posterior from q, over k."""
    posterior = np.exp(log_joint - np.logaddexp.reduce(log_joint, axis=1, keepdims=True))
    return ((posterior - np.exp(log_q)) ** 2 / np.exp(log_q)).sum(axis=1) / k


def relative_variance_by_draws(log_joint, log_q, k, rng, repeats=1000):
    """The same, of `repeats` estimates of each p(x) from draws of z."""
    below = np.exp(log_q).cumsum(axis=1)[:, None, None, :-1]
    z = (rng.random((len(log_q), repeats, k, 1)) > below).sum(axis=-1).reshape(len(log_q), -1)
    log_exact = np.logaddexp.reduce(log_joint, axis=1, keepdims=True)
    ratios = np.exp(np.take_along_axis(log_joint - log_q - log_exact, z, axis=1))
    return ratios.reshape(len(log_q), repeats, k).mean(axis=2).var(axis=1, ddof=1)


def logs(model, x):
    """log p(x, z) and log q(z|x) of points, float64 (n, components) each."""
    x = ops.convert_to_tensor(x)
    both = model.log_joint(x), model.log_q(x)
    return [ops.convert_to_numpy(each).astype("float64") for each in both]


def true_mixture():
    """Means (n, 2) on a circle of radius 2, and factors (n, 2, 2) of the covariances L Lᵀ."""
    angles = 2 * np.pi * (np.arange(arguments.components) / arguments.components + 0.1)
    cosine, sine = np.cos(angles), np.sin(angles)
    means = 2 * np.stack([cosine, sine], axis=1)
    turns = np.stack([np.stack([cosine, -sine], 1), np.stack([sine, cosine], 1)], axis=1)
    return means, turns @ np.diag([1.0, 0.35])


def points(count, rng):
    """Points (count, 2) of the true mixture."""
    means, factors = true_mixture()
    z = rng.integers(len(means), size=count)
    noise = rng.standard_normal((count, 2))
    return (means[z] + np.einsum("nij,nj->ni", factors[z], noise)).astype("float32")


def true_log_likelihood(x):
    """Log p(x) of points by the mixture that they come from, (n,)."""
    means, factors = true_mixture()
    noise = np.einsum("kij,nkj->nki", np.linalg.inv(factors), x[:, None] - means)
    log_det = np.linalg.slogdet(factors)[1]
    terms = -0.5 * (noise**2).sum(axis=2) - log_det - math.log(2 * math.pi * len(means))
    return np.logaddexp.reduce(terms, axis=1)


def gaussian_log_likelihood(x, data):
    """Log p(x) of points by the one Gaussian that fits the data best, (n,)."""
    noise = np.linalg.solve(np.linalg.cholesky(np.cov(data.T, bias=True)), (x - data.mean(0)).T)
    log_det = np.linalg.slogdet(np.cov(data.T, bias=True))[1]
    return -0.5 * (noise**2).sum(axis=0) - 0.5 * log_det - math.log(2 * math.pi)


def panel(title, model, dots=None, spread=None):
    """The Gaussians' ellipses of two standard deviations, over points or a map of values."""
    picture = Image.new("RGB", (SIDE, SIDE), "white")
    if spread is not None:
        pale = np.uint8(255 * (1 - np.clip(spread, 0, 1)))
        picture = Image.fromarray(np.stack([np.full_like(pale, 255), pale, pale], axis=2))
    draw = ImageDraw.Draw(picture)

    def pixel(x):
        return [tuple(each) for each in (x * [1, -1] / LIMIT + 1) * SIDE / 2]

    if dots is not None:
        draw.point(pixel(dots), fill=(150, 150, 150))
    angles = np.linspace(0, 2 * np.pi, 100)
    circle = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    for *mean, a, b, corner in ops.convert_to_numpy(model.decoder(ops.eye(model.n))):
        precision = np.array([[np.exp(a), 0], [corner, np.exp(b)]])
        draw.line(pixel(mean + np.linalg.solve(precision, circle.T).T), fill=(30, 60, 160), width=2)
    draw.text((6, 4), title, fill="black", font_size=14)
    return picture


methods = {"sum over z": (None, 1)}
methods |= {f"prior, k = {k}": ("prior", k) for k in arguments.draws}
methods |= {f"learned q, k = {k}": ("q", k) for k in arguments.draws}

print("| seed | loss by | loss | exact −log p(x) | the true mixture's | one Gaussian's |")
print("|--:|---|--:|--:|--:|--:|", flush=True)
trained = {}
for seed in arguments.seeds:
    rng = np.random.default_rng(seed)
    x, test = points(20 * arguments.batch_size, rng), points(4000, rng)
    for title, (draws_from, k) in methods.items():
        keras.utils.set_random_seed(seed)
        model = mixture(arguments.components, draws_from, k, seed)
        steps = 20 * arguments.epochs
        rate = keras.optimizers.schedules.CosineDecay(2e-2, steps)
        model.compile(keras.optimizers.Adam(rate), steps_per_execution=20)
        model.fit(x, batch_size=arguments.batch_size, epochs=arguments.epochs, verbose=0)
        loss = model.evaluate(test, batch_size=1000, verbose=0, return_dict=True)["loss"]
        by = (
            log_likelihood(model, test),
            true_log_likelihood(test),
            gaussian_log_likelihood(test, x),
        )
        cells = " | ".join(f"{value:.3f}" for value in (loss, *(-each.mean() for each in by)))
        print(f"| {seed} | {title} | {cells} |", flush=True)
        trained.setdefault(title, model)  # that of the first seed is drawn

first = next(title for title, (draws_from, _) in methods.items() if draws_from == "q")
judged = trained[first]
log_joint, log_q = logs(judged, test[:500])
prior = np.full_like(log_q, -math.log(arguments.components))
proposals = {None: None, "prior": prior, "q": log_q}
print(
    f"\nVar / p(x)² of the estimates of p(x) for one mixture, that of {first}; 500 test points:\n"
)
print("| estimate | exact: median | mean | largest | mean by 1,000 repeats |")
print("|---|--:|--:|--:|--:|")
for title, (draws_from, k) in methods.items():
    spread, drawn = np.zeros(1), 0.0  # the sum has no draws
    if draws_from:
        spread = relative_variance(log_joint, proposals[draws_from], k)
        drawn = relative_variance_by_draws(log_joint, proposals[draws_from], k, rng).mean()
    cells = np.median(spread), spread.mean(), spread.max(), drawn
    print(f"| {title} |", " | ".join(f"{each:.4f}" for each in cells), "|")

axis = (np.arange(SIDE) + 0.5) / SIDE * 2 - 1
grid = LIMIT * np.stack(np.meshgrid(axis, -axis), axis=-1).reshape(-1, 2).astype("float32")
log_joint, log_q = logs(judged, grid)
figure = Image.new("RGB", (SIDE * len(methods), 2 * SIDE), "white")
for column, (title, (draws_from, k)) in enumerate(methods.items()):
    spread = np.zeros(len(grid))
    if draws_from:
        chosen = log_q if draws_from == "q" else np.full_like(log_q, -math.log(judged.n))
        spread = np.sqrt(relative_variance(log_joint, chosen, k) / (judged.n - 1))
    figure.paste(panel(title, trained[title], dots=test), (column * SIDE, 0))
    below = panel(f"{title}: deviation", judged, spread=spread.reshape(SIDE, SIDE))
    figure.paste(below, (column * SIDE, SIDE))
folder = pathlib.Path(arguments.folder)
folder.mkdir(parents=True, exist_ok=True)
figure.save(folder / "mixture_likelihood.png")
print(f"\n{folder}/mixture_likelihood.png: the mixtures, and their estimates' standard deviations")
