"""The mathematics of examples/mixture_likelihood.py, by every draw of z in turn."""

import itertools
import math
import pathlib
import runpy
import sys

import keras
import numpy as np
import pytest
from keras import ops
from numpy.testing import assert_allclose

from keras_gan import autodiff
from keras_gan.parallel.random_numbers import Draws

SCRIPT = pathlib.Path(__file__).parent.parent / "examples" / "mixture_likelihood.py"
X = np.array([[0.3, -0.8], [1.5, 1.0], [-2.0, 0.4]], "float32")
N, REPEATS, STREAMS = 3, 500, 30

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """What the script defines, once it has run on a budget that trains next to nothing."""
    folder = tmp_path_factory.mktemp("mixture")
    budget = f"--seeds 0 --epochs 1 --batch-size 20 --draws 1 --folder {folder}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [SCRIPT.name, *budget.split()])
        return runpy.run_path(str(SCRIPT), run_name="__main__")


@pytest.fixture
def mixture(example):
    """Makes a mixture whose Gaussians overlap, and whose q is no posterior."""

    def made(draws_from, k):
        model = example["mixture"](N, draws_from, k, seed=3)
        model.decoder.layers[-1].kernel.assign(0.5 * model.decoder.layers[-1].kernel)
        return model

    return made


def by_hand(model, x):
    """log p(z) + log N(x; μ, Σ) of every z, by SciPy, (n, components)."""
    from scipy.stats import multivariate_normal

    columns = []
    for *mean, a, b, corner in ops.convert_to_numpy(model.decoder(ops.eye(N))).astype("float64"):
        factor = np.array([[np.exp(a), 0.0], [corner, np.exp(b)]])
        covariance = np.linalg.inv(factor.T @ factor)
        columns.append(multivariate_normal(mean, covariance).logpdf(x) - math.log(N))
    return np.stack(columns, axis=1)


def every_draw(log_weights, log_q, k):
    """The mean of k weights, and its probability, of all draws of k values of z."""
    draws = [list(z) for z in itertools.product(range(N), repeat=k)]
    means = np.stack([np.exp(log_weights[:, z]).mean(axis=1) for z in draws], axis=1)
    return means, np.stack([np.exp(log_q[:, z].sum(axis=1)) for z in draws], axis=1)


