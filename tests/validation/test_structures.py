"""Networks that name their inputs or outputs by dicts."""

import keras
import pytest
from keras import layers

import keras_gan as kg

SHAPE = (4, 4, 1)


def named(role: str, inputs: str | None = None, outputs: str | None = None) -> keras.Model:
    """A generator or a discriminator that takes or returns a dict, where a key is given."""
    if role == "generator":
        x = keras.Input((2,), name=inputs)
        y = layers.Reshape(SHAPE)(layers.Dense(16, "tanh")(x))
    else:
        x = keras.Input(SHAPE, name=inputs)
        y = layers.Dense(1)(layers.Flatten()(x))
    return keras.Model({inputs: x} if inputs else x, {outputs: y} if outputs else y)


@pytest.mark.parametrize("role", ["generator", "discriminator"])
def test_outputs_by_name_are_refused_with_the_same_network_without_a_name(role):
    networks = {"generator": named("generator"), "discriminator": named("discriminator")}
    networks[role] = named(role, outputs="out")
    with pytest.raises(ValueError, match=rf"{role} returns a dict with the keys \['out'\]") as told:
        kg.GAN(**networks)
    remedy = f"keras.Model({role}.inputs[0], {role}.outputs[0])"
    assert remedy in str(told.value)
    networks[role] = eval(remedy, {"keras": keras, **networks})
    kg.GAN(**networks)


def test_several_inputs_by_name_are_refused_and_others_than_labels_are_no_labels():
    x, c = keras.Input(SHAPE, name="x"), keras.Input((2,), name="c")
    score = layers.Dense(1)(layers.Concatenate()([layers.Flatten()(x), c]))
    with pytest.raises(ValueError, match=r"takes a dict with the keys \['c', 'x'\].*\.inputs, "):
        kg.GAN(named("generator"), keras.Model({"x": x, "c": c}, score))
    with pytest.raises(ValueError, match=r"takes labels but the .* or condition_dim=…, or both w"):
        kg.GAN(named("generator"), keras.Model([x, c], score))
    grid = keras.Input((2, 2), name="grid")
    score = layers.Dense(1)(layers.Concatenate()([layers.Flatten()(x), layers.Flatten()(grid)]))
    with pytest.raises(ValueError, match="discriminator may take samples and class labels"):
        kg.GAN(named("generator"), keras.Model([x, grid], score))


@pytest.mark.filterwarnings("ignore:The structure of `inputs`")  # Keras's, who takes it
def test_one_input_by_name_counts_as_the_input():
    gan = kg.GAN(named("generator", inputs="z"), named("discriminator", inputs="x"))
    assert gan.sample_shape == SHAPE


def test_a_sequential_network_that_was_never_called_is_none_of_these():
    x = keras.Input(SHAPE)
    sequential = keras.Sequential([x, layers.Flatten(), layers.Dense(1)])
    assert kg.GAN(named("generator"), sequential).sample_shape == SHAPE
