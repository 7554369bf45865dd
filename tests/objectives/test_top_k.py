"""Top-k training: which fakes count, how many, and a step by hand."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.objectives import OBJECTIVES, TopK
from keras_gan.parallel.random_numbers import Draws
from tests import toys
from tests.derivatives import gradients

WITH_TERMS = [name for name in OBJECTIVES if name != "saddle"]


@pytest.mark.parametrize("name", WITH_TERMS)
def test_the_terms_of_an_objective_have_its_loss_as_their_mean(name, rng):
    objective = kg.objectives.get(name)
    fake, real = rng.normal(size=(2, 7, 1)).astype("float32")
    terms = objective.generator_terms(fake, real)
    assert tuple(terms.shape) == (7, 1)
    assert float(ops.mean(terms)) == pytest.approx(float(objective.generator_loss(fake, real)))


@pytest.mark.parametrize(("share", "k"), [(1.0, 8), (0.5, 4), (0.3, 2), (0.01, 1)])
def test_the_mean_of_the_best(share, k, rng):
    scores = rng.normal(size=(8, 1)).astype("float32")
    terms = rng.normal(size=(8, 1)).astype("float32")
    found = TopK(share).mean(ops.convert_to_tensor(terms), ops.convert_to_tensor(scores), 0)
    best = np.argsort(-scores[:, 0])[:k]
    assert float(found) == pytest.approx(terms[best].mean(), rel=1e-5)


def test_the_share_falls_as_in_the_paper():
    found = [float(TopK(0.75, decay=0.99, every=10).share(step)) for step in (0, 9, 10, 99, 1000)]
    np.testing.assert_allclose(found, [1.0, 1.0, 0.99, 0.99**9, 0.75], rtol=1e-6)


def game(**options):
    keras.utils.set_random_seed(0)
    networks = toys.generator(normalized=False), toys.discriminator()
    gan = kg.GAN(*networks, seed=3, schedule="simultaneous", **options)
    sgd = {f"{p}_optimizer": keras.optimizers.SGD(0.1) for p in ("generator", "discriminator")}
    gan.compile(run_eagerly=True, **sgd)
    return gan


@pytest.mark.parametrize("objective", ["non_saturating", "relativistic"])
def test_a_step_of_the_generator_by_hand(objective):
    gan, x, draws = game(top_k=0.25, objective=objective), toys.points(8), Draws(3)
    draws.draw(gan.prior, (8, 3))  # of the discriminator's look
    z = draws.draw(gan.prior, (8, 3))
    generator, judge = gan.generator, gan.discriminator
    before = [np.array(v) for v in generator.trainable_variables]
    best = np.argsort(-np.array(judge(generator(z)))[:, 0])[:2]

    def loss():
        v = judge(generator(z))
        apart = judge(x) - v if objective == "relativistic" else -v
        return sum(ops.softplus(apart[int(i), 0]) for i in best) / 2

    found = gradients(loss, generator.trainable_variables)
    gan.train_on_batch(x)
    for old, gradient, new in zip(before, found, generator.trainable_variables, strict=True):
        np.testing.assert_allclose(np.array(new), old - 0.1 * np.array(gradient), atol=1e-6)


def test_all_of_them_are_the_plain_game_and_an_evaluation_takes_all():
    plain, whole, half = game(), game(top_k=1.0), game(top_k=0.5)
    x = toys.points(16)
    scores = [gan.test_on_batch(x, return_dict=True) for gan in (plain, whole, half)]
    assert scores[0] == scores[1] == scores[2]
    for gan in (plain, whole):
        gan.fit(x, batch_size=8, shuffle=False, verbose=0)
    for a, b in zip(plain.trainable_variables, whole.trainable_variables, strict=True):
        np.testing.assert_allclose(np.array(a), np.array(b), rtol=1e-5, atol=1e-7)


def test_survives_saving(tmp_path):
    gan = game(top_k=TopK(0.6, 0.9, 7))
    gan.save(tmp_path / "gan.keras")
    copy = kg.load_model(tmp_path / "gan.keras")
    assert copy.top_k.get_config() == {"least": 0.6, "decay": 0.9, "every": 7}
    assert "top_k" not in game().settings()  # checkpoints of before fit


@pytest.mark.parametrize("top_k", [0, 1.5, "a", True])
def test_refuses_shares_that_are_none(top_k):
    with pytest.raises(ValueError, match=r"top_k must be a share of the samples in \(0, 1\]"):
        game(top_k=top_k)


def test_refuses_an_objective_without_terms():
    with pytest.raises(ValueError, match="is no mean over fake samples"):
        game(top_k=0.5, objective="saddle")
