"""The table of scores, and the protocol by which they are taken."""

import tracemalloc
import types
import warnings

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan.backend.finite import refuse_broken_samples
from keras_gan.data import checks, images
from keras_gan.data.scale import Scale
from keras_gan.metrics import distances, manifold, progress, protocol
from keras_gan.metrics.features import Features
from keras_gan.metrics.protocol import Judge
from keras_gan.metrics.reference import Reference, draw, draw_reference
from keras_gan.metrics.scoring import SCORES, Score, resolve
from keras_gan.metrics.sources import generated_source


def mean_shift(real, fake):
    return abs(real.mean() - fake.mean())


def two_figures(real, fake):
    return types.SimpleNamespace(real=real.mean(), fake=fake.mean())


@pytest.fixture
def reference(rng):
    return Reference(rng.normal(size=(400, 3)), rng.normal(size=(400, 3)))


@pytest.mark.parametrize("name", SCORES)
def test_every_score_tells_like_from_unlike_in_the_direction_it_says(name, rng):
    real, like = rng.normal(size=(2, 400, 3))
    score, unlike = SCORES[name], 4 + 0.1 * rng.normal(size=(400, 3))
    near, far = (score.value_of(score.compare(real, fake)) for fake in (like, unlike))
    assert score.beats(near, far)
    assert not score.beats(far, near)
    assert not score.beats(near, near)


@pytest.mark.parametrize("name", SCORES)
def test_what_is_prepared_for_the_real_side_changes_no_bit(name, rng):
    real, fake = rng.normal(size=(2, 300, 4))
    score = SCORES[name]
    expected = score.value_of(score.compare(real, fake))
    assert score.value_of(score.prepared(real)(fake)) == expected


def test_not_a_number_is_never_best_and_anything_beats_nothing():
    score = SCORES["frechet_distance"]
    assert score.beats(5.0, None)
    assert not score.beats(np.nan, None)
    assert not score.beats(np.nan, 5.0)
    assert Score("up", mean_shift, better="max").beats(6.0, 5.0)


def test_names_functions_and_scores_are_resolved():
    up = Score("up", mean_shift, better="max")
    assert [s.name for s in resolve(["frechet_distance", mean_shift, up])] == [
        "frechet_distance",
        "mean_shift",
        "up",
    ]
    assert resolve(mean_shift)[0].better == "min"
    assert resolve("frechet_distance") == [SCORES["frechet_distance"]]
    assert resolve(kg.metrics.frechet_distance) == [SCORES["frechet_distance"]]


@pytest.mark.parametrize(
    ("metrics", "message"),
    [
        (["frechet"], "Unknown metric 'frechet': did you mean 'frechet_distance'"),
        ([], r"at least one score, each only once; received \[\]"),
        ([mean_shift, mean_shift], "each only once; received"),
        ([lambda a, b: 0.0], "a named function"),
        ([3], "A metric must be a name.*received 3"),
        (
            [kg.metrics.precision_recall],
            "two scores: name them, as in metrics=.*'precision', 'recall'",
        ),
    ],
)
def test_wrong_metrics_are_refused(metrics, message):
    with pytest.raises(ValueError, match=message):
        resolve(metrics)


def test_a_metric_that_gives_no_number_is_told_of_parts(rng):
    score = resolve(two_figures)[0]
    with pytest.raises(TypeError, match="two_figures must return a number, not SimpleNamespace"):
        score.value_of(score.compare(rng.normal(size=(9, 2)), rng.normal(size=(9, 2))))


def test_an_unknown_direction_is_refused():
    with pytest.raises(ValueError, match="Unknown direction of up 'higher'"):
        Score("up", mean_shift, better="higher")


def test_a_figure_is_the_mean_over_both_halves_and_the_baseline_that_between_them(reference, rng):
    fake = rng.normal(1.0, size=(400, 3))
    judge = Judge(reference, ["frechet_distance", mean_shift])
    figures = judge(fake)
    halves = reference.first, reference.second
    distances = [kg.metrics.frechet_distance(half, fake) for half in halves]
    assert figures["frechet_distance"] == pytest.approx(np.mean(distances), rel=1e-12)
    assert judge.baseline["frechet_distance"] == kg.metrics.frechet_distance(*halves)
    shifts = [mean_shift(half, fake) for half in halves]
    assert figures["mean_shift"] == pytest.approx(np.mean(shifts), rel=1e-12)


