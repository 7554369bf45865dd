"""A player: who moves which weights, to make what smaller."""

import dataclasses
from collections.abc import Callable, Sequence

import keras


def adam_of_dcgan() -> keras.optimizers.Optimizer:
    """Adam(2e-4, β₁ = 0.5), of Radford et al. 2015, arXiv 1511.06434."""
    return keras.optimizers.Adam(2e-4, beta_1=0.5)


@dataclasses.dataclass(frozen=True)
class Player:
    """One side of a game, or the only side of a model that maximises a likelihood.

    In a move a player differentiates the sum of its losses by the weights of its networks, and its
    optimizer changes these.

    Args:
        name: What the schedule calls it, such as `"discriminator"`.
        networks: The networks whose trainable weights it moves.
        losses: A function `(minibatch, draws, training) -> (losses, observations)` of what the
            schedule deals, a stream of random numbers, and whether networks run in training mode.
            Both results are dicts of scalars by name. The losses' sum is minimised; losses and
            observations are logged.
        loss_names: The names of the losses.
        observation_names: The names of the observations that `losses` returns where the model was
            compiled with `diagnostics=True`. Defaults to none.
        optimizer: A function without arguments that makes the optimizer which `compile` takes when
            it is given none. Defaults to Adam(2e-4, β₁ = 0.5).

    Example:

    >>> network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> def losses(x, draws, training):
    ...     return {"loss": keras.ops.mean(network(x) ** 2)}, {}
    >>> player = Player("model", [network], losses, ["loss"])
    >>> [v.name for v in player.variables], type(player.optimizer()).__name__
    (['kernel', 'bias'], 'Adam')
    """

    name: str
    networks: Sequence[keras.Model]
    losses: Callable
    loss_names: Sequence[str]
    observation_names: Sequence[str] = ()
    optimizer: Callable[[], keras.optimizers.Optimizer] = adam_of_dcgan

    @property
    def variables(self) -> list[keras.Variable]:
        """The trainable variables of its networks."""
        return [v for network in self.networks for v in network.trainable_variables]