def test_log_joint_is_that_of_scipy(mixture):
    for draws_from in (None, "q"):
        model = mixture(draws_from, 1)
        joint = ops.convert_to_numpy(model.log_joint(ops.convert_to_tensor(X)))
        assert_allclose(joint, by_hand(model, X), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("draws_from", ["prior", "q"])
def test_estimates_are_unbiased_with_the_variance_that_is_printed(example, mixture, draws_from, k):
    log_joint, log_q = example["logs"](mixture(draws_from, k), X)
    log_q -= np.logaddexp.reduce(log_q, axis=1, keepdims=True)
    p = np.exp(log_joint).sum(axis=1)
    means, probabilities = every_draw(log_joint - log_q, log_q, k)
    assert_allclose((means * probabilities).sum(axis=1), p, rtol=1e-10)
    variance = (means**2 * probabilities).sum(axis=1) - p**2
    assert min(variance / p**2) > 0.01
    assert_allclose(example["relative_variance"](log_joint, log_q, k), variance / p**2, rtol=1e-9)
    drawn = example["relative_variance_by_draws"](
        log_joint, log_q, k, np.random.default_rng(0), repeats=100_000
    )
    assert_allclose(drawn, variance / p**2, rtol=0.1)


def test_the_prior_is_at_most_n_minus_1_and_the_posterior_has_no_variance(example):
    apart = np.log([[1 - 2e-9, 1e-9, 1e-9]]) - 5.0
    prior = np.full_like(apart, -math.log(N))
    assert_allclose(example["relative_variance"](apart, prior), N - 1, rtol=1e-6)
    same = np.full((1, N), -7.0)
    assert_allclose(example["relative_variance"](same, prior), 0, atol=1e-12)
    mixed = np.log([[0.2, 0.3, 0.5]])
    assert_allclose(example["relative_variance"](mixed - 4.0, mixed), 0, atol=1e-12)


@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("draws_from", ["prior", "q"])
def test_the_model_draws_by_q(mixture, draws_from, k):
    """The mean of its estimates is p(x), and that of its loss −E log p̂(x), within 4.5 errors."""
    model = mixture(draws_from, k)
    log_joint, log_q = (
        ops.convert_to_numpy(each(ops.convert_to_tensor(X[:1]))).astype("float64")
        for each in (model.log_joint, model.log_q)
    )
    means, probabilities = every_draw(log_joint - log_q, log_q, k)
    x = ops.convert_to_tensor(np.repeat(X[:1], 100_000, axis=0))
    estimates = ops.convert_to_numpy(model.log_estimate(x, Draws(1))[0]).astype("float64")
    for drawn, values in ((np.exp(estimates), means), (estimates, np.log(means))):
        expected = (values * probabilities).sum()
        error = math.sqrt(((values**2 * probabilities).sum() - expected**2) / len(estimates))
        assert abs(drawn.mean() - expected) < 4.5 * error
    losses, _ = model.losses(x, Draws(1), training=True)
    assert_allclose(float(losses["estimate_loss"]), -estimates.mean(), rtol=1e-5)


def flat_gradients(function, variables):
    gradients, _ = autodiff.gradients(lambda: (function(), {}), variables)
    return np.concatenate([ops.convert_to_numpy(g).ravel() for g in gradients]).astype("float64")


def check_mean(draw, exact):
    """The mean of 30 gradients is the exact one within 4.5 of its standard errors."""
    drawn = np.stack([draw(Draws(i)) for i in range(STREAMS)])
    error = drawn.std(axis=0, ddof=1) / math.sqrt(STREAMS)
    assert np.max(np.abs(exact) / (error + 1e-6)) > 20  # so that it tells something
    assert np.max(np.abs(drawn.mean(axis=0) - exact) / (error + 1e-6)) < 4.5


@pytest.mark.parametrize("draws_from", ["prior", "q"])
def test_gradients_of_the_estimate_have_that_of_the_density_as_mean(mixture, draws_from):
    model = mixture(draws_from, 2)
    variables = model.decoder.trainable_variables
    x = ops.convert_to_tensor(np.repeat(X, REPEATS, axis=0))

    def drawn(draws):
        return flat_gradients(lambda: ops.mean(ops.exp(model.log_estimate(x, draws)[0])), variables)

    def density():
        return ops.mean(ops.exp(ops.logsumexp(model.log_joint(ops.convert_to_tensor(X)), axis=1)))

    check_mean(drawn, flat_gradients(density, variables))


@pytest.mark.parametrize("k", [1, 2])
def test_the_loss_has_the_gradient_of_its_mean_over_all_draws(mixture, k):
    """By the weights of q, too, through which no draw is differentiated."""
    model = mixture("q", k)
    variables = model.encoder.trainable_variables + model.decoder.trainable_variables
    x = ops.convert_to_tensor(np.repeat(X, REPEATS, axis=0))

    def drawn(draws):
        return flat_gradients(lambda: model.losses(x, draws, True)[0]["estimate_loss"], variables)

    def over_all_draws():
        points = ops.convert_to_tensor(X)
        log_q = model.log_q(points)
        log_weights, total = model.log_joint(points) - log_q, 0.0
        for z in itertools.product(range(N), repeat=k):
            chosen = ops.stack([log_weights[:, each] for each in z], axis=1)
            probability = ops.exp(sum(log_q[:, each] for each in z))
            total += probability * (ops.logsumexp(chosen, axis=1) - math.log(k))
        return -ops.mean(total)

    check_mean(drawn, flat_gradients(over_all_draws, variables))


def test_it_saves_and_loads(mixture, tmp_path):
    model = mixture("q", 2)
    model.compile()
    model.save(tmp_path / "mixture.keras")
    loaded = keras.saving.load_model(tmp_path / "mixture.keras")
    x = ops.convert_to_tensor(X)
    assert_allclose(
        ops.convert_to_numpy(loaded.log_estimate(x, Draws(0))[0]),
        ops.convert_to_numpy(model.log_estimate(x, Draws(0))[0]),
    )
