"""The unrolled generator's gradient, by hand and by differences, and what stays of its look."""

import functools

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.layers.spectral_normalization import one_kernel
from keras_gan.parallel.random_numbers import Draws
from tests import toys
from tests.backend import BACKEND
from tests.slow import slow_but

UNROLL = 2


def smooth(latent_dim=2, width=4):
    """A pair without kinks, for differences."""
    keras.utils.set_random_seed(2)
    return (
        kg.networks.mlp_generator(latent_dim=latent_dim, width=width, depth=1, activation="tanh"),
        kg.networks.mlp_discriminator(width=width, depth=1, activation="tanh"),
    )


def small(unroll=UNROLL, normalized=True, **options):
    keras.utils.set_random_seed(11)
    options = {"seed": 7, "objective": "saddle", **options}
    networks = toys.generator(normalized=normalized), toys.discriminator()
    return kg.UnrolledGAN(*networks, unroll=unroll, **options)


def compiled(gan, rate=0.1, discriminator=keras.optimizers.SGD, **options):
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(rate),
        discriminator_optimizer=discriminator(rate),
        **options,
    )
    return gan


def fitted(gan, n=64, **options):
    gan.fit(toys.points(n), batch_size=16, shuffle=False, verbose=0, **options)
    return gan


def assert_equal(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=getattr(a, "path", ""))


@pytest.mark.parametrize("schedule", slow_but(["alternating"], ["alternating", "simultaneous"]))
def test_without_unrolling_it_is_the_gan_to_the_bit(schedule):
    games = []
    for kind in (kg.GAN, functools.partial(kg.UnrolledGAN, unroll=0)):
        keras.utils.set_random_seed(11)
        networks = toys.generator(), toys.discriminator(dropout=0.2)
        penalties = [kg.penalties.GradientPenalty()]
        gan = kind(*networks, seed=7, schedule=schedule, penalties=penalties, average=0.9)
        gan.compile()
        games.append(fitted(gan))
    assert_equal(*(gan.variables for gan in games))
    assert_equal(*(gan.optimizer.variables for gan in games))


@pytest.fixture
def float64():
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")


def by_differences(function, weights, direction):
    """The derivative of a function of weights along a direction."""
    start = [ops.convert_to_numpy(w) for w in weights]

    def moved(by):
        for w, at, along in zip(weights, start, direction, strict=True):
            w.assign(at + by * along)
        return function()

    step = 1e-5
    slope = (moved(step) - moved(-step)) / (2 * step)
    moved(0.0)
    return slope


OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(1.0),
    "momentum, decay, clipping": lambda: keras.optimizers.SGD(
        0.5, momentum=0.9, nesterov=True, weight_decay=0.1, global_clipnorm=0.3
    ),
    "adam": lambda: keras.optimizers.Adam(0.05, beta_1=0.5),
    "rmsprop, falling": lambda: keras.optimizers.RMSprop(
        keras.optimizers.schedules.ExponentialDecay(0.05, 1, 0.7)
    ),
}


@pytest.mark.float64
@pytest.mark.parametrize("optimizer", slow_but(["sgd", "adam"], OPTIMIZERS))
def test_the_gradient_is_that_of_the_loss_after_real_steps(float64, optimizer):
    """The loss is computed by moving D for good, with its optimizer, three times; then put back.

    Along the same direction the gradient of f_G at θ_D^3 alone is something else.
    """
    gan = kg.UnrolledGAN(*smooth(), unroll=3, objective="saddle", seed=3)
    gan.compile(discriminator_optimizer=OPTIMIZERS[optimizer]())
    x = toys.points(6).astype("float64")
    optimizer = gan.optimizer["discriminator"]
    for _ in range(2):  # so that it has moments
        gan.optimizer.move(
            "discriminator", gan.look("discriminator", x)[0], gan.variables_of("discriminator")
        )
    state = [*gan.discriminator.variables, *optimizer.variables]
    before = [ops.convert_to_numpy(v) for v in state]
    z = Draws(3)
    z.state.assign(gan.draws.state)
    z = z.normal((6, 2))

    trained, D = gan.variables_of("discriminator"), gan.discriminator

    def discriminator_loss(fake):
        return gan.objective.discriminator_loss(D(x), D(fake)), None

    def loss(at=None):
        """f_G after three steps of D, or at given weights of D."""
        fake = gan.generator(z)
        for _ in range(3 if at is None else 0):
            gradients, _ = kg.autodiff.gradients(lambda: discriminator_loss(fake), trained)
            gan.optimizer.move("discriminator", gradients, trained)
        for v, value in zip(state, at or [], strict=at is not None):
            v.assign(value)
        later.append([ops.convert_to_numpy(v) for v in state])
        value = gan.objective.generator_loss(D(fake), D(x))
        for v, old in zip(state, before, strict=True):
            v.assign(old)
        return float(value)

    later = []
    expected_loss = loss()
    weights = gan.variables_of("generator")
    rng = np.random.default_rng(0)
    direction = [rng.normal(size=w.shape) for w in weights]
    expected = by_differences(loss, weights, direction)
    truncated = by_differences(functools.partial(loss, later[0]), weights, direction)
    gradients, scalars = gan.look("generator", x)
    found = sum(float(np.sum(np.asarray(g) * d)) for g, d in zip(gradients, direction, strict=True))
    assert float(scalars["generator_loss"]) == pytest.approx(expected_loss, rel=1e-9)
    assert found == pytest.approx(expected, rel=1e-6)
    assert abs(truncated - expected) > 1e-3 * abs(expected)
    assert_equal(state, before)


