"""Parts of networks that would be left aside: outputs, inputs and weights without a use."""

import keras

from keras_gan.backend import autodiff
from keras_gan.backend.shapes import shapes_of
from keras_gan.networks.analysis.graphs import behind, graph_of


def check_one_output(role: str, network: keras.Model, what: str) -> None:
    """Refuses a network with outputs beside the one that a game uses.

    Args:
        role: What the network is called.
        network: A built one.
        what: What its one output is.

    Raises:
        ValueError: For several.
    """
    shapes = shapes_of(network.output_shape)
    if len(shapes) > 1:
        raise ValueError(
            f"The {role} must give {what} and nothing beside; it has {len(shapes)} outputs, of "
            f"the shapes {shapes}. Keep one, such as keras.Model({role}.inputs, "
            f"{role}.outputs[0])."
        )


def check_heads(role: str, discriminator: keras.Model) -> None:
    """Refuses a discriminator that returns more than (scores, features).

    Raises:
        ValueError: For three outputs or more.
    """
    shapes = shapes_of(discriminator.output_shape)
    if len(shapes) > 2:
        raise ValueError(
            f"The {role} must return scores, or (scores, features) for a penalty that compares "
            f"features; it has {len(shapes)} outputs, of the shapes {shapes}. Keep the scores, "
            f"keras.Model({role}.inputs, {role}.outputs[0])."
        )


def check_inputs(role: str, network: keras.Model) -> None:
    """Refuses a network with an input on which its first output does not depend.

    Raises:
        ValueError: Names the input.
    """
    if graph_of(network) is None:
        return
    tensors, _ = behind(network, network.outputs[:1])
    for tensor in network.inputs:
        if id(tensor) not in tensors:
            raise ValueError(
                f"The {role}'s output does not depend on its input {tensor.name!r}, which would "
                f"have no effect: use that input, or build the {role} without it."
            )


def check_weights(game, penalties=()) -> None:
    """Refuses networks with trainable weights on which the output that the game uses depends not.

    A game of a user's own may use further outputs, and so may a penalty that takes features: their
    weights are looked at when the first step is traced, by `check_reached`.

    Args:
        game: An `AdversarialModel` with its networks.
        penalties: Those on its discriminators.

    Raises:
        ValueError: Names the weights.
    """
    own = type(game).__module__.startswith("keras_gan.")
    if not own or any(getattr(penalty, "takes_features", True) for penalty in penalties):
        return
    for role in game.network_names:
        network = getattr(game, role)
        if graph_of(network) is not None:
            _, variables = behind(network, network.outputs[:1])
            _refuse_strays(
                role, [v for v in network.trainable_variables if id(v) not in variables], network
            )


def check_reached(game, player: str, gradients: list, loss) -> None:
    """Refuses weights of a player on which none of its losses depends.

    Args:
        game: An `AdversarialModel`.
        player: The name of one of its players.
        gradients: Of the player's losses; `None` is that of a weight without influence on them.
        loss: The function `() -> (loss, …)` that was differentiated.

    Raises:
        ValueError: Names the weights.
    """
    variables = game.variables_of(player)
    reached = [gradient is not None for gradient in gradients]
    networks = game.networks_of(player)
    if keras.backend.backend() == "jax" and any(map(_is_opaque, networks)):
        reached = autodiff.depends(loss, variables)  # gradients are zeros there, not None
    strays = [v for v, known in zip(variables, reached, strict=True) if not known]
    _refuse_strays(player, strays, networks[0])


def _is_opaque(network: keras.Model) -> bool:
    """Whether a network has outputs or trainable layers of which no graph tells the use."""
    if len(getattr(network, "outputs", None) or [None]) > 1:
        return True
    own = ("keras.", "keras_gan.")
    return any(
        layer.trainable_variables and not type(layer).__module__.startswith(own)
        for layer in network._flatten_layers()
    )


def _refuse_strays(role: str, strays: list, network: keras.Model) -> None:
    """Refuses these weights, if there are any, of a network or the first network of a player."""
    if not strays:
        return
    names = ", ".join(repr(v.path) for v in strays[:4]) + (", …" if len(strays) > 4 else "")
    cut = ""
    if len(getattr(network, "outputs", None) or []) > 1:
        cut = f"keep the scores alone, keras.Model({role}.inputs, {role}.outputs[0]), or "
    raise ValueError(
        f"No loss of this game depends on the {role}'s weights {names}, which would never train: "
        f"{cut}leave out the layers that they belong to, or set their trainable = False."
    )
