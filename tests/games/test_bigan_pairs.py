"""BiGAN's pairs: penalties on them, what is computed of them, and networks that do not fit."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from numpy.testing import assert_allclose

import keras_gan as kg
from keras_gan.games.bigan.joint_space import JointSpace
from keras_gan.parallel.random_numbers import Draws
from tests import toys
from tests.games.pairs import discriminator, encoder, make, sgd

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
    with pytest.raises(ValueError, match="BatchNormalization layer 'norm' is not allowed"):
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
        r"one unbounded score per sample, shape \(batch, 1\)",
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
