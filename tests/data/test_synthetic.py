import dataclasses

import numpy as np
import pytest

from keras_gan import data
from keras_gan.data import synthetic


def test_ring_centers_are_eight_equal_steps_around_the_unit_circle():
    centers = data.mixture("ring").centers
    angles = np.sort(np.arctan2(centers[:, 1], centers[:, 0]))
    np.testing.assert_allclose(np.linalg.norm(centers, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(np.diff(angles), np.pi / 4, atol=1e-6)
    assert data.mixture("ring").stddev == 0.01


def test_grid_centers_are_five_by_five_two_apart():
    centers = data.mixture("grid").centers
    expected = {(x, y) for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)}
    assert len(centers) == 25
    assert set(map(tuple, centers.tolist())) == expected
    assert data.mixture("grid").stddev == 0.05


def test_mixture_cannot_be_changed():
    ring = data.mixture("ring")
    with pytest.raises(dataclasses.FrozenInstanceError):
        ring.stddev = 1.0
    with pytest.raises(ValueError, match="read-only"):
        ring.centers[0] = 0


def test_unknown_mixture_names_the_known_ones():
    with pytest.raises(ValueError, match=r"Unknown mixture 'swiss_roll'. Known: 'grid', 'ring'"):
        data.mixture("swiss_roll")


@pytest.mark.parametrize("name", ["ring", "grid"])
def test_points_follow_their_mixture(name, read):
    x, component = read(data.load(name, labels=True))
    mixture = data.mixture(name)
    assert x.shape == (50_000, 2)
    assert x.dtype == np.float32
    noise = x - mixture.centers[component]
    assert noise.std() == pytest.approx(mixture.stddev, rel=0.02)
    assert np.abs(noise.mean(0)).max() < 5 * mixture.stddev / np.sqrt(50_000)
    assert np.abs(np.corrcoef(noise.T)[0, 1]) < 5 / np.sqrt(50_000)
    modes = len(mixture.centers)
    counts = np.bincount(component, minlength=modes)
    assert len(counts) == modes
    assert np.abs(counts - 50_000 / modes).max() < 5 * np.sqrt(50_000 / modes)


@pytest.mark.parametrize("name", ["ring", "grid"])
def test_the_label_is_the_nearest_center(name, read):
    x, component = read(data.load(name, labels=True).take(2_000))
    distances = np.linalg.norm(x[:, None] - data.mixture(name).centers, axis=-1)
    np.testing.assert_array_equal(distances.argmin(1), component)


def test_swiss_roll_lies_within_its_noise_of_the_spiral(read):
    x = read(data.load("swiss_roll").take(5_000))
    t = np.linspace(1.5 * np.pi, 4.5 * np.pi, 3_000)
    curve = np.stack([t * np.cos(t), t * np.sin(t)], axis=1) / (4.5 * np.pi)
    distance = np.sqrt(((x[:, None] - curve) ** 2).sum(-1).min(1))
    assert np.sqrt((distance**2).mean()) == pytest.approx(0.02, rel=0.05)
    radius = np.linalg.norm(x, axis=1)
    assert radius.mean() == pytest.approx(2 / 3, rel=0.02)
    assert 0.2 < radius.min() < 1 / 3
    assert 1 < radius.max() < 1.1


@pytest.mark.parametrize("name", ["swiss_roll", "checkerboard"])
def test_some_sets_have_no_labels(name):
    with pytest.raises(ValueError, match=f"'{name}' has no labels"):
        data.load(name, labels=True)


@pytest.mark.parametrize("name", [n for n in synthetic.PLANE if n != "pinwheel"])
def test_densities_integrate_to_one_and_are_those_of_the_samples(name):
    density = data.density(name)
    x, _ = density.sample(20_000, np.random.default_rng(0))
    # by importance sampling around the samples: ∫ p = E_q[p / q], q a mixture over some of them
    rng, width, centres = np.random.default_rng(1), 0.3 * x.std(), x[:200].astype("float64")
    if isinstance(density, data.Mixture):
        width, centres = 1.5 * density.stddev, density.centers
    chosen = centres[rng.integers(len(centres), size=4_000)]
    points = chosen + width * rng.standard_normal((4_000, 2))
    proposal = data.Mixture(centres, width)
    ratios = np.exp(density.log_prob(points) - proposal.log_prob(points))
    error = ratios.std() / len(ratios) ** 0.5
    assert error < 0.1
    assert ratios.mean() == pytest.approx(1.0, abs=4 * error)
    # the mean of a smooth function under the density is that over samples
    weights, values = ratios / ratios.sum(), np.cos(points / x.std()) @ [1.0, 0.7]
    expected = (np.cos(x / x.std()) @ [1.0, 0.7]).mean()
    spread = np.sqrt(np.sum(np.square(weights * (values - weights @ values))))
    assert weights @ values == pytest.approx(expected, abs=4 * spread + 0.02)


def test_densities_are_those_of_brute_force():
    rng = np.random.default_rng(0)
    for name in ("moons", "two_spirals", "swiss_roll"):
        density = data.density(name)
        clean = dataclasses.replace(density, stddev=1e-9).sample(200_000, rng)[0]
        x = density.sample(6, rng)[0].astype("float64")
        squares = np.square(x[:, None] - clean).sum(-1) / density.stddev**2
        kernel = np.exp(-squares / 2) / (2 * np.pi * density.stddev**2)
        error = kernel.std(axis=1) / len(clean) ** 0.5
        assert np.all(np.abs(np.exp(density.log_prob(x)) - kernel.mean(axis=1)) < 5 * error + 1e-6)


def test_the_density_of_the_checkerboard_is_that_of_its_fields():
    x, _ = data.density("checkerboard").sample(1_000, np.random.default_rng(0))
    assert np.all(data.density("checkerboard").log_prob(x) == -np.log(32))
    assert data.density("checkerboard").log_prob([[5.0, 0.0], [0.5, 2.5]]).tolist() == [-np.inf] * 2


@pytest.mark.parametrize("extreme", [0.0, 1.0 - 2.0**-53])
def test_no_point_of_the_checkerboard_is_rounded_off_its_field(extreme):
    class Rarest:
        integers = np.random.default_rng(0).integers

        @staticmethod
        def uniform(size):
            return np.full(size, extreme)

    board = data.density("checkerboard")
    x, _ = board.sample(200, Rarest())
    assert np.isfinite(board.log_prob(x)).all()


def test_the_arms_of_a_pinwheel_are_turned_by_their_radius():
    x, arm = synthetic.pinwheel(50_000, np.random.default_rng(0))
    z = (x[:, 0] + 1j * x[:, 1]) / 2.0
    z *= np.exp(-2j * np.pi * arm / 5)
    along = np.abs(z)  # nearly a, since b is small
    turned = z * np.exp(-0.25j * np.exp(along))
    assert turned.real.mean() == pytest.approx(1.0, abs=0.01)
    assert turned.real.std() == pytest.approx(0.3, rel=0.03)
    assert np.median(np.abs(turned.imag)) == pytest.approx(0.0674, rel=0.15)
    assert np.bincount(arm).tolist() == pytest.approx([10_000] * 5, rel=0.05)


@pytest.mark.parametrize(("name", "message"), [("pinwheel", "no density"), ("moon", "moons")])
def test_densities_that_are_not_known_are_refused(name, message):
    with pytest.raises(ValueError, match=message):
        data.density(name)
    with pytest.raises(ValueError, match=r"points \(n, 2\); received an array of shape \(3,\)"):
        data.density("moons").log_prob(np.zeros(3))


@pytest.mark.parametrize("name", [*synthetic.PLANE, "stacked_digits"])
def test_samples_are_decided_by_seed_and_split(name, read):
    def first(**options):
        return read(data.load(name, **options).take(100))

    np.testing.assert_array_equal(first(seed=3), first(seed=3))
    streams = [first(seed=3), first(seed=4), first(seed=3, split="test"), first(seed=1)]
    for i, one in enumerate(streams):
        for other in streams[:i]:
            assert (one != other).any()


def test_labels_do_not_change_the_samples(read):
    x, _ = read(data.load("grid", labels=True))
    np.testing.assert_array_equal(x, read(data.load("grid")))


def test_train_and_test_streams_of_different_seeds_never_meet():
    starts = {
        synthetic.stream(split, seed).integers(2**62)
        for split in synthetic.SPLITS
        for seed in range(100)
    }
    assert len(starts) == 200
