"""The scores among a discriminator's outputs."""


def scores_of(outputs):
    """The unbounded scores, `(batch, 1)`, among a discriminator's outputs.

    A discriminator returns its scores, or `(scores, features)` where a consistency term compares
    features.

    Args:
        outputs: The scores, or a sequence of tensors that starts with them.

    Example:

    >>> scores_of(["scores", "features"])
    'scores'
    """
    return outputs[0] if isinstance(outputs, (tuple, list)) else outputs


def check_features(discriminator, what: str) -> None:
    """Refuses a discriminator that does not return (scores, features).

    Args:
        discriminator: A built `keras.Model`.
        what: What compares features, for the message.

    Raises:
        ValueError: For any other output.
    """
    outputs = discriminator.output_shape
    pair = isinstance(outputs, (list, tuple)) and isinstance(outputs[0], (list, tuple))
    if not pair or len(outputs) != 2:
        raise ValueError(
            f"{what} compares features, so the discriminator must return (scores, features); its "
            f"output shape is {outputs}. For instance "
            f"kg.networks.mlp_discriminator(dropout=0.5, features=True), or "
            f"keras.Model(inputs, [scores, features]) with the last layer's input as features."
        )
