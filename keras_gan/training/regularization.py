"""Regularization of the weights and activities of a player's networks."""

from collections.abc import Callable, Sequence

import keras

from keras_gan.backend.autodiff.layer_losses import adds_losses, collecting
from keras_gan.backend.precision import sum_of


def regularized(player: str, networks: Sequence[keras.Model], losses_of: Callable) -> tuple:
    """The result of a function of losses, with `<player>_regularization` added to the losses.

        Σ_w r(w)  +  Σ_calls Σ_layers a(h)

    The first sum is over the weights w with a regularizer r, each once. The second is over all
    calls of the networks in the function, where a(h) is what a layer adds to the losses in a call:
    its `activity_regularizer`, which Keras divides by the number of samples, or `add_loss`. The
    sums are computed in float32 at least.

    Args:
        player: The player whose loss has the term.
        networks: The player's networks. What layers of other networks add is ignored.
        losses_of: A function without arguments that returns `(losses, observations)`, where losses
            is a dict of scalars.

    Returns:
        The losses and the observations.

    Example:

    >>> layer = keras.layers.Dense(
    ...     1, kernel_initializer="ones", kernel_regularizer="l2", activity_regularizer="l2"
    ... )
    >>> network, x = keras.Sequential([keras.Input((1,)), layer]), keras.ops.ones((5, 1))
    >>> def losses_of():
    ...     return {"loss": network(x) + network(x)}, {}
    >>> losses, _ = regularized("player", [network], losses_of)
    >>> print(f"{losses['player_regularization']:.2f}")  # 0.01 · 1² for w and for each call
    0.03
    """
    with collecting(networks) as added:
        losses, observations = losses_of()
    terms = [v.regularizer(v.value) for v in _regularized_weights(networks)] + added.terms
    if terms:
        losses = {**losses, f"{player}_regularization": sum_of(terms)}
    return losses, observations


def is_regularized(networks: Sequence[keras.Model]) -> bool:
    """Whether `regularized` adds a term for these networks.

    Args:
        networks: The networks of a player.
    """
    return bool(_regularized_weights(networks)) or any(map(adds_losses, networks))


def _regularized_weights(networks: Sequence[keras.Model]) -> list[keras.Variable]:
    """The trainable weights that have a regularizer, each once."""
    weights = {id(v): v for network in networks for v in network.trainable_weights}
    return [v for v in weights.values() if v.regularizer is not None]