@pytest.mark.float64
@pytest.mark.parametrize("unroll", [1, 2])
def test_a_linear_game_in_closed_form(float64, unroll):
    """D(x) = wᵀx, G(z) = z + b, least squares: all derivatives by hand, in NumPy.

    With a = x − 1 and c = G(z), L_D = ½ E (wᵀx − 1)² + ½ E (wᵀc)² has the gradient
    H(b) w − E x, H = E x xᵀ + E c cᵀ; f_G = ½ E (wᵀc − 1)².
    """
    rate = 0.3
    z_input, x_input = keras.Input((2,)), keras.Input((2,))
    generator = keras.Model(z_input, Shift()(z_input))
    discriminator = keras.Model(x_input, layers.Dense(1, use_bias=False)(x_input))
    gan = kg.UnrolledGAN(generator, discriminator, unroll=unroll, objective="least_squares", seed=5)
    compiled(gan, rate)
    b, w = np.array([0.4, -0.7]), np.array([0.6, 0.2])
    generator.set_weights([b])
    discriminator.set_weights([w[:, None]])
    x = toys.points(8).astype("float64")
    c = ops.convert_to_numpy(Draws(5).normal((8, 2))) + b

    jacobian = np.zeros((2, 2))  # ∂w/∂b
    mean = c.mean(axis=0)
    hessian = x.T @ x / 8 + c.T @ c / 8
    for _ in range(unroll):
        # ∂(c cᵀ w)/∂b = wᵀc I + c wᵀ
        direct = (w @ mean) * np.eye(2) + np.outer(mean, w)
        jacobian = jacobian - rate * (hessian @ jacobian + direct)
        w = w - rate * (hessian @ w - x.mean(axis=0))
    error = c @ w - 1
    expected = w * error.mean() + jacobian.T @ (c.T @ error / 8)

    (found,), scalars = gan.look("generator", x)
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    assert float(scalars["generator_loss"]) == pytest.approx(np.mean(error**2) / 2, rel=1e-9)
    assert np.abs(expected - w * error.mean()).max() > 0.05  # the part through w(b)


@keras.saving.register_keras_serializable(package="tests")
class Shift(layers.Layer):
    """z + b."""

    def build(self, input_shape):
        self.b = self.add_weight(shape=(2,))

    def call(self, z):
        return z + self.b


def normalized(**options):
    keras.utils.set_random_seed(4)
    networks = toys.generator(), kg.networks.mlp_discriminator(width=8, normalization="spectral")
    return kg.UnrolledGAN(*networks, unroll=UNROLL, seed=7, **options)


def test_the_discriminator_moves_only_by_its_own_step():
    """Its weights, vectors u and both moments of its Adam are those after its step in a GAN."""
    gan, plain = normalized(), normalized()
    x = toys.points(16)
    for each in (gan, plain):
        compiled(each, discriminator=keras.optimizers.Adam, run_eagerly=True)
    gan.train_on_batch(x)
    with one_kernel():
        gradients, _ = plain.look("discriminator", x)
    plain.optimizer.move("discriminator", gradients, plain.variables_of("discriminator"))
    for one, other in (
        (gan.discriminator, plain.discriminator),
        (gan.optimizer["discriminator"], plain.optimizer["discriminator"]),
    ):
        for a, b in zip(one.variables, other.variables, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-7, err_msg=a.path)
    assert int(gan.optimizer["discriminator"].iterations) == 1


