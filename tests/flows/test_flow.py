"""The flow: its density against known ones, its samples, its files, what it refuses."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy import integrate, stats

import keras_gan as kg
from keras_gan.flows.dequantization import dequantized

b = kg.bijections


def chain(count=4, **options):
    return b.Chain([b.AffineCoupling(swap=i % 2 == 1, width=16, **options) for i in range(count)])


def trained(flow, x, epochs=3, y=None):
    flow.compile(keras.optimizers.Adam(1e-2))
    flow.fit(x, y, batch_size=64, epochs=epochs, verbose=0)
    return flow


def two_blobs(n, seed=0):
    rng = np.random.default_rng(seed)
    centres = rng.choice([-1.0, 1.0], size=(n, 1))
    return (centres + 0.4 * rng.normal(size=(n, 2))).astype("float32")


def test_an_affine_flow_has_the_density_of_the_normal_that_it_is(rng):
    flow = kg.Flow(b.Affine(), sample_shape=(3,), seed=0)
    for v in flow.trainable_variables:
        v.assign(0.3 * rng.normal(size=v.shape))
    lower, upper = (ops.convert_to_numpy(m) for m in flow.bijection.factors())
    matrix, mean = lower @ upper, np.array(flow.bijection.b)
    x = rng.normal(size=(50, 3))
    expected = stats.multivariate_normal(mean, matrix @ matrix.T).logpdf(x)
    np.testing.assert_allclose(flow.log_prob(x), expected, rtol=1e-5, atol=1e-5)
    made = flow.generate(20_000, seed=0)
    np.testing.assert_allclose(made.mean(axis=0), mean, atol=0.05)
    np.testing.assert_allclose(np.cov(made.T), matrix @ matrix.T, atol=0.06)


@pytest.mark.parametrize("base", ["normal", "logistic"])
def test_a_trained_density_integrates_to_one(base):
    flow = trained(kg.Flow(chain(), base, sample_shape=(2,), seed=0), two_blobs(512))
    side = np.linspace(-8.0, 8.0, 801)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    density = np.exp(flow.log_prob(grid, batch_size=20_000).astype("float64"))
    total = integrate.simpson(integrate.simpson(density.reshape(801, 801), x=side), x=side)
    tails = 1e-4 if base == "normal" else 2e-3  # of the logistic, beyond the square
    assert total == pytest.approx(1.0, abs=tails)


def test_a_trained_one_dimensional_flow_is_the_inverse_distribution_function(rng):
    x = np.concatenate([rng.normal(-2, 0.5, 600), rng.normal(1, 0.8, 400)])[:, None]
    flow = kg.Flow(b.MixtureCDF(4), "uniform", sample_shape=(1,), seed=0)
    trained(flow, rng.permutation(x), epochs=5)
    grid = np.linspace(-6.0, 6.0, 4001)[:, None]
    density = np.exp(flow.log_prob(grid, batch_size=5000).astype("float64"))
    below = integrate.cumulative_simpson(density, x=grid[:, 0], initial=0.0)
    np.testing.assert_allclose(flow.encode(grid)[:, 0], below, atol=1e-4)
    assert below[-1] == pytest.approx(1.0, abs=1e-4)
    z = np.linspace(0.05, 0.95, 19)
    np.testing.assert_allclose(
        flow.decode(z[:, None])[:, 0], np.interp(z, below, grid[:, 0]), atol=2e-3
    )


@pytest.mark.parametrize("name", ["uniform", "beta", "normal"])
def test_the_flow_of_a_mixture_to_any_base_is_the_quantile_function_of_the_base(name):
    """z = F_base⁻¹(F(x)), so that p(x) = p_base(z) / |dx/dz|: the lecture's three bases."""
    cdf = b.MixtureCDF(3)
    bijection = b.Chain([cdf, b.Probit()]) if name == "normal" else cdf
    base = kg.distributions.Beta(5, 5) if name == "beta" else name
    flow = kg.Flow(bijection, base, sample_shape=(1,), seed=0)
    x = np.concatenate([np.full(300, -1.5), np.full(700, 1.0)])[:, None]
    x = (x + 0.5 * np.random.default_rng(0).normal(size=x.shape)).astype("float32")
    trained(flow, np.random.default_rng(1).permutation(x), epochs=20)
    made = np.sort(flow.generate(4000, seed=0)[:, 0])
    distance = stats.ks_2samp(made, x[:, 0]).statistic
    assert distance < 0.08
    known = {"uniform": stats.uniform(), "beta": stats.beta(5, 5), "normal": stats.norm()}[name]
    z = flow.encode(x)[:, 0]
    assert stats.kstest(z, known.cdf).statistic < 0.08