def test_real_features_are_extracted_once_and_joint_scores_computed_once(reference):
    seen, compared = [], []

    def extract(samples):
        seen.append(samples)
        return samples

    identity = Features("identity", "2", "none", 3, extract)

    def both(real, fake):
        compared.append(fake)
        return types.SimpleNamespace(sum=1.0, difference=2.0)

    metrics = [Score("sum", both, part="sum"), Score("difference", both, part="difference")]
    judge = Judge(reference, metrics, features=identity)
    assert (len(seen), len(compared)) == (4, 1)  # two batches of at most 256 a half
    for _ in range(3):
        assert judge(reference.first) == {"sum": 1.0, "difference": 2.0}
    assert (len(seen), len(compared)) == (10, 7)
    assert judge.space == "identity, 3-d"
    protocol = judge.protocol()
    assert (protocol["features_version"], protocol["samples_on_either_side"]) == ("2", 400)


def test_warnings_of_the_protocol_are_notes_that_are_told_once(rng):
    few = Reference(rng.normal(size=(5, 8)), rng.normal(size=(5, 8)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        judge = Judge(few, "frechet_distance")
        judge(rng.normal(size=(5, 8)))
    assert len(judge.notes) == 1
    assert "5 samples in 8 dimensions" in judge.notes[0]
    assert judge.protocol()["notes"] == judge.notes


def test_other_counts_and_shapes_are_refused_and_nan_is_not_a_score(reference):
    judge = Judge(reference, "frechet_distance")
    for shape in ((399, 3), (400, 2)):
        with pytest.raises(ValueError, match="equal counts and shapes"):
            judge(np.zeros(shape))
    samples = reference.first.copy()
    samples[7, 1] = np.inf
    assert np.isnan(judge(samples)["frechet_distance"])


def test_unknown_features_are_refused(reference):
    with pytest.raises(ValueError, match="extractor 'pixel': did you mean 'pixels'"):
        Judge(reference, "frechet_distance", features="pixel")


def test_points_are_coordinates_and_images_pixels(rng):
    halves = Reference(*rng.uniform(-1, 1, (2, 70, 8, 8, 1)))
    assert Judge(halves, "frechet_distance").space == "pixels, 64-d"
    assert Judge(Reference(*rng.normal(size=(2, 70, 2))), mean_shift).space == "coordinates, 2-d"


def test_images_are_scored_as_they_are_shown_and_points_as_they_are(rng):
    images = rng.uniform(-1, 1, (3, 70, 8, 8, 1))
    judge, beyond = Judge(Reference(*images[:2]), mean_shift), 1.5 * images[2]
    assert judge(beyond) == judge(np.clip(beyond, -1, 1)) != judge(images[2])
    other = Judge(Reference(*(2 * images[:2])), mean_shift)  # of images beyond [-1, 1]
    assert other(beyond) != other(np.clip(beyond, -1, 1))
    points = rng.uniform(-1, 1, (3, 70, 2))
    judge = Judge(Reference(*points[:2]), mean_shift)
    assert judge(2 * points[2]) != judge(np.clip(2 * points[2], -1, 1))


def test_a_draw_has_no_sample_twice_and_depends_on_the_seed():
    dataset = kg.data.load(np.arange(50, dtype="float32")[:, None])
    one, other = (draw(dataset, 30, seed)[0][:, 0] for seed in (0, 1))
    assert len(set(one)) == 30
    assert not np.array_equal(one, other)
    np.testing.assert_array_equal(one, draw(dataset, 30, 0)[0][:, 0])


def test_data_of_unknown_length_are_refused():
    with pytest.raises(ValueError, match="a data set of single samples and known length"):
        draw_reference(kg.data.load(np.zeros((9, 2))).repeat(), most=3, seed=0)


def test_the_kernel_distance_of_few_samples_takes_all_of_them(rng):
    real, fake = rng.normal(size=(2, 90, 3))
    score = SCORES["kernel_distance"]
    whole = kg.metrics.kernel_distance(real, fake, subset_size=90, subsets=1)
    assert score.value_of(score.compare(real, fake)) == pytest.approx(whole.mean, rel=1e-9)


def test_a_keras_model_is_an_extractor(reference):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(5, name="features")])
    judge = Judge(reference, "sliced_wasserstein", features=model)
    assert judge.space == f"{model.name}, 5-d"
    assert judge.protocol()["metrics"] == {"sliced_wasserstein": "500 projections, order 1"}
    assert (
        0 < judge.baseline["sliced_wasserstein"] < judge(reference.first + 9)["sliced_wasserstein"]
    )


