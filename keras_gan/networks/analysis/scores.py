"""The scores among a discriminator's outputs."""

from keras import ops


def scores_of(outputs):
    """The unbounded scores among a discriminator's outputs, `(batch, 1)` or several a sample.

    A discriminator returns its scores, or `(scores, features)` where a consistency term compares
    features.

    Args:
        outputs: The scores, or a sequence of tensors that starts with them.

    Example:

    >>> scores_of(["scores", "features"])
    'scores'
    """
    return outputs[0] if isinstance(outputs, (tuple, list)) else outputs


def mean_scores(scores):
    """The mean score of every sample, `(batch, 1)`, over its patches where there are several.

    Args:
        scores: Tensor `(batch, …, 1)`.
    """
    axes = tuple(range(1, len(scores.shape) - 1))
    return ops.mean(scores, axis=axes) if axes else scores


def with_mean_scores(outputs):
    """What a discriminator returned, with one score per sample: scores, or scores and features.

    Args:
        outputs: As in `scores_of`.
    """
    if isinstance(outputs, (tuple, list)):
        return [mean_scores(outputs[0]), *outputs[1:]]
    return mean_scores(outputs)


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