def test_training_learns_and_logs():
    flow = kg.Flow(chain(), sample_shape=(2,), seed=0)
    x, held_out = two_blobs(1024), two_blobs(256, seed=1)
    before = flow.log_prob(held_out).mean()
    flow.compile(keras.optimizers.Adam(1e-2), diagnostics=True)
    history = flow.fit(x, validation_data=held_out, batch_size=64, epochs=5, verbose=0).history
    assert flow.log_prob(held_out).mean() > before + 0.3
    assert history["val_loss"][-1] == pytest.approx(-flow.log_prob(held_out).mean(), rel=1e-4)
    assert history["log_likelihood_estimate"] == [-loss for loss in history["loss"]]
    assert "model_gradient_norm" in history


def test_a_step_by_hand_is_that_of_fit():
    x = two_blobs(32)
    flow = kg.Flow(b.ElementwiseAffine(), sample_shape=(2,), seed=0)
    flow.compile(keras.optimizers.SGD(0.1))
    flow.fit(x, batch_size=32, verbose=0)
    # loss = mean ½ |x e^s + t|² − Σ s, at s = t = 0: derivatives mean x² − 1 and mean x
    np.testing.assert_allclose(flow.bijection.log_scale, -0.1 * (np.mean(x**2, 0) - 1), rtol=1e-5)
    np.testing.assert_allclose(flow.bijection.shift, -0.1 * x.mean(axis=0), rtol=1e-4)


def test_codes_and_samples_are_inverse_and_of_their_seed():
    flow = trained(kg.Flow(chain(), sample_shape=(2,), seed=0), two_blobs(256))
    x = two_blobs(20)
    np.testing.assert_allclose(flow.decode(flow.encode(x)), x, atol=1e-5)
    z = flow.latents(5, seed=3)
    np.testing.assert_allclose(flow.generate(5, seed=3), flow.decode(z), rtol=1e-6)
    np.testing.assert_allclose(
        flow.generate(5, seed=3, temperature=0.5), flow.decode(0.5 * z), rtol=1e-5, atol=1e-6
    )


def test_actnorms_start_at_the_first_data_and_only_there(tmp_path):
    x = 5.0 + 3.0 * two_blobs(256)
    flow = kg.Flow(b.Chain([b.ActNorm(), *chain(2).bijections]), sample_shape=(2,), seed=0)
    assert flow.bijection.needs_start()
    flow.compile(keras.optimizers.SGD(0.0))
    flow.fit(x, batch_size=64, verbose=0)
    z = flow.encode(x)
    np.testing.assert_allclose([z.mean(axis=0), z.std(axis=0)], [[0, 0], [1, 1]], atol=1e-4)
    flow.fit(x + 10.0, batch_size=64, verbose=0)
    assert flow.encode(x).mean() == pytest.approx(0.0, abs=1e-4)
    flow.save(tmp_path / "flow.keras")
    assert not kg.load_model(tmp_path / "flow.keras").bijection.needs_start()
    flow.adapt(x + 10.0)
    assert flow.encode(x + 10.0).mean() == pytest.approx(0.0, abs=1e-4)


