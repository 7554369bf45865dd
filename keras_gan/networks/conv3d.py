"""The convolutional networks of 3D-GAN, for volumes of any size."""

import functools

import keras
from keras import layers

from keras_gan.networks._heads import judge, label_of_judge
from keras_gan.networks._parts import (
    beside,
    check_dropout,
    check_normalization,
    check_positive,
    check_sample_shape,
    label_and_vector,
    output_dtype,
)
from keras_gan.networks.dcgan import FORM
from keras_gan.networks.registry import register


@register
def conv3d_generator(
    sample_shape: tuple[int, int, int, int] = (64, 64, 64, 1),
    latent_dim: int = 200,
    width: int = 64,
    output_activation: str = "tanh",
    classes: int | None = None,
    condition_dim: int | None = None,
    name: str = "generator",
) -> keras.Model:
    """Builds the generator of 3D-GAN, the DCGAN generator of volumes.

    Each side of the volume is halved, rounding up, until it is 7 or less: 64 ← 32 ← 16 ← 8 ← 4. A
    dense layer makes the coarsest grid, and each 4 x 4 x 4 transposed convolution of stride 2 makes
    the next one, with kernels of 3 and stride 1 along a side that stays as it is. Batch
    normalization and ReLU follow every layer but the last. Weights start from N(0, 0.02²). Volumes
    below 15 voxels a side, with one doubling only, get an extra 3 x 3 x 3 convolution at the
    coarsest size. At the paper's size, with the default sizes, these are the paper's layers; its
    voxels are in [0, 1], by a sigmoid, ours by a tanh in [-1, 1].

    Args:
        sample_shape: (depth, height, width, channels). Defaults to (64, 64, 64, 1).
        latent_dim: Dimensions of a latent vector. Defaults to 200.
        width: Channels of the finest hidden grid; each coarser one has twice as many. Defaults to
            64.
        output_activation: That of the volume: "tanh" for volumes in [-1, 1]; "linear" for others.
            Defaults to "tanh".
        classes: How many class labels the generator takes beside z, as a second input (batch,), by
            conditional batch normalization (Miyato and Koyama 2018, arXiv 1802.05637). Defaults to
            None: it takes no labels.
        condition_dim: How many numbers a condition vector has, attributes or several labels at
            once, which the generator takes in place of a label, (batch, condition_dim). Defaults to
            None: it takes no such vector. Scales and shifts are affine in it.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, latent_dim) to (batch, *sample_shape).

    Raises:
        ValueError: For a sample shape other than (depth, height, width, channels), a size below 1,
            or an unknown activation.

    Example:

    >>> conv3d_generator((8, 12, 10, 1), latent_dim=8, width=4).output_shape
    (None, 8, 12, 10, 1)

    Reference:
        Wu et al., Learning a Probabilistic Latent Space of Object Shapes via 3D
        Generative-Adversarial Modeling, 2016, arXiv 1610.07584, section 3.1 and figure 1.
    """
    check_positive(latent_dim=latent_dim, width=width)
    shape = _checked_shape(sample_shape)
    z = keras.Input((latent_dim,), name="z")
    label, y = label_and_vector(classes, condition_dim)
    h = FORM.generated(z, y, shape, width)
    x = layers.Activation(output_activation, dtype=output_dtype(), name="volume")(h)
    return keras.Model(beside(z, label), x, name=name)


@register
def conv3d_discriminator(
    sample_shape: tuple[int, int, int, int] = (64, 64, 64, 1),
    width: int = 64,
    normalization: str | None = None,
    dropout: float = 0.0,
    features: bool = False,
    classes: int | None = None,
    condition_dim: int | None = None,
    conditioning: str = "projection",
    name: str = "discriminator",
) -> keras.Model:
    """Builds the discriminator of 3D-GAN: strided convolutions halve a volume, then one score.

    The mirror image of `conv3d_generator`: 4 x 4 x 4 convolutions of stride 2 with LeakyReLU(0.2)
    halve each side, rounding up, until it is 7 or less, and a dense layer makes the unbounded
    score, where the paper has a sigmoid.

    Args:
        sample_shape: (depth, height, width, channels). Defaults to (64, 64, 64, 1).
        width: Channels of the finest hidden grid; each coarser one has twice as many. Defaults to
            64.
        normalization: None; "spectral" for `kg.layers.SpectralNormalization` of every layer; or
            "layer" or "batch" after every convolution but the first. Defaults to None;
            the paper has "batch".
        dropout: Rate at which values after each LeakyReLU are dropped in training, in [0, 1).
            Defaults to 0.
        features: Whether to return the flat coarsest grid, the input of the last layer, beside
            the score; `kg.CTGAN` compares it. Defaults to False.
        classes: How many class labels y the discriminator takes beside x, as a second input
            (batch,), by projection: score = w h + b + ⟨v_y, h⟩ (Miyato and Koyama 2018, cGANs with
            Projection Discriminator, arXiv 1802.05637). Defaults to None: it takes no labels.
        condition_dim: How many numbers a condition vector y has that the discriminator takes in
            place of a label, by projection with v_y = V y. Defaults to None: it takes no such
            vector.
        conditioning: "projection", as above; "classifier", without labels as input, for logits of
            the classes beside the score, as `kg.ACGAN` takes them; or "proxies", for cosines to a
            proxy of each class and the unit embedding that they are of, (batch, 512), as
            `kg.ReACGAN` takes them. Defaults to "projection".
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *sample_shape) to (batch, 1), or to a list of that and
        the features, (batch, n), with `features`.

    Raises:
        ValueError: For a sample shape other than (depth, height, width, channels), a width below 1,
            an unknown normalization, or a dropout outside [0, 1).

    Example:

    >>> conv3d_discriminator((8, 12, 10, 1), width=4, normalization="spectral").output_shape
    (None, 1)

    Reference:
        Wu et al., Learning a Probabilistic Latent Space of Object Shapes via 3D
        Generative-Adversarial Modeling, 2016, arXiv 1610.07584, section 3.1 and figure 1.
    """
    check_positive(width=width)
    check_normalization(normalization)
    check_dropout(dropout)
    x = keras.Input(_checked_shape(sample_shape), name="x")
    label, y = label_of_judge(classes, condition_dim, conditioning, features)
    h = FORM.seen(x, width, normalization, dropout)
    given = {"classes": classes, "conditioning": conditioning, "features": features}
    start = FORM.initializer()
    return judge(x, h, label, y, normalization, name=name, kernel_initializer=start, **given)


_checked_shape = functools.partial(
    check_sample_shape, axes=4, meaning="(depth, height, width, channels) of volumes"
)
