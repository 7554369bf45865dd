"""Averages of any length, recombined from snapshots of others."""

import contextlib
import dataclasses
import os
import pathlib
from collections.abc import Iterator, Sequence

import keras
import numpy as np
from keras import ops

from keras_gan.training.averages.profiles import exponent
from keras_gan.training.averages.snapshot_files import (
    check_folder,
    facts_in,
    floating,
    rows_in,
    snapshots_in,
)


@dataclasses.dataclass(frozen=True)
class Reconstruction:
    """Averaged weights that were made of snapshots.

    Attributes:
        values: The averaged floating-point weights, in the order of the networks' weights, arrays.
        step: The step at which the average ends.
        error: ‖p − q‖ / ‖p‖, the relative distance of the profile p that was asked for and the
            combination q of those in the snapshots.
        snapshots: How many averages were combined.
    """

    values: list[np.ndarray]
    step: int
    error: float
    snapshots: int


def recombination(
    steps: Sequence[float], exponents: Sequence[float], step: float, target: float
) -> tuple[np.ndarray, float]:
    """The coefficients by which averages of power functions make another one, and its error.

        min over x of ∫ (p − Σᵢ xᵢ pᵢ)²,   Σᵢ xᵢ = 1,   pᵢ(τ) = (γᵢ+1) τ^γᵢ / tᵢ^(γᵢ+1) on [0, tᵢ]

    with p the profile of γ at t. For a profile a that ends no later than b,
    ∫ a b = (γ_a+1)(γ_b+1) / (γ_a+γ_b+1) · (t_a/t_b)^γ_b / t_b. The authors' code leaves out
    Σ x = 1, which here keeps weights that stand still exactly as they are.

    Args:
        steps: tᵢ, the steps of the snapshots, greater than 0.
        exponents: γᵢ, at least 0.
        step: t.
        target: γ.

    Returns:
        The coefficients x, float64 `(n,)`, and ‖p − Σᵢ xᵢ pᵢ‖ / ‖p‖.

    Example, of a profile that is among them:

    >>> x, error = recombination([500, 1000, 1000], [7.0, 7.0, 17.0], 1000, 7.0)
    >>> [round(float(each), 6) + 0.0 for each in x], error < 1e-6
    ([0.0, 1.0, 0.0], True)

    Reference:
        Karras et al. 2024, arXiv 2312.02696, appendix C.
    """
    t, g = np.asarray(steps, "float64"), np.asarray(exponents, "float64")
    own = float(_product(step, target, step, target))
    sizes = np.sqrt(_product(t, g, t, g))  # of each, to solve in units of them
    gram = _product(t[:, None], g[:, None], t, g) / np.outer(sizes, sizes)
    right = _product(t, g, float(step), float(target)) / sizes
    n = len(t)
    bordered = np.zeros((n + 1, n + 1))
    bordered[:n, :n], bordered[n, :n], bordered[:n, n] = gram, 1.0 / sizes, 1.0 / sizes
    bordered[n] *= sizes[0]
    bordered[:n, n] *= sizes[0]
    found = np.linalg.lstsq(bordered, np.append(right, sizes[0]), rcond=1e-13)[0][:n]
    squares = own - 2.0 * found @ right + found @ gram @ found
    return found / sizes, float(np.sqrt(max(squares, 0.0) / own))


def _product(t_a, g_a, t_b, g_b):
    """∫ p_a p_b, elementwise."""
    first = t_a <= t_b
    ratio = np.where(first, t_a / t_b, t_b / t_a) ** np.where(first, g_b, g_a)
    return (g_a + 1.0) * (g_b + 1.0) / (g_a + g_b + 1.0) * ratio / np.maximum(t_a, t_b)


