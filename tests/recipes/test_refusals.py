"""What a recipe picks is not to be asked for, and what it takes is looked at."""

import keras
import pytest

import keras_gan as kg
from keras_gan.penalties import R1, GradientPenalty
from tests.recipes.cases import every


@every
def test_what_the_recipe_picks_is_refused_in_one_sentence(case):
    name = case.recipe.__name__
    if name == "GANGP":  # whose objective is an argument; its penalties are its name
        options = {"penalties": []}
    elif name in ("SNGAN", "ACGAN", "ReACGAN"):
        options = {"schedule": 3}
    else:
        options = {"objective": "hinge"}
    (pick,) = options
    with pytest.raises(ValueError, match=f"{name} picks its own {pick}.*kg.GAN"):
        case.make(**options)


@pytest.mark.parametrize(
    "name", ["discriminator_loss", "generator_loss", "discriminator_regularization"]
)
def test_a_penalty_cannot_take_the_name_of_a_loss(name):
    with pytest.raises(ValueError, match=f"cannot have the name '{name}'"):
        kg.GAN(
            kg.networks.mlp_generator(width=8),
            kg.networks.mlp_discriminator(width=8),
            penalties=[R1(1.0, name=name)],
        )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: R1("a"), "weight of a penalty must be a number of at least 0; received 'a'"),
        (lambda: R1(lambda step: 1.0), "LearningRateSchedule, which can be saved; received"),
        (lambda: R1(True), "received True"),
        (lambda: GradientPenalty(target="a"), "target.*received 'a'"),
        (
            lambda: kg.layers.InstanceNoise("a"),
            "stddev must be a number of at least 0; received 'a'",
        ),
        (lambda: kg.layers.InstanceNoise(1.0, anneal_steps=True), "received True"),
        (lambda: kg.constraints.ClipWeights("a"), "clip must be .* greater than 0; received 'a'"),
        (lambda: kg.objectives.Hinge(fake_weight="a"), "fake_weight.*received 'a'"),
    ],
)
def test_what_is_no_number_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_instance_noise_without_a_seed_is_random_and_reproducible():
    def states():
        keras.utils.set_random_seed(5)
        return [int(kg.layers.InstanceNoise(1.0).draws.state.numpy()[0]) for _ in range(2)]

    first, second = states()
    assert first != second
    assert states() == [first, second]
