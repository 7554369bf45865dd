"""What games, presets and cards print of themselves."""

import numpy as np
import pytest

import keras_gan as kg
from keras_gan.zoo.printed import Card
from tests import toys


def lines_of(thing) -> dict[str, str]:
    """The lines of a printed form by their first word."""
    heading, *lines = repr(thing).splitlines()
    assert all(len(line) < 140 for line in lines)
    return {"": heading} | {line.split("  ")[1]: line.split("  ")[-1].strip() for line in lines}


def test_a_game_says_what_it_is_and_how_far_it_is():
    gan = kg.GAN(
        kg.networks.mlp_generator(width=8, depth=1),
        kg.networks.mlp_discriminator(width=8, depth=1),
        objective="wasserstein",
        penalties=[kg.penalties.GradientPenalty(10.0), kg.penalties.R1(0.5)],
        schedule=kg.schedules.alternating(discriminator_steps=2),
        average=0.99,
        seed=0,
    )
    said = lines_of(gan)
    assert said == {
        "": "GAN of points (2,)",
        "generator": "42 parameters, (2,) to (2,)",  # 2·8 + 8 + 8·2 + 2
        "discriminator": "33 parameters, (2,) to (1,)",  # 2·8 + 8 + 8 + 1
        "objective": "Wasserstein()",
        "penalties": "GradientPenalty of weight 10, R1 of weight 0.5",
        "latents": "2 numbers, normal",
        "schedule": "2 × discriminator, then generator",
        "average": "0.99",
        "optimizers": "none before compile()",
    }
    gan.compile(generator_optimizer="sgd")
    gan.fit(np.ones((96, 2), "float32"), batch_size=32, verbose=0)
    said = lines_of(gan)
    assert said["discriminator by"] == "Adam, learning rate 0.0002, 6 updates made"
    assert said["generator by"] == "SGD, learning rate 0.01, 3 updates made"
    assert "optimizers" not in said


def test_models_of_one_player_and_of_two_domains():
    flow = kg.RealNVP((2,), couplings=2, width=4)
    flow.compile()
    said = lines_of(flow)
    assert said[""] == "RealNVP of points (2,)"
    assert said["optimizer"] == "Adam, learning rate 0.001"
    assert "schedule" not in said
    makers = [kg.networks.mlp_generator(data_dim=2, latent_dim=2, width=4) for _ in range(2)]
    judges = [kg.networks.mlp_discriminator(data_dim=2, width=4) for _ in range(2)]
    assert repr(kg.CycleGAN(*makers, *judges)).startswith("CycleGAN of points (2,) and points (2,)")


def test_labels_and_moves_together():
    game = kg.GAN(
        kg.networks.mlp_generator(classes=3, width=4),
        kg.networks.mlp_discriminator(classes=3, width=4),
        schedule="simultaneous",
    )
    said = lines_of(game)
    assert said["labels"] == "3 classes"
    assert said["generator"].endswith("(2,) and a label to (2,)")
    assert said["schedule"] == "discriminator and generator together"


def test_what_is_half_made_prints_all_the_same():
    for kind in (kg.GAN, kg.Generator, kg.Flow):
        assert repr(kind.__new__(kind)) == f"<{kind.__name__}, not made yet>"


def test_a_preset_says_what_it_was_trained_on_while_that_is_true():
    generator = kg.Generator.from_preset("wgangp_ring")
    said = lines_of(generator)
    assert said[""] == "Generator wgangp_ring of points (2,)"
    assert said["trained on"] == "ring"
    assert said["training"].startswith("12,000 steps, seed 0, ")
    assert said["Fréchet distance"].startswith("0.0001615, real samples 0.0003235, in coordinates")
    assert said["measured by"].startswith("keras-gan evaluate wgangp_ring --against ring")
    assert repr(generator.card).startswith("Card of wgangp_ring\n")
    generator.set_weights([0.5 * weight for weight in generator.get_weights()])
    said = lines_of(generator)
    assert (said[""], said["card"]) == ("Generator of points (2,)", "none")
    assert "trained on" not in said


def test_the_list_of_presets_has_a_line_for_each():
    presets = kg.Generator.presets
    lines = repr(presets).splitlines()
    assert [line.split()[0] for line in lines] == list(presets)
    assert all("MB" in line and len(line) < 120 for line in lines)
    assert isinstance(presets, dict)


@pytest.mark.parametrize("card", [{}, {"data": 3, "training": [], "scores": {"figures": 1}}])
def test_a_card_of_other_values_prints_them(card):
    assert repr(Card(card)) == f"Card of a model\n  values  {card!r}"


def test_a_card_does_not_command_the_terminal():
    card = Card({"preset": "a\x1b[2Jb", "data": {"name": "x\ny"}, "objective": "z\x9b"})
    assert "\x1b" not in repr(card)
    assert "\x9b" not in repr(card)
    assert len(repr(card).splitlines()) == 3


def test_messages_about_the_wrong_model_stay_one_line():
    with pytest.raises(ValueError, match=r"received GAN of points \(2,\) generator") as caught:
        kg.Translator.from_gan(kg.GAN(toys.generator(), toys.discriminator()))
    assert "\n" not in str(caught.value)
