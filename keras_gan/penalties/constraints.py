"""Constraints on the discriminator's weights, applied after each of its updates."""

import keras
from keras import ops

from keras_gan.arguments import amount


@keras.saving.register_keras_serializable(package="keras_gan")
class ClipWeights(keras.constraints.Constraint):
    """Clips weights to [−c, c], as WGAN does to get a Lipschitz critic.

        w ← min(max(w, −c), c)   after each update

    The critic is then K-Lipschitz for some K that depends on c and the architecture, and its loss
    estimates K times the Wasserstein distance.

    Args:
        clip: The bound c, greater than 0. Defaults to 0.01.

    Raises:
        ValueError: If `clip` is not greater than 0.

    Example:

    >>> w = ClipWeights(0.5)(keras.ops.convert_to_tensor([-2.0, 0.25]))
    >>> keras.ops.convert_to_numpy(w).tolist()
    [-0.5, 0.25]

    Reference:
        Arjovsky, Chintala and Bottou 2017, Wasserstein GAN, arXiv 1701.07875, algorithm 1.

    Experiment: docs/results/weight_clipping.md.
    """

    def __init__(self, clip: float = 0.01):
        self.clip = amount("clip", clip, above=0)

    def __call__(self, weight):
        """Returns the weight with every component clipped to [−c, c]."""
        return ops.clip(weight, -self.clip, self.clip)

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {"clip": self.clip}

    def __repr__(self):
        return f"ClipWeights(clip={self.clip!r})"


def constrain(network: keras.Model, constraint: keras.constraints.Constraint) -> None:
    """Sets a constraint on every trainable weight of a network, also on biases and scales γ.

    The optimizer applies the constraint of a weight after each update of it. The constraint is not
    part of the network's own config: a game with a constraint sets it again when it is loaded.

    Args:
        network: A built `keras.Model`.
        constraint: A `keras.constraints.Constraint`. It replaces a constraint of its own class.

    Raises:
        ValueError: If a weight already has a constraint of another class.

    Example:

    >>> network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> constrain(network, ClipWeights(0.01))
    >>> [weight.constraint for weight in network.trainable_variables]
    [ClipWeights(clip=0.01), ClipWeights(clip=0.01)]
    """
    for weight in network.trainable_variables:
        present = weight.constraint
        if present is not None and type(present) is not type(constraint):
            raise ValueError(
                f"The weight {weight.path!r} already has the constraint {present!r}, which "
                f"{constraint!r} would replace: build the layer without a constraint of its own."
            )
    for weight in network.trainable_variables:
        weight.constraint = constraint
