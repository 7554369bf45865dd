"""What is wrong with networks, schedules and optimizers, before anything is trained."""

import keras

from keras_gan.arguments import unknown_name
from keras_gan.backend.shapes import made_shape, merged, shapes_agree, shapes_of, single_shape
from keras_gan.layers.spectral_normalization import SpectralNormalization
from keras_gan.networks.analysis.graphs import graph_of
from keras_gan.networks.analysis.unused_parts import check_heads, check_inputs, check_one_output
from keras_gan.networks.class_labels import is_label
from keras_gan.parallel.replicas import is_mirrored, unsupported_strategy


def check_networks(generator, discriminator) -> tuple:
    """Refuses networks that do not fit each other or the objectives.

    Returns:
        The shape of a sample, so far as either network says it.

    Raises:
        ValueError: For a network that is not built, shapes that do not meet, a discriminator whose
            output is not `(batch, 1)` or no unbounded score.
    """
    check_generator(generator)
    check_built("discriminator", discriminator)
    check_discriminator(discriminator)
    _check_label_input("discriminator", discriminator)
    takes = {
        role: len(shapes_of(network.input_shape)) == 2
        for role, network in (("generator", generator), ("discriminator", discriminator))
    }
    if takes["generator"] != takes["discriminator"]:
        with_labels, without = sorted(takes, key=takes.get, reverse=True)
        raise ValueError(
            f"The {with_labels} takes labels and the {without} does not: build both with "
            f"classes=…, or neither."
        )
    made, expected = made_shape(generator), single_shape(discriminator.input_shape)[1:]
    if not shapes_agree(made, expected):
        raise ValueError(
            f"The generator makes samples of shape {made}, the discriminator takes "
            f"{tuple(expected)}: give both networks the same sample shape."
        )
    return merged(made, expected)


def check_built(role: str, network) -> None:
    """Refuses what is no built `keras.Model`, or does not tell its shapes."""
    if not isinstance(network, keras.Model) or not network.built:
        state = "not built" if isinstance(network, keras.Model) else "not a keras.Model"
        raise ValueError(
            f"The {role} must be a built keras.Model; received {network!r}, which is {state}. "
            f"Begin it with keras.Input(shape)."
        )
    if not hasattr(network, "input_shape") or not hasattr(network, "output_shape"):
        raise ValueError(
            f"The {role} {network.name!r} does not tell its shapes, since it is a subclass of "
            f"keras.Model: wrap it as keras.Model(x, network(x)) with x = keras.Input(shape)."
        )
    _check_no_dict(role, network)


def _check_no_dict(role: str, network: keras.Model) -> None:
    """Refuses a network that names its outputs, or of several inputs, by a dict.

    A dict of one input does no harm: Keras takes the tensor for it.

    Raises:
        ValueError: Says by which keys, and how the same network comes without them.
    """
    graph = graph_of(network)
    if graph is None:
        return
    for what, tensors, most in (("returns", graph.output, 0), ("takes", graph.input, 1)):
        if isinstance(tensors, dict) and len(tensors) > most:
            inputs = "inputs" if len(network.inputs) > 1 else "inputs[0]"
            raise ValueError(
                f"The {role} {what} a dict with the keys {sorted(tensors)}; a game passes tensors "
                f"by their position: take keras.Model({role}.{inputs}, {role}.outputs[0]), samples "
                f"or latent vectors first."
            )


def check_encoder(encoder, what: str) -> None:
    """Refuses an encoder that is not built, gives more than one output, or has an idle input.

    Args:
        encoder: What was received.
        what: What its one output is, for the message.

    Raises:
        ValueError: See above.
    """
    check_built("encoder", encoder)
    check_one_output("encoder", encoder, what)
    check_inputs("encoder", encoder)


def check_generator(generator) -> None:
    """Refuses a generator that is not built or takes no latent vectors of shape `(batch, d)`."""
    check_built("generator", generator)
    if len(single_shape(generator.input_shape)) != 2:
        raise ValueError(
            f"The generator must take latent vectors of shape (batch, latent_dim); "
            f"its input shape is {generator.input_shape}."
        )
    _check_label_input("generator", generator)
    check_one_output("generator", generator, "samples")
    check_inputs("generator", generator)


def _check_label_input(role: str, network: keras.Model) -> None:
    """Refuses a network whose second input, if there is one, is no class label."""
    _, *others = shapes_of(network.input_shape)
    if others and (len(others) > 1 or not is_label(others[0])):
        first = "latent vectors (batch, latent_dim)" if role == "generator" else "samples"
        raise ValueError(
            f"The {role} takes {first} and, at most, class labels (batch,); its inputs have the "
            f"shapes {network.input_shape}."
        )


