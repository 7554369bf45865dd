"""Every recipe takes an augmentation, and is saved with it."""

import keras
import pytest

import keras_gan as kg
from tests.recipes.cases import CASES


@pytest.mark.parametrize("name", CASES)
def test_every_recipe_forwards_it(name):
    gan = CASES[name].make(augment=kg.augment.Adaptive([kg.augment.Noise(strength=2.0)]))
    assert gan.augment.transforms[0].strength == 2.0
    config = keras.saving.serialize_keras_object(gan)
    again = keras.saving.deserialize_keras_object(config)
    assert type(again) is type(gan)
    assert again.augment.get_config() == gan.augment.get_config()
    assert again.augment is not gan.augment
