"""The scores among a discriminator's outputs."""


def scores_of(outputs):
    """The unbounded scores, `(batch, 1)`, of what a discriminator returned.

    A discriminator returns its scores, or `(scores, features)` where a consistency term compares
    features.

    Args:
        outputs: A tensor, or a sequence of tensors of which the first holds the scores.

    Example:

    >>> scores_of(["scores", "features"])
    'scores'
    """
    return outputs[0] if isinstance(outputs, (tuple, list)) else outputs
