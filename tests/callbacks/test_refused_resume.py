"""A training that differs from that of the checkpoint is refused, and nothing is touched."""

import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gan as kg
from keras_gan.callbacks import Checkpoint
from keras_gan.checkpoints import comparing, state
from keras_gan.data import repeating, streams
from keras_gan.networks.analysis import descriptions
from tests import toys
from tests.slow import slow_but
from tests.test_checkpoints import state_of

ADAM = {"learning_rate": 1e-3, "beta_1": 0.5}


def new_gan(activation="relu", optimizer=None, seed=0, **options):
    generator = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(4, activation=activation), keras.layers.Dense(2)]
    )
    discriminator = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(4), keras.layers.Dropout(0.1), keras.layers.Dense(1)]
    )
    gan = kg.GAN(generator, discriminator, seed=seed, **options)
    gan.compile(
        generator_optimizer=optimizer or keras.optimizers.Adam(**ADAM),
        discriminator_optimizer=keras.optimizers.Adam(**ADAM),
    )
    return gan


def fit(gan, folder, x=None, batch_size=8, epochs=1, **options):
    x = toys.points(24) if x is None else x
    checkpoint = Checkpoint(folder, **options)
    size = batch_size if hasattr(x, "shape") else None
    gan.fit(x, batch_size=size, epochs=epochs, verbose=0, callbacks=[checkpoint])
    return checkpoint


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    fit(new_gan(), folder)
    return folder


@pytest.fixture
def folder(trained, tmp_path):
    return shutil.copytree(trained, tmp_path / "copy")


def with_last(x):
    x = np.array(x)
    x[-1] += 1
    return x


def adam(kind=keras.optimizers.Adam, **options):
    return kind(**(ADAM | options))


def decay(steps):
    return adam(learning_rate=keras.optimizers.schedules.CosineDecay(1e-3, steps))


OTHER_GAMES = {
    "activation": ({"activation": "tanh"}, "networks", r"generator.layers\[1\].activation='relu'"),
    "betas": ({"optimizer": adam(beta_1=0.9)}, "optimizer", "generator's optimizer.beta_1=0.5"),
    "AdamW": ({"optimizer": adam(keras.optimizers.AdamW)}, "optimizer", r"Adam\(.*here .*AdamW\("),
    "clipping": ({"optimizer": adam(clipnorm=1.0)}, "optimizer", "clipnorm=None"),
    "schedule": ({"optimizer": decay(9)}, "optimizer", "learning_rate="),
    "seed": ({"seed": 1}, "seed", "seed=0, here seed=1"),
    "objective": ({"objective": "hinge"}, "game", "objective=.*here objective=Hinge"),
}


@pytest.mark.parametrize("case", slow_but(["activation", "AdamW", "seed"], OTHER_GAMES))
def test_another_game_is_refused_before_anything_is_touched_and_can_be_meant(folder, case):
    options, kind, message = OTHER_GAMES[case]
    permit = rf", or permit the change with Checkpoint\(…, override=\('{kind}',\)\)\."
    if case == "schedule":  # whose optimizer has no variable for the rate
        permit = r"or use another folder\."
    if case == "AdamW":
        gan = new_gan(**options)
        fit(gan, shutil.copytree(folder, folder / "meant"), epochs=2, override=kind)
        assert int(gan.optimizer.iterations) == 6
        shutil.rmtree(folder / "meant")
    gan = new_gan(**options)
    before, seed, files = state_of(gan), gan.seed, contents(folder)
    with pytest.raises(ValueError, match=f"to another training: it has .*{message}.*{permit}"):
        fit(gan, folder, epochs=2)
    assert state_of(gan) == before
    assert gan.seed == seed
    assert contents(folder) == files


def test_other_arrays_of_the_same_shape_are_refused(folder):
    gan, x = new_gan(), toys.points(24)
    before = state_of(gan)
    for other in (x[::-1].copy(), with_last(x), x + 1):
        with pytest.raises(ValueError, match="digest of the samples .*, here digest of the samp"):
            fit(gan, folder, other, epochs=2)
    assert state_of(gan) == before
    assert fit(gan, folder, other, epochs=2, override="data").progress.step == 6


def test_all_differences_are_named_in_one_sentence(folder):
    gan = new_gan("tanh", adam(beta_2=0.5), seed=3)
    with pytest.raises(ValueError, match="digest") as raised:
        fit(gan, folder, toys.points(32), epochs=2)
    message = str(raised.value)
    for each in ("activation='tanh'", "beta_2=0.5", "seed=3", "number of samples 32", "epoch=4"):
        assert each in message
    assert "override=('data', 'networks', 'optimizer', 'seed')" in message
    assert message.count(". ") == 0


