"""Data that come as iterables: generators, torch DataLoaders, Grain data sets and their like."""

import itertools

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan.data.feeds import Feed, fed
from tests import toys

SHAPE = (4, 4, 1)
L = keras.layers


class Tensor:
    """What is asked of a tensor of torch: on a device, with a gradient, no array by itself."""

    def __init__(self, values):
        self.values = values
        self.shape, self.dtype = values.shape, f"torch.{values.dtype}"

    def __len__(self):
        return len(self.values)

    def detach(self):
        return Held(self.values)


class Held:
    dtype = "torch.float32"

    def __init__(self, values):
        self.values = values

    def cpu(self):
        return self.values


class Loader:
    """Iterated over again and again, of known length, like a DataLoader of torch."""

    def __init__(self, *batches):
        self.batches = batches

    def __len__(self):
        return len(self.batches)

    def __iter__(self):
        return iter(self.batches)


class Passes(Loader):
    """One that does not tell its length, like an IterDataset of Grain."""

    __len__ = None


def make(shape=SHAPE, **options):
    generator = keras.Sequential(
        [keras.Input((3,)), L.Dense(int(np.prod(shape)), activation="tanh"), L.Reshape(shape)]
    )
    discriminator = keras.Sequential([keras.Input(shape), L.Flatten(), L.Dense(1)])
    gan = kg.GAN(generator, discriminator, seed=0, **options)
    gan.compile(run_eagerly=True)
    return gan


@pytest.fixture(scope="module")
def gan():
    return make()


def batch(low=-1.0, high=1.0, n=4):
    return np.random.default_rng(0).uniform(low, high, (n, *SHAPE)).astype("float32")


def bare(x):
    return x


KINDS = [bare, lambda x: (x,), lambda x: [x], lambda x: (x, None), Tensor, lambda x: [Tensor(x)]]
FORMS = ["bare", "tuple", "list", "with None", "tensor", "tensors in a list"]


def as_generator(*batches):
    return (each for each in itertools.cycle(batches))


@pytest.mark.parametrize("source", [Loader, as_generator])
@pytest.mark.parametrize("form", KINDS, ids=FORMS)
def test_batches_of_any_form_train(gan, source, form):
    """Warnings are errors: Keras has nothing to say about shuffling either."""
    data = source(form(batch()), form(batch()))
    history = gan.fit(data, steps_per_epoch=2, epochs=2, verbose=0, validation_data=Loader(batch()))
    assert len(history.history["val_generator_loss"]) == 2