def test_classes_are_told_apart():
    x = two_blobs(512)
    y = (x.sum(axis=1) > 0).astype("int32")
    flow = kg.Flow(chain(condition_dim=2), sample_shape=(2,), classes=2, seed=0)
    trained(flow, x, epochs=8, y=y)
    made = flow.generate(400, seed=0, labels=1)
    assert np.mean(made.sum(axis=1) > 0) > 0.95
    right, wrong = flow.log_prob(x, labels=y), flow.log_prob(x, labels=1 - y)
    assert np.mean(right > wrong) > 0.95


def test_dequantized_levels_lie_in_their_bins_and_bits_are_those_of_their_width(rng):
    levels = rng.integers(0, 256, size=(4, 2, 2, 1))
    x = (levels / 127.5 - 1.0).astype("float32")
    noised = ops.convert_to_numpy(dequantized(x, rng.uniform(size=x.shape).astype("float32")))
    assert np.array_equal(np.floor((noised + 1) * 128), levels)
    flow = kg.Flow(b.Flatten(), b_uniform(), sample_shape=(2, 2, 1), dequantize=True, seed=0)
    np.testing.assert_allclose(flow.bits_per_dim(x), np.full(4, 8.0), rtol=1e-5)


def test_learned_noise_bounds_the_probability_of_levels(rng):
    """E_q[p(y) / q(u|x)] is ∫ p(y) du over the level, for any q, and E_q of its logarithm less."""
    flow = kg.Flow(chain(2), sample_shape=(2,), dequantize="variational", seed=0)
    for v in flow.dequantizer.trainable_variables:
        v.assign(v + 0.06 * rng.normal(size=v.shape))
    flow.bijection.bijections[0].network.stack[-1].bias.assign([-3.0, 0.5])  # steep in a level
    level = np.full((1, 2), 100 / 127.5 - 1.0, "float32")
    side = (np.arange(200) + 0.5) / 200
    u = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    y = ops.convert_to_numpy(dequantized(np.repeat(level, len(u), axis=0), u.astype("float32")))
    exact = np.exp(ops.convert_to_numpy(flow.log_density(y)).astype("float64")).mean()
    bounds = flow.log_prob(np.repeat(level, 20_000, axis=0)).astype("float64")
    weights = np.exp(bounds)
    error = weights.std() / len(weights) ** 0.5
    assert error < 0.02 * exact
    assert weights.mean() == pytest.approx(exact, abs=4 * error)
    assert bounds.std() > 0.1
    assert bounds.mean() < np.log(exact)


@pytest.mark.thorough
def test_learned_noise_tightens_the_bound_of_images_and_is_in_the_file(tmp_path):
    rng = np.random.default_rng(0)
    x = (rng.choice([0, 0, 0, 128, 200], size=(256, 4, 4, 1)) / 127.5 - 1.0).astype("float32")
    found = {}
    for noise in ("uniform", "variational"):
        flow = kg.RealNVP((4, 4, 1), levels=1, width=16, dequantize=noise, average=0.9, seed=0)
        flow.compile(keras.optimizers.Adam(3e-3))
        flow.fit(x, batch_size=64, epochs=25, verbose=0)
        found[noise] = flow.bits_per_dim(x).mean()
    assert found["variational"] < found["uniform"] - 0.15
    flow.save(tmp_path / "flow.keras")
    again = kg.load_model(tmp_path / "flow.keras")
    assert np.array_equal(again.bits_per_dim(x), flow.bits_per_dim(x))
    with pytest.raises(ValueError, match="dequantization is learned"):
        kg.families.PretrainedFlow.from_gan(flow)


def b_uniform():
    return kg.distributions.Uniform(-1.0, 1.0)


