"""Memorization and authenticity against their definitions, and on copies of known number."""

import numpy as np
import pytest
import scipy.stats

from keras_gan.callbacks import Evaluation
from keras_gan.metrics import Score, authenticity, memorization, memorized


def to_nearest(x, y):
    """The distance of each row to the nearest of others, by the definition."""
    return np.array([min(np.sqrt(np.sum((a - b) ** 2)) for b in y) for a in x])


def naive_authenticity(training, samples):
    authentic = []
    for y in samples:
        gaps = [np.sqrt(np.sum((y - t) ** 2)) for t in training]
        i = int(np.argmin(gaps))
        authentic.append(gaps[i] > to_nearest([training[i]], np.delete(training, i, axis=0))[0])
    return np.mean(authentic)


@pytest.mark.parametrize("offset", [0.0, 1000.0])
def test_the_definitions(rng, monkeypatch, offset):
    """In blocks that do not divide the sets, and far from the origin."""
    monkeypatch.setattr(memorized, "BLOCK", 7)
    training, held_out = rng.normal(size=(40, 3)) + offset, rng.normal(size=(25, 3)) + offset
    samples = 0.8 * rng.normal(size=(31, 3)) + 0.2 + offset
    samples[:3] = training[:3]
    ours, others = to_nearest(samples, training), to_nearest(held_out, training)
    found = memorization(training, held_out, samples)
    assert found.ratio == pytest.approx(np.median(ours) / np.median(others), rel=1e-6)
    closer = np.mean((ours[:, None] < others) + 0.5 * (ours[:, None] == others))
    assert found.closer == pytest.approx(closer, rel=1e-12)
    assert (found.training, found.held_out, found.samples) == (40, 25, 31)
    assert authenticity(training, samples) == naive_authenticity(training, samples)


def test_the_rank_test_is_that_of_mann_and_whitney(rng):
    """With ties: a few values for all distances."""
    training = np.array([[0.0], [100.0]])
    held_out, samples = (rng.integers(1, 6, size=(n, 1)).astype(float) for n in (60, 45))
    found = memorization(training, held_out, samples)
    expected = scipy.stats.mannwhitneyu(
        samples[:, 0], held_out[:, 0], alternative="less", use_continuity=False, method="asymptotic"
    )
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-9)
    assert found.closer == pytest.approx(1 - expected.statistic / (60 * 45), rel=1e-12)


def test_under_the_data_s_own_distribution_z_is_standard_normal(rng):
    found = [memorization(*rng.normal(size=(3, 60, 2))).z for _ in range(200)]
    assert abs(np.mean(found)) < 4 / np.sqrt(200)
    assert 0.8 < np.std(found) < 1.2


@pytest.mark.parametrize(
    ("d", "mutual"), [(1, 2 / 3), (2, 6 * np.pi / (8 * np.pi + 3 * np.sqrt(3)))]
)
def test_of_the_data_s_own_distribution_as_many_are_authentic_as_neighbours_not_mutual(
    rng, d, mutual
):
    """The known probabilities that of points in space, neighbours are nearest to each other."""
    found = [authenticity(*rng.uniform(size=(2, 500, d))) for _ in range(40)]
    assert np.mean(found) == pytest.approx(1 - mutual, abs=4 * np.std(found) / np.sqrt(40))
    assert np.std(found) < 0.04


def test_copies_are_found_and_blur_is_the_opposite(rng):
    training, held_out, samples = rng.normal(size=(3, 300, 4))
    copied = samples.copy()
    copied[:150] = training[:150]
    fair, some, all_of_them, far = (
        memorization(training, held_out, x) for x in (samples, copied, training, samples + 3)
    )
    assert fair.p_value > 0.01
    assert some.closer == pytest.approx(0.75, abs=0.05)
    assert some.p_value < 1e-6
    assert (all_of_them.ratio, all_of_them.closer) == (0.0, 1.0)
    assert far.z > 5
    shares = [authenticity(training, x) for x in (training, copied, samples, samples + 3)]
    assert shares[0] == 0.0
    assert shares == sorted(shares)
    assert shares[1] == pytest.approx(shares[2] / 2, abs=0.05)


def test_no_distances_and_held_out_copies(rng):
    x = rng.normal(size=(20, 2))
    found = memorization(x, x, x)
    assert np.isnan(found.ratio)
    assert (found.closer, found.z, found.p_value) == (0.5, 0.0, 0.5)
    assert "0.500" in str(found)


def test_a_tie_counts_as_a_copy():
    """The sample lies as far from its nearest training sample as that from the next one."""
    assert authenticity([[0.0], [1.0], [9.0]], [[-1.0], [-1.5]]) == 0.5
    assert authenticity(np.zeros((3, 1)), np.zeros((2, 1))) == 0.0


def test_authenticity_takes_part_in_evaluations():
    import keras_gan as kg

    x = np.random.default_rng(0).normal(size=(120, 2)).astype("float32")
    score = Score("authenticity", authenticity, better="max")
    gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
    gan.compile()
    evaluation = Evaluation(x, metrics=[score])
    history = gan.fit(x, epochs=1, verbose=0, callbacks=[evaluation]).history
    assert 0 <= history["val_authenticity"][0] <= 1
    assert 0.2 < evaluation.judge.baseline["authenticity"] < 0.6


@pytest.mark.parametrize(
    ("training", "held_out", "samples", "message"),
    [
        (np.zeros(5), np.zeros((5, 1)), np.zeros((5, 1)), r"training must be an array \(n, d\)"),
        (np.zeros((5, 2)), np.zeros((5, 3)), np.zeros((5, 2)), "d = 3 in held_out"),
        (np.zeros((5, 2)), np.zeros((5, 2)), np.full((5, 2), np.nan), "samples has NaN"),
        (np.zeros((5, 2)), np.zeros((5, 2)), np.zeros((1, 2)), "samples must hold at least two"),
    ],
)
def test_errors(training, held_out, samples, message):
    with pytest.raises(ValueError, match=message):
        memorization(training, held_out, samples)
