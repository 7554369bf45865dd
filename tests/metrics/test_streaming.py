"""Streaming distances: those of all samples at once, whatever the batches, parts and order."""

import copy
import math
import pickle
import tracemalloc

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan.metrics import FrechetDistance, KernelDistance, frechet_distance
from keras_gan.metrics.kernel import polynomial_kernel, unbiased_mmd
from keras_gan.metrics.streaming.moments import Moments, MomentStream
from tests.backend import BACKEND


def two_sets(rng, n=5000, d=6, offset=0.0):
    mixing = rng.normal(size=(d, d))
    a = rng.normal(size=(n, d)) @ mixing + offset
    b = 1.2 * rng.normal(size=(n, d)) @ mixing + offset + 0.3
    return a, b


def streamed(metric, a, b, batch_size):
    for start in range(0, max(len(a), len(b)), batch_size):
        metric.update_state(a[start : start + batch_size], b[start : start + batch_size])
    return metric


def mmd(x, y):
    return unbiased_mmd(*(polynomial_kernel(p, q, 3) for p, q in ((x, x), (y, y), (x, y))))


@pytest.mark.parametrize("offset", [0.0, 1e5])  # at 1e5 raw second moments lose ten figures
def test_the_streamed_frechet_distance_is_that_of_all_samples(rng, offset):
    a, b = two_sets(rng, offset=offset)
    result = streamed(FrechetDistance(6), a, b, 300).result()
    assert result == pytest.approx(frechet_distance(a, b), rel=1e-9)
    assert isinstance(result, float)


@pytest.mark.parametrize("metric", [FrechetDistance, KernelDistance])
def test_the_batch_size_changes_nothing(rng, metric):
    a, b = two_sets(rng, n=3300)
    a[:, 3], b[:, 3] = 0.5, 0.5  # a singular covariance, whose roots magnify rounding
    expected = streamed(metric(6), a, b, 3300).result()
    for batch_size in (1, 7, 256, 1000, 1024, 2500):
        assert streamed(metric(6), a, b, batch_size).result() == pytest.approx(expected, rel=1e-12)


def test_reading_a_result_changes_nothing(rng):
    a, b = two_sets(rng)
    for metric in (FrechetDistance(6), KernelDistance(6)):
        streamed(metric, a[:1500], b[:1500], 100).result()
        streamed(metric, a[1500:], b[1500:], 100)
        expected = streamed(type(metric)(6), a, b, 100).result()
        assert metric.result() == metric.result() == expected


def test_real_and_fake_samples_may_come_apart_and_be_of_different_number(rng):
    a, b = two_sets(rng)
    metric = FrechetDistance(6)
    metric.update_state(fake=b[:2000])
    metric.update_state(a)
    metric.update_state(np.zeros((0, 6)), b[2000:4500])
    assert metric.result() == pytest.approx(frechet_distance(a, b[:4500]), rel=1e-9)


@pytest.mark.parametrize("cuts", [[1, 2, 1500], [1024, 2048], [4999]])
def test_merged_frechet_distances_are_the_one_of_the_whole_stream(rng, cuts):
    a, b = two_sets(rng, offset=100.0)
    parts = [
        streamed(FrechetDistance(6, name=f"part{i}"), x, y, 128)
        for i, (x, y) in enumerate(zip(np.split(a, cuts), np.split(b, cuts), strict=True))
    ]
    before = [part._real.moments().count for part in parts]
    parts[0].merge_state(parts[1:])
    assert parts[0].result() == pytest.approx(frechet_distance(a, b), rel=1e-9)
    assert [part._real.moments().count for part in parts[1:]] == before[1:]  # left as they were


