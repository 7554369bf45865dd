"""Compares second derivatives, by differentiating twice, with differences of first derivatives.

If a layer treats something as constant to first order, differentiating in another order makes the
same error, so that comparing the two shows nothing; finite differences do show it.
"""

import contextlib
import dataclasses
import threading
from collections.abc import Callable, Iterator, Sequence

import keras
import numpy as np
from keras import dtype_policies, ops
from keras.src.models.functional import Functional

from keras_gan.backend import autodiff


@dataclasses.dataclass(frozen=True)
class Steps:
    """Two steps of differences, relative to the sizes of what moves.

    Args:
        short: The step whose difference is compared.
        long: The step that shows how far to trust the short one.
        tolerance: The relative error up to which derivatives count as equal.
        floor: The fraction of the largest derivative below which others are not compared.
    """

    short: float
    long: float
    tolerance: float
    floor: float


FINE = Steps(1e-8, 4e-8, 1e-4, 1e-6)  # too short for a kink to lie within, mostly
COARSE = Steps(1e-3, 4e-3, 1e-2, 1e-3)  # for functions that compute in float32
FEW = 2**14  # numbers among which a coarse step does not meet so many kinks that they average out


@dataclasses.dataclass(frozen=True)
class Finding:
    """What differences show about second derivatives.

    Args:
        kind: `"right"`, `"wrong"`, `"missing"` (zero although the difference is not), `"not
            finite"`, `"unclear"` (the differences do not converge) or `"none"` (an error was
            raised).
        parts: The positions of the arguments whose derivatives are not right.
        text: The backend's message if the derivatives do not exist.
    """

    kind: str
    parts: tuple[int, ...] = ()
    text: str = ""


def compared(
    function: Callable, arguments: Sequence[np.ndarray], moving: Sequence[bool], dtype: str
) -> Finding:
    """Compares two computations of the derivative of ∂_θ s along a direction a.

        ∂_θ ⟨∂_θ s, a⟩   against   (∂_θ s(θ + h a) − ∂_θ s(θ − h a)) / 2h

    Args:
        function: Maps a list of tensors, the parts of θ, to the scalar s.
        arguments: The parts of θ, arrays.
        moving: For each part, whether a moves it. There a is random and of the size of θ, but zero
            where θ is zero: an exact zero stays on its side of a kink, such as ReLU's.
        dtype: The precision of the computation.

    Returns:
        A `Finding` about the parts of θ.
    """
    finding = Finding("unclear")
    for seed in range(3):
        comparison = _Comparison(function, arguments, moving, dtype, seed)
        if not comparison.is_finite:
            return Finding("not finite")
        for steps in (FINE, COARSE) if dtype == "float64" else (COARSE,):
            finding = comparison.finding(steps)
            if finding.kind != "unclear":
                return finding
    return finding