def check_discriminator(
    discriminator: keras.Model, role: str = "discriminator", patches: bool = False
) -> None:
    """Refuses a discriminator whose output is not an unbounded score of shape `(batch, 1)`.

    Args:
        discriminator: A built network.
        role: What it is called. Defaults to `"discriminator"`.
        patches: Whether a score a patch, `(batch, height, width, 1)`, is allowed too.

    Raises:
        ValueError: For that, and for Keras's own spectral normalization in it.
    """
    from keras_gan.networks.analysis.output_range import reach_of

    for layer in discriminator._flatten_layers():
        if isinstance(layer, keras.layers.SpectralNormalization):
            raise ValueError(
                f"The {role}'s layer {layer.name!r} is keras.layers.SpectralNormalization, "
                f"which overwrites its kernel at every call: use kg.layers.SpectralNormalization."
            )
    check_heads(role, discriminator)
    check_inputs(role, discriminator)
    shape = single_shape(discriminator.output_shape)
    allowed, end = "shape (batch, 1)", "keras.layers.Dense(1)"
    if patches:
        allowed = f"{allowed}, or one a patch, (batch, height, width, 1)"
        end = f"keras.layers.Conv2D(1, …) or {end}"
    if tuple(shape[1:]) != (1,) and not (patches and len(shape) == 4 and shape[-1] == 1):
        raise ValueError(
            f"The {role} must give one unbounded score a sample, {allowed}; its output shape is "
            f"{shape}. End it with {end}."
        )
    culprit = reach_of(discriminator).culprit
    if culprit is not None:
        raise ValueError(
            f"The {role} must end in an unbounded score, but {culprit}. Remove it, or let "
            f"{end} follow: objectives take raw scores and apply what they need."
        )


def check_spectral(discriminator: keras.Model) -> None:
    """Refuses a discriminator without a spectrally normalized layer."""
    layers, pending = [], [discriminator]
    while pending:
        layer = pending.pop()
        layers.append(layer)
        pending.extend(layer.layers if isinstance(layer, keras.Model) else [])
    if not any(isinstance(layer, SpectralNormalization) for layer in layers):
        keras_own = any(isinstance(each, keras.layers.SpectralNormalization) for each in layers)
        found = (
            "only Keras's own wrapper, which is not the published algorithm"
            if keras_own
            else "none"
        )
        raise ValueError(
            f"SNGAN needs a discriminator with spectrally normalized layers; found {found}. Wrap "
            f"its layers in kg.layers.SpectralNormalization or build it by kg.networks with "
            f"normalization='spectral'."
        )


def check_players(schedule, known: tuple[str, ...]) -> None:
    """Refuses a schedule that moves a player whom the game does not know, or leaves one out."""
    for player in schedule.players:
        if player not in known:
            raise unknown_name("player in the schedule", player, known)
    missing = set(known) - set(schedule.players)
    if missing:
        raise ValueError(
            f"{schedule!r} never moves {sorted(missing)[0]!r}: every player of "
            f"{list(known)} needs a move."
        )


def check_trainable(variables_of: dict) -> None:
    """Refuses a player without a weight to move."""
    for player, variables in variables_of.items():
        if not variables:
            raise ValueError(
                f"The {player} has no trainable weights, so it cannot play: set its networks' "
                f"trainable = True. Each player moves its own weights only; freezing is not needed."
            )


def check_strategy() -> None:
    """Refuses a distribution strategy under which `Model.fit` of this Keras cannot train."""
    name = unsupported_strategy()
    if name is not None:
        raise ValueError(
            f"Keras cannot fit a model under {name}: use tf.distribute.MirroredStrategy, which "
            f"trains on all GPUs of one machine, or none."
        )


def check_scope(variables) -> None:
    """Refuses weights made outside of the strategy's scope in which the game is compiled."""
    strays = [variable.path for variable in variables if not is_mirrored(variable)]
    if strays:
        scope = {
            "tensorflow": ("strategy.scope()", "inside `with strategy.scope():`"),
            "jax": ("distribution", "after keras.distribution.set_distribution(…)"),
        }
        name, remedy = scope[keras.backend.backend()]
        raise ValueError(
            f"Networks, game and compile() belong into one and the same {name}; {strays[0]} was "
            f"made in another: build the networks {remedy}."
        )


def check_logits(role: str, network: keras.Model, likelihood) -> None:
    """Refuses a network with an activation where a likelihood takes logits.

    Args:
        role: What the network is called.
        network: A built `keras.Model`.
        likelihood: A `kg.likelihoods.Likelihood`.

    Raises:
        ValueError: See above.
    """
    from keras_gan.networks.analysis.output_range import reach_of

    culprit = reach_of(network).culprit if likelihood.takes_logits else None
    if culprit is not None:
        culprit = culprit.replace("its", f"the {role}'s", 1)
        raise ValueError(
            f"The likelihood {likelihood!r} takes logits, but {culprit}: remove it, or take "
            f"likelihood='gaussian'."
        )
