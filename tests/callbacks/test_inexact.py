"""What keeps a resumed training from being exact is warned of when `fit` starts, by name."""

import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gan as kg
from keras_gan.callbacks import Checkpoint
from keras_gan.data import repeating
from tests import toys
from tests.backend import BACKEND
from tests.slow import slow_but

IN_TF = pytest.mark.skipif(BACKEND != "tensorflow", reason="Keras itself refuses it on JAX")
X = toys.points(32)
SLICES = tf.data.Dataset.from_tensor_slices(X)
FLIP = keras.layers.RandomFlip("vertical", seed=0)  # which tf.data can trace on JAX, too


@pytest.fixture(scope="module")
def gan():
    gan = kg.GAN(
        kg.networks.mlp_generator(width=4, depth=1), kg.networks.mlp_discriminator(width=4, depth=1)
    )
    gan.compile()
    return gan


def notes(gan, folder, x, *callbacks):
    """The warnings of a `fit` with a Checkpoint."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        gan.fit(x, verbose=0, callbacks=[*callbacks, Checkpoint(folder)])
    return [str(each.message) for each in caught if issubclass(each.category, UserWarning)]


class Batches(keras.utils.PyDataset):
    """Batches that are drawn anew, or by their number."""

    def __init__(self, seeded):
        super().__init__()
        self.seeded = seeded

    def __len__(self):
        return 4

    def __getitem__(self, i):
        rng = np.random.default_rng([0, i] if self.seeded else None)
        return (rng.normal(size=(8, 2)).astype("float32"),)


def random_batches():
    rng = np.random.default_rng(0)
    while True:
        yield rng.normal(size=(2,)).astype("float32")


def drawn(seeded):
    def draw():
        rng = np.random.default_rng(0)
        yield from rng.normal(size=(32, 2)).astype("float32")

    spec = tf.TensorSpec((2,), "float32")
    rng = random_batches()
    source = draw if seeded else lambda: (next(rng) for _ in range(32))
    batches = tf.data.Dataset.from_generator(source, output_signature=spec).batch(8)
    return counted(batches)


def counted(batches):
    return batches.apply(tf.data.experimental.assert_cardinality(4))


def loose():
    options = tf.data.Options()
    options.deterministic = False
    return SLICES.batch(8).with_options(options)


def flipped(x):
    return FLIP(x[..., None, None], training=True)[..., 0, 0]


def by_tensorflow(x):
    return x + tf.random.normal(tf.shape(x))


INEXACT = {
    "a shuffle": (lambda: SLICES.shuffle(32).batch(8), r"calls shuffle\(\) without a seed"),
    "a fixed shuffle": (
        lambda: SLICES.shuffle(32, reshuffle_each_iteration=False).batch(8),
        r"calls shuffle\(\) without a seed",
    ),
    "a layer in a map": (
        lambda: SLICES.batch(8).map(flipped).prefetch(2),
        "map draws from a random stream of Keras",
    ),
    "tf.random in a map": (lambda: SLICES.batch(8).map(by_tensorflow), "RandomStandardNormal"),
    "a random generator": (lambda: drawn(False), "other batches when it is read again"),
    "one that is shuffled": (
        lambda: counted(drawn(False).unbatch().shuffle(8, seed=1).batch(8)),
        "other batches when it is read again",
    ),
    "another order": (loose, "deterministic=False"),
    "a random PyDataset": (lambda: Batches(seeded=False), "Batches gives other samples"),
    "a random augmentation": (
        lambda: kg.data.batches(X, 8, augment=by_tensorflow),
        "augment changes the same batch in another way",
    ),
    "a random sample": (
        lambda: kg.data.batches(SLICES.map(by_tensorflow), 8, cache=False),
        "other batches when it is read again",
    ),
}
EXACT = {
    "arrays": lambda: X,
    "batches": lambda: kg.data.batches(X, 8),
    "mapped batches": lambda: kg.data.batches(X, 8).map(lambda x: 2 * x),
    "an augmentation": lambda: kg.data.batches(X, 8, augment=keras.layers.GaussianNoise(0.1)),
    "a function": lambda: kg.data.batches(X, 8, augment=lambda x: -x),
    "slices": lambda: SLICES.batch(8),
    "a seeded shuffle": lambda: SLICES.shuffle(32, seed=1).batch(8),
    "stateless draws": lambda: SLICES.batch(8).map(
        lambda x: x + tf.random.stateless_normal(tf.shape(x), (0, 1))
    ),
    "parallel maps": lambda: SLICES.map(lambda x: 2 * x, tf.data.AUTOTUNE).batch(8).prefetch(2),
    "a seeded generator": lambda: drawn(True),
    "a PyDataset": lambda: Batches(seeded=True),
}
FEW = ["a shuffle", "a layer in a map", "a random PyDataset", "a random augmentation"]


@pytest.mark.parametrize("kind", slow_but(FEW, INEXACT))
def test_data_that_cannot_come_again_are_named(gan, tmp_path, kind):
    tf.random.set_seed(None)
    make, message = INEXACT[kind]
    (note,) = notes(gan, tmp_path, make())
    assert message.replace("\\", "") in note
    assert "so a run that continues from its Checkpoint may end differently" in note


@pytest.mark.parametrize("kind", slow_but(["an augmentation", "a seeded shuffle"], EXACT))
def test_data_that_come_again_are_not(gan, tmp_path, kind):
    assert notes(gan, tmp_path, EXACT[kind]()) == []


def test_data_too_slow_for_a_second_look_are_named(gan, tmp_path, monkeypatch):
    monkeypatch.setattr(repeating, "PATIENCE", -1.0)
    (note,) = notes(gan, tmp_path, SLICES.batch(8))
    assert "first two batches took more than 10 s, and were not read again to check" in note


def test_a_shuffle_under_a_global_seed_is_not(gan, tmp_path):
    tf.random.set_seed(0)
    assert notes(gan, tmp_path, SLICES.shuffle(32).batch(8)) == []


def test_patience_is_named_and_health_is_not(gan, tmp_path):
    stopping = keras.callbacks.EarlyStopping("generator_loss", patience=3, mode="min")
    (note,) = notes(gan, tmp_path, X, stopping, kg.callbacks.Health())
    assert "EarlyStopping forgets its best score and starts its patience of 3 again" in note


def test_stock_callbacks_that_write_over_what_is_there_are_named(gan, tmp_path):
    stock = keras.callbacks
    options = {"monitor": "generator_loss", "mode": "min"}
    found = notes(
        gan,
        tmp_path / "checkpoints",
        X,
        stock.ModelCheckpoint(str(tmp_path / "best.keras"), save_best_only=True, **options),
        stock.ModelCheckpoint(str(tmp_path / "last.keras"), **options),
        stock.CSVLogger(str(tmp_path / "log.csv")),
        stock.CSVLogger(str(tmp_path / "more.csv"), append=True),
    )
    assert len(found) == 2
    assert f"overwrites {tmp_path / 'best.keras'} after the first epoch" in found[0]
    assert f"CSVLogger overwrites {tmp_path / 'log.csv'}" in found[1]


@keras.saving.register_keras_serializable(package="test")
class Noise(keras.layers.Layer):
    """Noise by keras.random without a seed, by TensorFlow, or by a stream of its own."""

    def __init__(self, kind, **kwargs):
        super().__init__(**kwargs)
        self.kind = kind
        self.stream = keras.random.SeedGenerator(0) if kind == "stream" else None

    def call(self, x):
        if self.kind == "tensorflow":
            return by_tensorflow(x)
        return x + keras.random.normal(keras.ops.shape(x), seed=self.stream)

    def get_config(self):
        return {**super().get_config(), "kind": self.kind}


@IN_TF
@pytest.mark.parametrize("eager", slow_but([False], [False, True]))
@pytest.mark.parametrize("kind", ["keras", "tensorflow", "stream"])
def test_random_numbers_of_a_network_that_no_checkpoint_holds_are_named(kind, eager, tmp_path):
    discriminator = keras.Sequential([keras.Input((2,)), Noise(kind), keras.layers.Dense(1)])
    gan = kg.GAN(kg.networks.mlp_generator(width=4, depth=1), discriminator, seed=0)
    gan.compile(run_eagerly=eager)
    found = notes(gan, tmp_path, X)
    if kind == "stream" or (eager and kind == "tensorflow"):
        assert found == []
    else:
        (note,) = found
        named = {"keras": "draws from keras.random without", "tensorflow": "RandomStandardNormal"}
        assert named[kind] in note


class Drawing(keras.callbacks.Callback):
    """Draws from keras.random without a seed around every step."""

    def on_train_batch_begin(self, batch, logs=None):
        keras.random.normal((2,))

    def on_train_batch_end(self, batch, logs=None):
        keras.random.normal((2,))


def test_what_a_callback_draws_is_not_blamed_on_the_networks(tmp_path):
    gan = kg.GAN(
        kg.networks.mlp_generator(width=4, depth=1), kg.networks.mlp_discriminator(width=4, depth=1)
    )
    gan.compile(run_eagerly=True)
    assert notes(gan, tmp_path, X, Drawing()) == []