def test_scores_that_share_their_distances_are_what_they_are_alone(monkeypatch):
    """All scores of a judge cost six passes over distances: three sets, three pairs of them."""
    samples = np.random.default_rng(1).normal(size=(3, 300, 4))
    samples[1, :100] = samples[0, :100]  # ties
    first, second, fake = np.round(samples, 1)
    passes, blocks = [], distances.distance_blocks

    def counted(*given, **options):
        passes.append(given)
        return blocks(*given, **options)

    for module in (distances, manifold):
        monkeypatch.setattr(module, "distance_blocks", counted)
    judge = Judge(Reference(first, second), list(SCORES))
    found = judge(fake)
    assert len(passes) == 6
    judge(fake[::-1])
    assert len(passes) == 9
    for name, score in SCORES.items():
        alone = [score.value_of(score.compare(half, fake)) for half in (first, second)]
        assert found[name] == pytest.approx(np.mean(alone), rel=1e-12)
        assert judge.baseline[name] == score.value_of(score.compare(first, second))


def test_progress_only_moves_forward_and_comes_to_its_end(reference):
    shares = []
    with progress.telling(shares.append):
        Judge(reference, list(SCORES))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0, rel=1e-12)
    assert len(shares) > 30


@pytest.fixture
def traced():
    """A function that returns the most bytes that another one takes in NumPy."""

    def most(function, *arguments):
        function(*arguments)
        tracemalloc.start()
        function(*arguments)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    return most


def test_looking_at_samples_makes_no_array_as_large(rng, traced):
    x = rng.uniform(-1, 1, (1000, 16, 16, 1)).astype("float32")
    looks = [
        lambda: checks.check_finite(x),
        lambda: images.check_values(x),
        lambda: refuse_broken_samples(x, "nothing"),
        lambda: protocol._clipped(x, (-1.0, 1.0)),
        lambda: protocol._ends_of(Reference(x, x)),
        lambda: Reference(x, x).check(Scale(images=True)),
    ]
    assert [traced(look) < x.nbytes / 16 for look in looks] == [True] * len(looks)


def test_real_bytes_stay_bytes_until_they_are_compared(rng, traced):
    pixels = rng.integers(256, size=(2000, 16, 16, 3), dtype=np.uint8)
    dataset = kg.data.load(pixels)
    reference = draw_reference(dataset, 1000, seed=0)
    assert traced(lambda: draw_reference(dataset, 1000, seed=0)) < 1.2 * pixels.nbytes
    floats = Reference(*(np.asarray(half) for half in (reference.first, reference.second)))
    assert floats.first.dtype == np.float32
    samples = rng.uniform(-1, 1, (1000, 16, 16, 3)).astype("float32")
    found, expected = (Judge(each, mean_shift)(samples) for each in (reference, floats))
    assert found == expected


def test_generated_samples_are_resized_a_part_at_a_time(monkeypatch):
    generator = kg.Generator(kg.networks.dcgan_generator((8, 8, 1), latent_dim=2, width=2))
    monkeypatch.setattr("keras_gan.networks.analysis.memory.PART", 1)
    resized = kg.data.load(generator.generate(300, seed=5), image_size=4)
    found = generated_source("it", "preset", generator, 4).draw(300, 5)
    np.testing.assert_array_equal(found, draw(resized, 300, 0)[0])
    as_made = generated_source("it", "preset", generator, None).draw(300, 5)
    np.testing.assert_array_equal(as_made, generator.generate(300, seed=5))
