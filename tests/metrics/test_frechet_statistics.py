"""Files of means and covariances: exchanged with other programs, and never between extractors."""

import numpy as np
import pytest

from keras_gan.metrics import FrechetStatistics, frechet_distance


@pytest.fixture
def vectors(rng):
    return rng.normal(size=(50, 4)), rng.normal(1.0, 2.0, size=(60, 4))


def test_the_distance_is_that_of_the_features(vectors):
    a, b = (FrechetStatistics.of_features(x, "mine", "1") for x in vectors)
    assert a.distance(b) == pytest.approx(frechet_distance(*vectors), rel=1e-12)
    assert (a.samples, b.samples) == (50, 60)
    assert str(a) == "<FrechetStatistics of mine (1), 4-d, 50 samples>"


def test_what_is_written_others_read_and_comes_back(vectors, tmp_path):
    a = FrechetStatistics.of_features(vectors[0], "inception_2015", "published weights 6726825d")
    a.save(tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz") as file:  # as pytorch-fid and clean-fid do: no pickles
        mu, sigma = file["mu"][:], file["sigma"][:]
    np.testing.assert_array_equal(mu, vectors[0].mean(axis=0))
    np.testing.assert_allclose(sigma, np.cov(vectors[0], rowvar=False), rtol=1e-12)
    again = FrechetStatistics.load(tmp_path / "a.npz")
    assert (again.extractor, again.version) == (a.extractor, a.version)
    assert again.samples == 50
    assert again.distance(a) == pytest.approx(0, abs=1e-9)
    with pytest.raises(ValueError, match=r"statistics of 'inception_2015', not of 'mnist'"):
        FrechetStatistics.load(tmp_path / "a.npz", "mnist")
    with pytest.raises(ValueError, match=r"Statistics are \.npz files; received 'a\.txt'"):
        a.save("a.txt")


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_files_of_others_need_the_name_of_their_extractor(vectors, tmp_path, dtype):
    """As pytorch-fid writes them, and OpenAI beside samples."""
    moments = vectors[1].mean(axis=0).astype(dtype), np.cov(vectors[1].T).astype(dtype)
    np.savez(tmp_path / "b.npz", mu=moments[0], sigma=moments[1], arr_0=np.zeros((2, 4, 4, 3)))
    with pytest.raises(ValueError, match="does not say which extractor.*'inception_2015_pytorch'"):
        FrechetStatistics.load(tmp_path / "b.npz")
    theirs = FrechetStatistics.load(tmp_path / "b.npz", "inception_2015")
    assert (theirs.version, theirs.samples) == (None, None)
    ours = FrechetStatistics.of_features(vectors[0], "inception_2015", "published weights 6726825d")
    rel = 1e-10 if dtype == "float64" else 1e-5
    assert ours.distance(theirs) == pytest.approx(frechet_distance(*vectors), rel=rel)


def test_those_of_two_extractors_are_not_compared(vectors):
    a, b = (FrechetStatistics.of_features(x, "inception_2015", "weights 1") for x in vectors)
    for other in (
        FrechetStatistics.of_features(vectors[1], "inception_2015_clean", "weights 1"),
        FrechetStatistics.of_features(vectors[1], "inception_2015", "weights 2"),
    ):
        with pytest.raises(
            ValueError, match=r"one extractor compare; .*inception_2015 \(weights 1"
        ):
            a.distance(other)
    assert a.distance(b) > 0


def test_statistics_of_samples_name_their_extractor(rng):
    x = rng.uniform(-1, 1, size=(200, 4, 4, 1)).astype("float32")
    found = FrechetStatistics.of_samples(x, "pixels")
    assert (found.extractor, found.version, found.samples) == ("pixels", "1", 200)
    np.testing.assert_allclose(found.mean, x.reshape(200, -1).mean(axis=0), atol=1e-6)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"arr_0": np.zeros(3)}, "none named 'mu' or 'sigma'"),
        ({"mu": np.zeros(3)}, "it has no arrays 'mu' and 'sigma'"),
        ({"mu": np.zeros(3), "sigma": np.eye(2)}, r"mean must be an array \(d,\).*\(3,\) and"),
        ({"mu": np.zeros(2), "sigma": np.array([[1, 2], [0, 1]])}, "covariance must be symmetric"),
        ({"mu": np.full(2, np.nan), "sigma": np.eye(2)}, "NaN"),
        ({"mu": np.array(["a"]), "sigma": np.eye(1)}, "of a Gaussian"),
    ],
)
def test_files_without_statistics(tmp_path, arrays, message):
    np.savez(tmp_path / "c.npz", **arrays)
    with pytest.raises(ValueError, match=f"c.npz has no statistics.*{message}"):
        FrechetStatistics.load(tmp_path / "c.npz", "mine")


@pytest.mark.parametrize("name", ["", None, 3, "x" * 300])
def test_an_extractor_has_a_name(name):
    with pytest.raises(ValueError, match="extractor must be the name"):
        FrechetStatistics(np.zeros(2), np.eye(2), name)
