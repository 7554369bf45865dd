"""One rule for samples of any rank, at every place where they come in."""

import re

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gan as kg
from keras_gan.data.rescaling import rescaling

L = keras.layers
SHAPES = {"points": (3,), "series": (6, 2), "images": (4, 4, 1), "fields": (4, 4, 2)}
SHAPES["volumes"] = (2, 4, 4, 1)
OTHERS = ["series", "fields", "volumes"]
N = 16


def make(shape, activation=None, **options):
    generator = keras.Sequential(
        [keras.Input((3,)), L.Dense(int(np.prod(shape)), activation=activation), L.Reshape(shape)]
    )
    x = keras.Input(shape)
    discriminator = keras.Model(x, L.Dense(1)(L.Dense(4)(L.Flatten()(x))))
    gan = kg.GAN(generator, discriminator, seed=0)
    gan.compile(run_eagerly=True, **options)
    return gan


def standard(shape, n=N):
    return np.random.default_rng(0).standard_normal((n, *shape)).astype("float32")


def scanned(shape, n=N):
    """Hounsfield units, the lowest and the highest in the last sample."""
    x = np.random.default_rng(0).uniform(0, 500, (n, *shape)).astype("float32")
    x[-1].flat[:2] = -1024, 3071
    return x


class Batches(keras.utils.PyDataset):
    def __init__(self, x):
        super().__init__()
        self.x = x

    def __len__(self):
        return 4

    def __getitem__(self, i):
        return (self.x[4 * i : 4 * i + 4],)


def generator_of(x):
    return (x[i : i + 4] for i in range(0, len(x), 4))


WAYS = {
    "array": lambda x: x,
    "tf.data": lambda x: tf.data.Dataset.from_tensor_slices(x).batch(4),
    "PyDataset": Batches,
    "generator": generator_of,
    "kg.data": lambda x: kg.data.batches(x, 4, value_range=None),
}


@pytest.fixture(scope="module", params=SHAPES)
def game(request):
    return make(SHAPES[request.param])


@pytest.mark.parametrize("way", WAYS)
def test_standardised_samples_of_any_rank_train(game, way):
    x = standard(game.sample_shape)
    assert game.fit(WAYS[way](x), steps_per_epoch=2, verbose=0).epoch == [0]
    assert np.isfinite(game.evaluate(WAYS[way](x), steps=1, verbose=0)).all()


def test_scores_and_features_of_any_rank(game, tmp_path):
    shape, x = game.sample_shape, standard(game.sample_shape, 32)
    evaluation = kg.callbacks.Evaluation(x, metrics="sliced_wasserstein")
    history = game.fit(x, verbose=0, callbacks=[evaluation]).history
    assert np.isfinite(history["val_sliced_wasserstein"]).all()
    assert game.discriminate(x).shape == (32, 1)
    assert game.features(x).shape == (32, 4)
    features = kg.metrics.features.get("pixels")
    np.testing.assert_allclose(features(x, value_range=None), x.reshape(32, -1), rtol=1e-6)
    model = keras.Sequential([keras.Input(shape), L.Flatten()])
    own = kg.metrics.features.get(model)
    np.testing.assert_allclose(own(x, value_range=None), x.reshape(32, -1), rtol=1e-6)


@pytest.mark.parametrize("way", [way for way in WAYS if way != "generator"])
@pytest.mark.parametrize(
    ("kind", "activation"),
    [("series", None), ("fields", "tanh"), ("volumes", None), ("images", "tanh")],
)
def test_the_advice_has_the_constants_of_all_the_data(kind, activation, way):
    gan, x = make(SHAPES[kind], activation), scanned(SHAPES[kind])
    with pytest.raises(ValueError, match="values from -1024 to 3071") as error:
        gan.fit(WAYS[way](x), verbose=0)
    formula = re.search(r"for example (.*?)\. If", str(error.value))[1]
    assert formula == "(x - 1023.5) / 2047.5"
    x = eval(formula, {"x": x})
    assert gan.fit(WAYS[way](x), verbose=0).epoch == [0]
    assert (x.min(), x.max()) == (-1, 1)


