"""Theorems 2.5 and 3.2 of Arjovsky and Bottou: what the generator's gradients are gradients of."""

import numpy as np
import pytest

import keras_gan as kg
from tests.results.programs import loaded, printed_by, tables_in

gradients = loaded("generator_gradients")


def test_divergences_of_normals_are_the_known_ones():
    """KL in closed form; JSD between its bounds, and 0 for equal ones."""
    kl, jsd = gradients.divergences(2.0, 0.7)
    assert kl == pytest.approx(-np.log(0.7) + (0.7**2 + 4) / 2 - 0.5, rel=1e-6)
    assert 0.3 < jsd < np.log(2)
    np.testing.assert_allclose(gradients.divergences(0.0, 1.0), 0, atol=1e-12)
    assert gradients.divergences(20.0, 0.5)[1] == pytest.approx(np.log(2), abs=1e-6)
    np.testing.assert_allclose(gradients.slopes(2.0, 0.7)[:, 0], [2.0, 0.7 - 1 / 0.7], rtol=1e-5)


@pytest.mark.parametrize("model", [(0.5, 1.0), (2.0, 0.7), (-1.0, 1.5), (0.0, 1.0)])
def test_the_alternate_update_is_that_of_reverse_kl_less_twice_jsd(model):
    kl, jsd = gradients.slopes(*model).T
    alternate = gradients.update_of(kg.objectives.get("non_saturating"), *model)
    original = gradients.update_of(kg.objectives.get("minimax"), *model)
    np.testing.assert_allclose(alternate, kl - 2 * jsd, rtol=1e-4, atol=2e-6)
    np.testing.assert_allclose(original, 2 * jsd, rtol=1e-4, atol=2e-6)


def test_far_away_the_original_vanishes_and_the_alternate_grows():
    """−log D* of N(μ, 1) has the slope μ less the vanishing one of 2 JSD."""
    original, alternate = (
        [abs(gradients.update_of(kg.objectives.get(name), mean, 1.0)[0]) for mean in (2, 4, 8)]
        for name in ("minimax", "non_saturating")
    )
    assert original[0] > 3 * original[1] > 100 * original[2] > 0
    np.testing.assert_allclose(alternate[1:], [4, 8], rtol=0.05)


@pytest.mark.thorough
@pytest.mark.both
@pytest.mark.parametrize("sigma", [0.1, 0.5, 2.0])
def test_the_noised_gradient_is_a_pull_towards_data_and_a_push_from_samples(sigma):
    case = gradients.setting(seed=0, count=100)
    exact = gradients.by_scores(*case, sigma)
    pull, push, both = gradients.by_theorem(*case, sigma)
    np.testing.assert_allclose(both, exact, rtol=1e-3, atol=1e-4 * np.abs(exact).max())
    np.testing.assert_allclose(pull - push, both, rtol=1e-3, atol=1e-4 * np.abs(exact).max())
    assert min(np.linalg.norm(pull), np.linalg.norm(push)) > 0.01 * np.linalg.norm(both)


@pytest.mark.thorough
def test_the_pull_moves_a_lone_sample_towards_data_and_itself_does_not_push_it():
    """One sample: the push from it is zero, and a step against the pull shortens the way to it."""
    generator, z, _, samples = gradients.setting(seed=0, count=1)
    data = samples + np.array([1.0, 0.0])
    pull, push, _ = gradients.by_theorem(generator, z, data, samples, 1.0)
    assert np.abs(push).max() < 1e-6 * np.abs(pull).max()
    start = 0
    for weight in generator.trainable_variables:
        size = int(np.prod(weight.shape))
        weight.assign_sub(0.05 * pull[start : start + size].reshape(weight.shape))
        start += size
    moved = np.asarray(generator.predict(z, verbose=0)) - samples
    assert 0.01 < moved[0, 0] < 1
    assert np.linalg.norm(moved - [[1.0, 0.0]]) < 0.99


@pytest.mark.thorough
def test_a_trained_discriminator_has_the_gradient_of_the_best_one():
    case = gradients.setting(seed=0, count=256)
    learned = gradients.by_training(*case, 0.5, steps=500, seed=0)
    exact = gradients.by_scores(*case, 0.5)
    assert gradients.cosine(learned, exact) > 0.9
    assert np.linalg.norm(learned) == pytest.approx(np.linalg.norm(exact), rel=0.3)


@pytest.mark.thorough
def test_the_script_prints_both_tables(tmp_path, monkeypatch, capsys):
    options = "--count 64 --sigmas 0.5 --steps 20 --seeds 0"
    script = "benchmarks/generator_gradients.py"
    models, noised = tables_in(printed_by(script, options, tmp_path, monkeypatch, capsys))
    for row in models[1:]:
        alternate, expected, original, twice = map(float, row[2:])
        assert alternate == pytest.approx(expected, abs=2e-5)
        assert original == pytest.approx(twice, abs=2e-5)
    assert len(models) == 9
    assert [row[0] for row in noised[1:]] == ["0.5"]
    assert float(noised[1][1]) < 1e-3