def test_the_foreseen_discriminator_is_the_one_after_as_many_steps():
    """Weights, and the vectors u of one power iteration a step."""
    gan, twin = normalized(), normalized()
    x, fake = toys.points(8), toys.points(8, seed=1)
    for each in (gan, twin):
        compiled(each, discriminator=keras.optimizers.Adam)
    with one_kernel(), gan.unrolled(x, fake, None, gan.draws):  # as in a step of the game
        foreseen = [ops.convert_to_numpy(v.value) for v in gan.discriminator.variables]

    def loss():
        return twin.losses_on(x, fake, None, twin.draws, True)[0]["discriminator_loss"], None

    trained = twin.variables_of("discriminator")
    for _ in range(UNROLL):
        with one_kernel():
            gradients, _ = kg.autodiff.gradients(loss, trained)
        twin.optimizer.move("discriminator", gradients, trained)
    for v, value in zip(twin.discriminator.variables, foreseen, strict=True):
        np.testing.assert_allclose(value, v, rtol=1e-5, atol=1e-6, err_msg=v.path)


def test_random_streams_go_on_in_each_foreseen_step():
    gan = kg.UnrolledGAN(
        toys.generator(),
        toys.discriminator(dropout=0.3),
        unroll=UNROLL,
        penalties=[kg.penalties.GradientPenalty()],
    )
    compiled(gan)
    drawn, dropped = (int(s[1]) for s in counts(gan))
    gan.look("generator", toys.points(4))
    assert int(counts(gan)[0][1]) - drawn == 1 + UNROLL  # z, and one ε for each step
    assert int(counts(gan)[1][1]) - dropped == 3 * UNROLL + 1  # D of x, G(z), x̂; of G(z)


def counts(gan):
    dropout = next(v for v in gan.discriminator.variables if "seed_generator" in v.path)
    return [ops.convert_to_numpy(v) for v in (gan.draws.state, dropout)]


@pytest.mark.slow
def test_a_saved_game_goes_on_as_if_nothing_had_happened(tmp_path):
    gan = small(average=0.9, penalties=[kg.penalties.R1(0.1)])
    gan.compile(discriminator_optimizer=keras.optimizers.Adam(1e-3))
    fitted(gan).save(tmp_path / "gan.keras")
    copy = keras.saving.load_model(tmp_path / "gan.keras")
    assert type(copy) is kg.UnrolledGAN
    assert copy.unroll == copy.settings()["unroll"] == copy.get_config()["unroll"] == UNROLL
    for game in (gan, copy):
        fitted(game)
    assert_equal(gan.variables, copy.variables)
    assert_equal(gan.optimizer.variables, copy.optimizer.variables)


@pytest.mark.parametrize("unroll", [-1, 1.5, "five", True, None])
def test_a_count_that_is_none(unroll):
    with pytest.raises(ValueError, match="unroll, the number of discriminator steps"):
        small(unroll)


REFUSED = {
    "does not move at every step": lambda: keras.optimizers.SGD(gradient_accumulation_steps=2),
    "puts averages": lambda: keras.optimizers.Adam(use_ema=True, ema_overwrite_frequency=5),
}


@pytest.mark.parametrize("reason", ["does not move at every step", "puts averages"])
def test_optimizers_that_cannot_be_unrolled(reason):
    with pytest.raises(ValueError, match=reason):
        small().compile(discriminator_optimizer=REFUSED[reason]())
    small(0).compile(discriminator_optimizer=REFUSED[reason]())
    small().compile(generator_optimizer=REFUSED[reason]())


def image_pair(*hidden):
    """A generator and a discriminator of 4 × 4 images."""
    z, x = keras.Input((2,)), keras.Input((4, 4, 1))
    generator = keras.Model(z, layers.Reshape((4, 4, 1))(layers.Dense(16)(z)))
    h = layers.Conv2D(2, 2, activation="tanh")(x)
    for layer in hidden:
        h = layer(h)
    h = layers.Conv2D(2, 2, activation="tanh")(h)
    return generator, keras.Model(x, layers.Dense(1)(layers.Flatten()(h)))