@pytest.mark.parametrize(
    ("kind", "way"),
    [("series", "array"), ("fields", "tf.data"), ("volumes", "generator"), ("images", "kg.data")],
)
def test_the_way_round(kind, way):
    gan, x = make(SHAPES[kind], "tanh"), scanned(SHAPES[kind])
    with pytest.raises(
        ValueError, match="If these values are intended, compile with value_range=None"
    ):
        gan.fit(WAYS[way](x), verbose=0)
    gan.compile(value_range=None, run_eagerly=True)
    assert gan.fit(WAYS[way](x), steps_per_epoch=2, verbose=0).epoch == [0]


def test_the_way_round_is_saved(tmp_path):
    gan = make((6, 2), value_range=(0, 5))
    gan.save(tmp_path / "gan.keras")
    loaded = kg.load_model(tmp_path / "gan.keras")
    assert tuple(loaded.value_range) == (0, 5)
    loaded.fit(np.full((4, 6, 2), 5.0, "float32"), verbose=0)
    with pytest.raises(
        ValueError, match=r"Samples must lie in \[0, 5\]; .* example \(x \+ 5\) / 2"
    ):
        loaded.fit(np.float32([[[-5, 5]] * 6] * 4), verbose=0)


@pytest.mark.parametrize("bad", [3, (1, 0), (0, np.inf), "none", (1,)])
def test_other_ranges_are_refused(bad):
    with pytest.raises(ValueError, match="value_range must be a pair"):
        make((2,), value_range=bad)
    with pytest.raises(ValueError, match="value_range must be a pair"):
        kg.data.load(np.zeros((4, 4, 4, 1)), value_range=bad)


def test_the_same_verdict_at_every_rank_but_of_points():
    for kind in [*OTHERS, "images"]:
        shape = SHAPES[kind]
        with pytest.raises(ValueError, match=r"must lie in \[-1, 1\], .*\(x|must lie in \[-1, 1\]"):
            make(shape, "tanh").fit(3 * standard(shape), verbose=0)
        make(shape).fit(3 * standard(shape), verbose=0)
    make((3,)).fit(1000 * standard((3,)), verbose=0)


@pytest.mark.parametrize("way", ["tf.data", "PyDataset", "generator"])
@pytest.mark.parametrize("call", ["fit", "evaluate", "validation_data"])
def test_later_batches_are_looked_at(way, call):
    gan, bad, far = make((6, 2)), standard((6, 2)), standard((6, 2))
    bad[13, 2] = np.inf
    far[8:12] *= 1000
    for x, message in ((bad, "first in sample 1 of batch 4"), (far, "received values .* batch 3")):
        data = WAYS[way](x)
        calls = {
            "fit": lambda data=data: gan.fit(data, shuffle=False, verbose=0),
            "evaluate": lambda data=data: gan.evaluate(data, verbose=0),
            "validation_data": lambda data=data: gan.fit(
                standard((6, 2)), validation_data=data, verbose=0
            ),
        }
        with pytest.raises(ValueError, match=message):
            calls[call]()


def test_a_validation_is_looked_at_before_training():
    gan = make((6, 2))
    before = gan.get_weights()
    for wrong in (np.full((4, 6, 2), np.nan), np.full((4, 6, 2), 255.0), np.zeros((4, 2, 6))):
        with pytest.raises(ValueError, match="NaN|order of 1|take samples of shape"):
            gan.fit(standard((6, 2)), validation_data=(wrong, None), verbose=0)
    np.testing.assert_array_equal(before[0], gan.get_weights()[0])


@pytest.mark.parametrize("shape", [(4, 4, 2), (3,)])
def test_samples_that_cannot_be_drawn_are_refused_before_the_first_step(shape, tmp_path):
    gan = make(shape)
    before = gan.get_weights()
    with pytest.raises(ValueError, match="Samples draws .*: score them with kg.callbacks.Evaluat"):
        gan.fit(standard(shape), verbose=0, callbacks=[kg.callbacks.Samples(tmp_path)])
    np.testing.assert_array_equal(before[0], gan.get_weights()[0])


