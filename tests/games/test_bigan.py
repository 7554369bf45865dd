"""BiGAN's step against the algorithm written by hand, its losses, pairs, penalties and errors."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from numpy.testing import assert_allclose, assert_array_equal

import keras_gan as kg
from keras_gan.draws import Draws
from keras_gan.games.joint import JointSpace
from tests import toys
from tests.derivatives import gradients


def encoder(data_dim=2, latent_dim=3):
    return keras.Sequential(
        [keras.Input((data_dim,)), layers.Dense(16), layers.ReLU(), layers.Dense(latent_dim)],
        name="encoder",
    )


def discriminator(data_dim=2, latent_dim=3, dropout=0.0, normalization=None):
    x, z = keras.Input((data_dim,)), keras.Input((latent_dim,))
    h = layers.Dense(16)(layers.Concatenate()([x, z]))
    h = h if normalization is None else normalization(h)
    h = layers.Dropout(dropout)(layers.Activation("tanh")(h))
    return keras.Model([x, z], layers.Dense(1)(h), name="discriminator")


def make(seed=7, normalized=False, dropout=0.0, **options):
    keras.utils.set_random_seed(11)
    networks = toys.generator(normalized=normalized), encoder(), discriminator(dropout=dropout)
    return kg.BiGAN(*networks, seed=seed, **options)


def sgd(gan, rate=0.1, **options):
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(rate),
        discriminator_optimizer=keras.optimizers.SGD(rate),
        **options,
    )
    return gan


def descend(networks, loss, rate=0.1):
    """One step of gradient descent, by hand."""
    variables = [v for network in networks for v in network.trainable_variables]
    for v, g in zip(variables, gradients(loss, variables), strict=True):
        v.assign(v - rate * g)


def softplus(x):
    return ops.logaddexp(0.0, x)


LOSSES = {  # discriminator's loss of (real, fake) scores, generator's and encoder's of the same
    "minimax": (
        lambda r, f: ops.mean(softplus(-r) + softplus(f)),
        lambda r, f: -ops.mean(softplus(-r) + softplus(f)),
    ),
    "non_saturating": (
        lambda r, f: ops.mean(softplus(-r) + softplus(f)),
        lambda r, f: ops.mean(softplus(r) + softplus(-f)),
    ),
    "wasserstein": (lambda r, f: ops.mean(f - r), lambda r, f: ops.mean(r - f)),
    "hinge": (
        lambda r, f: ops.mean(ops.maximum(0.0, 1 - r) + ops.maximum(0.0, 1 + f)),
        lambda r, f: ops.mean(r - f),
    ),
    "least_squares": (
        lambda r, f: ops.mean((r - 1) ** 2 + f**2) / 2,
        lambda r, f: ops.mean(r**2 + (f - 1) ** 2) / 2,
    ),
    "relativistic": (
        lambda r, f: ops.mean(softplus(f - r)),
        lambda r, f: ops.mean(softplus(r - f)),
    ),
}


@pytest.mark.parametrize("objective", LOSSES)
def test_a_step_is_the_algorithm_of_the_paper(objective):
    """Two discriminator steps on fresh minibatches, then one of G and E that sees the new D.

    Of real samples it sees those of the first discriminator step.
    """
    gan = sgd(make(objective=objective, schedule=2))
    twin = make()
    x = toys.points(8)
    gan.train_on_batch(x)

    discriminator_loss, generator_loss = LOSSES[objective]
    G, E, D, draws = twin.generator, twin.encoder, twin.discriminator, Draws(7)
    x = ops.convert_to_tensor(x)
    for half in (x[0::2], x[1::2]):
        z = draws.normal((4, 3))
        descend([D], lambda x=half, z=z: discriminator_loss(r=D([x, E(x)]), f=D([G(z), z])))
    z, first = draws.normal((4, 3)), x[0::2]
    descend([G, E], lambda: generator_loss(r=D([first, E(first)]), f=D([G(z), z])))

    for a, b in zip(gan.get_weights(), twin.get_weights(), strict=True):
        assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_history_shows_the_losses_and_the_estimate():
    gan = sgd(make(), rate=0.0, diagnostics=True)
    x = toys.points(16)
    history = gan.fit(x, batch_size=16, shuffle=False, verbose=0).history

    draws, G, E, D = Draws(7), gan.generator, gan.encoder, gan.discriminator
    x = ops.convert_to_tensor(x)
    real, z = D([x, E(x)]), draws.normal((16, 3))
    fake = D([G(z), z])
    expected = {
        "discriminator_loss": LOSSES["non_saturating"][0](real, fake),
        "jensen_shannon_estimate": np.log(2) - LOSSES["non_saturating"][0](real, fake) / 2,
        "real_accuracy": np.mean(ops.convert_to_numpy(real) > 0),
        "fake_accuracy": np.mean(ops.convert_to_numpy(fake) < 0),
    }
    z = draws.normal((16, 3))
    expected["generator_loss"] = LOSSES["non_saturating"][1](real, D([G(z), z]))
    for name, value in expected.items():
        assert_allclose(history[name][0], float(value), rtol=1e-5, err_msg=name)
    assert {"generator_gradient_norm", "discriminator_gradient_norm"} < set(history)


@pytest.mark.parametrize(
    ("name", "at_tie"), [("minimax", -np.log(4)), ("non_saturating", np.log(4)), ("hinge", 0.0)]
)
def test_generator_and_encoder_that_are_inverse_leave_the_losses_at_a_tie(name, at_tie):
    """x = A z of normal z, and E = A⁻¹: both pairs are of one distribution, on one hyperplane.

    A linear D that is right about E's pairs is wrong about as many of G's: no D does better than
    a constant score, and the hand-made G and E have nothing to gain.
    """
    A = np.array([[2.0, 1.0], [0.0, 0.5]], "float32")
    G = keras.Sequential([keras.Input((2,)), layers.Dense(2, use_bias=False)])
    E = keras.Sequential([keras.Input((2,)), layers.Dense(2, use_bias=False)])
    G.set_weights([A])
    E.set_weights([np.linalg.inv(A)])
    gan = kg.BiGAN(G, E, discriminator(2, 2), objective=name, seed=0)
    gan.compile(discriminator_optimizer=keras.optimizers.Adam(1e-2), generator_optimizer="sgd")
    z = ops.convert_to_numpy(gan.prior((4096, 2), seed=1))
    x = z @ A
    assert_allclose(gan.encode(x), z, atol=1e-5)
    assert_allclose(gan.reconstruct(x), x, atol=1e-5)
    for _ in range(20):  # D alone learns
        gradients, _ = gan.look("discriminator", ops.convert_to_tensor(x))
        gan.optimizer.move("discriminator", gradients, gan.variables_of("discriminator"))
    losses = gan.evaluate(x, batch_size=4096, return_dict=True, verbose=0)
    of_tie = float(gan.objective.discriminator_loss(ops.zeros((1, 1)), ops.zeros((1, 1))))
    assert losses["discriminator_loss"] == pytest.approx(of_tie, abs=0.05)
    assert losses["generator_loss"] == pytest.approx(at_tie, abs=0.05)


PENALTIES = {
    "r1": kg.penalties.R1(4.0),
    "between": kg.penalties.GradientPenalty(10.0),
}


@pytest.mark.parametrize("name", PENALTIES)
def test_a_penalty_is_on_the_gradient_by_sample_and_latent_vector(name):
    """Against central differences of D over every component of x and of z."""
    gan = sgd(make(penalties=[PENALTIES[name]]), rate=0.0)
    x = toys.points(8)
    history = gan.fit(x, batch_size=8, shuffle=False, verbose=0).history

    draws, D = Draws(7), gan.discriminator
    z = draws.normal((8, 3))
    real = np.concatenate([x, gan.encoder(x)], axis=1)
    fake = np.concatenate([gan.generator(z), z], axis=1)
    weights = [w.astype("float64") for w in D.get_weights()]

    def score(points):
        return np.tanh(points @ weights[0] + weights[1]) @ weights[2] + weights[3]

    points = real
    if name == "between":
        share = np.asarray(draws.uniform((8, 1)), "float64")
        points = share * real + (1 - share) * fake
    h = 1e-5
    steps = h * np.eye(5)
    slopes = [(score(points + step) - score(points - step)) / (2 * h) for step in steps]
    squares = np.sum(np.square(slopes), axis=0)
    expected = {
        "r1": 0.5 * 4.0 * np.mean(squares),
        "between": 10.0 * np.mean((np.sqrt(squares) - 1) ** 2),
    }
    logged = {"r1": "r1_penalty", "between": "gradient_penalty"}[name]
    assert history[logged][0] == pytest.approx(expected[name], rel=1e-4)


def test_a_penalty_moves_the_discriminator_down_its_slope():
    """By central differences of the penalty along the step, with D's own loss switched off."""
    gan = sgd(make(penalties=[PENALTIES["between"]]))
    x = ops.convert_to_tensor(toys.points(8))
    variables = gan.variables_of("discriminator")

    def terms(moved=0.0, direction=None):
        starts = [ops.convert_to_numpy(v) for v in variables]
        for v, s, d in zip(variables, starts, direction or starts, strict=True):
            v.assign(s + moved * d)
        gan.draws.restart()
        losses, _ = gan.losses_of("discriminator", x, gan.draws, training=True)
        for v, s in zip(variables, starts, strict=True):
            v.assign(s)
        return float(losses["discriminator_loss"] + losses["gradient_penalty"])

    gan.draws.restart()
    slopes, _ = gan.look("discriminator", x)
    slopes = [
        np.zeros(v.shape) if g is None else np.asarray(g)
        for v, g in zip(variables, slopes, strict=True)
    ]
    h = 1e-3
    difference = (terms(h, slopes) - terms(-h, slopes)) / (2 * h)
    assert difference == pytest.approx(sum(float((g**2).sum()) for g in slopes), rel=1e-2)