def reconstruct(
    folder: str | os.PathLike, length: float, step: int | None = None, most_error: float = 0.1
) -> Reconstruction:
    """The average of a relative length, made of snapshots of others.

    Args:
        folder: That of a `kg.callbacks.AverageSnapshots`.
        length: σ_rel, from 0.0001 to 0.2886. Those near the lengths that were kept, and between
            them, are made best.
        step: The step at which the average ends; the snapshots up to it serve. Defaults to `None`:
            the last.
        most_error: The greatest relative distance of profiles to accept. Defaults to 0.1.

    Raises:
        ValueError: For a folder without snapshots up to that step, damaged ones, or a profile that
            they cannot make.
    """
    folder = pathlib.Path(folder)
    target, facts, files = exponent(length), facts_in(folder), snapshots_in(folder)
    kept = sorted(at for at in files if step is None or at <= step)
    if not kept:
        raise ValueError(
            f"{folder} has no snapshot of averages{'' if step is None else f' up to step {step}'}: "
            f"train with kg.callbacks.AverageSnapshots(folder), of a model with "
            f"average=kg.averages.Power([0.05, 0.1])."
        )
    end = kept[-1] if step is None else step
    own = [exponent(each) for each in facts["lengths"]]
    places = [(at, g) for at in kept for g in own]
    coefficients, error = recombination(*zip(*places, strict=True), end, target)
    if error > most_error:
        raise ValueError(
            f"The {len(places)} averages in {folder} make the profile of length {length} at step "
            f"{end} with a relative error of {error:.2g}, more than {most_error}: keep more "
            f"snapshots, ask for a step at which there is one, or for a length nearer to "
            f"{facts['lengths']}."
        )
    sizes = [int(np.prod(shape)) for shape in facts["shapes"]]
    total = np.zeros(sum(sizes))
    for i, at in enumerate(kept):
        rows = rows_in(files[at], (len(own), sum(sizes)))
        total += coefficients[i * len(own) : (i + 1) * len(own)] @ rows
    parts = np.split(total, np.cumsum(sizes)[:-1])
    values = [part.reshape(shape) for part, shape in zip(parts, facts["shapes"], strict=True)]
    return Reconstruction(values, end, error, len(places))


@contextlib.contextmanager
def reconstructed(
    model: keras.Model,
    folder: str | os.PathLike,
    length: float,
    step: int | None = None,
    most_error: float = 0.1,
) -> Iterator[Reconstruction]:
    """A scope in which a model's average is the one of another length.

    What uses averaged weights, such as `generate`, `export`, `kg.Generator.from_gan` and `save`,
    uses these. Afterwards the model has its own average again.

    Args:
        model: The model that was trained with the `kg.callbacks.AverageSnapshots` of the folder.
        folder: As in `reconstruct`, like all others.
        length: Likewise.
        step: Likewise.
        most_error: Likewise.

    Yields:
        The `Reconstruction`.

    Raises:
        ValueError: As `reconstruct`, and for the snapshots of another model.

    Example, in which the best of several lengths is chosen once training is over:

    >>> import tempfile
    >>> import keras_gan as kg
    >>> networks = kg.networks.mlp_generator(), kg.networks.mlp_discriminator()
    >>> gan = kg.GAN(*networks, average=kg.averages.Power([0.05, 0.1]), seed=0)
    >>> gan.compile()
    >>> folder, x = tempfile.mkdtemp(), np.random.default_rng(0).normal(size=(640, 2))
    >>> snapshots = kg.callbacks.AverageSnapshots(folder, every=5)
    >>> history = gan.fit(x, batch_size=16, verbose=0, callbacks=[snapshots])
    >>> for length in (0.05, 0.08, 0.15):
    ...     with reconstructed(gan, folder, length) as found:
    ...         samples = gan.generate(100, seed=0)  # to be scored
    ...         print(samples.shape, found.step, found.error < 0.05)
    (100, 2) 40 True
    (100, 2) 40 True
    (100, 2) 40 True

    Reference:
        Karras et al. 2024, arXiv 2312.02696, section 3.
    """
    average = model.average
    if not hasattr(getattr(average, "decay", None), "lengths"):
        raise ValueError(
            "Averages are made afterwards of those of power functions: build the model with "
            "average=kg.averages.Power([0.05, 0.1])."
        )
    check_folder(pathlib.Path(folder), model)
    found = reconstruct(folder, length, step, most_error)
    model.settle()
    variables = floating(average.averages)
    own = [np.array(ops.convert_to_numpy(each)) for each in variables]
    try:
        _assign(variables, found.values)
        yield found
    finally:
        _assign(variables, own)


def _assign(variables: list, values: list[np.ndarray]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
