"""Losses of a classifier beside the scores: by NumPy, and what they are in their limits."""

import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.objectives.classification import accuracy
from tests.derivatives import gradients

cross_entropy = kg.objectives.cross_entropy
d2d_ce = kg.objectives.data_to_data_cross_entropy


def unit(x, axis=-1):
    return x / np.linalg.norm(x, axis=axis, keepdims=True)


def drawn(rng, n=7, classes=3, d=4):
    """Embeddings, proxies and labels of a minibatch, in float64."""
    f, w = unit(rng.normal(size=(n, d))), unit(rng.normal(size=(classes, d)))
    return f, w, rng.integers(0, classes, n)


def by_definition(f, w, y, temperature, positive, negative):
    """The paper's formula, sample by sample, in float64."""
    losses = []
    for i in range(len(f)):
        a = np.exp(min(0.0, f[i] @ w[y[i]] - positive) / temperature)
        others = [j for j in range(len(f)) if y[j] != y[i]]
        b = [np.exp(max(0.0, f[i] @ f[j] - negative) / temperature) for j in others]
        losses.append(-np.log(a / (a + sum(b))))
    return np.mean(losses)


def found(f, w, y, *settings):
    f, cosines = (ops.convert_to_tensor(each, "float32") for each in (f, f @ w.T))
    return float(d2d_ce(cosines, f, ops.convert_to_tensor(y, "int32"), *settings))


def test_cross_entropy_is_that_of_numpy(rng):
    logits, labels = 3 * rng.normal(size=(9, 4)), rng.integers(0, 4, 9)
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    expected = -np.log(shares[np.arange(9), labels]).mean()
    given = ops.convert_to_tensor(logits, "float32"), ops.convert_to_tensor(labels)
    assert float(cross_entropy(*given)) == pytest.approx(expected, rel=1e-5)
    assert float(accuracy(*given)) == pytest.approx((logits.argmax(1) == labels).mean())


@pytest.mark.parametrize(
    "settings", [(0.5, 0.98, 0.02), (0.25, 0.9, 0.1), (1.0, 1.0, -1.0), (0.5, 0.2, 0.5)]
)
def test_d2d_ce_is_the_papers_formula(settings, rng):
    given = drawn(rng)
    assert found(*given, *settings) == pytest.approx(by_definition(*given, *settings), rel=1e-5)


def test_the_defaults_are_those_of_the_authors(rng):
    given = drawn(rng)
    assert found(*given) == found(*given, 0.5, 0.98, 0.02)


def test_without_margins_and_with_samples_at_their_proxies_it_is_a_cross_entropy(rng):
    """Of cosines / τ, each class but the own one raised by (m_p − m_n) / τ = 2 / τ."""
    classes, temperature = 5, 0.3
    w = unit(rng.normal(size=(classes, 4)))
    y = np.arange(classes)
    logits = (w @ w.T + 2.0 * (1 - np.eye(classes))) / temperature
    expected = cross_entropy(ops.convert_to_tensor(logits, "float32"), ops.convert_to_tensor(y))
    assert found(w, w, y, temperature, 1.0, -1.0) == pytest.approx(float(expected), rel=1e-5)


def test_one_class_alone_costs_nothing_and_gives_no_gradient(rng):
    f, w, _ = drawn(rng)
    assert found(f, w, np.ones(len(f), int)) == 0.0


def test_margins_stop_the_pull_of_what_is_near_enough(rng):
    """Samples at their proxies, at right angles to all others: no gradient within the margins."""
    import keras

    w = keras.Variable(np.eye(3, dtype="float32"))
    y = ops.convert_to_tensor([0, 1, 2])

    def loss(*margins):
        return lambda: d2d_ce(ops.matmul(w, ops.eye(3)), w, y, 0.5, *margins)

    (still,) = gradients(loss(0.98, 0.02), [w])
    (pulled,) = gradients(loss(1.5, -0.5), [w])
    assert np.abs(np.array(still)).max() == 0.0
    assert np.abs(np.array(pulled)).max() > 0.1


def test_a_tiny_temperature_stays_finite(rng):
    f, w, y = drawn(rng)
    settings = (1e-3, 1.0, -1.0)
    a = np.array([f[i] @ w[y[i]] - 1 for i in range(len(f))]) / 1e-3
    b = np.where(y[:, None] == y, -np.inf, (f @ f.T + 1) / 1e-3)
    expected = np.logaddexp(a, np.logaddexp.reduce(b, axis=1)) - a
    assert found(f, w, y, *settings) == pytest.approx(expected.mean(), rel=1e-4)


def test_cosines_are_those_of_the_directions_alone(rng):
    layer = kg.layers.ClassProxies(3)
    x = rng.normal(size=(6, 4)).astype("float32")
    layer(x)
    w = np.array(layer.proxies)
    np.testing.assert_allclose(layer(x), unit(x) @ unit(w, axis=0), rtol=1e-4, atol=1e-6)
    layer.proxies.assign(7.0 * w)
    np.testing.assert_allclose(layer(0.1 * x), unit(x) @ unit(w, axis=0), rtol=1e-4, atol=1e-6)
    with pytest.raises(ValueError, match="at least 2"):
        kg.layers.ClassProxies(1)
