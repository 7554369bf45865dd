"""The consistency term: its formula, its two passes, and what it asks of a discriminator."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.penalties import ConsistencyTerm
from tests import toys


def discriminator(rate=0.5, features=True):
    x = keras.Input((2,))
    h = layers.Dropout(rate)(layers.Dense(16, activation="tanh")(x))
    scores = layers.Dense(1)(h)
    return keras.Model(x, [scores, h] if features else scores)


def in_turn(passes):
    """A discriminator that returns the given (scores, features), one pass after the other."""
    passes = iter(passes)
    return lambda x: next(passes)


def test_formula(rng):
    (s1, s2), (f1, f2) = rng.normal(size=(2, 5, 1)), rng.normal(size=(2, 5, 7))
    found = ConsistencyTerm(weight=3.0, margin=0.7, feature_weight=0.2)(
        in_turn([(s1, f1), (s2, f2)]), ops.ones((5, 2)), None, None
    )
    apart = (s1 - s2)[:, 0] ** 2 + 0.2 * np.mean((f1 - f2) ** 2, axis=1)
    expected = 3.0 * np.mean(np.maximum(apart - 0.7, 0))
    assert 0 < np.sum(apart < 0.7) < 5
    assert float(found) == pytest.approx(expected, rel=1e-5)


def test_the_passes_have_masks_of_their_own_and_see_real_samples_only():
    network, seen = discriminator(), []

    def recorded(x):
        seen.append((x, network(x, training=True)))
        return seen[-1][1]

    real = ops.ones((8, 2))
    value = ConsistencyTerm()(recorded, real, -real, None)
    assert [x is real for x, _ in seen] == [True, True]
    masks = [ops.convert_to_numpy(features) == 0 for _, (_, features) in seen]
    assert 0.3 < np.mean(masks[0] != masks[1]) < 0.7  # independent at rate ½: half of them differ
    assert float(value) > 0


def test_float16_differences_are_squared_in_float32():
    far = (300.0 * ops.ones((2, 1), "float16"), 300.0 * ops.ones((2, 3), "float16"))
    near = (ops.zeros((2, 1), "float16"), ops.zeros((2, 3), "float16"))
    value = ConsistencyTerm(1.0)(in_turn([far, near]), ops.ones((2, 2)), None, None)
    assert float(value) == pytest.approx(1.1 * 300**2, rel=1e-5)


def test_logged_in_training_and_zero_in_evaluation():
    gan = kg.GAN(
        toys.generator(),
        discriminator(),
        objective="wasserstein",
        penalties=[kg.penalties.GradientPenalty(), ConsistencyTerm()],
        seed=0,
    )
    gan.compile()
    history = gan.fit(toys.points(64), batch_size=32, verbose=0).history
    assert history["consistency_term"][0] > 0
    assert history["gradient_penalty"][0] > 0
    assert gan.evaluate(toys.points(64), verbose=0, return_dict=True)["consistency_term"] == 0
    assert gan.discriminate(toys.points(4)).shape == (4, 1)


def test_survives_saving(tmp_path):
    gan = kg.GAN(toys.generator(), discriminator(), penalties=[ConsistencyTerm(1.0, 0.1, 0.3)])
    gan.compile()
    gan.save(tmp_path / "gan.keras")
    (penalty,) = kg.load_model(tmp_path / "gan.keras").penalties
    assert (penalty.weight, penalty.margin, penalty.feature_weight) == (1.0, 0.1, 0.3)


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (lambda: discriminator(features=False), r"\(scores, features\); its output shape is \(N"),
        (lambda: discriminator(rate=0.0), "rate above 0; found only dropout rates"),
        (
            lambda: (lambda x: keras.Model(x, [layers.Dense(1)(x), x]))(keras.Input((2,))),
            "rate above 0; found no dropout layer",
        ),
    ],
)
def test_refuses_before_training(network, message):
    with pytest.raises(ValueError, match=message):
        kg.GAN(toys.generator(), network(), penalties=[ConsistencyTerm()])


@pytest.mark.parametrize("name", ["weight", "margin", "feature_weight"])
def test_refuses_negative_arguments(name):
    with pytest.raises(ValueError, match=f"{name}.* at least 0; received -1"):
        ConsistencyTerm(**{name: -1.0})