WRONG = {
    "BatchNormalization": layers.BatchNormalization,
    "LayerNormalization": layers.LayerNormalization,
    "GroupNormalization": lambda: layers.GroupNormalization(2),
    "UpSampling2D layer .* is missing": lambda: layers.UpSampling2D(interpolation="bilinear"),
}


@pytest.mark.parametrize("name", WRONG)
def test_layers_without_a_right_second_derivative_are_refused_on_tensorflow(name):
    networks = image_pair(WRONG[name]())
    kg.UnrolledGAN(*networks, unroll=0)
    if BACKEND == "tensorflow":
        with pytest.raises(ValueError, match=name):
            kg.UnrolledGAN(*networks)
    else:
        kg.UnrolledGAN(*networks)


@pytest.mark.slow
def test_replicas_take_the_step_of_one(two_replicas):
    """With SGD, unequal shares and a penalty, two replicas end with the weights of one."""
    import tensorflow as tf

    data, rate = tf.data.Dataset.from_tensor_slices(toys.points(29)).batch(10), 0.05
    penalties = [kg.penalties.GradientPenalty(0.5)]
    options = {"average": 0.9, "penalties": penalties, "normalized": False}
    alone = compiled(small(**options), rate)
    history = alone.fit(data, epochs=2, verbose=0).history
    with two_replicas.scope():
        shared = compiled(small(**options), rate)
    shared_history = shared.fit(data, epochs=2, verbose=0).history
    for name in history:
        np.testing.assert_allclose(shared_history[name], history[name], rtol=1e-5)
    for a, b in zip(alone.get_weights(), shared.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("options", [{"steps_per_execution": 4}, {"jit_compile": True}])
def test_fused_and_compiled_steps_give_the_weights_of_single_ones(options):
    single, other = (fitted(compiled(small(), **each)) for each in ({}, options))
    for a, b in zip(single.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


@pytest.mark.slow
def test_with_labels_a_lazy_penalty_and_dropout():
    """A penalty in a branch, in a hypothetical step, whose random state goes on."""
    gan = kg.UnrolledGAN(
        kg.networks.mlp_generator(width=8, depth=1, classes=3),
        kg.networks.mlp_discriminator(width=8, depth=1, classes=3, dropout=0.3),
        unroll=UNROLL,
        penalties=[kg.penalties.GradientPenalty(every=2)],
    )
    gan.compile(diagnostics=True)
    x, y = toys.points(32), np.arange(32) % 3
    history = gan.fit(x, y, batch_size=16, verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())


def test_a_dead_unit_does_not_spoil_the_gradient_through_adam():
    """Its weights have had no gradient, and √0 has an infinite derivative."""
    gan = small(objective="wasserstein")  # nor has the last bias of a critic
    gan.compile()
    kernel, bias, *rest = gan.discriminator.get_weights()[:4]
    kernel[:, :8], bias[:8] = 0.0, 0.0
    last = np.array(rest[0])
    last[:8] = 0.0
    gan.discriminator.layers[0].set_weights([kernel, bias])
    gan.discriminator.layers[-1].set_weights([last, rest[1]])
    gradients, _ = gan.look("generator", toys.points(16))
    assert all(np.isfinite(ops.convert_to_numpy(g)).all() for g in gradients)


@pytest.mark.slow
def test_in_float16_the_inner_optimizer_is_unrolled():
    keras.config.set_dtype_policy("mixed_float16")
    gan = small()
    gan.compile()
    fitted(gan)
    keras.config.set_dtype_policy("float32")
    x = toys.points(16)
    wide = small()
    wide.compile()
    for mine, theirs in ((wide.generator, gan.generator), (wide.discriminator, gan.discriminator)):
        mine.set_weights(theirs.get_weights())
    wide.draws.state.assign(gan.draws.state)
    inner = gan.optimizer["discriminator"].inner_optimizer
    for v, value in zip(wide.optimizer["discriminator"].variables, inner.variables, strict=True):
        v.assign(value)
    scale = float(gan.optimizer["generator"].dynamic_scale)
    found, expected = gan.look("generator", x)[0], wide.look("generator", x)[0]
    found = np.concatenate([np.ravel(g) for g in found]) / scale
    expected = np.concatenate([np.ravel(g) for g in expected])
    assert np.linalg.norm(found - expected) < 0.02 * np.linalg.norm(expected)
