"""Unused parts of networks: outputs, inputs and weights without an effect."""

import keras

from keras_gan.backend import autodiff
from keras_gan.backend.shapes import shapes_of
from keras_gan.networks.analysis.graphs import behind, graph_of


def check_one_output(role: str, network: keras.Model, what: str) -> None:
    """Refuses a network with more outputs than the one that a model uses.

    Args:
        role: What the network is called in the message.
        network: A built `keras.Model`.
        what: What its one output is, for the message.

    Raises:
        ValueError: For several outputs.
    """
    shapes = shapes_of(network.output_shape)
    if len(shapes) > 1:
        raise ValueError(
            f"The {role} must return {what} and nothing else; it has {len(shapes)} outputs, of "
            f"shapes {shapes}. Keep one, as in keras.Model({role}.inputs, {role}.outputs[0])."
        )


def check_heads(role: str, discriminator: keras.Model, most: int = 1) -> None:
    """Refuses a discriminator that returns more than (scores, features).

    Args:
        role: What the network is called in the message.
        discriminator: A built `keras.Model`.
        most: How many outputs there may be beside the scores. Defaults to 1, the features.

    Raises:
        ValueError: For more outputs.
    """
    shapes = shapes_of(discriminator.output_shape)
    if len(shapes) > 1 + most:
        raise ValueError(
            f"The {role} must return scores, or (scores, features) for a penalty that compares "
            f"features; it has {len(shapes)} outputs, of shapes {shapes}. Keep only the scores: "
            f"keras.Model({role}.inputs, {role}.outputs[0])."
        )


def check_inputs(role: str, network: keras.Model) -> None:
    """Refuses a network whose first output does not depend on one of its inputs.

    Args:
        role: What the network is called in the message.
        network: A built `keras.Model`; without a graph it passes.

    Raises:
        ValueError: Names the input.
    """
    if graph_of(network) is None:
        return
    tensors, _ = behind(network, network.outputs[:1])
    for tensor in network.inputs:
        if id(tensor) not in tensors:
            raise ValueError(
                f"The {role}'s output does not depend on its input {tensor.name!r}: use that "
                f"input, or build the {role} without it."
            )


def check_weights(model, penalties=()) -> None:
    """Refuses networks with trainable weights that do not affect the output that the model uses.

    A user's own model, or a penalty that takes features, may use further outputs. `check_reached`
    checks their weights when the first step is traced.

    Args:
        model: A `GenerativeModel` with its networks.
        penalties: The penalties on its discriminators. Defaults to none.

    Raises:
        ValueError: Names the weights.
    """
    own = type(model).__module__.startswith("keras_gan.")
    if not own or any(getattr(penalty, "takes_features", True) for penalty in penalties):
        return
    for role in model.network_names:
        network = getattr(model, role)
        if graph_of(network) is not None:
            used = 1 + (model.heads if role == "discriminator" else 0)
            _, variables = behind(network, network.outputs[:used])
            _refuse_strays(
                role, [v for v in network.trainable_variables if id(v) not in variables], network
            )


def check_reached(model, player: str, gradients: list, loss) -> None:
    """Refuses weights of a player that affect none of its losses.

    Args:
        model: A `GenerativeModel`.
        player: The name of one of its players.
        gradients: The gradients of the player's loss, `None` for a weight without influence.
        loss: The function `() -> (loss, …)` that was differentiated.

    Raises:
        ValueError: Names the weights.
    """
    variables = model.variables_of(player)
    reached = [gradient is not None for gradient in gradients]
    networks = model.networks_of(player)
    if keras.backend.backend() == "jax" and any(map(_is_opaque, networks)):
        reached = autodiff.depends(loss, variables)  # gradients are zeros there, not None
    strays = [v for v, known in zip(variables, reached, strict=True) if not known]
    _refuse_strays(player, strays, networks[0])


def _is_opaque(network: keras.Model) -> bool:
    """Whether a network has outputs or trainable layers whose use its graph does not show."""
    if len(getattr(network, "outputs", None) or [None]) > 1:
        return True
    own = ("keras.", "keras_gan.")
    return any(
        layer.trainable_variables and not type(layer).__module__.startswith(own)
        for layer in network._flatten_layers()
    )


def _refuse_strays(role: str, strays: list, network: keras.Model) -> None:
    """Refuses weights of a network, or of a player with that first network, if there are any."""
    if not strays:
        return
    names = ", ".join(repr(v.path) for v in strays[:4]) + (", …" if len(strays) > 4 else "")
    cut = ""
    if len(getattr(network, "outputs", None) or []) > 1:
        cut = f"keep only the scores, keras.Model({role}.inputs, {role}.outputs[0]), or "
    raise ValueError(
        f"No loss of this model depends on the {role}'s weights {names}, so they would never "
        f"train: {cut}remove their layers, or set trainable = False on them."
    )
