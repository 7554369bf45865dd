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
