"""The scores of a run, on samples whose scores are known."""

import numpy as np
import pytest

from keras_gan.cli.settings import Settings
from keras_gan.data import load
from keras_gan.families.datasets import draw_reference, open_reference
from keras_gan.families.sampling import run_scores as scores


def test_the_halves_are_disjoint_random_and_carry_their_labels():
    points = np.arange(101, dtype="float32")[:, None]
    dataset = load((points, np.arange(101)), labels=True)
    reference = draw_reference(dataset, most=1000, seed=0, labelled=True)
    assert (reference.n, len(reference.second), reference.classes) == (50, 50, 101)
    np.testing.assert_array_equal(reference.samples[:, 0], reference.labels)
    assert len(set(reference.labels)) == 100
    assert abs(reference.first.mean() - reference.second.mean()) < 20
    assert not np.array_equal(np.sort(reference.labels), reference.labels)
    other = draw_reference(dataset, most=1000, seed=1, labelled=True)
    assert not np.array_equal(reference.first, other.first)
    assert draw_reference(dataset, most=7, seed=0, labelled=True).n == 7


def test_too_few_samples_for_scores():
    with pytest.raises(ValueError, match="3 samples; scores need at least 4"):
        draw_reference(load(np.zeros((3, 2))), most=10, seed=0, labelled=False)


def test_real_samples_score_as_real_ones_and_all_classes_appear():
    reference = open_reference(Settings())
    found = scores.frechet_scores(reference, reference.first, -np.ones((898, 8, 8, 1)))
    assert found["model_to_real"] == pytest.approx(found["real_to_real"] / 2, rel=1e-3)
    assert found["untrained_to_real"] > 10
    coverage = scores.coverage_scores("digits", reference, reference.first, seed=0)
    assert (coverage["appearing"], coverage["total"]) == (10, 10)
    collapsed = np.repeat(reference.first[:1], 100, axis=0)
    coverage = scores.coverage_scores("digits", reference, collapsed, seed=0)
    assert coverage["appearing"] == 1


def test_stacked_digits_are_read_channel_by_channel():
    pairs = list(load("stacked_digits", labels=True).take(300).as_numpy_iterator())
    images, labels = (np.stack(part) for part in zip(*pairs, strict=True))
    coverage = scores.stacked_scores(images, seed=0)
    counts = np.asarray(coverage["counts"])
    assert coverage["total"] == 1000
    right = np.minimum(counts, np.bincount(labels, minlength=1000)).sum()
    assert right / 300 == pytest.approx(1, abs=0.05)


def test_the_table_reads_like_this():
    text = scores.table(
        {
            "frechet": {
                "feature_space": "pixels, 64-d",
                "samples_on_either_side": 898,
                "model_to_real": 0.5,
                "real_to_real": 0.25,
                "untrained_to_real": 45.0,
                "features": "pixels",
                "features_version": "1",
                "features_resize": "no resizing",
                "notes": ["few samples"],
            },
            "coverage": {
                "kind": "modes",
                "rule": "a rule",
                "samples": 10,
                "modes": 3,
                "total": 8,
                "high_quality": 0.25,
            },
        }
    )
    assert text.splitlines() == [
        "Fréchet distance in pixels, 64-d; 898 samples on either side; lower is better",
        "  model to real            0.5   2 times real to real",
        "  real to real            0.25   two disjoint halves of the real data",
        "  untrained to real         45   the same generator before training",
        "  features: pixels 1, no resizing",
        "  note: few samples",
        "  note: the Fréchet distance is of the features pixels, and no FID of a paper",
        "Modes: 3 of 8 covered (a rule); 25.0% of 10 samples within 3 sigma",
    ]
