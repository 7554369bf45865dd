"""Wasserstein distances against sorting, enumeration and closed forms."""

import itertools

import numpy as np
import pytest
import scipy.stats

from keras_gan.metrics import sliced_wasserstein, wasserstein
from keras_gan.metrics.transport import DIRECTIONS, assigned, powers_on_a_line, programmed


def on_a_line(x, y, order):
    """W_p of points on a line from their quantiles on a grid that hits every jump."""
    t = (np.arange(len(x) * len(y)) + 0.5) / (len(x) * len(y))
    x, y = (np.sort(z)[(t * len(z)).astype(int)] for z in (x, y))
    return np.mean(np.abs(x - y) ** order) ** (1 / order)


def along(rng, x, dimension=5):
    """The points of a line that lies somewhere in space."""
    direction = np.random.default_rng(7).normal(size=dimension)
    return x[:, None] * direction / np.linalg.norm(direction) + 3.0


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(("n", "m"), [(200, 200), (200, 50), (60, 40), (101, 99)])
def test_on_a_line_sorting_is_optimal(rng, n, m, order):
    """Equal sizes, sizes with a small common multiple, and sizes without: the linear program."""
    x, y = rng.normal(size=n), 2 * rng.normal(size=m) + 1
    expected = on_a_line(x, y, order)
    assert wasserstein(along(rng, x), along(rng, y), order=order) == pytest.approx(expected, 1e-9)
    found = sliced_wasserstein(x[:, None], y[:, None], projections=3, order=order)
    assert found == pytest.approx(expected, rel=1e-12)
    if order == 1:
        assert expected == pytest.approx(scipy.stats.wasserstein_distance(x, y), rel=1e-10)


@pytest.mark.parametrize("order", [1, 2])
def test_the_best_of_all_assignments(rng, order):
    a, b = rng.normal(size=(2, 6, 3))
    costs = [
        np.mean(np.linalg.norm(a - b[list(permutation)], axis=1) ** order)
        for permutation in itertools.permutations(range(6))
    ]
    assert wasserstein(a, b, order=order) == pytest.approx(min(costs) ** (1 / order), rel=1e-12)


def test_both_solvers_agree(rng):
    costs = rng.uniform(size=(30, 20))
    assert assigned(costs) == pytest.approx(programmed(costs), rel=1e-9)


@pytest.mark.parametrize("order", [1, 2])
def test_shift_scale_symmetry_and_identity(rng, order):
    a, b = rng.normal(size=(2, 150, 4))
    assert wasserstein(a, a[::-1], order=order) == 0.0
    assert sliced_wasserstein(a, a[::-1], order=order) == 0.0
    shift = np.array([1.0, 2.0, 2.0, 4.0])
    assert wasserstein(a, a + shift, order=order) == pytest.approx(5.0, rel=1e-12)
    for w in (wasserstein, sliced_wasserstein):
        distance = w(a, b, order=order)
        assert type(distance) is float
        assert w(b, a, order=order) == pytest.approx(distance, rel=1e-12)
        assert w(3 * a - 7, 3 * b - 7, order=order) == pytest.approx(3 * distance, rel=1e-9)
    assert sliced_wasserstein(a, b, order=order) < wasserstein(a, b, order=order)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("unit", [1e-6, 1e-3, 1e6])
def test_the_linear_program_knows_no_unit(rng, order, unit):
    """Its tolerances are absolute: in small units a plan far from the best one would pass."""
    a, b = rng.normal(size=(61, 2)), rng.normal(size=(59, 2))
    expected = unit * wasserstein(a, b, order=order)
    assert wasserstein(unit * a, unit * b, order=order) == pytest.approx(expected, rel=1e-9)


def test_the_linear_program_without_any_cost():
    assert programmed(np.zeros((3, 2))) == 0.0


def test_duplicated_samples_are_the_same_distribution(rng):
    a, b = rng.normal(size=(2, 40, 3))
    for w in (wasserstein, sliced_wasserstein):
        assert w(np.repeat(a, 3, axis=0), b) == pytest.approx(w(a, b), rel=1e-9)


def test_shifts_seen_along_random_directions(rng):
    """E|θ·μ| = √(2/πd) ‖μ‖ (1 + O(1/d)), by gamma functions exactly; E(θ·μ)² = ‖μ‖² / d."""
    d = 6
    a, shift = rng.normal(size=(100, d)), np.full(d, 2.0)
    length = np.linalg.norm(shift)
    first = scipy.special.gamma(d / 2) / (np.sqrt(np.pi) * scipy.special.gamma((d + 1) / 2))
    found = [sliced_wasserstein(a, a + shift, projections=20_000, order=p) for p in (1, 2)]
    assert found[0] == pytest.approx(length * first, rel=0.02)
    assert found[1] == pytest.approx(length / np.sqrt(d), rel=0.02)


