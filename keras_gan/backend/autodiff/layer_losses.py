"""The losses that layers add when they are called: of every call, wherever it is traced."""

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
    """What layers add through `activity_regularizer` or `add_loss` in all their calls in a scope.

    Keras keeps only the losses of the last call: each outermost call clears those before.

    Args:
        layers: The layers whose losses count, by `id`.
        dtype: The dtype of the sum.
    """

    def __init__(self, layers: dict[int, keras.layers.Layer], dtype: str):
        self.layers, self.dtype = layers, dtype
        self.scope = get_stateless_scope()
        self.terms = []

    def add(self, loss) -> None:
        """Adds a loss, or any structure of losses, of any floating dtype."""
        self.terms += [ops.cast(each, self.dtype) for each in keras.tree.flatten(loss)]

    def total(self):
        """The sum of all losses, a scalar."""
        return functools.reduce(operator.add, self.terms, ops.zeros((), self.dtype))


@contextmanager
def collecting(networks: Sequence[keras.Model]) -> Iterator[LayerLosses]:
    """A scope that collects the losses that the layers of some networks add.

    It also collects losses from within the functions that `autodiff` differentiates or chooses
    between. A layer that opens a `keras.StatelessScope` must add the losses of what it calls there
    itself.

    Args:
        networks: The networks whose losses count.

    Example, with one layer in two calls:

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
    """A scope for a function that is traced separately and returns its losses as extra outputs.

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
        """The sums, one scalar per surrounding `collecting` scope."""
        return [each.total() for each in self.inner]


def hand_out(scopes: Sequence[Apart], totals: list) -> None:
    """Adds the totals that left an `Apart` scope to the `collecting` scopes around it.

    Args:
        scopes: The `Apart` scope, or those of all branches if the totals come from one of them.
        totals: One scalar per `collecting` scope.
    """
    for i, (losses, total) in enumerate(zip(_open.get(), totals, strict=True)):
        if any(scope.inner[i].terms for scope in scopes):
            losses.add(total)


def adds_losses(network: keras.Model) -> bool:
    """Whether layers of a network add losses in training mode, found by a symbolic call.

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
    except Exception:  # a user's layer may fail on symbolic inputs
        return True  # perhaps; then losses are logged if there are any
    finally:
        network._clear_losses()
    return any(heard)


def _is_known(kind: type) -> bool:
    """Whether a layer's class is Keras's or ours, which only add an `activity_regularizer`."""
    modules = {each.__module__.split(".")[0] for each in kind.__mro__}
    return modules <= {"keras", "keras_gan", "tensorflow", "builtins"}


@contextmanager
def _overheard() -> Iterator[None]:
    """A scope in which `_open` learns what any layer adds, in the layer's own thread."""
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
