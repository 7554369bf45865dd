"""Adaptive augmentation: its probability, by hand and at its target, saved, resumed, logged."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from tests.augment.games import gan, images


def scores(mean_sign, n=100, seed=0):
    """Scores of n samples whose signs have this mean."""
    positive = round(n * (1 + mean_sign) / 2)
    sizes = np.random.default_rng(seed).uniform(0.5, 3.0, (n, 1))
    return ops.convert_to_tensor(sizes * np.where(np.arange(n) < positive, 1, -1)[:, None])


def test_the_probability_changes_by_the_images_seen_after_every_interval():
    ada = kg.augment.Adaptive([], target=0.6, images=1000, interval=2, start=0.5)
    found = []
    for r in (0.9, 0.5, 0.2, 0.4):  # 200 images with a mean of 0.7, and then of 0.3
        ada.observe(scores(r), scores(0.0), 0.0)
        found.append(float(ada.probability))
    assert found == pytest.approx([0.5, 0.7, 0.7, 0.5])
    assert float(ada.present()["augment_sign"]) == pytest.approx(0.3)


def test_a_score_of_a_pack_counts_for_all_samples_in_it():
    ada = kg.augment.Adaptive([], target=0.6, images=1000, interval=1)
    ada.observe(scores(1.0, n=50), scores(0.0, n=50), 0.0, 3)
    assert float(ada.probability) == pytest.approx(150 / 1000)


def test_it_stays_between_0_and_1():
    ada = kg.augment.Adaptive([], images=100, interval=1)
    for r, expected in [(-1.0, 0.0), (1.0, 1.0), (1.0, 1.0), (-1.0, 0.0)]:
        ada.observe(scores(r), scores(0.0), 0.0)
        assert float(ada.probability) == expected


@pytest.mark.parametrize("target", [0.3, 0.6])
def test_it_settles_at_its_target(target):
    """Of a discriminator that is less sure the more is augmented, r = 1 − p."""
    ada = kg.augment.Adaptive([], target=target, images=5000, interval=4)
    found = []
    for _ in range(400):
        ada.observe(scores(1 - float(ada.probability), n=200), scores(0.0, n=200), 0.0)
        found.append(float(ada.probability))
    step = 4 * 200 / 5000
    assert max(found[200:]) - min(found[200:]) <= step + 0.02
    assert np.mean(found[200:]) == pytest.approx(1 - target, abs=step)


def test_the_sign_is_that_of_the_distance_from_the_threshold_or_from_the_fake():
    real, fake = ops.convert_to_tensor([[0.4], [0.8]]), ops.convert_to_tensor([[0.9], [0.7]])
    for threshold, expected in ((0.0, 1.0), (0.5, 0.0), (None, 0.0)):
        ada = kg.augment.Adaptive([], interval=1)
        ada.observe(real, fake, threshold)
        assert float(ada.present()["augment_sign"]) == expected


def test_a_score_that_is_no_number_counts_as_none():
    ada = kg.augment.Adaptive([], images=100, interval=1, start=0.5)
    ada.observe(ops.convert_to_tensor([[np.nan], [1.0]]), scores(0.0, 2), 0.0)
    assert float(ada.present()["augment_sign"]) == 0.5
    assert np.isfinite(float(ada.probability))


def test_the_authors_transforms_are_chosen_by_the_number_of_channels():
    names = [type(t).__name__ for t in gan(augment="ada").augment.transforms]
    geometry = ["Flip", "QuarterTurn", "IntegerTranslation", "Scaling", "Rotation", "Stretching"]
    geometry += ["Rotation", "FractionalTranslation"]
    assert names == [*geometry, "Brightness", "Contrast", "LumaFlip"]
    colored = gan(channels=3, augment="ada").augment.transforms
    assert [type(t).__name__ for t in colored[-2:]] == ["Hue", "Saturation"]


def test_it_is_logged_saved_and_goes_on(tmp_path):
    ada = kg.augment.Adaptive(images=400, interval=2, start=0.4)
    game = gan(augment=ada)
    game.compile()
    x = images(64)
    history = game.fit(x, batch_size=8, shuffle=False, verbose=0).history
    p = float(game.augment.probability)
    assert p != pytest.approx(0.4)
    assert history["augment_probability"] == [pytest.approx(p)]
    assert -1 <= history["augment_sign"][0] <= 1
    assert float(ada.probability) == pytest.approx(0.4)  # the game has its own
    game.save(tmp_path / "game.keras")
    copy = kg.load_model(tmp_path / "game.keras")
    assert float(copy.augment.probability) == p
    assert copy.augment.get_config() == game.augment.get_config()
    assert copy.get_config()["augment"]["config"]["transforms"] is None  # its own choice, again
    for each in (game, copy):
        each.fit(x, batch_size=8, shuffle=False, verbose=0)
    assert float(copy.augment.probability) == float(game.augment.probability)


def test_evaluation_neither_augments_nor_learns(rng):
    game = gan(augment=kg.augment.Adaptive(images=10, interval=1, start=0.5))
    plain = gan()
    for each in (game, plain):
        each.compile()
    x = images(16)
    found = game.evaluate(x, batch_size=8, return_dict=True, verbose=0)
    expected = plain.evaluate(x, batch_size=8, return_dict=True, verbose=0)
    assert found["discriminator_loss"] == expected["discriminator_loss"]
    assert float(game.augment.probability) == 0.5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": 2}, "target must be a number of at least -1 and at most 1; received 2"),
        ({"images": 0}, "images must be a number greater than 0"),
        ({"interval": 0}, "interval must be a whole number of at least 1"),
        ({"start": 1.1}, "start must be"),
        ({"transforms": [kg.augment.Adaptive()]}, r"Adaptive is the whole.*Adaptive\(\[…\]\)"),
        ({"transforms": [3]}, "A transform must be a kg.augment.Transform.*received 3"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        kg.augment.Adaptive(**options)


def test_a_checkpoint_of_another_probability_is_of_another_game(tmp_path):
    def trained(**options):
        game = gan(augment=kg.augment.Adaptive([], images=100, **options))
        game.compile()
        checkpoint = kg.callbacks.Checkpoint(tmp_path)
        game.fit(images(16), batch_size=8, verbose=0, callbacks=[checkpoint])

    trained(target=0.5)
    with pytest.raises(ValueError, match="augment="):
        trained(target=0.4)


def test_keras_is_not_asked_to_train_it():
    game = gan(augment="ada")
    assert not [v for v in game.augment.trainable_variables if isinstance(v, keras.Variable)]