def test_the_streamed_kernel_distance_is_the_mean_of_unbiased_mmd_over_blocks(rng):
    a, b = two_sets(rng, n=1250)
    blocks = [mmd(a[i : i + 500], b[i : i + 500]) for i in (0, 500, 1000)]  # of 500, 500, 250
    metric = streamed(KernelDistance(6, block_size=500), a, b, 97)
    assert metric.result() == pytest.approx(np.average(blocks, weights=[500, 500, 250]), rel=1e-12)
    spread = np.std(blocks[:2], ddof=1)
    assert metric.standard_error == pytest.approx(spread / math.sqrt(2), rel=1e-9)
    assert math.isnan(streamed(KernelDistance(6, block_size=1000), a, b, 97).standard_error)


def test_a_single_sample_left_over_does_not_count(rng):
    a, b = two_sets(rng, n=1001)
    metric = streamed(KernelDistance(6), a, b, 143)
    assert metric.result() == pytest.approx(mmd(a[:1000], b[:1000]), rel=1e-12)


def test_merged_kernel_distances_of_whole_blocks_are_the_one_of_the_whole_stream(rng):
    a, b = two_sets(rng, n=2300)
    first, second = (
        streamed(KernelDistance(6, block_size=200), a[part], b[part], 50)
        for part in (slice(0, 1000), slice(1000, None))
    )
    first.merge_state([second])
    whole = streamed(KernelDistance(6, block_size=200), a, b, 50)
    assert first.result() == pytest.approx(whole.result(), rel=1e-12)
    assert first.standard_error == pytest.approx(whole.standard_error, rel=1e-12)


def test_leftovers_are_gathered_when_kernel_distances_merge(rng):
    a, b = two_sets(rng, n=240)
    parts = [
        streamed(KernelDistance(6, block_size=100), a[i : i + 80], b[i : i + 80], 80)
        for i in (0, 80, 160)
    ]
    parts[0].merge_state(parts[1:])  # 80 + 80 + 80 become 100, 100 and 40
    whole = streamed(KernelDistance(6, block_size=100), a, b, 240)
    assert parts[0].result() == pytest.approx(whole.result(), rel=1e-12)


def test_the_kernel_distance_has_no_bias():
    rng = np.random.default_rng(0)
    metric = KernelDistance(3, block_size=10)  # so small that a biased estimate would be 0.9
    metric.update_state(*rng.normal(size=(2, 40_000, 3)))
    assert abs(metric.result()) < 4 * metric.standard_error < 0.1


def test_memory_does_not_grow_with_the_samples(rng):
    batch = rng.normal(size=(500, 32))
    for metric in (FrechetDistance(32), KernelDistance(32, block_size=250)):
        streamed(metric, *[np.tile(batch, (4, 1))] * 2, 500)
        tracemalloc.start()
        for _ in range(100):  # 12.8 MB of each kind
            metric.update_state(batch, batch)
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert held < 100_000, type(metric)


def test_reset_forgets_everything(rng):
    a, b = two_sets(rng)
    for metric in (FrechetDistance(6), KernelDistance(6)):
        streamed(metric, 5 * a, b, 1000).reset_state()
        expected = streamed(type(metric)(6), a, b, 1000).result()
        assert streamed(metric, a, b, 1000).result() == expected


def test_tensors_are_taken_and_a_metric_is_made_again_from_its_config(rng):
    a, b = (x.astype("float32") for x in two_sets(rng, n=50))
    for metric in (FrechetDistance(6, name="fd"), KernelDistance(6, block_size=20, name="kd")):
        config = keras.saving.serialize_keras_object(metric)
        again = keras.saving.deserialize_keras_object(config)
        assert again.get_config() == metric.get_config()
        value = metric(ops.convert_to_tensor(a), ops.convert_to_tensor(b))
        again.update_state(a, b)
        assert value == again.result()


def test_it_is_a_metric_of_a_model_that_runs_eagerly_on_tensorflow(rng):
    a = rng.normal(size=(400, 3)).astype("float32")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Rescaling(1.0, 2.0)])
    if BACKEND == "tensorflow":
        model.compile(metrics=[FrechetDistance(3)], loss="mse", run_eagerly=True)
        logs = model.evaluate(a, a, batch_size=64, verbose=0, return_dict=True)
        assert logs["frechet_distance"] == pytest.approx(12.0, rel=1e-5)
    model.compile(metrics=[FrechetDistance(3)], loss="mse")
    with pytest.raises(RuntimeError, match="run_eagerly=True"):
        model.evaluate(a, a, verbose=0)


