"""Checks of networks before training."""

import keras

from keras_gan.backend.shapes import made_shape, merged, shapes_agree, shapes_of, single_shape
from keras_gan.layers.spectral_normalization import SpectralNormalization
from keras_gan.networks.analysis.graphs import graph_of
from keras_gan.networks.analysis.unused_parts import check_heads, check_inputs, check_one_output
from keras_gan.networks.class_labels import is_label
from keras_gan.networks.conditions import common_condition_dim, condition_dim_of


def check_networks(generator, discriminator, packing: int = 1, heads: int = 0) -> tuple:
    """Refuses networks that do not fit each other or the objectives.

    Args:
        generator: A built `keras.Model`.
        discriminator: A built `keras.Model`.
        packing: How many samples the discriminator takes as one of so many times the channels.
            Defaults to 1.
        heads: How many outputs beside the scores a game takes whose discriminator says the class
            of samples, and takes no labels. Defaults to 0, for other games.

    Returns:
        The shape of a sample, with `None` for each axis that neither network fixes.

    Raises:
        ValueError: If a network is not built, if their shapes disagree, or if the discriminator's
            output is not an unbounded score, `(batch, 1)`, or one per patch, `(batch, …, 1)`.
    """
    check_generator(generator)
    check_built("discriminator", discriminator)
    check_discriminator(discriminator, patches=True, heads=heads)
    _check_label_input("discriminator", discriminator)
    takes = {
        role: len(shapes_of(network.input_shape)) == 2
        for role, network in (("generator", generator), ("discriminator", discriminator))
    }
    if takes["generator"] and takes["discriminator"]:
        common_condition_dim(generator, discriminator)
    if takes["generator"] != takes["discriminator"] and not heads:
        with_labels, without = sorted(takes, key=takes.get, reverse=True)
        raise ValueError(
            f"The {with_labels} takes labels but the {without} does not: build both with "
            f"classes=…, or condition_dim=…, or both without."
        )
    made, expected = made_shape(generator), single_shape(discriminator.input_shape)[1:]
    if packing > 1 and made[-1] is not None:
        packs = (*made[:-1], packing * made[-1])
        if not shapes_agree(packs, expected):
            raise ValueError(
                f"With packing={packing} the discriminator takes {packing} samples of shape {made} "
                f"as one of shape {packs}; it takes {tuple(expected)}: build it for that shape."
            )
        expected = (*expected[:-1], made[-1])
    if not shapes_agree(made, expected):
        raise ValueError(
            f"The generator makes samples of shape {made}, but the discriminator takes "
            f"{tuple(expected)}: give both networks the same sample shape."
        )
    return merged(made, expected)


def check_built(role: str, network) -> None:
    """Refuses anything but a built `keras.Model` with known input and output shapes.

    Args:
        role: What the network is called in the message.
        network: What was received.

    Raises:
        ValueError: Says what is missing and how to add it.
    """
    if not isinstance(network, keras.Model) or not network.built:
        state = "not built" if isinstance(network, keras.Model) else "not a keras.Model"
        raise ValueError(
            f"The {role} must be a built keras.Model; received {network!r}, which is {state}. "
            f"Start it with keras.Input(shape)."
        )
    if not hasattr(network, "input_shape") or not hasattr(network, "output_shape"):
        raise ValueError(
            f"The {role} {network.name!r} is a subclass of keras.Model without known shapes: "
            f"wrap it as keras.Model(x, network(x)) with x = keras.Input(shape)."
        )
    _check_no_dict(role, network)


def _check_no_dict(role: str, network: keras.Model) -> None:
    """Refuses a network that returns a dict or takes several inputs as a dict.

    A dict with one input is harmless: Keras also accepts the tensor alone.

    Raises:
        ValueError: Lists the keys and shows how to build the same network without them.
    """
    graph = graph_of(network)
    if graph is None:
        return
    for what, tensors, most in (("returns", graph.output, 0), ("takes", graph.input, 1)):
        if isinstance(tensors, dict) and len(tensors) > most:
            inputs = "inputs" if len(network.inputs) > 1 else "inputs[0]"
            raise ValueError(
                f"The {role} {what} a dict with the keys {sorted(tensors)}, but a model passes "
                f"tensors by position: use keras.Model({role}.{inputs}, {role}.outputs[0]), with "
                f"samples or latent vectors first."
            )


