"""GAN-train and GAN-test, on samples whose classes are known."""

import numpy as np
import pytest

from keras_gan.metrics import gan_train_test_accuracy, pixel_classifier

PLACES = np.array([[0.0, 0.0], [6.0, 6.0], [0.0, 6.0], [6.0, 0.0]])


def points(rng, places, n=60, noise=0.3):
    """Points around the places of two classes, the first half of them of class 0."""
    y = np.repeat(places, n)
    return PLACES[y] + noise * rng.normal(size=(len(y), 2)), y // 2


def scored(rng, fakes, labels, **options):
    real, held_out = points(rng, range(4)), points(rng, range(4))
    return gan_train_test_accuracy(*real, *held_out, fakes, labels, **options)


def test_a_perfect_model_has_the_accuracy_of_real_samples(rng):
    found = scored(rng, *points(rng, range(4)))
    assert (found.gan_train, found.gan_test, found.real) == (1.0, 1.0, 1.0)
    assert (found.training, found.held_out, found.samples) == (240, 240, 240)
    assert str(found).startswith("GAN-train 1.0000, GAN-test 1.0000, real 1.0000 (240 generated")


def test_wrong_labels_spoil_both(rng):
    fakes, labels = points(rng, range(4))
    found = scored(rng, fakes, 1 - labels)
    assert (found.gan_train, found.gan_test, found.real) == (0.0, 0.0, 1.0)


def test_a_lost_mode_spoils_gan_train_alone(rng):
    """A nearest neighbour knows only one place of class 1: the other is near class 0, or a tie."""

    def nearest(x, y, seed):
        def classify(samples):
            squares = np.square(samples[:, None] - x).sum(axis=2)
            return y[squares.argmin(axis=1)]

        return classify, 1.0

    found = scored(rng, *points(rng, [0, 1, 2]), classifier=nearest)
    assert found.gan_train == pytest.approx(0.75, abs=0.02)
    assert (found.gan_test, found.real) == (1.0, 1.0)


def test_images_are_told_apart_by_convolutions_and_vectors_by_their_numbers(rng, monkeypatch):
    """The seed goes to both trainings."""
    called = []

    def noting(x, y, seed):
        called.append((x.shape, seed))
        return pixel_classifier(x, y, seed=seed)

    monkeypatch.setattr("keras_gan.metrics.gan_train_test.convolutional_classifier", noting)
    x, y = np.sign(rng.normal(size=(40, 1, 1, 1))) * np.ones((40, 4, 4, 1)), None
    y = (x[:, 0, 0, 0] > 0).astype(int)
    found = gan_train_test_accuracy(x, y, x, y, x[:30], y[:30], seed=3)
    assert called == [((30, 4, 4, 1), 3), ((40, 4, 4, 1), 3)]
    assert found.gan_train == found.gan_test == 1.0


@pytest.mark.parametrize(
    ("fakes", "labels", "message"),
    [
        (np.zeros((4, 3)), np.array([0, 1, 0, 1]), r"one shape \(n, \.\.\.\).*\(4, 3\)"),
        (np.zeros((4, 2)), np.array([0, 1, 0]), "sample_labels must be whole numbers.*4 samples"),
        (np.zeros((4, 2)), np.array([0.0, 1.0, 0.0, 1.0]), "type float64"),
        (np.zeros((4, 2)), np.zeros(4, int), "at least 2 classes; sample_labels has 1"),
    ],
)
def test_errors(rng, fakes, labels, message):
    with pytest.raises(ValueError, match=message):
        scored(rng, fakes, labels)
