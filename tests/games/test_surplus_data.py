"""What stands beside samples, or samples and labels, is refused, whichever way it comes."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gan as kg
from tests import toys

X, Y, W = toys.points(8), np.arange(8, dtype="int32") % 2, np.ones(8, "float32")
QUIET = {"verbose": 0}


class Pairs(keras.utils.PyDataset):
    """One batch of the parts."""

    def __init__(self, *parts):
        super().__init__()
        self.parts = parts

    def __len__(self):
        return 1

    def __getitem__(self, index):
        return self.parts


def dataset(*parts):
    return tf.data.Dataset.from_tensor_slices(parts).batch(8)


@pytest.fixture(scope="module")
def plain():
    gan = kg.GAN(toys.generator(), toys.discriminator(), seed=0)
    gan.compile()
    return gan


@pytest.fixture(scope="module")
def labelled():
    sizes = {"width": 4, "depth": 1, "classes": 2}
    gan = kg.GAN(kg.networks.mlp_generator(**sizes), kg.networks.mlp_discriminator(**sizes), seed=0)
    gan.compile()
    return gan


@pytest.mark.parametrize(
    "use",
    [
        lambda gan: gan.fit(X, Y, **QUIET),
        lambda gan: gan.fit(dataset(X, Y), **QUIET),
        lambda gan: gan.fit(Pairs(X, Y), **QUIET),
        lambda gan: gan.fit((pair for pair in [(X, Y)] * 2), steps_per_epoch=1, **QUIET),
        lambda gan: gan.fit(X, validation_data=(X, Y), **QUIET),
        lambda gan: gan.evaluate(X, Y, **QUIET),
        lambda gan: gan.train_on_batch(X, Y),
        lambda gan: gan.test_on_batch(X, Y),
    ],
)
def test_labels_of_a_game_that_takes_none_are_refused(plain, use):
    steps = int(plain.optimizer["generator"].iterations)
    with pytest.raises(ValueError, match="labels beside them.*dataset.map.*classes="):
        use(plain)
    assert int(plain.optimizer["generator"].iterations) == steps


@pytest.mark.parametrize(
    "use",
    [
        lambda gan: gan.fit(dataset(X, Y, W), **QUIET),
        lambda gan: gan.fit(Pairs(X, Y, W), **QUIET),
        lambda gan: gan.fit(X, Y, 8, 1, 0, None, 0.0, None, False, None, W),
        lambda gan: gan.fit(X, Y, validation_data=(X, Y, W), **QUIET),
        lambda gan: gan.evaluate(X, Y, sample_weight=W, **QUIET),
        lambda gan: gan.train_on_batch(X, Y, sample_weight=W),
        lambda gan: gan.train_on_batch(X, Y, class_weight={0: 2.0, 1: 1.0}),
        lambda gan: gan.test_on_batch(X, Y, sample_weight=W),
    ],
)
def test_weights_of_samples_are_refused_whichever_way_they_come(labelled, use):
    with pytest.raises(ValueError, match="weights beside them|do not use (sample|class)_weight"):
        use(labelled)


@pytest.mark.thorough
def test_what_a_refusal_advises_trains(plain, labelled):
    games = [
        (plain, dataset(X, Y).map(lambda x, y: x)),
        (plain, dataset(X, Y, W).map(lambda x, *rest: x)),
        (plain, Pairs(X)),
        (labelled, dataset(X, Y, W).map(lambda x, y, *rest: (x, y))),
        (labelled, Pairs(X, Y)),
    ]
    for gan, data in games:
        assert np.isfinite(gan.fit(data, **QUIET).history["generator_loss"]).all()
    assert np.isfinite(plain.evaluate(X, **QUIET)).all()


def test_weights_of_a_game_without_labels_are_refused_in_evaluate(plain):
    with pytest.raises(ValueError, match="do not use sample_weight"):
        plain.evaluate(X, sample_weight=W, **QUIET)


def test_validation_data_without_the_labels_is_refused_before_the_first_step(labelled):
    steps = int(labelled.optimizer["generator"].iterations)
    with pytest.raises(ValueError, match="In validation_data: .*take labels"):
        labelled.fit(X, Y, validation_data=X, **QUIET)
    assert int(labelled.optimizer["generator"].iterations) == steps
