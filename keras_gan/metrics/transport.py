"""Wasserstein distances between sets of samples: exact, and sliced along random directions."""

import math

import numpy as np

from keras_gan.arguments import whole
from keras_gan.metrics import progress
from keras_gan.metrics.checks import checked_pair

LARGEST_ASSIGNMENT = 10_000  # samples per side: 800 MB of costs
LARGEST_PROGRAM = 400_000  # n · m variables of the linear program: seconds
PROJECTIONS_AT_A_TIME = 32
DIRECTIONS = 0x511CED  # a separate random stream: samples may come from the same seed


def wasserstein(a, b, *, order: int = 1) -> float:
    """The exact Wasserstein distance: the least cost of moving one set of samples onto the other.

        W_p = (min_π Σᵢⱼ πᵢⱼ ‖aᵢ − bⱼ‖^p)^(1/p),  Σⱼ πᵢⱼ = 1/n,  Σᵢ πᵢⱼ = 1/m

    For equal n and m, or a small common multiple of them, this is an assignment problem, whose time
    grows with n³ (for 2,000 samples see `benchmarks/metrics.py`). Otherwise it is a linear program,
    which is much slower and is allowed up to n · m = 400,000. In many dimensions W is mostly the
    distance between nearest neighbours, even for equal distributions: compare values at equal n. In
    one dimension `sliced_wasserstein` is exact, too, and faster.

    Args:
        a: Array `(n, d)` of finite numbers. Flatten images first.
        b: Array `(m, d)`, likewise.
        order: p, 1 or 2. Defaults to 1.

    Returns:
        W_p, not its p-th power, in the units of the samples.

    Raises:
        ValueError: If the arrays do not fit each other, hold NaN or are too large, or for another
            order.

    Example:

    >>> wasserstein([[0.0, 0.0], [5.0, 0.0]], [[5.0, 1.0], [0.0, 1.0]])
    1.0

    Reference: Villani 2009, Optimal Transport: Old and New. Solver of the assignment: Crouse 2016,
    On Implementing 2D Rectangular Assignment Algorithms.
    """
    from scipy.spatial.distance import cdist

    a, b = checked_pair(a, b, ("a", "b"))
    _check_order(order)
    n, m = len(a), len(b)
    as_assignment = math.lcm(n, m) <= min(max(2 * (n + m), 1000), LARGEST_ASSIGNMENT)
    if not as_assignment and n * m > LARGEST_PROGRAM:
        raise ValueError(
            f"Exact transport between {n} and {m} samples would take too long: use equal numbers "
            f"of at most {LARGEST_ASSIGNMENT:,} samples, or sliced_wasserstein."
        )
    costs = cdist(a, b) ** order
    solve = assigned if as_assignment else programmed
    return float(solve(costs) ** (1 / order))


def assigned(costs: np.ndarray) -> float:
    """The least mean cost after every sample is split into equal parts so that n = m.

    Args:
        costs: Array `(n, m)`.
    """
    from scipy.optimize import linear_sum_assignment

    n, m = costs.shape
    common = math.lcm(n, m)
    parts = np.repeat(np.repeat(costs, common // n, axis=0), common // m, axis=1)
    return float(parts[linear_sum_assignment(parts)].mean())


def programmed(costs: np.ndarray) -> float:
    """The least cost by linear programming over all n · m masses.

    Args:
        costs: Array `(n, m)`.

    Raises:
        RuntimeError: If the solver fails.
    """
    import scipy.sparse
    from scipy.optimize import linprog

    n, m = costs.shape
    rows = scipy.sparse.kron(scipy.sparse.eye(n), np.ones((1, m)))
    columns = scipy.sparse.kron(np.ones((1, n)), scipy.sparse.eye(m))
    constraints = scipy.sparse.vstack([rows, columns]).tocsr()[:-1]  # the last follows from them
    masses = np.concatenate([np.full(n, 1 / n), np.full(m - 1, 1 / m)])
    unit = costs.max() or 1.0  # the solver's tolerances are absolute
    solution = linprog(costs.ravel() / unit, A_eq=constraints, b_eq=masses, method="highs-ds")
    if not solution.success:
        raise RuntimeError(f"The transport problem was not solved: {solution.message}")
    return unit * max(float(solution.fun), 0.0)


def sliced_wasserstein(a, b, *, projections: int = 500, order: int = 1, seed: int = 0) -> float:
    """The sliced Wasserstein distance: the mean over projections onto random directions.

        SW_p = (mean over θ of W_p(θ·a, θ·b)^p)^(1/p),  ‖θ‖ = 1

    In one dimension, sorting gives W for any n and m. A shift by μ counts about √(2/πd) ‖μ‖ for
    p = 1 and ‖μ‖ / √d for p = 2. The error falls with the square root of the number of directions.

    Args:
        a: Array `(n, d)` of finite numbers. Flatten images first.
        b: Array `(m, d)`, likewise.
        projections: The number of directions θ. Defaults to 500.
        order: p, 1 or 2. Defaults to 1.
        seed: Integer that determines the directions. Defaults to 0.

    Returns:
        SW_p, not its p-th power, in the units of the samples.

    Raises:
        ValueError: If the arrays do not fit each other or hold NaN, or for another order.

    Example:

    >>> round(sliced_wasserstein([[0.0], [1.0]], [[2.0], [3.0]]), 12)
    2.0

    Reference: Bonneel, Rabin, Peyré and Pfister 2015, Sliced and Radon Wasserstein Barycenters of
    Measures; for GANs: Deshpande, Zhang and Schwing 2018, arXiv 1803.11188.
    """
    a, b = checked_pair(a, b, ("a", "b"))
    _check_order(order)
    whole("projections", projections)
    directions = np.random.default_rng([seed, DIRECTIONS]).normal(size=(projections, a.shape[1]))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    total = 0.0
    for start in progress.each(range(0, projections, PROJECTIONS_AT_A_TIME)):
        some = directions[start : start + PROJECTIONS_AT_A_TIME]
        total += powers_on_a_line(some @ a.T, some @ b.T, order).sum()
    return float((total / projections) ** (1 / order))


def powers_on_a_line(x: np.ndarray, y: np.ndarray, order: int) -> np.ndarray:
    """W_p^p between the rows of x, `(L, n)`, and of y, `(L, m)`: ∫ |F⁻¹(t) − G⁻¹(t)|^p dt.

    Args:
        x: Array `(L, n)`.
        y: Array `(L, m)`.
        order: p, 1 or 2.

    Returns:
        Array `(L,)`.
    """
    n, m = x.shape[1], y.shape[1]
    starts = np.union1d(np.arange(n) * m, np.arange(m) * n)  # where a quantile jumps, times n · m
    widths = np.diff(starts, append=n * m) / (n * m)
    x, y = np.sort(x, axis=1)[:, starts // m], np.sort(y, axis=1)[:, starts // n]
    return np.abs(x - y) ** order @ widths


def _check_order(order: int) -> None:
    """Refuses orders other than 1 and 2."""
    if order not in (1, 2):
        raise ValueError(f"order must be 1 or 2; received {order!r}.")