def test_gaussians_of_other_spread_differ_by_the_deviations(rng):
    """Along every direction W₂ of N(0, 1) and N(0, 9) is 2."""
    a, b = rng.normal(size=(20_000, 10)), 3 * rng.normal(size=(10_000, 10))
    found = sliced_wasserstein(a, b, projections=50, order=2)
    assert found == pytest.approx(2.0, rel=0.03)


def test_the_seed_decides_the_directions(rng):
    a, b = rng.normal(size=(2, 50, 5))
    first, again, other = (sliced_wasserstein(a, b, projections=9, seed=s) for s in (1, 1, 2))
    assert first == again != other
    blocks = [sliced_wasserstein(a, b, projections=n, seed=1) for n in (1, 64, 65)]
    assert len(set(blocks)) == 3  # the last of 65 directions counts


def test_samples_drawn_from_the_seed_of_the_directions_are_not_the_directions():
    """As rows of a, they would see every sample once along itself, √d times as long."""
    a, b = (np.random.default_rng(seed).normal(size=(500, 512)) for seed in (0, 99))
    same, *others = (sliced_wasserstein(a, b, projections=100, seed=seed) for seed in range(6))
    assert abs(same - np.mean(others)) < 6 * np.std(others)


def test_all_directions_count_equally(rng):
    a, b = rng.normal(size=(50, 5)), rng.normal(size=(30, 5))
    directions = np.random.default_rng([0, DIRECTIONS]).normal(size=(70, 5))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    expected = np.mean([on_a_line(a @ θ, b @ θ, 1) for θ in directions])
    assert sliced_wasserstein(a, b, projections=70) == pytest.approx(expected, rel=1e-10)


def test_lost_modes_and_noise_count(rng):
    centers = 3 * rng.normal(size=(6, 4))
    labels = rng.integers(6, size=(2, 600))
    real, fake = centers[labels] + 0.3 * rng.normal(size=(2, 600, 4))
    noise = rng.normal(size=fake.shape)
    for w in (wasserstein, sliced_wasserstein):
        for worse in (
            [fake, fake + noise, fake + 2 * noise],
            [fake, 1.5 * fake, 2 * fake],
            [fake, fake[labels[1] < 3][:200], fake[labels[1] < 1][:60]],
        ):
            found = [w(real, each) for each in worse]
            assert found == sorted(found)


def test_the_integral_of_known_quantiles():
    """{0, 1} against {0, 1, 2}: sixths 0 0 0 1 1 1 and 0 0 1 1 2 2."""
    x, y = np.array([[1.0, 0.0]]), np.array([[2.0, 0.0, 1.0]])
    assert powers_on_a_line(x, y, 1) == pytest.approx([3 / 6], rel=1e-12)
    assert powers_on_a_line(3 * x, 3 * y, 2) == pytest.approx([27 / 6], rel=1e-12)


@pytest.mark.parametrize("w", [wasserstein, sliced_wasserstein])
@pytest.mark.parametrize(
    ("a", "b", "options", "message"),
    [
        (np.zeros(5), np.zeros((5, 1)), {}, r"a must be an array \(n, d\)"),
        (np.zeros((5, 2)), np.zeros((5, 3)), {}, "d = 2 in a and d = 3 in b"),
        (np.zeros((5, 2)), np.full((5, 2), np.nan), {}, "b has NaN"),
        (np.zeros((1, 2)), np.zeros((5, 2)), {}, "a must hold at least two"),
        (np.zeros((5, 2)), np.zeros((5, 2)), {"order": 3}, "order must be 1 or 2; received 3"),
    ],
)
def test_errors(w, a, b, options, message):
    with pytest.raises(ValueError, match=message):
        w(a, b, **options)


@pytest.mark.parametrize(("n", "m"), [(10_001, 10_001), (10_001, 9_999), (701, 600)])
def test_sets_too_large_for_the_exact_solvers(n, m):
    with pytest.raises(ValueError, match=f"between {n} and {m} samples.*sliced_wasserstein"):
        wasserstein(np.zeros((n, 1)), np.zeros((m, 1)))


def test_no_directions():
    with pytest.raises(ValueError, match="projections must .*received 0"):
        sliced_wasserstein(np.zeros((5, 2)), np.zeros((5, 2)), projections=0)
