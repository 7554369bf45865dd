"""Parts that all networks use: normalization by name, checks, the precision of outputs."""

import keras
from keras import layers

from keras_gan.arguments import amount, whole
from keras_gan.layers import Dropout, LayerNormalization, OneHot, SpectralNormalization

ORDER = "channels_last"  # of our images, whatever keras.config.image_data_format() says
NORMALIZATIONS = (None, "spectral", "layer", "batch")
CONDITION = "condition"  # the name of an input of condition vectors


def weighted(layer: layers.Layer, normalization: str | None) -> layers.Layer:
    """Wraps a layer in spectral normalization, if the normalization is of weights."""
    return SpectralNormalization(layer) if normalization == "spectral" else layer


def normalize(x: keras.KerasTensor, normalization: str | None) -> keras.KerasTensor:
    """Normalizes the values of a hidden layer, unless the normalization is of weights."""
    if normalization == "layer":
        return LayerNormalization(axis=list(range(1, len(x.shape))))(x)
    if normalization == "batch":
        return batch_normalization()(x)
    return x


def batch_normalization(**options) -> layers.Layer:
    """Batch normalization whose averages follow a moving player: a memory of 10 steps, not 100."""
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, **options)


def label_and_vector(classes: int | None, condition_dim: int | None = None) -> tuple:
    """Returns the input of class labels and their unit vectors; `None` and `None` without classes.

    With `condition_dim` both are the input of condition vectors.

    Raises:
        ValueError: For fewer than two classes, fewer than one number, or both.
    """
    if condition_dim is not None:
        if classes is not None:
            raise ValueError(
                f"Networks take class labels or condition vectors; received classes={classes} and "
                f"condition_dim={condition_dim}: leave one out. Classes beside other numbers are "
                f"one vector, see kg.data.indicators."
            )
        vector = keras.Input((whole("condition_dim", condition_dim),), name=CONDITION)
        return vector, vector
    if classes is None:
        return None, None
    label = keras.Input((), dtype="int32", name="label")
    return label, OneHot(classes, name="classes")(label)


def beside(x: keras.KerasTensor, label: keras.KerasTensor | None):
    """Returns the inputs of a network, with the label if the network takes one."""
    return x if label is None else [x, label]


def batch_normalized(x: keras.KerasTensor, y: keras.KerasTensor | None) -> keras.KerasTensor:
    """Normalizes over the batch; with classes, conditionally: γ_y (x − μ) / σ + β_y.

    Each class has scales γ_y, which begin at 1, and shifts β_y, which begin at 0 (Dumoulin et al.
    2016, A Learned Representation For Artistic Style, arXiv 1610.07629). Those of a condition
    vector are affine in it: γ_y = W y + b, with W at 0 and b at 1, 0 for the shifts, in the
    beginning. Of a unit vector that is a class's, with W + b for its scales.

    Args:
        x: (batch, ..., channels).
        y: Unit vectors of the classes, (batch, classes), condition vectors, or `None`.
    """
    if y is None:
        return batch_normalization()(x)
    channels, everywhere = x.shape[-1], (1,) * (len(x.shape) - 2)

    affine = y.name == CONDITION

    def by_class(initializer):
        start = {"bias" if affine else "kernel": initializer}
        options = {f"{part}_initializer": start.get(part, "zeros") for part in ("kernel", "bias")}
        values = layers.Dense(channels, use_bias=affine, **options)(y)
        return layers.Reshape((*everywhere, channels))(values)

    normalized = batch_normalization(center=False, scale=False)(x)
    return layers.Add()([layers.Multiply()([normalized, by_class("ones")]), by_class("zeros")])


def score_of(
    h: keras.KerasTensor, y: keras.KerasTensor | None, normalization: str | None, **options
) -> keras.KerasTensor:
    """Returns the unbounded score w h + b; with classes, + ⟨v_y, h⟩: the projection of h on y.

    Miyato and Koyama 2018, cGANs with Projection Discriminator, arXiv 1802.05637, equation 3.

    Args:
        h: (batch, d), what the last layer sees.
        y: Unit vectors of the classes, (batch, classes), condition vectors, or `None`.
        normalization: Of the weights w and v, as in `weighted`.
        **options: Further arguments of the layers.
    """
    score = weighted(layers.Dense(1, dtype=output_dtype(), **options), normalization)(h)
    if y is None:
        return score
    embedding = layers.Dense(h.shape[-1], use_bias=False, dtype=output_dtype(), **options)
    v = weighted(embedding, normalization)(y)
    projection = layers.Dot(axes=1, dtype=output_dtype())([h, v])
    return layers.Add(dtype=output_dtype(), name="score")([score, projection])


def output_dtype() -> str:
    """Returns the precision of images and scores: float32 if the layers compute in less."""
    return keras.config.dtype_policy().variable_dtype


def drop(x: keras.KerasTensor, dropout: float) -> keras.KerasTensor:
    """Drops values of a hidden layer in training, unless the rate is 0."""
    return Dropout(dropout)(x) if dropout else x


def check_dropout(dropout: float) -> None:
    """Refuses a rate outside [0, 1)."""
    amount("dropout", dropout, least=0, below=1)


def check_normalization(normalization: str | None) -> None:
    """Refuses an unknown normalization."""
    if normalization not in NORMALIZATIONS:
        allowed = ", ".join(map(repr, NORMALIZATIONS))
        raise ValueError(f"normalization must be one of {allowed}, not {normalization!r}.")


def check_positive(**sizes: int) -> None:
    """Refuses sizes that are not whole numbers of at least 1."""
    for name, size in sizes.items():
        whole(name, size)


def check_sample_shape(
    sample_shape, axes: int, meaning: str, argument: str = "sample_shape"
) -> tuple[int, ...]:
    """Returns the shape of a sample; refuses one of another rank, or without components.

    Args:
        sample_shape: What was received.
        axes: How many axes it must have.
        meaning: What they are, for the message.
        argument: What the shape is called there.
    """
    shape = tuple(sample_shape) if isinstance(sample_shape, tuple | list) else ()
    if len(shape) != axes or any(type(n) is not int or n < 1 for n in shape):
        raise ValueError(
            f"{argument} must be {meaning}, whole numbers of at least 1; received {sample_shape!r}."
        )
    return shape


def check_image_shape(image_shape: tuple[int, int, int]) -> tuple[int, int, int]:
    """Returns height, width and channels of an image; refuses every other shape."""
    shape = tuple(image_shape) if isinstance(image_shape, tuple | list) else ()
    if len(shape) != 3 or any(isinstance(n, bool) or not isinstance(n, int) for n in shape):
        raise ValueError(
            f"image_shape must be three whole numbers (height, width, channels); received "
            f"{image_shape!r}."
        )
    height, width, channels = shape
    if min(height, width) < 1:
        raise ValueError(f"Images must have at least 1 pixel a side, not {height} x {width}.")
    if channels < 1:
        raise ValueError(f"Images must have at least 1 channel, not {channels}.")
    return height, width, channels