@pytest.mark.parametrize(
    "make",
    [
        lambda: kg.Flow(chain(), "logistic", sample_shape=(2,), average=0.9, seed=1),
        lambda: kg.RealNVP((2,), couplings=4, width=8, seed=1),
        lambda: kg.NICE((2,), width=8, depth=1, seed=1),
        lambda: kg.RealNVP((4, 4, 1), width=4, levels=1, seed=1),
        lambda: kg.Glow((4, 4, 3), steps_per_level=2, width=4, seed=1),
        pytest.param(
            lambda: kg.Glow((4, 4, 1), levels=1, width=4, dequantize="variational", seed=1),
            marks=pytest.mark.thorough,
        ),
    ],
)
def test_a_file_holds_all_of_it(make, tmp_path):
    flow = make()
    shape = flow.sample_shape
    x = np.tanh(np.random.default_rng(0).normal(size=(32, *shape))).astype("float32")
    flow.compile()
    flow.fit(x, batch_size=16, verbose=0)
    flow.save(tmp_path / "flow.keras")
    again = kg.load_model(tmp_path / "flow.keras")
    assert type(again) is type(flow)
    assert np.array_equal(flow.log_prob(x), again.log_prob(x))
    for model in (flow, again):
        model.fit(x, batch_size=16, verbose=0, shuffle=False)
    assert np.array_equal(flow.generate(4, seed=0), again.generate(4, seed=0))


@pytest.mark.parametrize(
    ("shape", "levels", "alpha"),
    [((28, 28, 1), 2, 1e-6), ((32, 32, 3), 3, 0.05), ((6, 7, 1), 1, 1e-6)],
)
def test_glow_has_as_many_scales_as_sides_can_be_halved(shape, levels, alpha):
    arguments = kg.Glow.arguments_of(shape, width=4)
    assert (arguments["levels"], arguments["alpha"], arguments["width"]) == (levels, alpha, 4)


def test_glow_learns_images_and_its_split_their_mean():
    rng = np.random.default_rng(0)
    bright = rng.choice([-0.8, 0.8], size=(256, 1, 1, 1))
    x = np.clip(bright + 0.05 * rng.normal(size=(256, 4, 4, 1)), -1, 1).astype("float32")
    flow = kg.Glow((4, 4, 1), steps_per_level=2, width=8, seed=0)
    flow.compile(keras.optimizers.Adam(3e-3))
    flow.fit(x, batch_size=32, epochs=30, verbose=0)
    assert flow.bits_per_dim(x).mean() < 5.5  # of 8, and 6.0 of the best without the common bright
    made = flow.generate(200, seed=0, temperature=0.7).mean(axis=(1, 2, 3))
    assert np.mean(np.abs(np.abs(made) - 0.8) < 0.2) > 0.6


