"""Whether a discriminator's input gradient can be differentiated by its weights."""

import keras
import numpy as np
from keras import layers, ops

from keras_gan import autodiff
from keras_gan.labels import takes_labels, with_labels
from keras_gan.layers import GroupNormalization, LayerNormalization
from keras_gan.scores import scores_of
from keras_gan.validation import single_shape

OURS = (GroupNormalization, LayerNormalization)
WRONG = {
    layers.BatchNormalization: (
        "it couples the samples of a batch, so that there is no gradient of one sample's score to "
        "penalise. Use kg.layers.LayerNormalization, kg.layers.SpectralNormalization or no "
        "normalization"
    ),
}
OF_TENSORFLOW = {}
if keras.backend.backend() == "tensorflow":  # whose moments hold the mean constant; JAX's are right
    OF_TENSORFLOW = {
        layers.LayerNormalization: (
            "its second derivative is wrong in Keras. Use kg.layers.LayerNormalization, which "
            "takes the same arguments and weights"
        ),
        layers.GroupNormalization: (
            "its second derivative is wrong in Keras. Use kg.layers.GroupNormalization, which "
            "takes the same arguments and weights"
        ),
    }


WRONG |= OF_TENSORFLOW


def check_second_order(discriminator: keras.Model) -> None:
    """Refuses a discriminator through which a gradient penalty's gradient would come out wrong.

    Batch normalization is refused because there is no gradient of one sample's score. The other
    causes are TensorFlow's alone; JAX has the right second derivatives of the same layers. Keras's
    layer and group normalization have wrong ones there and are refused by their type. And some
    layers, bilinear resizing above all, have none, and TensorFlow leaves out silently what would
    pass through them; that is found by `weights_with_wrong_penalty_gradient`, on every backend.

    Args:
        discriminator: A built `keras.Model` with scores as its only or first output.

    Raises:
        ValueError: Names the layer or the weight, the reason and what to use instead.
    """
    check_derivatives(discriminator, WRONG, "a gradient penalty", "the gradient")


def check_mixed_derivatives(discriminator: keras.Model) -> None:
    """Refuses a discriminator through whose weights' gradient one differentiates wrongly.

    That is what an unrolled game does. The causes are those of `check_second_order`; but samples
    may be coupled, so that JAX lets Keras's batch normalization pass.

    Args:
        discriminator: A built `keras.Model` with scores as its only or first output.

    Raises:
        ValueError: Names the layer or the weight, the reason and what to use instead.
    """
    wrong = {
        kind: "its second derivative is wrong in Keras. Use kg.layers.LayerNormalization"
        for kind in (layers.BatchNormalization,)
        if OF_TENSORFLOW
    }
    check_derivatives(
        discriminator, {**wrong, **OF_TENSORFLOW}, "an unrolled game", "the second derivative"
    )


def check_derivatives(discriminator: keras.Model, wrong: dict, what: str, missed: str) -> None:
    """Refuses a discriminator in which a layer is of a wrong kind or has no second derivative.

    Args:
        discriminator: A built `keras.Model` with scores as its only or first output.
        wrong: A dict from kinds of layers to reasons.
        what: Who differentiates twice.
        missed: What it would miss of a weight.

    Raises:
        ValueError: Names the layer or the weight, the reason and what to use instead.
    """
    for layer in discriminator._flatten_layers():
        for kind, reason in wrong.items():
            if isinstance(layer, kind) and not isinstance(layer, OURS):
                raise ValueError(
                    f"The {kind.__name__} layer {layer.name!r} cannot stand in a discriminator "
                    f"with {what}: {reason}."
                )
    subject = what[0].upper() + what[1:]
    try:
        weights = weights_with_wrong_penalty_gradient(discriminator)
    except LookupError as error:  # TensorFlow's word for an operation without derivative
        raise ValueError(
            f"{subject} needs second derivatives, and a layer of the discriminator has none "
            f"({error}). {advice(discriminator)}"
        ) from error
    if weights:
        names = ", ".join(repr(weight.path) for weight in weights)
        raise ValueError(
            f"{subject} would miss {missed}, or a part of it, of the weights {names}: a layer "
            f"before them has no second derivative. {advice(discriminator)}"
        )


