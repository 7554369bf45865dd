"""FFJORD: its density is one, and exact; estimates of the trace train it as well."""

import keras
import numpy as np
import pytest
from scipy import integrate

import keras_gan as kg
from tests.flows.test_flow import trained, two_blobs


def small(**options):
    return kg.FFJORD((2,), **{"width": 16, "seed": 0, **options})


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"solver": "rk4", "steps": 12, "gradient": "adjoint"},
        {"trace": "hutchinson", "solver": "rk4", "blocks": 2, "activation": "softplus"},
    ],
)
def test_a_trained_density_integrates_to_one(options):
    flow = trained(small(**options), two_blobs(512), epochs=6)
    side = np.linspace(-6.0, 6.0, 241)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    density = np.exp(flow.log_prob(grid, batch_size=20_000).astype("float64"))
    total = integrate.simpson(integrate.simpson(density.reshape(241, 241), x=side), x=side)
    assert total == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("trace", ["exact", "hutchinson"])
def test_it_learns_more_than_moments_by_either_trace(trace):
    flow = trained(small(trace=trace, solver="rk4"), two_blobs(512), epochs=25)
    held_out = two_blobs(512, seed=1)
    assert flow.log_prob(held_out).mean() > of_a_normal(held_out) + 0.05


def of_a_normal(x):
    """The mean log density of the normal distribution of the same moments, in nats."""
    return -0.5 * np.linalg.slogdet(2.0 * np.pi * np.e * np.cov(x.T))[1]


def test_codes_and_samples_are_inverse():
    flow = trained(small(), two_blobs(256))
    x = two_blobs(20)
    np.testing.assert_allclose(flow.decode(flow.encode(x)), x, atol=1e-4)
    np.testing.assert_allclose(
        flow.generate(5, seed=3), flow.decode(flow.latents(5, seed=3)), rtol=1e-5, atol=1e-6
    )


def test_the_density_does_not_depend_on_the_batch():
    flow = trained(small(), two_blobs(256))
    x = two_blobs(60)
    np.testing.assert_allclose(
        flow.log_prob(x), flow.log_prob(x, batch_size=7), rtol=1e-5, atol=1e-5
    )


def test_classes_are_told_apart():
    x = two_blobs(512)
    y = (x.sum(axis=1) > 0).astype("int32")
    flow = trained(small(classes=2, solver="rk4"), x, epochs=15, y=y)
    made = flow.generate(400, seed=0, labels=1)
    assert np.mean(made.sum(axis=1) > 0) > 0.95
    right, wrong = flow.log_prob(x, labels=y), flow.log_prob(x, labels=1 - y)
    assert np.mean(right > wrong) > 0.95


def test_images_go_through_two_scales(tmp_path, rng):
    x = np.tanh(rng.normal(size=(16, 4, 4, 1))).astype("float32")
    flow = kg.FFJORD((4, 4, 1), width=4, solver="rk4", steps=3, seed=0)
    trained(flow, x, epochs=1)
    assert flow.dequantize
    x = (np.round((x + 1) * 127.5) / 127.5 - 1).astype("float32")  # on levels
    np.testing.assert_allclose(flow.decode(flow.encode(x)), x, atol=0.5 / 127.5 + 1e-3)
    assert np.isfinite(flow.bits_per_dim(x)).all()


@pytest.mark.parametrize(
    "options", [{"average": 0.9}, {"trace": "hutchinson", "classes": 2, "solver": "rk4"}]
)
def test_a_file_holds_all_of_it(options, tmp_path):
    flow, x = small(**options), two_blobs(64)
    y = None if flow.classes is None else (x[:, 0] > 0).astype("int32")
    flow.compile(keras.optimizers.Adam(1e-2))
    flow.fit(x, y, batch_size=16, verbose=0)
    flow.save(tmp_path / "flow.keras")
    again = kg.load_model(tmp_path / "flow.keras")
    assert type(again) is kg.FFJORD
    assert np.array_equal(flow.log_prob(x, labels=y), again.log_prob(x, labels=y))
    for model in (flow, again):
        model.fit(x, y, batch_size=16, verbose=0, shuffle=False)
    label = None if y is None else 1
    made = [model.generate(4, seed=0, labels=label) for model in (flow, again)]
    assert np.array_equal(*made)


REFUSED = {
    "blocks must": lambda: small(blocks=0),
    "levels must": lambda: small(levels=0),
    "Unknown solver": lambda: small(solver="euler"),
    "Unknown activation of an ODE 'relu'": lambda: small(activation="relu"),
    "multiples of 2": lambda: kg.FFJORD((6, 6, 1), width=4, levels=2),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_cannot_be_is_refused(message):
    with pytest.raises(ValueError, match=message):
        REFUSED[message]()