def test_a_penalty_refuses_a_discriminator_of_pairs_that_is_wrong_to_second_order():
    D = discriminator(normalization=layers.BatchNormalization(name="norm"))
    with pytest.raises(ValueError, match="BatchNormalization layer 'norm' cannot stand"):
        kg.BiGAN(toys.generator(), encoder(), D, penalties=[kg.penalties.R1()])
    D = discriminator(normalization=kg.layers.LayerNormalization())
    kg.BiGAN(toys.generator(), encoder(), D, penalties=[kg.penalties.R1()])


def test_pairs_are_joined_and_split_without_loss(rng):
    space = JointSpace((4, 4, 2), latent_dim=3)
    x, z = (ops.convert_to_tensor(rng.normal(size=s), "float32") for s in ((5, 4, 4, 2), (5, 3)))
    for back, given in zip(space.split(space.join(x, z)), (x, z), strict=True):
        assert_allclose(back, given, rtol=1e-6)
    D = kg.networks.bigan_discriminator((4, 4, 2), latent_dim=3, width=8)
    assert_allclose(space.over(D)(space.join(x, z)), D([x, z]), rtol=1e-6)


def test_the_average_covers_generator_and_encoder():
    gan = make(normalized=True, average=0.3)
    gan.compile()
    x = toys.points(32)
    expected = None
    for t in range(4):
        gan.train_on_batch(x)
        weights = [*gan.generator.get_weights(), *gan.encoder.get_weights()]
        decay = min(0.3, t / (t + 10))
        expected = weights if t == 0 else expected
        expected = [decay * a + (1 - decay) * w for a, w in zip(expected, weights, strict=True)]
    for average, value in zip(gan.average.averages, expected, strict=True):
        assert_allclose(average, value, rtol=1e-5, atol=1e-7)
    G, E = keras.models.clone_model(gan.generator), keras.models.clone_model(gan.encoder)
    G.set_weights(expected[: len(G.weights)])
    E.set_weights(expected[len(G.weights) :])
    assert_allclose(gan.encode(x), E(x), rtol=1e-4, atol=1e-6)
    assert_allclose(gan.reconstruct(x), G(E(x)), rtol=1e-4, atol=1e-6)
    assert_allclose(gan.encode(x, average=False), gan.encoder(x), rtol=1e-6)
    own = gan.generator(gan.encoder(x))
    assert_allclose(gan.reconstruct(x, average=False), own, rtol=1e-5, atol=1e-6)


