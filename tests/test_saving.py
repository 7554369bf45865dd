"""What cannot be loaded is refused with the cause and the remedy, which works."""

import json
import re
import warnings
import zipfile

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg

registered = keras.saving.register_keras_serializable(package="tests_of_saving")


@registered
class Scaled(layers.Layer):
    def call(self, x):
        return 2.0 * x


@registered
class Kept(keras.constraints.Constraint):
    def __call__(self, w):
        return w


@registered
class Own(kg.DCGAN):
    pass


@registered
class Steady(keras.optimizers.Adam):
    pass


@registered
class Weighted(kg.penalties.GradientPenalty):
    pass


@registered
class Slow(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        return 1e-3

    def get_config(self):
        return {}


@registered
def bent(x):
    return ops.tanh(x)


def discriminator(*inner, **last):
    return keras.Sequential([keras.Input((2,)), *inner, layers.Dense(1, **last)])


def game(network=None, of=kg.DCGAN, optimizer=None, **options):
    network = discriminator() if network is None else network
    gan = of(kg.networks.mlp_generator(width=4, depth=1), network, seed=0, **options)
    gan.compile(generator_optimizer=optimizer)
    return gan


MISSING = {
    "layer": (lambda: game(discriminator(Scaled())), Scaled),
    "nested layer": (lambda: game(discriminator(keras.Sequential([Scaled()]))), Scaled),
    "wrapped activation": (
        lambda: game(
            discriminator(kg.layers.SpectralNormalization(layers.Dense(3, activation=bent)))
        ),
        bent,
    ),
    "constraint": (lambda: game(discriminator(kernel_constraint=Kept())), Kept),
    "penalty": (lambda: game(of=kg.GAN, penalties=[Weighted()]), Weighted),
    "game": (lambda: game(of=Own), Own),
    "optimizer": (lambda: game(optimizer=Steady()), Steady),
    "schedule of a rate": (lambda: game(optimizer=keras.optimizers.Adam(Slow())), Slow),
}


@pytest.mark.parametrize("case", MISSING)
def test_what_nobody_registers_is_named_and_can_be_given(case, tmp_path, monkeypatch):
    make, missing = MISSING[case]
    gan, path = make(), tmp_path / "gan.keras"
    gan.save(path)
    name = f"tests_of_saving>{missing.__name__}"
    monkeypatch.delitem(keras.saving.get_custom_objects(), name)
    with pytest.raises(ValueError, match=re.escape(name)) as caught:
        kg.load_model(path)
    message = str(caught.value)
    assert message.count("\n") == 0
    assert "could not be deserialized" not in message
    assert f"'{name}' is not registered: import the module that registers it" in message
    assert f'custom_objects={{"{name}": {missing.__name__}}})' in message
    for objects in ({name: missing}, {missing.__name__: missing}):
        again = kg.load_model(path, custom_objects=objects)
        np.testing.assert_array_equal(again.generate(2, seed=0), gan.generate(2, seed=0))


def test_several_missing_ones_are_named_at_once(tmp_path, monkeypatch):
    game(discriminator(Scaled(), layers.Dense(2, activation=bent))).save(tmp_path / "gan.keras")
    for name in ("Scaled", "bent"):
        monkeypatch.delitem(keras.saving.get_custom_objects(), f"tests_of_saving>{name}")
    with pytest.raises(ValueError, match="'tests_of_saving>Scaled', 'tests_of_saving>bent' are"):
        kg.load_model(tmp_path / "gan.keras")
    with pytest.raises(ValueError, match="'tests_of_saving>bent' is not registered"):
        kg.load_model(tmp_path / "gan.keras", custom_objects={"Scaled": Scaled})


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A good file of a game with a code and none."""
    path = tmp_path_factory.mktemp("good") / "gan.keras"
    game().save(path)
    return path


def changed(path, into, change):
    """A copy of an archive whose members are what `change(name, content)` returns, if anything."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(into, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return into


DAMAGE = {
    "no config": ("config.json", lambda _: None, "it lacks config.json"),
    "no weights": ("model.weights.h5", lambda _: None, "it lacks model.weights.h5"),
    "half a config": ("config.json", lambda b: b[:99], "config.json in it is damaged"),
    "half the weights": (
        "model.weights.h5",
        lambda b: b[: len(b) // 2],
        "model.weights.h5 in it is damaged",
    ),
    "other weights": ("model.weights.h5", lambda _: b"no", "model.weights.h5 in it is damaged"),
}


def test_a_field_that_is_not_there_is_named(good, tmp_path):
    def change(name, content):
        if name != "config.json":
            return content
        config = json.loads(content)
        del config["compile_config"]["optimizers"]
        return json.dumps(config).encode()

    with pytest.raises(ValueError, match="config.json in it has no 'optimizers'"):
        kg.load_model(changed(good, tmp_path / "gan.keras", change))


@pytest.mark.parametrize("case", DAMAGE)
def test_a_damaged_file_is_called_damaged(case, good, tmp_path):
    part, change, said = DAMAGE[case]
    path = changed(good, tmp_path / "gan.keras", lambda n, b: change(b) if n == part else b)
    with pytest.raises(ValueError, match=f"{said}.*: the file was cut short or changed; copy"):
        kg.load_model(path)


def test_a_flipped_bit_is_noticed(good, tmp_path):
    content = bytearray(good.read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "gan.keras").write_bytes(content)
    with pytest.raises(ValueError, match="model.weights.h5 in it is damaged"):
        kg.load_model(tmp_path / "gan.keras")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (b'"units": 1', b'"fresh": 3, "units": 1', "Unrecognized keyword arguments.*'fresh': 3"),
        (b'"class_name": "Dense"', b'"class_name": "Denser"', "Denser"),
    ],
)
def test_a_file_of_a_newer_keras_says_so(before, after, said, good, tmp_path):
    def newer(name, content):
        metadata = json.dumps({"keras_version": "99.1.0"}).encode()
        return metadata if name == "metadata.json" else content.replace(before, after)

    path = changed(good, tmp_path / "gan.keras", newer)
    here = re.escape(f"Keras 99.1.0 saved it, but {keras.__version__} is installed")
    with pytest.raises(ValueError, match=f"{said}.*; {here}: pip install -U keras"):
        kg.load_model(path)