def test_the_fewest_samples_are_named_and_a_singular_covariance_warns(rng):
    for metric in (FrechetDistance(2), KernelDistance(2)):
        with pytest.raises(ValueError, match="at least two real and two fake .* received 0 and 0"):
            metric.result()
        metric.update_state(np.zeros((1, 2)), np.zeros((1, 2)))
        with pytest.raises(ValueError, match="received 1 and 1"):
            metric.result()
    metric = FrechetDistance(6)
    metric.update_state(*two_sets(rng, n=6))
    with pytest.warns(UserWarning, match="6 samples in 6 dimensions"):
        metric.result()


@pytest.mark.parametrize(
    ("real", "message"),
    [
        (np.zeros(3), r"real must be a batch \(n, 3\) .* received shape \(3,\)"),
        (np.zeros((5, 2)), r"dim=3 says; received shape \(5, 2\)"),
        (np.full((5, 3), np.nan), "real has NaN or infinite values, the first in row 0"),
    ],
)
def test_bad_batches_are_refused_and_leave_no_trace(rng, real, message):
    good = rng.normal(size=(5, 3))
    for metric in (FrechetDistance(3), KernelDistance(3)):
        with pytest.raises(ValueError, match=message):
            metric.update_state(real, good)
        with pytest.raises(ValueError, match="fake"):
            metric.update_state(good, np.full((5, 3), np.inf))
        with pytest.raises(ValueError, match="received 0 and 0"):
            metric.result()


def test_other_mistakes_are_refused():
    with pytest.raises(ValueError, match="dim must be a whole number"):
        FrechetDistance(0)
    with pytest.raises(ValueError, match="block_size must be a whole number of at least 2"):
        KernelDistance(3, block_size=1)
    with pytest.raises(ValueError, match="equally many real and fake .* received 4 and 5"):
        KernelDistance(3).update_state(np.zeros((4, 3)), np.zeros((5, 3)))
    with pytest.raises(ValueError, match="sample_weight"):
        FrechetDistance(3).update_state(np.zeros((4, 3)), sample_weight=np.ones(4))
    metric = FrechetDistance(3)
    for other in (FrechetDistance(4), KernelDistance(3), metric):
        with pytest.raises(ValueError, match="same class and arguments"):
            metric.merge_state([other])
    with pytest.raises(ValueError, match="block_size"):
        KernelDistance(3).merge_state([KernelDistance(3, block_size=10)])


def test_moments_add_up(rng):
    rows = rng.normal(size=(2500, 4)) + 1e5
    added = Moments.of(rows[:1]) + Moments.of(rows[:0]) + Moments.of(rows[1:])
    stream = MomentStream(4)
    stream.add(rows)
    for moments in (added, stream.moments()):
        assert moments.count == 2500
        np.testing.assert_allclose(moments.mean, rows.mean(axis=0), rtol=1e-13)
        np.testing.assert_allclose(moments.covariance, np.cov(rows.T), rtol=0, atol=1e-10)


@pytest.mark.parametrize("copied", [lambda m: pickle.loads(pickle.dumps(m)), copy.deepcopy])
@pytest.mark.parametrize("kind", [FrechetDistance, KernelDistance])
def test_a_copy_has_seen_what_the_metric_has(kind, copied, rng):
    """Metrics of other processes arrive as pickles."""
    metric, total = kind(dim=3), kind(dim=3)
    metric.update_state(rng.normal(size=(40, 3)), 2 + rng.normal(size=(40, 3)))
    twin = copied(metric)
    total.merge_state([twin])
    assert total.result() == metric.result() == twin.result() > 0
    metric.reset_state()
    assert total.result() == twin.result()