@pytest.mark.parametrize("source", [Loader, Passes, as_generator, lambda *b: iter(list(b))])
@pytest.mark.parametrize("form", [bare, Tensor])
@pytest.mark.parametrize("call", ["fit", "evaluate", "validation_data", "train_on_batch"])
def test_bytes_are_refused_before_the_first_step(gan, source, form, call):
    before = gan.get_weights()
    data, options = source(form(batch(0, 255)), form(batch(0, 255))), {"verbose": 0}
    calls = {
        "fit": lambda: gan.fit(data, steps_per_epoch=1, **options),
        "evaluate": lambda: gan.evaluate(data, steps=1, **options),
        "validation_data": lambda: gan.fit(batch(), validation_data=data, **options),
        "train_on_batch": lambda: gan.train_on_batch(form(batch(0, 255))),
    }
    with pytest.raises(ValueError, match=r"Images must lie in \[-1, 1\]; .* x / 127.5 - 1"):
        calls[call]()
    for one, other in zip(before, gan.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_generator_loses_no_batch():
    gan = make((2,))
    seen = []

    def stream():
        for number in range(6):
            seen.append(number)
            yield np.full((2, 2), number / 10, "float32")

    feed = Feed(stream())
    assert seen == [0, 1]
    assert [round(10 * float(each[0][0, 0])) for each in feed] == list(range(6))
    assert len(gan.fit(stream(), steps_per_epoch=3, epochs=2, verbose=0).epoch) == 2
    assert 5 in seen


def test_a_second_pass_of_a_generator_is_refused():
    feed = Feed(iter([batch()]))
    list(feed)
    with pytest.raises(ValueError, match="list_iterator has ended.*steps_per_epoch"):
        list(feed)


def test_training_on_a_loader_is_training_on_its_batches():
    weights = []
    for data in (Loader(batch(n=4), batch(n=8)), iter([batch(n=4), batch(n=8)])):
        keras.utils.set_random_seed(0)
        gan = make()
        gan.fit(data, steps_per_epoch=2, verbose=0)
        weights.append(gan.get_weights())
    keras.utils.set_random_seed(0)
    by_hand = make()
    for each in (batch(n=4), batch(n=8)):
        by_hand.train_on_batch(each)
    for one, other, third in zip(*weights, by_hand.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(one, third, rtol=1e-5, atol=1e-6)


def test_labels_come_along():
    gan = kg.GAN(
        kg.networks.mlp_generator(2, latent_dim=2, width=4, depth=1, classes=3),
        kg.networks.mlp_discriminator(2, width=4, depth=1, classes=3),
    )
    gan.compile(run_eagerly=True)
    x, y = toys.points(8), np.arange(8) % 3
    gan.fit(Loader((x, y)), verbose=0)
    gan.fit(Tensor(x), Tensor(y), verbose=0)
    with pytest.raises(ValueError, match="take labels"):
        gan.fit(Loader(x), verbose=0)


@pytest.mark.parametrize("source", [Loader, as_generator])
def test_later_batches_are_looked_at(gan, source):
    bad = batch()
    bad[2, 0] = np.nan
    for wrong, message in ((bad, "first in sample 2 of batch 3"), (40 * batch(), "in batch 3 of")):
        data = source(batch(), batch(), wrong, batch())
        with pytest.raises(ValueError, match=message):
            gan.fit(data, steps_per_epoch=4, verbose=0)


@pytest.mark.parametrize("way", ["fit", "first batch", "train_on_batch"])
def test_of_batches_that_leave_the_scale_a_little_a_warning_tells_once(way):
    """Bicubic resizing and jitter of contrast overshoot; hours of training must not end there."""
    gan, good, a_little, far = make(), batch(), 1.02 * batch(), 40 * batch()
    batches = [a_little, a_little] if way == "first batch" else [good, a_little, 1.5 * batch()]

    def train():
        if way != "train_on_batch":
            return gan.fit(Loader(*batches), verbose=0)
        return [gan.train_on_batch(each) for each in batches]

    with pytest.warns(UserWarning, match=r"1\.0.*Clip them, for example np.clip\(x, -1, 1") as told:
        train()
    told = [text for text in (str(each.message) for each in told) if "Clip" in text]
    assert ["batch 2 of a pass" in text for text in told] == [way == "fit"]
    with pytest.raises(ValueError, match="Rescale them"):
        gan.train_on_batch(far) if way == "train_on_batch" else gan.fit(Loader(good, far))


def test_two_domains():
    def generator():
        return keras.Sequential([keras.Input(SHAPE), L.Conv2D(1, 1, activation="tanh")])

    def judge():
        return keras.Sequential([keras.Input(SHAPE), L.Flatten(), L.Dense(1)])

    gan = kg.CycleGAN(generator(), generator(), judge(), judge(), pool_size=0, seed=0)
    gan.compile(run_eagerly=True)
    x, wrong = batch(), batch(0, 255)
    gan.fit(Loader((Tensor(x), x)), verbose=0)
    with pytest.raises(ValueError, match=r"Domain y: Images must lie in \[-1, 1\]"):
        gan.fit(Loader((x, wrong)), verbose=0)
    with pytest.raises(ValueError, match=r"Domain y: Images must lie .* in batch 2 of"):
        gan.fit(Loader((x, x), (x, wrong)), verbose=0)


def test_what_cannot_be_started_again_keeps_its_message(tmp_path):
    gan = make((2,))
    checkpoint, x = kg.callbacks.Checkpoint(tmp_path), np.zeros((4, 2), "float32")
    for data, kind in ((Loader(x), "Loader"), (iter([x]), "list_iter")):
        with pytest.raises(ValueError, match=f"can start arrays.*received a {kind}"):
            gan.fit(data, steps_per_epoch=1, verbose=0, callbacks=[checkpoint])


@pytest.mark.parametrize("data", [42, print, object()])
def test_what_is_no_data_at_all(gan, data):
    with pytest.raises(ValueError, match="Data are an array, or batches: .*received a"):
        gan.fit(data)
    with pytest.raises(ValueError, match="The data set is empty"):
        gan.fit(Loader())


def test_arrays_and_data_sets_are_left_alone():
    for x in (np.zeros(3), [np.zeros(3)], {"x": 1}, "mnist", None):
        assert fed(x) is x


def test_a_loader_of_torch(gan):
    torch = pytest.importorskip("torch")
    data = torch.utils.data.DataLoader(torch.tensor(batch(n=8)), batch_size=4, shuffle=True)
    gan.fit(data, epochs=2, verbose=0, validation_data=data)
    tuples = torch.utils.data.TensorDataset(torch.tensor(batch(0, 255)))
    with pytest.raises(ValueError, match="x / 127.5 - 1"):
        gan.fit(torch.utils.data.DataLoader(tuples, batch_size=4), verbose=0)
    gan.fit(torch.tensor(batch()), verbose=0)


@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # Keras's, of unknown length
@pytest.mark.parametrize("options", [{}, {"steps_per_execution": 3}, {"run_eagerly": True}])
def test_the_end_of_data_of_unknown_length_moves_nothing(options):
    """Keras asks for one batch more; TensorFlow then counted a step that it did not take."""
    batches = [batch() * scale for scale in (0.25, 0.5, 0.75, 1.0)]
    games = []
    for data in (Loader(*batches), Passes(*batches)):
        keras.utils.set_random_seed(0)
        game = make(average=0.9)
        game.compile(**options)
        game.fit(data, epochs=2, verbose=0)
        game.evaluate(data, verbose=0)
        games.append(game)
    assert int(games[0].optimizer["generator"].iterations) == 8
    for known, unknown in zip(*(game.variables for game in games), strict=True):
        if "running_means" not in known.path:
            np.testing.assert_array_equal(known, unknown, err_msg=known.path)
    assert int(games[1].optimizer["generator"].iterations) == 8


@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # Keras's, of unknown length
def test_data_sets_of_grain(gan):
    grain = pytest.importorskip("grain")
    source = grain.MapDataset.source(batch(n=8)).batch(4)
    for data in (source, source.to_iter_dataset()):
        gan.fit(data, epochs=2, verbose=0)
    gan.fit(source.repeat(), epochs=2, steps_per_epoch=2, verbose=0)
    with pytest.raises(ValueError, match="x / 127.5 - 1"):
        gan.fit(grain.MapDataset.source(batch(0, 255)).batch(4), verbose=0)


def test_a_function_that_yields_batches_is_to_be_called(gan):
    def batches():
        yield batch()

    with pytest.raises(ValueError, match=r"the function batches: .* gan.fit\(batches\(\), steps"):
        gan.fit(batches, verbose=0)


def test_a_validation_without_end_is_refused_before_the_first_step(gan):
    data = kg.data.batches(batch(n=8), batch_size=4)
    with pytest.raises(ValueError, match="pass validation_steps"):
        gan.fit(data, validation_data=data.repeat(), verbose=0)
    gan.fit(data, validation_data=data.repeat(), validation_steps=1, verbose=0)


@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # Keras's, of unknown length
def test_an_iterator_over_a_tf_data_set_is_an_iterator(gan):
    import tensorflow as tf

    gan.fit(iter(tf.data.Dataset.from_tensor_slices(batch(n=8)).batch(4)), verbose=0)
    with pytest.raises(ValueError, match="x / 127.5 - 1"):
        gan.fit(iter(tf.data.Dataset.from_tensors(batch(0, 255))), verbose=0)
