"""Copies of a game's networks, with the weights that serve outside of training."""

import itertools

import keras
from keras import ops

from keras_gan.backend.precision import float32_layers
from keras_gan.networks import registry


def copies(game, roles: tuple[str, ...], average: bool) -> dict[str, keras.Model]:
    """Copies of networks of a game, in float32, by their names in it.

    Args:
        game: An `AdversarialModel`.
        roles: The names of its networks.
        average: Whether they have the averaged weights, of networks that have some.
    """
    game.settle()
    averages = averages_of(game) if average else {}
    copied = {}
    for role in roles:
        network = getattr(game, role)
        made_by = registry.origin_of(network)
        with float32_layers():
            if made_by is None:
                copied[role] = keras.models.clone_model(network)
            else:
                copied[role] = registry.build(made_by, zeros=True)
        source = averages.get(role, network.weights)
        copied[role].set_weights([ops.convert_to_numpy(weight) for weight in source])
    return copied


def averages_of(game) -> dict[str, list]:
    """The averaged weights of each network that has some; none before the first update."""
    if game.average is None or not int(game.average.updates):
        return {}
    averages = iter(game.average.averages)
    return {
        role: list(itertools.islice(averages, len(getattr(game, role).weights)))
        for role in game.averaged_networks
    }
