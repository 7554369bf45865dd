"""What a player pays for the weights and the activities of its networks."""

from collections.abc import Callable, Sequence

import keras

from keras_gan.backend.autodiff.layer_losses import adds_losses, collecting
from keras_gan.backend.precision import sum_of


def regularized(player: str, networks: Sequence[keras.Model], losses_of: Callable) -> tuple:
    """What a function of losses returns, with `<player>_regularization` among the losses.

        Σ_w r(w)  +  Σ_calls Σ_layers a(h)

    over the weights w that have a regularizer r, each once, and over all calls of the networks that
    the function makes, with a(h) what a layer adds to the losses in a call: `activity_regularizer`,
    which Keras divides by the number of samples, or `add_loss`. Added up in float32 at least.

    Args:
        player: Who pays.
        networks: Those of the player. What the layers of others add is left out.
        losses_of: Takes nothing, returns `(losses, observations)`, the first a dict of scalars.

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
    """Whether `regularized` has something to add for these networks.

    Args:
        networks: Those of a player.
    """
    return bool(_regularized_weights(networks)) or any(map(adds_losses, networks))


def _regularized_weights(networks: Sequence[keras.Model]) -> list[keras.Variable]:
    """The trainable weights of networks that have a regularizer, each once."""
    weights = {id(v): v for network in networks for v in network.trainable_weights}
    return [v for v in weights.values() if v.regularizer is not None]