@pytest.mark.parametrize("kind", SHAPES)
def test_arrays_of_any_rank_in_kg_data(kind):
    x = standard(SHAPES[kind])
    batch = next(iter(kg.data.batches(x, 4, value_range=None)))
    assert batch.shape == (4, *SHAPES[kind])
    labelled = kg.data.batches((x, np.arange(N)), 4, value_range=None)
    assert labelled.element_spec[0].shape == batch.shape


def test_what_kg_data_takes_by_itself():
    for kind in ("points", "fields", "volumes"):
        assert kg.data.load(standard(SHAPES[kind])).element_spec.shape == SHAPES[kind]
    assert kg.data.load(np.zeros((4, 6, 2))).element_spec.shape == (6, 2, 1)  # grey images
    pixels = np.full((4, 2, 4, 4, 1), 255, "uint8")
    np.testing.assert_array_equal(next(iter(kg.data.batches(pixels, 2))), np.ones((2, 2, 4, 4, 1)))
    with pytest.raises(ValueError, match="are series .*value_range=None"):
        kg.data.load(standard((6, 2)))
    with pytest.raises(ValueError, match="must be of the order of 1; .*-1024 to 3071"):
        kg.data.load(scanned(SHAPES["volumes"]))
    elements = tf.data.Dataset.from_tensor_slices(scanned(SHAPES["images"], 1100))
    with pytest.raises(ValueError, match=r"-1024 to 3071.*\(x - 1023.5\) / 2047.5"):
        kg.data.batches(elements, 4)


def test_grey_images_without_a_channel_in_an_evaluation():
    gan, x = make((4, 4, 1)), np.tanh(standard((4, 4)))
    metrics = "sliced_wasserstein"
    gan.fit(x[..., None], verbose=0, callbacks=[kg.callbacks.Evaluation(x, metrics=metrics)])
    with pytest.raises(ValueError, match="order of 1"):
        gan.fit(x[..., None], verbose=0, callbacks=[kg.callbacks.Evaluation(100 * x)])
    bytes_ = kg.callbacks.Evaluation(np.full((9, 4, 4, 1), 200.0))
    with pytest.raises(ValueError, match=r"must lie in \[-1, 1\]; .*x / 127.5 - 1"):
        make((4, 4, 1), "tanh").fit(x[..., None], verbose=0, callbacks=[bytes_])


@keras.saving.register_keras_serializable(package="tests_of_ranks")
def three_times_tanh(x):
    return 3 * keras.ops.tanh(x)


def test_samples_may_lie_where_the_generator_can_make_them():
    x = np.clip(standard((6, 2)), -2.9, 2.9)
    make((6, 2), three_times_tanh).fit(x, verbose=0)
    with pytest.raises(ValueError, match=r"must lie in \[-3, 3\]; received values from -10 to "):
        make((6, 2), three_times_tanh).fit(x / np.abs(x).max() * 10, verbose=0)


def test_images_of_a_sigmoid_are_not_warned_of():
    x = np.abs(np.tanh(standard((4, 4, 1))))
    make((4, 4, 1), "sigmoid").fit(x, verbose=0)
    make((6, 2)).fit(x.reshape(N, -1)[:, :12].reshape(N, 6, 2), verbose=0)
    with pytest.warns(UserWarning, match="no value checked is below 0"):
        make((4, 4, 1)).fit(x, verbose=0)


@pytest.mark.parametrize(
    ("low", "high"), [(0, 65535), (-7.3, 1e4), (1e6, 1e6 + 3), (5, 5), (-3, 1)]
)
def test_a_formula_maps_into_the_interval_and_fills_it(low, high):
    for to in ((-1.0, 1.0), (0.0, 1.0), (-2.0, 5.0)):
        ends = [eval(rescaling(low, high, to), {"x": np.float64(x)}) for x in (low, high)]
        width = to[1] - to[0]
        assert to[0] - 1e-5 * width <= ends[0] <= ends[1] <= to[1] + 1e-5 * width
        assert low == high or ends[1] - ends[0] > 0.999 * width