class _Comparison:
    """Derivatives at one point along one random direction, see `compared`."""

    def __init__(self, function, arguments, moving, dtype, seed):
        rng = np.random.default_rng(seed)
        self.shapes = [each.shape for each in arguments]
        self.sizes = [int(np.prod(shape)) for shape in self.shapes]
        self.function, self.dtype, self.slopes = function, dtype, None
        spread = [np.sqrt(np.mean(np.square(each, dtype="float64"))) or 1.0 for each in arguments]
        self.scale = np.repeat(spread, self.sizes).astype(dtype)
        self.point = np.concatenate([np.ravel(each) for each in arguments]).astype(dtype)
        parts = zip(arguments, spread, moving, strict=True)
        directions = [
            s * rng.normal(size=each.size) * (np.ravel(each) != 0) if moves else np.zeros(each.size)
            for each, s, moves in parts
        ]
        self.direction = np.concatenate(directions).astype(dtype)
        self.found = self.second()
        self.is_finite = bool(np.isfinite(self.found).all())

    def finding(self, steps: Steps) -> Finding:
        """What one pair of steps shows."""
        near = self.difference(steps.short)
        if not np.isfinite(near).all():
            return Finding("not finite")
        found = self.norms(self.found)
        size, error = np.maximum(found, self.norms(near)), self.norms(self.found - near)
        allowed = steps.tolerance * size + steps.floor * size.max()
        if (error <= allowed).all():
            return Finding("right")
        doubt = self.norms(near - self.difference(steps.long))
        wrong = error > 10 * doubt + allowed
        if not wrong.any() or (steps is COARSE and self.point.size > FEW):
            return Finding("unclear")
        missing = (found <= allowed)[wrong].any()
        return Finding("missing" if missing else "wrong", tuple(np.flatnonzero(wrong)))

    def difference(self, step: float) -> np.ndarray:
        """(∂_θ s(θ + h a) − ∂_θ s(θ − h a)) / 2h, in units of the sizes of θ."""
        above, below = (self.first(self.point + h * self.direction) for h in (step, -step))
        return self.scale * (above - below) / (2 * step)

    def first(self, point) -> np.ndarray:
        """∂_θ s."""
        if self.slopes is None:
            self.slopes = _compiled(lambda point: self.gradient(self.score, point))
        return as_array(self.slopes(ops.convert_to_tensor(point, self.dtype)))

    def second(self) -> np.ndarray:
        """∂_θ ⟨∂_θ s, a⟩, in units of the sizes of θ."""
        direction = ops.convert_to_tensor(self.direction, self.dtype)

        def slope(point):
            return ops.sum(direction * self.gradient(self.score, point))

        point = ops.convert_to_tensor(self.point, self.dtype)
        return self.scale * as_array(_compiled(lambda at: self.gradient(slope, at))(point))

    def score(self, point):
        """s as a function of θ in one vector."""
        parts = ops.split(point, np.cumsum(self.sizes)[:-1].tolist())
        parts = [ops.reshape(p, s) for p, s in zip(parts, self.shapes, strict=True)]
        return ops.cast(self.function(parts), self.dtype)

    @staticmethod
    def gradient(function, point):
        """The gradient, with zeros where TensorFlow returns `None`."""
        found = autodiff.input_gradient(function, point)
        return ops.zeros_like(point) if found is None else found

    def norms(self, vector) -> np.ndarray:
        """The norms of the parts of a vector of derivatives by θ."""
        parts = np.split(vector, np.cumsum(self.sizes)[:-1])
        return np.array([np.linalg.norm(part) for part in parts])


def _compiled(function: Callable) -> Callable:
    """Compiles the function on JAX, which would compile eager operations one by one."""
    if keras.backend.backend() != "jax":
        return function
    import jax

    return jax.jit(function)


def as_array(tensor) -> np.ndarray:
    """Returns a tensor as an array of a type that NumPy has."""
    return np.array(ops.convert_to_numpy(tensor))


@contextlib.contextmanager
def precision(layers: Sequence[keras.Layer], dtype: str) -> Iterator[None]:
    """A scope in which layers compute, and take inputs, in another precision.

    The weights come from the `keras.StatelessScope` opened inside it.

    Args:
        layers: All layers that are called, with the layers in them.
        dtype: `"float32"` or `"float64"`.
    """
    policy = dtype_policies.get(dtype)
    changes = [(layer, "_dtype_policy", policy) for layer in layers]
    for layer in layers:
        graph = getattr(layer, "_functional", None) or layer
        for tensor in graph._inputs if isinstance(graph, Functional) else ():
            if keras.backend.is_float_dtype(tensor.dtype):
                changes.append((tensor, "_dtype", dtype))
    with contextlib.ExitStack() as stack:
        stack.enter_context(_wide() if dtype == "float64" else contextlib.nullcontext())
        for owner, name, value in changes:
            stack.enter_context(changed(vars(owner), name, value))
        yield


_lock = threading.Lock()
_changed = {}  # of a dict and a key in it: by how many scopes, and what it was before the first


@contextlib.contextmanager
def changed(entries: dict, key: str, value) -> Iterator[None]:
    """A scope that replaces a value in a dict that several threads use.

    Scopes may overlap: the last to end restores the original value.

    Args:
        entries: The dict.
        key: The key of the value.
        value: The new value.
    """
    place = id(entries), key
    with _lock:
        count, own = _changed.get(place, (0, entries[key]))
        _changed[place] = count + 1, own
        entries[key] = value
    try:
        yield
    finally:
        with _lock:
            count, own = _changed.pop(place)
            if count > 1:
                _changed[place] = count - 1, own
            else:
                entries[key] = own


@contextlib.contextmanager
def _wide() -> Iterator[None]:
    """A scope in which JAX computes in float64, as TensorFlow always does.

    JAX has a setting for it, per thread. Besides, Keras 3.15 rounds to float32 on JAX in some
    operations (`tanh`, `sin`, `var`), by a table of types of 64 bits.
    """
    if keras.backend.backend() != "jax":
        yield
        return
    import jax
    from keras.src.backend.common import dtypes

    table = getattr(dtypes, "BIT64_TO_BIT32_DTYPE", {"float64": "float64"})
    with changed(table, "float64", "float64"), jax.enable_x64(True):
        yield
