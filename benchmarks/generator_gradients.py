"""What the generator's gradients are gradients of: theorems 2.5 and 3.2, beside a trained D.

    python benchmarks/generator_gradients.py             # three minutes on one core

**In one dimension**, data N(0, 1) and model N(θ₁, θ₂²): with D* the best discriminator of the
present model, held still, the expected gradients of the two generator losses are compared with
numerical derivatives, by quadrature, of the divergences that they belong to:

    E ∇θ −log D*(g(z))       = ∇θ (KL(model‖data) − 2 JSD)       theorem 2.5
    E ∇θ log(1 − D*(g(z)))   = ∇θ 2 JSD

**With Gaussian noise**, where a and b are positive numbers of each sample, p and q the noised
densities of data and model at g(z), and N_σ is that of the noise:

    E ∇θ log(1 − D*(g(z)))
        = E [a Σ_y N_σ(g(z) − y) ∇θ ‖g(z) − y‖²  −  b Σ_y' N_σ(g(z) − y') ∇θ ‖g(z) − y'‖²]
    a = 1 / 2σ²(p + q),   b = a p/q                               theorem 3.2

with means over y of the data and y' of the samples: a step against it pulls samples towards data
and pushes them from each other. Both sides are computed for an MLP that makes points, of its
weights, the left by differentiating the score of D*, the right as it stands. Then a discriminator
learns under the same noise, and its gradient is compared with that of D* by the cosine.

Reference: Arjovsky and Bottou 2017, arXiv 1701.04862.
"""

import argparse
import math

import keras
import numpy as np
from keras import ops
from scipy.special import logsumexp
from scipy.stats import norm

import keras_gan as kg

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(80)
WEIGHTS = WEIGHTS / WEIGHTS.sum()  # of expectations over z of N(0, 1)
GRID = np.linspace(-30, 30, 60_001)


def divergences(mean, stddev):
    """KL(model‖data) and JSD of N(mean, stddev²) and N(0, 1), by the trapezoidal rule."""
    logs = norm.logpdf(GRID, mean, stddev), norm.logpdf(GRID)
    both = np.logaddexp(*logs) - math.log(2)
    q, p = np.exp(logs)
    jsd = np.trapezoid(q * (logs[0] - both) + p * (logs[1] - both), GRID) / 2
    return np.array([np.trapezoid(q * (logs[0] - logs[1]), GRID), jsd])


def slopes(mean, stddev, step=1e-4):
    """The derivatives of `divergences` by mean and stddev, `(2, 2)`: a row a parameter."""
    steps = np.eye(2) * step
    return np.stack(
        [divergences(mean + d, stddev + e) - divergences(mean - d, stddev - e) for d, e in steps]
    ) / (2 * step)


def update_of(objective, mean, stddev):
    """The expected gradient of a generator's loss under D*, by mean and stddev, `(2,)`."""
    theta = [keras.Variable(mean, dtype="float32"), keras.Variable(stddev, dtype="float32")]
    nodes, weights = (ops.convert_to_tensor(each, "float32") for each in (NODES, WEIGHTS))

    def loss():
        x = theta[0] + theta[1] * nodes
        still = (x - mean) / stddev  # the density of the model as it was
        logit = math.log(stddev) + (ops.square(still) - ops.square(x)) / 2  # of D*
        return ops.sum(weights * objective.generator_term(logit)), None

    return np.array([float(g) for g in kg.autodiff.gradients(loss, theta)[0]])


def log_density(x, points, sigma):
    """Log of the mean of N(x; y, σ²) over points y, `(n,)`, in keras.ops."""
    squares = ops.sum(ops.square(x[:, None] - points[None]), axis=-1)
    normal = len(points) * (2 * math.pi * sigma**2) ** (points.shape[1] / 2)
    return ops.logsumexp(-squares / (2 * sigma**2), axis=1) - math.log(normal)


def by_scores(generator, z, data, samples, sigma):
    """E ∇θ log(1 − D*(g(z))), by differentiating the logit of D*."""
    data, samples = (ops.convert_to_tensor(each, "float32") for each in (data, samples))

    def loss():
        x = generator(z)
        logit = log_density(x, data, sigma) - log_density(x, samples, sigma)
        return kg.objectives.get("minimax").generator_loss(logit), None

    return flat(kg.autodiff.gradients(loss, generator.trainable_variables)[0])