@pytest.mark.thorough
def test_epochs_of_another_length_can_be_meant_and_go_on_again(folder):
    gan = new_gan()
    x = toys.points(40)
    fit(gan, folder, x, batch_size=4, epochs=2, override=("data",))
    assert int(gan.optimizer.iterations) == 3 + 10
    assert fit(new_gan(), folder, x, batch_size=4, epochs=3).progress.step == 23


def shuffled(x, seed, function=None):
    samples = tf.data.Dataset.from_tensor_slices(x).shuffle(24, seed=seed)
    return (samples if function is None else samples.map(function)).batch(8)


SETS = {
    "batches": lambda x, seed: kg.data.batches(x, 8, seed=seed),
    "tf.data": lambda x, seed: tf.data.Dataset.from_tensor_slices(x).batch(8),
    "a shuffle": lambda x, seed: shuffled(x, seed + 1),
    "batches in batches": lambda x, seed: kg.data.batches(x, 8, seed=seed).map(lambda x: x),
}


@pytest.mark.parametrize("kind", slow_but(["batches", "a shuffle"], SETS))
def test_other_data_sets_of_the_same_shape_are_refused(kind, tmp_path):
    x = toys.points(24)
    fit(new_gan(), tmp_path, SETS[kind](x, 0))
    others = [SETS[kind](x + 1, 0), SETS[kind](with_last(x), 0)]
    others += [SETS[kind](x, 1)] * (kind != "tf.data")
    for other in others:
        with pytest.raises(ValueError, match="it has .*(digest|seeds? of)"):
            fit(new_gan(), tmp_path, other, epochs=2)
    fit(new_gan(), tmp_path, SETS[kind](x, 0), epochs=2)


def test_what_comes_behind_a_shuffle_or_has_no_seed_is_looked_at_in_its_own_order(monkeypatch):
    x = toys.points(24)

    def facts(*arguments):
        return streams.stream_of(shuffled(*arguments)).examined().facts

    assert facts(x, 1) == facts(x, 1)
    assert facts(x, 1)["digest of the samples"] != facts(x, 1, tf.abs)["digest of the samples"]
    tf.random.set_seed(None)
    unseeded = [facts(each, None) for each in (x, x, x + 1)]
    assert unseeded[0] == unseeded[1] != unseeded[2]
    assert "seeds of shuffle" not in unseeded[0]
    monkeypatch.setattr(repeating, "MOST_BYTES", 0)  # so that no graph can be copied
    large = [facts(each, 1)["digest of the samples"] for each in (x, x, x + 1)]
    assert large[0] == large[1] != large[2]


def test_files_that_have_been_moved_are_the_same_data_and_others_are_not(tmp_path, rng):
    for name in ("one", "moved", "other"):
        (tmp_path / name).mkdir()
    for number in range(4):
        for name in ("one", "other"):
            image = rng.integers(255, size=(4, 4, 3))
            keras.utils.save_img(tmp_path / name / f"{number}.png", image)
        shutil.copy(tmp_path / "one" / f"{number}.png", tmp_path / "moved")
    read = [
        keras.utils.image_dataset_from_directory(
            tmp_path / name, label_mode=None, image_size=(4, 4), batch_size=2, seed=seed
        )
        for name, seed in (("one", 1), ("moved", 1), ("other", 1), ("one", 2))
    ]
    one, moved, other, reseeded = (streams.stream_of(each).examined().facts for each in read)
    assert one == moved
    assert one["digest of the samples"] != other["digest of the samples"]
    assert one["seeds of shuffle"] != reseeded["seeds of shuffle"]


def test_another_augmentation_is_refused(tmp_path):
    def batches(*layers):
        return kg.data.batches(toys.points(24), 8, augment=keras.Sequential(layers))

    noise = keras.layers.GaussianNoise
    fit(new_gan(), tmp_path, batches(noise(0.1, seed=1)))
    gan = new_gan()
    before = state_of(gan)
    for other in (noise(0.2, seed=1), noise(0.1, seed=2)):
        with pytest.raises(ValueError, match="it has augment Sequential .*, here augment Seq"):
            fit(gan, tmp_path, batches(other), epochs=2)
    assert state_of(gan) == before


def test_the_best_of_other_networks_is_not_loaded(folder):
    shutil.copy(folder / "step_00000003.checkpoint", folder / "best.checkpoint")
    gan = new_gan("tanh")
    with pytest.raises(ValueError, match="activation='relu'.*use another folder.$"):
        Checkpoint(folder).load_best(gan)
    Checkpoint(folder).load_best(new_gan(optimizer=adam(beta_1=0.9)))


def test_what_the_callbacks_refuse_leaves_the_game_as_it_was(folder):
    gan = new_gan()
    before = state_of(gan)
    rate = kg.callbacks.LearningRate(lambda epoch: 1e-3, player="encoder")
    with pytest.raises(ValueError, match="Unknown player 'encoder'"):
        gan.fit(toys.points(24), batch_size=8, verbose=0, callbacks=[rate, Checkpoint(folder)])
    assert state_of(gan) == before