def test_a_recipe_that_this_version_lacks_is_named(good, tmp_path):
    path = changed(
        good, tmp_path / "gan.keras", lambda _, b: b.replace(b"keras_gan>DCGAN", b"keras_gan>QGAN")
    )
    changed(path, tmp_path / "b.keras", lambda _, b: b.replace(b'"DCGAN"', b'"QGAN"'))
    with pytest.raises(ValueError, match="it needs QGAN, which this version of keras_gan does not"):
        kg.load_model(tmp_path / "b.keras")


def test_weights_that_do_not_fit_are_explained_in_one_line(good, tmp_path):
    """Keras's own message begins with a line that ends in a colon."""
    other = tmp_path / "other.keras"
    game(discriminator(layers.Dense(3, use_bias=False), layers.Dense(2))).save(other)
    with zipfile.ZipFile(other) as archive:
        weights = archive.read("model.weights.h5")
    path = changed(
        good, tmp_path / "gan.keras", lambda n, b: weights if n == "model.weights.h5" else b
    )
    with pytest.raises(ValueError, match="could not be loaded as a model") as caught:
        kg.load_model(path)
    message = str(caught.value)
    assert "\n" not in message
    assert not message.endswith(":.")
    assert "Dense" in message


@pytest.mark.filterwarnings("ignore:.*Python lambda")  # when the game is made
def test_code_in_a_file_is_run_only_when_asked_for(tmp_path):
    path = tmp_path / "gan.keras"
    gan = game(discriminator(layers.Lambda(lambda x: 3 * x)))
    gan.save(path)
    with pytest.raises(ValueError, match="it contains Python code .*safe_mode=False"):
        kg.load_model(path)
    x = np.ones((2, 2), "float32")
    again = kg.load_model(path, safe_mode=False)
    np.testing.assert_array_equal(again.discriminate(x), gan.discriminate(x))