def by_theorem(generator, z, data, samples, sigma):
    """The two expectations of theorem 3.2 and their difference: pull, push, and pull − push.

    Σ_y N_σ(g − y) ∇θ‖g − y‖² is ∇θ of 2 ⟨g, Σ_y N_σ(g − y)(g − y)⟩ with the sum held still.
    """
    x = np.float64(ops.convert_to_numpy(generator(z)))

    def mean(points):
        """The logarithm of the noised density, and the mean of N_σ(g − y)(g − y) over it."""
        logs = -np.square(x[:, None] - points).sum(-1) / (2 * sigma**2)
        whole = logsumexp(logs, axis=1, keepdims=True)
        shares = np.exp(logs - whole)
        normal = len(points) * (2 * math.pi * sigma**2) ** (points.shape[1] / 2)
        return whole[:, 0] - math.log(normal), x - shares @ points

    (log_p, to_data), (log_q, to_samples) = mean(np.float64(data)), mean(np.float64(samples))
    share = np.exp(log_p - np.logaddexp(log_p, log_q))  # p / (p + q), which both terms have
    forces = [share[:, None] * each / sigma**2 for each in (to_data, to_samples)]

    def of(force):
        force = ops.convert_to_tensor(force, "float32")

        def loss():
            return ops.mean(ops.sum(force * generator(z), axis=1)), None

        return flat(kg.autodiff.gradients(loss, generator.trainable_variables)[0])

    pull, push = map(of, forces)
    return pull, push, of(forces[0] - forces[1])


def by_training(generator, z, data, samples, sigma, steps, seed):
    """The same gradient under a discriminator that learned with the noise on both sets."""

    class Noised(keras.Model):
        def __init__(self):
            super().__init__()
            self.noise = kg.layers.InstanceNoise(sigma, seed=seed)
            self.network = kg.networks.mlp_discriminator(width=128, depth=3)
            self.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, steps)))

        def call(self, pair):
            return tuple(self.network(self.noise(each, training=True)) for each in pair)

        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return kg.objectives.get("minimax").discriminator_loss(*y_pred)

    keras.utils.set_random_seed(seed)
    rng, noised = np.random.default_rng(seed), Noised()
    pair = tuple(np.float32(e[rng.integers(len(e), size=256 * steps)]) for e in (data, samples))
    noised.fit(pair, batch_size=256, epochs=1, shuffle=False, verbose=0)

    def loss():
        scores = noised.network(generator(z))
        return kg.objectives.get("minimax").generator_loss(scores), None

    return flat(kg.autodiff.gradients(loss, generator.trainable_variables)[0])


def flat(parts):
    """Gradients as one vector."""
    return np.concatenate([np.float64(ops.convert_to_numpy(part)).ravel() for part in parts])


def setting(seed, count, latent_dim=4):
    """An untrained generator of points, its z and samples, and data on the ring."""
    keras.utils.set_random_seed(seed)
    generator = kg.networks.mlp_generator(latent_dim=latent_dim, width=32, depth=2)
    z = np.random.default_rng(seed).normal(size=(count, latent_dim)).astype("float32")
    points = kg.data.load("ring", seed=seed).take(count).as_numpy_iterator()
    return generator, z, np.stack(list(points)), ops.convert_to_numpy(generator(z))


def cosine(a, b):
    return a @ b / (np.linalg.norm(a) * np.linalg.norm(b))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=512, help="points of data, and samples")
    parser.add_argument("--sigmas", type=float, nargs="+", default=[0.05, 0.1, 0.25, 0.5, 1.0])
    parser.add_argument("--steps", type=int, default=3000, help="of the discriminators that learn")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    arguments = parser.parse_args()
    print("| model | by | E ∇ −log D* | ∇ (KL − 2 JSD) | E ∇ log(1 − D*) | ∇ 2 JSD |")
    print("|---|---|--:|--:|--:|--:|")
    for mean, stddev in ((0.5, 1.0), (2.0, 0.7), (-1.0, 1.5), (4.0, 0.5)):
        kl, jsd = slopes(mean, stddev).T
        alternate, original = (
            update_of(kg.objectives.get(name), mean, stddev)
            for name in ("non_saturating", "minimax")
        )
        for i, name in enumerate(("μ", "σ")):
            numbers = alternate[i], kl[i] - 2 * jsd[i], original[i], 2 * jsd[i]
            cells = [f"N({mean:g}, {stddev:g}²)", name, *(f"{each:+.5f}" for each in numbers)]
            print("|", " | ".join(cells), "|", flush=True)

    print("\n| σ | difference of both sides | norm of the pull | of the push | of both |", end="")
    print(" cosine with a trained D | its norm over that of D* |")
    print("|--:|--:|--:|--:|--:|--:|--:|")
    for sigma in arguments.sigmas:
        rows = []
        for seed in arguments.seeds:
            case = setting(seed, arguments.count)
            exact = by_scores(*case, sigma)
            pull, push, both = by_theorem(*case, sigma)
            learned = by_training(*case, sigma, arguments.steps, seed)
            norms = [np.linalg.norm(each) for each in (pull, push, both)]
            difference = np.linalg.norm(both - exact) / np.linalg.norm(exact)
            ratio = np.linalg.norm(learned) / np.linalg.norm(exact)
            rows.append([difference, *norms, cosine(learned, exact), ratio])
        difference, *middle = np.median(rows, axis=0)
        cells = [f"{sigma:g}", f"{difference:.1e}", *(f"{each:.3g}" for each in middle)]
        print("|", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