@pytest.mark.parametrize("when", ["on_train_begin", "on_train_batch_begin"])
def test_what_fails_before_the_first_step_leaves_the_game_as_it_was(folder, when):
    def fail(*_, **__):
        raise FileNotFoundError("log.csv")

    gan, callback = new_gan(), keras.callbacks.Callback()
    setattr(callback, when, fail)
    before, callbacks = state_of(gan), [callback, Checkpoint(folder)]
    with pytest.raises(FileNotFoundError, match=r"log\.csv"):
        gan.fit(toys.points(24), batch_size=8, epochs=2, verbose=0, callbacks=callbacks)
    assert state_of(gan) == before


def test_another_learning_rate_is_warned_of_and_has_no_effect_unless_meant(folder):
    gan = new_gan(optimizer=adam(learning_rate=5e-4))
    with pytest.warns(
        UserWarning, match="generator's learning rate was 0.001 .* rate 0.0005 has no effect"
    ):
        fit(gan, folder, epochs=1)
    assert float(gan.optimizer["generator"].learning_rate) == pytest.approx(1e-3)
    fit(gan, folder, epochs=1, override="optimizer")
    assert float(gan.optimizer["generator"].learning_rate) == pytest.approx(5e-4)


def test_names_unset_seeds_and_rates_changed_in_training_are_no_differences(tmp_path):
    halve = kg.callbacks.LearningRate(lambda epoch, rate: rate / 2)
    x = toys.points(24)
    for epochs in (1, 2):
        gan = new_gan(seed=None)
        gan.fit(x, batch_size=8, epochs=epochs, verbose=0, callbacks=[halve, Checkpoint(tmp_path)])
    assert float(gan.optimizer["generator"].learning_rate) == pytest.approx(2.5e-4)


def test_another_version_is_warned_of_alone(folder, monkeypatch):
    there = state.descriptions.versions()
    monkeypatch.setattr(state.descriptions, "versions", lambda: there | {"keras_gan": "99.0"})
    with pytest.warns(UserWarning, match="was written with keras_gan .*, here is keras_gan 99.0"):
        fit(new_gan(), folder)


def test_settings_that_a_later_version_adds_are_no_differences(folder, monkeypatch):
    there, settings = state.descriptions.versions(), kg.GAN.settings
    monkeypatch.setattr(kg.GAN, "settings", lambda self: settings(self) | {"new": 1})
    with pytest.raises(ValueError, match="it has new=None, here new=1"):
        fit(new_gan(), folder)
    monkeypatch.setattr(state.descriptions, "versions", lambda: there | {"keras_gan": "99.0"})
    with pytest.warns(UserWarning, match=r"here is keras_gan 99\.0"):
        fit(new_gan(), folder)
    with pytest.raises(ValueError, match="objective="):
        fit(new_gan(objective="hinge"), folder)


def test_lambdas_are_compared_within_one_version_of_python(folder, monkeypatch):
    def of(function):
        described = descriptions.described(keras.layers.Lambda(function))
        return described["config"]["function"]

    def scaled(factor):
        return lambda x: [factor * each for each in x]

    assert of(lambda x: [2 * y for y in x]) == of(lambda x: [2 * y for y in x])
    assert of(lambda x: [2 * y for y in x]) != of(lambda x: [3 * y for y in x])
    assert of(scaled(2)) == of(scaled(2)) != of(scaled(3))
    constants = [frozenset(order) for order in (range(0, 99, 8), reversed(range(0, 99, 8)))]
    assert repr(constants[0]) != repr(constants[1])
    assert descriptions.plain_code(constants[0]) == descriptions.plain_code(constants[1])

    there = of(lambda x: 2 * x)
    monkeypatch.setattr(descriptions, "PYTHON", "9.9")
    assert list(comparing.unlike(there, of(lambda x: 2 * x), strict=False)) == []
    with pytest.warns(UserWarning, match=r"written with python 3\..*, here is python 9\.9"):
        fit(new_gan(), folder)


def test_a_refused_resume_renames_no_damaged_checkpoint(folder):
    damaged = folder / "step_00000009.checkpoint"
    damaged.write_bytes(b"damaged")
    files = contents(folder)
    with pytest.raises(ValueError, match="to another training"):
        fit(new_gan("tanh"), folder)
    assert contents(folder) == files
    with pytest.warns(UserWarning, match="is damaged"):
        fit(new_gan(), folder)
    assert not damaged.exists()


def test_an_unknown_override_is_refused():
    with pytest.raises(ValueError, match="Unknown override 'dat': did you mean 'data'"):
        Checkpoint("folder", override=("dat",))