def check_encoder(encoder, what: str) -> None:
    """Refuses an encoder that is not built, has several outputs, or has an unused input.

    Args:
        encoder: What was received.
        what: What its one output is, for the message.

    Raises:
        ValueError: In each of these cases.
    """
    check_built("encoder", encoder)
    check_one_output("encoder", encoder, what)
    check_inputs("encoder", encoder)


def check_generator(generator) -> None:
    """Refuses a generator that is not built or does not take latent vectors `(batch, d)`.

    Args:
        generator: What was received.

    Raises:
        ValueError: In each of these cases, and for several outputs or an unused input.
    """
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
    """Refuses a network whose second input, if there is one, is neither label nor condition."""
    _, *others = shapes_of(network.input_shape)
    known = others and (is_label(others[0]) or condition_dim_of(network))
    if others and (len(others) > 1 or not known):
        first = "latent vectors (batch, latent_dim)" if role == "generator" else "samples"
        raise ValueError(
            f"The {role} may take {first} and class labels (batch,), or condition vectors "
            f"(batch, d), nothing else; its inputs have the shapes {network.input_shape}."
        )


def check_discriminator(
    discriminator: keras.Model,
    role: str = "discriminator",
    patches: bool = False,
    heads: int = 0,
) -> None:
    """Refuses a discriminator whose output is not an unbounded score of shape `(batch, 1)`.

    Args:
        discriminator: A built network.
        role: What it is called in the message. Defaults to `"discriminator"`.
        patches: Whether several scores per sample, `(batch, …, 1)`, are also allowed, such as one
            per patch. Defaults to `False`.
        heads: As in `check_networks`.

    Raises:
        ValueError: For any other output, an unused input, or a layer of Keras's own
            `SpectralNormalization`.
    """
    from keras_gan.networks.analysis.output_range import reach_of

    for layer in discriminator._flatten_layers():
        if isinstance(layer, keras.layers.SpectralNormalization):
            raise ValueError(
                f"The {role}'s layer {layer.name!r} is keras.layers.SpectralNormalization, "
                f"which overwrites its kernel in every call: use kg.layers.SpectralNormalization."
            )
    check_heads(role, discriminator, max(heads, 1))
    check_inputs(role, discriminator)
    shape = single_shape(discriminator.output_shape)
    allowed, end = "shape (batch, 1)", "keras.layers.Dense(1)"
    if patches:
        allowed = f"{allowed}, or one per patch, (batch, …, 1)"
        end = f"keras.layers.Conv2D(1, …) or {end}"
    if tuple(shape[1:]) != (1,) and not (patches and len(shape) > 2 and shape[-1] == 1):
        raise ValueError(
            f"The {role} must return one unbounded score per sample, {allowed}; its output shape "
            f"is {shape}. End it with {end}."
        )
    culprit = reach_of(discriminator).culprit
    if culprit is not None:
        raise ValueError(
            f"The {role} must return an unbounded score, but {culprit}. Remove it, or add {end} "
            f"after it: objectives take raw scores and apply the activation that they need."
        )


def check_spectral(discriminator: keras.Model) -> None:
    """Refuses a discriminator without a spectrally normalized layer.

    Args:
        discriminator: A built network.

    Raises:
        ValueError: If it has no `kg.layers.SpectralNormalization`.
    """
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
            else "no such layer"
        )
        raise ValueError(
            f"SNGAN needs a discriminator with spectrally normalized layers; found {found}. Wrap "
            f"its layers in kg.layers.SpectralNormalization, or build it with kg.networks and "
            f"normalization='spectral'."
        )


def check_logits(role: str, network: keras.Model, likelihood) -> None:
    """Refuses a network that ends in an activation although its likelihood takes logits.

    Args:
        role: What the network is called in the message.
        network: A built `keras.Model`.
        likelihood: A `kg.likelihoods.Likelihood`.

    Raises:
        ValueError: Names the activation.
    """
    from keras_gan.networks.analysis.output_range import reach_of

    culprit = reach_of(network).culprit if likelihood.takes_logits else None
    if culprit is not None:
        culprit = culprit.replace("its", f"the {role}'s", 1)
        raise ValueError(
            f"The likelihood {likelihood!r} takes logits, but {culprit}: remove it, or use "
            f"likelihood='gaussian'."
        )