def test_codes_scores_and_features_of_samples():
    gan = make(normalized=True)
    x, z = toys.points(10), np.ones((10, 3), "float32")
    codes = gan.encode(x, batch_size=4)
    assert codes.shape == (10, 3)
    assert codes.dtype == np.float32
    assert gan.reconstruct(x, batch_size=4).shape == (10, 2)
    assert gan.generate(5, seed=0).shape == (5, 2)
    D = gan.discriminator
    assert_allclose(gan.discriminate(x, batch_size=4), D([x, codes]), rtol=1e-5)
    assert_allclose(gan.discriminate(x, z, batch_size=4), D([x, z]), rtol=1e-5)
    features = gan.features(x, batch_size=4)
    kernel, bias = D.get_weights()[-2:]
    assert_allclose(features @ kernel + bias, gan.discriminate(x), rtol=1e-4, atol=1e-6)


OPTIONS = {
    "plain": {},
    "penalized": {
        "schedule": 2,
        "objective": "wasserstein",
        "prior": "uniform",
        "penalties": [kg.penalties.GradientPenalty(1.0)],
    },
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_a_saved_game_goes_on_as_if_nothing_had_happened(tmp_path, options):
    gan = make(dropout=0.3, normalized=True, average=0.99, **options)
    gan.compile(steps_per_execution=2)
    x = toys.points(64)
    gan.fit(x, batch_size=16, epochs=2, shuffle=False, verbose=0)
    gan.save(tmp_path / "gan.keras")
    copy = kg.load_model(tmp_path / "gan.keras")
    assert type(copy) is kg.BiGAN
    assert copy.settings() == gan.settings()
    for game in (gan, copy):
        game.fit(x, batch_size=16, epochs=2, shuffle=False, verbose=0)
    for a, b in zip(gan.variables, copy.variables, strict=True):
        assert_array_equal(a, b, err_msg=a.path)
    for a, b in zip(gan.optimizer.variables, copy.optimizer.variables, strict=True):
        assert_array_equal(a, b, err_msg=a.path)
    assert_array_equal(gan.encode(x), copy.encode(x))


def test_a_checkpoint_resumes_to_the_bit(tmp_path):
    x = toys.points(64)
    games = [make(average=0.9) for _ in range(2)]
    for game, epochs in zip(games, ([4], [2, 4]), strict=True):
        for last in epochs:
            game = make(average=0.9) if last == 4 else game
            game.compile()
            folder = tmp_path / str(len(epochs))
            checkpoint = [kg.callbacks.Checkpoint(folder)]
            game.fit(x, batch_size=16, epochs=last, shuffle=False, verbose=0, callbacks=checkpoint)
        games[len(epochs) - 1] = game
    for a, b in zip(games[0].variables, games[1].variables, strict=True):
        assert_array_equal(a, b, err_msg=a.path)


def test_replicas_take_the_step_of_one(two_replicas):
    import tensorflow as tf

    x = toys.points(32)
    data = tf.data.Dataset.from_tensor_slices(x).batch(16)
    alone = sgd(make(average=0.9, penalties=[PENALTIES["between"]]))
    alone.fit(data, epochs=2, verbose=0)
    with two_replicas.scope():
        shared = sgd(make(average=0.9, penalties=[PENALTIES["between"]]))
    shared.fit(data, epochs=2, verbose=0)
    for a, b in zip(alone.get_weights(), shared.get_weights(), strict=True):
        assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_labels_are_left_aside():
    gan = make()
    gan.compile()
    assert np.isfinite(gan.fit(toys.points(8), np.arange(8), verbose=0).history["generator_loss"])


CONDITIONAL = {"data_dim": 2, "latent_dim": 3, "width": 4, "classes": 2}
MISFITS = {
    "encoder's codes": (
        lambda: (toys.generator(), encoder(latent_dim=4), discriminator()),
        r"encoder must give codes .* \(batch, 3\); its output shape is \(None, 4\).*Dense\(3\)",
    ),
    "encoder's samples": (
        lambda: (toys.generator(), encoder(data_dim=5), discriminator()),
        r"encoder must take the generator's samples, \(batch, 2\); its input shape is \(None, 5\)",
    ),
    "no pairs": (
        lambda: (toys.generator(), encoder(), toys.discriminator()),
        r"two inputs, samples and latent vectors, \[\(batch, 2\), \(batch, 3\)\]",
    ),
    "pairs the other way round": (
        lambda: (toys.generator(), encoder(), discriminator(3, 2)),
        r"keras.Model\(\[x, z\], score\), in this order",
    ),
    "labels": (
        lambda: (kg.networks.mlp_generator(**CONDITIONAL), encoder(), discriminator()),
        "without classes",
    ),
    "networks exchanged": (
        lambda: (toys.generator(), discriminator(), encoder()),
        r"one unbounded score a sample, shape \(batch, 1\)",
    ),
    "not built": (
        lambda: (toys.generator(), keras.Sequential([layers.Dense(3)]), discriminator()),
        "The encoder must be a built keras.Model",
    ),
}


@pytest.mark.parametrize(("networks", "message"), MISFITS.values(), ids=MISFITS)
def test_networks_that_do_not_fit_are_refused(networks, message):
    with pytest.raises(ValueError, match=message):
        kg.BiGAN(*networks())


def test_samples_and_latent_vectors_of_another_shape_are_refused():
    gan = make()
    for method in (gan.encode, gan.reconstruct, gan.discriminate, gan.features):
        with pytest.raises(ValueError, match=r"a batch is \(batch, 2\); received \(4, 3\)"):
            method(toys.points(4, data_dim=3))
    with pytest.raises(ValueError, match=r"must have the shape \(4, 3\); received \(4, 2\)"):
        gan.discriminate(toys.points(4), np.zeros((4, 2)))