def test_paths_that_are_not_files(good, tmp_path, monkeypatch):
    monkeypatch.chdir(good.parent)
    with pytest.raises(ValueError, match="There is no file gna.keras .did you mean 'gan.keras'"):
        kg.load_model("gna.keras")
    (tmp_path / "run.keras").mkdir()
    with pytest.raises(ValueError, match="is a folder, not a .keras file: name the .keras file"):
        kg.load_model(tmp_path / "run.keras")
    (tmp_path / "run.keras" / "model.keras").write_text("")
    with pytest.raises(ValueError, match="is a folder.*: load .*model.keras"):
        kg.load_model(tmp_path / "run.keras")
    (tmp_path / "gan.weights.h5").write_text("")
    with pytest.raises(ValueError, match="by model.load_weights"):
        kg.load_model(tmp_path / "gan.weights.h5")


def test_a_file_of_weights_with_another_ending_is_refused_for_its_name(tmp_path):
    (tmp_path / "w.txt").write_text("")
    with pytest.raises(ValueError, match=r"end in .weights.h5, .*received .*w.txt: rename it"):
        game().load_weights(tmp_path / "w.txt")


@pytest.mark.thorough
def test_weights_bring_the_optimizers_back_once_they_are_there(tmp_path):
    """As with any Keras model, whose optimizer, too, starts at step 0 when it is made later."""
    path, x = tmp_path / "gan.weights.h5", np.ones((8, 2), "float32")
    trained = game()
    trained.fit(x, batch_size=4, verbose=0)
    trained.save_weights(path)
    before, after = game(), kg.DCGAN(*(getattr(game(), n) for n in kg.DCGAN.network_names), seed=0)
    before.load_weights(path)
    after.load_weights(path)
    after.compile()
    assert [int(each.optimizer.iterations) for each in (trained, before, after)] == [2, 2, 0]
    for each in (trained, before, after):
        each.fit(x, batch_size=4, verbose=0)
    assert "compile` first" in kg.DCGAN.load_weights.__doc__
    for name in ("trained", "before"):
        weights = {"trained": trained, "before": before}[name].weights
        same = [np.array_equal(a, b) for a, b in zip(weights, before.weights, strict=True)]
        assert all(same), name


@pytest.mark.filterwarnings("ignore:Skipping")  # Keras's, before its error
def test_files_of_other_weights_are_refused_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    game().save_weights("gan.weights.h5")
    plain = discriminator()
    plain.compile("sgd", "mse")
    plain.save_weights("plain.weights.h5")
    content = (tmp_path / "gan.weights.h5").read_bytes()
    (tmp_path / "cut.weights.h5").write_bytes(content[: len(content) // 2])
    other = game(discriminator(layers.Dense(3)))
    for path, message in (
        ("gna.weights.h5", "There is no file gna.weights.h5 .did you mean 'gan.weights.h5'"),
        ("cut.weights.h5", "cut.weights.h5 is damaged, or not a file of weights"),
        (
            "gan.weights.h5",
            "does not hold the weights of this DCGAN: build the model with the netw",
        ),
        ("plain.weights.h5", "does not hold the weights of this DCGAN"),
    ):
        with pytest.raises(ValueError, match=message) as caught:
            other.load_weights(path)
        assert "\n" not in str(caught.value)


def test_what_keras_warns_of_stands_beside_no_refusal(tmp_path, monkeypatch):
    """A file that is refused has one sentence; the warnings of one that loads are heard."""
    gan = kg.GAN(kg.networks.mlp_generator(width=8), kg.networks.mlp_discriminator(width=8))
    gan.compile()
    gan.save(tmp_path / "gan.keras")
    load = keras.saving.load_model

    def warning(fails):
        def loading(*args, **kwargs):
            warnings.warn("a container is skipped", UserWarning, stacklevel=2)
            if fails:
                raise ValueError("no such layer")
            return load(*args, **kwargs)

        return loading

    monkeypatch.setattr(keras.saving, "load_model", warning(fails=False))
    with pytest.warns(UserWarning, match="a container is skipped"):
        kg.load_model(tmp_path / "gan.keras")
    monkeypatch.setattr(keras.saving, "load_model", warning(fails=True))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match="could not be loaded as a model"):
            kg.load_model(tmp_path / "gan.keras")