REFUSED = {
    "base": lambda: kg.Flow(chain(), "gaussian", sample_shape=(2,)),
    "sample_shape must be the shape of one sample": lambda: kg.Flow(chain(), sample_shape=2),
    "one sample, such as .* received 2": lambda: kg.RealNVP(2),
    "sample_shape must be the shape.* received 3": lambda: kg.NICE(3),
    "image_shape must be the shape of one sample": lambda: kg.Glow(28),
    "base must be": lambda: kg.Flow(chain(), 3, sample_shape=(2,)),
    "pass sample_shape=": lambda: kg.Flow(chain()),
    "made of bijections": lambda: kg.Flow(keras.layers.Dense(2), sample_shape=(2,)),
    "classes must": lambda: kg.Flow(chain(), sample_shape=(2,), classes=1),
    "temperature must": lambda: kg.RealNVP((2,), width=4).generate(2, temperature=0.0),
    "dequantize=False": lambda: kg.RealNVP((2,), width=4).bits_per_dim(np.ones((1, 2))),
    "dequantize must be True": lambda: kg.RealNVP((4, 4, 1), width=4, dequantize="normal"),
    "made of bijections, .* 3": lambda: b.Dequantize(3),
    "makes .* of it": lambda: b.Dequantize(b.Flatten()).forward(np.full((1, 2, 2, 1), 0.5)),
    "at least 2 components": lambda: kg.RealNVP((1,), width=4),
    "Take kg.RealNVP": lambda: kg.Glow((2,)),
    "steps_per_level": lambda: kg.Glow((4, 4, 1), steps_per_level=501),
    "alpha": lambda: kg.Glow((4, 4, 1), alpha=0.5),
    "multiples of 2": lambda: kg.RealNVP((6, 6, 1), width=4, levels=2),
    "couplings": lambda: kg.NICE((2,), couplings=1),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_cannot_be_is_refused(message):
    with pytest.raises(ValueError, match=message):
        REFUSED[message]()


def test_an_unknown_argument_is_named_with_the_nearest_one():
    with pytest.raises(TypeError, match="kg.RealNVP has no argument 'coupling': .* 'couplings'"):
        kg.RealNVP((2,), coupling=4)
    with pytest.raises(TypeError, match=r"kg.Glow has no argument 'bijection'"):
        kg.Glow((4, 4, 1), bijection=b.Flatten())


def levels(n=16, shape=(4, 4, 1), seed=0):
    k = np.random.default_rng(seed).integers(0, 256, size=(n, *shape))
    return (k / 127.5 - 1.0).astype("float32")


def test_codes_of_images_are_those_of_the_middles_of_their_levels():
    x = levels()
    flow = kg.RealNVP((4, 4, 1), levels=1, width=4, seed=0)
    middles = ops.convert_to_numpy(dequantized(x, 0.5))
    expected = ops.convert_to_numpy(flow.bijection.forward(middles))
    np.testing.assert_allclose(flow.encode(x), expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(flow.reconstruct(x), middles, atol=1e-4)
    assert np.abs(flow.reconstruct(x) - x).max() < 1 / 255 + 1e-4
    black = -np.ones((1, 4, 4, 1), "float32")  # on the edge, where a logit would be −13.8
    assert np.abs(flow.encode(black)).max() < 7


def test_a_flow_of_series_takes_values_of_any_size(rng):
    x = (5.0 * rng.normal(size=(64, 8, 2))).astype("float32")
    flow = kg.RealNVP((8, 2), levels=1, width=4, seed=0)
    assert not flow.dequantize
    flow.compile(value_range=None)
    history = flow.fit(x, batch_size=32, epochs=2, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    assert np.isfinite(flow.log_prob(x)).all()
    np.testing.assert_allclose(flow.decode(flow.encode(x)), x, atol=1e-3)


def test_actnorms_start_at_data_from_everywhere():
    x = np.sort(np.random.default_rng(0).normal(size=20_000))[:, None] * np.ones((1, 2))
    flow = kg.Flow(b.ActNorm(), sample_shape=(2,), seed=0)
    flow.compile(keras.optimizers.SGD(0.0))
    flow.fit(x, batch_size=4096, verbose=0, shuffle=False)
    z = flow.encode(x)
    np.testing.assert_allclose([z.mean(), z.std()], [0.0, 1.0], atol=0.01)


def test_batch_normalization_starts_before_the_actnorm_behind_it(rng):
    x = (100.0 * rng.normal(size=(512, 2))).astype("float32")
    parts = [b.BatchNormalization(), b.ActNorm()]
    flow = kg.Flow(b.Chain(parts), sample_shape=(2,), seed=0)
    flow.compile(keras.optimizers.SGD(0.0))
    flow.fit(x, batch_size=512, verbose=0)
    assert flow.encode(x).std() == pytest.approx(1.0, abs=0.05)


def test_tails_of_a_mixture_keep_a_finite_density():
    rng = np.random.default_rng(0)
    for seed in range(40):
        cdf = b.MixtureCDF(8)
        flow = kg.Flow(cdf, "uniform", sample_shape=(1,), seed=seed)
        cdf.logits.assign(rng.normal(size=cdf.logits.shape))
        x = np.linspace(-4.0, 14.0, 200)[:, None]
        logs = flow.log_prob(x)
        weights = np.exp(ops.convert_to_numpy(ops.log_softmax(cdf.logits)))[0]
        means, log_stddev = (ops.convert_to_numpy(v.value)[0] for v in (cdf.means, cdf.log_stddev))
        parts = stats.norm(means, np.exp(log_stddev)).logpdf(x)
        truth = np.log(np.exp(parts - parts.max(1, keepdims=True)) @ weights) + parts.max(1)
        np.testing.assert_allclose(logs, truth, rtol=1e-4, atol=1e-4)


def test_a_base_with_bounds_is_not_left():
    flow = kg.Flow(b.MixtureCDF(2), "uniform", sample_shape=(2,), seed=0)
    with pytest.raises(ValueError, match="has bounds: leave out temperature=2"):
        flow.generate(3, temperature=2)
    way = flow.between(np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.linspace(0, 1, 3))
    np.testing.assert_allclose(way[1], [0.5, 0.5])


def test_labels_and_conditions_must_be_of_one_kind():
    with pytest.raises(ValueError, match="needs a bijection with a part that takes the condition"):
        kg.Flow(chain(), sample_shape=(2,), classes=2)
    with pytest.raises(ValueError, match="condition_dim=2, .* pass classes=2"):
        kg.Flow(chain(condition_dim=2), sample_shape=(2,))
    with pytest.raises(ValueError, match="condition_dim=3, .* the flow has classes=2"):
        kg.Flow(chain(condition_dim=3), sample_shape=(2,), classes=2)


def test_the_network_of_samples_of_a_conditional_flow_takes_labels():
    flow = kg.RealNVP((2,), couplings=2, width=4, classes=3, seed=0)
    z = flow.latents(4, seed=0)
    labels = np.array([0, 1, 2, 1])
    made = flow.sample_network()([z, labels])
    np.testing.assert_allclose(made, flow.samples_of(z, labels=labels), rtol=1e-5, atol=1e-6)


def test_images_on_another_scale_are_refused_where_they_are_judged():
    flow = kg.RealNVP((4, 4, 1), levels=1, width=4, seed=0)
    x = np.full((2, 4, 4, 1), 200.0)
    for judged in (flow.log_prob, flow.bits_per_dim, flow.encode, flow.adapt):
        with pytest.raises(ValueError, match=r"in \[-1, 1\]; received values from 200 to 200"):
            judged(x)


def test_an_estimated_density_is_that_of_the_sample_wherever_it_stands(rng):
    flow = kg.FFJORD((4, 4, 1), levels=1, width=8, solver="rk4", steps=4, seed=0, dequantize=False)
    for v in flow.trainable_variables:
        v.assign(0.3 * rng.normal(size=v.shape))
    one = np.tanh(rng.normal(size=(1, 4, 4, 1)))
    several = np.concatenate([one, np.tanh(rng.normal(size=(5, 4, 4, 1)))])
    together, alone = flow.log_prob(several), flow.log_prob(several, batch_size=1)
    np.testing.assert_allclose(together, alone, rtol=1e-4, atol=1e-3)
    drawn = [flow.log_prob(one, seed=seed)[0] for seed in range(8)]
    assert np.std(drawn) > 0.05  # an estimate, with noise of the seed


def test_many_rows_are_compiled_and_have_the_density_of_few():
    x = two_blobs(2_345)
    flow = kg.RealNVP((2,), couplings=2, width=8, average=0.5, seed=0)
    trained(flow, x, epochs=1)
    for average in (True, False):
        few = [flow.log_prob(x[i : i + 500], average=average) for i in range(0, len(x), 500)]
        many = flow.log_prob(x, average=average, batch_size=1000)
        np.testing.assert_allclose(many, np.concatenate(few), rtol=1e-5, atol=1e-5)
    assert np.abs(flow.log_prob(x) - flow.log_prob(x, average=False)).max() > 1e-3
    flow.fit(x, batch_size=64, verbose=0)  # after which the compiled function has other weights
    few = flow.log_prob(x[:500])
    np.testing.assert_allclose(flow.log_prob(x)[:500], few, rtol=1e-5, atol=1e-5)
