"""The losses that layers add in their calls: those of all calls, wherever these are traced."""

import functools
import operator
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import keras
from keras import ops
from keras.src.backend.common.stateless_scope import get_stateless_scope

from keras_gan.backend.precision import precision_of

_open: ContextVar[tuple["LayerLosses", ...]] = ContextVar("layer losses", default=())
_lock, _scopes = threading.Lock(), 0  # each replica has a thread and scopes of its own
_add_loss = keras.layers.Layer.add_loss


class LayerLosses:
    """What layers add by `activity_regularizer` or `add_loss` in all their calls within a scope.

    Keras keeps that of the last call alone: each call from outside clears what went before.

    Args:
        layers: The layers whose losses count, by their ids.
        dtype: That of the sum.
    """

    def __init__(self, layers: dict[int, keras.layers.Layer], dtype: str):
        self.layers, self.dtype = layers, dtype
        self.scope = get_stateless_scope()
        self.terms = []

    def add(self, loss) -> None:
        """Takes a loss, or any structure of them, of any floating dtype."""
        self.terms += [ops.cast(each, self.dtype) for each in keras.tree.flatten(loss)]

    def total(self):
        """The sum, a scalar."""
        return functools.reduce(operator.add, self.terms, ops.zeros((), self.dtype))


@contextmanager
def collecting(networks: Sequence[keras.Model]) -> Iterator[LayerLosses]:
    """A scope in which the losses that the layers of networks add are collected.

    They may be added in what `autodiff` differentiates or computes in one of two branches. A layer
    that opens a `keras.StatelessScope` itself adds the losses of what it calls there itself, too.

    Args:
        networks: All others' losses are left out.

    Example, one layer in two calls:

    >>> layer = keras.layers.Dense(1, kernel_initializer="ones", activity_regularizer="l2")
    >>> network = keras.Sequential([keras.Input((1,)), layer])
    >>> with collecting([network]) as losses:
    ...     _ = network(3.0 * keras.ops.ones((5, 1))), network(keras.ops.ones((5, 1)))
    >>> print(f"{losses.total():.2f}")  # 0.01 · 3² + 0.01 · 1²
    0.10
    """
    layers = {id(each): each for network in networks for each in network._flatten_layers()}
    losses = LayerLosses(layers, precision_of(networks))
    token = _open.set((*_open.get(), losses))
    try:
        with _overheard():
            yield losses
    finally:
        _open.reset(token)


class Apart:
    """A scope for what is traced by itself: the losses added in it leave as further outputs.

    Example:

    >>> with collecting([]) as losses:
    ...     with Apart() as inner:
    ...         totals = inner.totals()
    ...     hand_out([inner], totals)
    """

    def __enter__(self):
        self.inner = tuple(LayerLosses(each.layers, each.dtype) for each in _open.get())
        self.token = _open.set(self.inner)
        return self

    def __exit__(self, *exception):
        _open.reset(self.token)

    def totals(self) -> list:
        """The sums, a scalar for each `collecting` scope around."""
        return [each.total() for each in self.inner]


def hand_out(scopes: Sequence[Apart], totals: list) -> None:
    """Adds to the `collecting` scopes what the `totals()` of an `Apart` became outside.

    Args:
        scopes: Several where `totals` are those of whichever branch was computed.
        totals: A scalar for each `collecting` scope.
    """
    for i, (losses, total) in enumerate(zip(_open.get(), totals, strict=True)):
        if any(scope.inner[i].terms for scope in scopes):
            losses.add(total)


def adds_losses(network: keras.Model) -> bool:
    """Whether layers of a network add losses in a call in training mode, by a symbolic one.

    Args:
        network: A built `keras.Model`.

    Example:

    >>> adds_losses(keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]))
    False
    """
    layers = network._flatten_layers()
    if any(layer.activity_regularizer is not None for layer in layers):
        return True
    if all(_is_known(type(layer)) for layer in layers):
        return False
    heard = []

    def call(*inputs):
        with collecting([network]) as losses:
            outputs = network(keras.tree.pack_sequence_as(network.input, inputs), training=True)
            heard.append(bool(losses.terms))
        return outputs

    try:
        keras.src.backend.compute_output_spec(call, *keras.tree.flatten(network.input))
    except Exception:  # whatever a user's layer cannot do with symbolic inputs
        return True  # perhaps; what is added is logged then, and nothing else
    finally:
        network._clear_losses()
    return any(heard)


def _is_known(kind: type) -> bool:
    """Whether a layer's class is Keras's or ours, which add losses by `activity_regularizer`."""
    modules = {each.__module__.split(".")[0] for each in kind.__mro__}
    return modules <= {"keras", "keras_gan", "tensorflow", "builtins"}


@contextmanager
def _overheard() -> Iterator[None]:
    """A scope in which `_open` hears what any layer adds, in the thread in which it does."""
    global _scopes
    with _lock:
        _scopes += 1
        keras.layers.Layer.add_loss = _heard
    try:
        yield
    finally:
        with _lock:
            _scopes -= 1
            if not _scopes:
                keras.layers.Layer.add_loss = _add_loss


def _heard(layer, loss) -> None:
    _add_loss(layer, loss)
    for losses in reversed(_open.get()):
        if id(layer) in losses.layers:
            if losses.scope is get_stateless_scope():
                losses.add(loss)
            return