def weights_with_wrong_penalty_gradient(discriminator: keras.Model) -> list[keras.Variable]:
    """The trainable weights whose second derivative with the input depends on the order.

    For directions a and b in the spaces of inputs and of weights, the score's mixed derivative is
    both of

        ⟨∂_w ⟨∂ₓ D, a⟩, b⟩ = ⟨∂ₓ ⟨∂_w D, b⟩, a⟩.

    The left one is what a penalty's gradient is made of: it differentiates every layer between w
    and the input twice. The right one differentiates those only once. Where such a layer has no
    second derivative the left one lacks what passes through it, and is `None` where that is all.
    No layer of Keras is known that lacks one on JAX.
    A final bias, or a bias among piecewise linear activations, is `None` in both orders, rightly.

    Args:
        discriminator: A built `keras.Model` with scores as its only or first output.

    Example:

    >>> upsampling = keras.layers.UpSampling2D(interpolation="bilinear")
    >>> convolutions = [keras.layers.Conv2D(1, 2, name=name) for name in ("before", "after")]
    >>> network = keras.Sequential(
    ...     [keras.Input((3, 3, 1)), convolutions[0], upsampling, convolutions[1]], name="d"
    ... )
    >>> paths = [weight.path for weight in weights_with_wrong_penalty_gradient(network)]
    >>> paths == {"tensorflow": ["d/after/kernel"], "jax": []}[keras.backend.backend()]
    True
    """
    rng = np.random.default_rng(0)
    weights = discriminator.trainable_variables
    if not weights:
        return []
    shape = single_shape(discriminator.input_shape)[1:]
    x, a = rng.normal(size=(2, 1, *(size or 32 for size in shape)))
    x, a = (ops.convert_to_tensor(each, keras.config.floatx()) for each in (x, a))
    # Near the present values, but nowhere zero, so that no weight hides behind an untrained one;
    # b of their sizes, so that no weight drowns in another.
    values = [ops.convert_to_numpy(w) + 0.01 * rng.normal(size=w.shape) for w in weights]
    b = [np.sqrt(np.mean(value**2)) * rng.normal(size=value.shape) for value in values]
    values, b = (
        [ops.convert_to_tensor(v, w.dtype) for v, w in zip(each, weights, strict=True)]
        for each in (values, b)
    )

    def fresh():
        """A scope that starts from the same random states each time and forgets the new ones."""
        return keras.StatelessScope(state_mapping=list(zip(weights, values, strict=True)))

    labels = ops.zeros((1,), "int32") if takes_labels(discriminator) else None

    def score(x):
        return scores_of(discriminator(with_labels(x, labels), training=True))

    def along_a(function):
        slope = autodiff.input_gradient(function, x)
        return ops.zeros((), x.dtype) if slope is None else ops.sum(a * slope)

    def along_b(scalar, chosen):
        slopes, _ = autodiff.gradients(lambda: (scalar(), None), [weights[i] for i in chosen])
        pairs = [(b[i], slope) for i, slope in zip(chosen, slopes, strict=True)]
        return [
            0.0 if slope is None else ops.cast(ops.sum(each * slope), x.dtype)
            for each, slope in pairs
        ]

    def input_first(chosen):
        with fresh():
            return [float(each) for each in along_b(lambda: along_a(score), chosen)]

    def weights_first(chosen):
        with fresh():
            return float(along_a(lambda x: sum(along_b(lambda: ops.sum(score(x)), chosen))))

    half = keras.backend.standardize_dtype(discriminator.compute_dtype) in ("float16", "bfloat16")
    tolerance = 0.1 if half else 1e-3
    everyone = range(len(weights))
    found, total = input_first(everyone), weights_first(everyone)
    scale = max(np.linalg.norm(found), abs(total))
    if abs(sum(found) - total) <= tolerance * scale:
        return []
    expected = [weights_first([i]) for i in everyone]
    return [
        weight
        for weight, one, other in zip(weights, found, expected, strict=True)
        if abs(one - other) > tolerance * max(abs(one), abs(other), tolerance * scale)
    ]


def advice(discriminator: keras.Model) -> str:
    """Names the layers that resize by interpolation, if there are any, and what to use instead."""
    resizing = [
        f"{layer.name!r} ({layer.interpolation})"
        for layer in discriminator._flatten_layers()
        if getattr(layer, "interpolation", "nearest") != "nearest"
    ]
    found = f"The cause is likely its layer {', '.join(resizing)}. " if resizing else ""
    return f"{found}Nearest upsampling, pooling, strided and transposed convolutions have them."
