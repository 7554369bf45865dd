"""Copies of a model's networks for inference."""

import itertools

import keras
from keras import ops

from keras_gan.backend.precision import float32_layers
from keras_gan.networks import registry


def copies(model, roles: tuple[str, ...], average: bool) -> dict[str, keras.Model]:
    """Copies of a model's networks in float32, by name.

    Args:
        model: A `GenerativeModel`.
        roles: The names of its networks.
        average: Whether the copies have the averaged weights, for networks with averages.
    """
    model.settle()
    averages = averages_of(model) if average else {}
    copied = {}
    for role in roles:
        network = getattr(model, role)
        made_by = registry.origin_of(network)
        with float32_layers():
            if made_by is None:
                copied[role] = keras.models.clone_model(network)
            else:
                copied[role] = registry.build(made_by, zeros=True)
        source = averages.get(role, network.weights)
        copied[role].set_weights([ops.convert_to_numpy(weight) for weight in source])
    return copied


def averages_of(model) -> dict[str, list]:
    """The averaged weights of each network with averages; `{}` before the first update."""
    if model.average is None or not int(model.average.updates):
        return {}
    averages = iter(model.average.averages)
    return {
        role: list(itertools.islice(averages, len(getattr(model, role).weights)))
        for role in model.averaged_networks
    }
