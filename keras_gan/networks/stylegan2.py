"""The networks of StyleGAN2: mapping and synthesis, and the residual discriminator."""

import functools
import math
from itertools import pairwise

import keras
from keras import layers, ops

from keras_gan.layers.equalized import EqualizedConv2D, EqualizedDense, scaled_leaky_relu
from keras_gan.layers.low_pass import (
    LowPassDownSampling2D,
    LowPassFilter2D,
    LowPassUpSampling2D,
)
from keras_gan.layers.modulated_convolution import ModulatedConv2D
from keras_gan.layers.noise_injection import NoiseInjection
from keras_gan.networks._grids import grids_of, widths_of
from keras_gan.networks._heads import label_of_judge, naming
from keras_gan.networks._parts import (
    ORDER,
    beside,
    check_positive,
    label_and_vector,
    output_dtype,
)
from keras_gan.networks._stylegan2_layers import (
    GroupDeviation,
    LearnedConstant,
    RunningMean,
    UnitSecondMoment,
)
from keras_gan.networks.registry import register

MAPPING_RATE = 0.01  # of learning, relative to the other layers


@register
def stylegan2_generator(
    image_shape: tuple[int, int, int] = (32, 32, 3),
    latent_dim: int = 512,
    width: int = 512,
    mapping_layers: int = 8,
    classes: int | None = None,
    condition_dim: int | None = None,
    name: str = "generator",
) -> keras.Model:
    """Builds the generator of StyleGAN2: a mapping from z to w, and a synthesis that w styles.

        w = mapping(z / √mean z²);   h ← φ(√2 (h ∗ w″ + a n + b)),   image ← 2↑ image + RGB(h)

    The mapping has `mapping_layers` dense layers of `latent_dim` units, which learn 100 times more
    slowly. The synthesis starts at a learned 4 x 4 grid and has a modulated convolution at the
    first grid and two at each further one, of which the first doubles the image
    (`kg.layers.ModulatedConv2D`); noise of learned strength (`NoiseInjection`) and leaky ReLU
    follow. An affine map of w makes each style. At every grid a 1 x 1 modulated convolution makes
    an image, to which the one before is added, doubled (skip architecture). The image has no tanh:
    its values have no bound. All layers have an equalized learning rate.

    The models `"mapping"` and `"synthesis"` within it can be called by themselves: `kg.StyleGAN2`
    mixes styles and penalises path lengths with them. The layer `"mean_of_w"` between them keeps
    the running mean w̄ of w in training, towards which `generate(truncation=…)` brings styles. In
    inference the noise is a fixed image (the authors' `const`). Not here: the authors' clamp of
    activations in float16.

    Args:
        image_shape: (height, width, channels); `sample_shape=` says the same. The sides are 4, 5, 6
            or 7 pixels, or one of them more, times the same power of two. Defaults to (32, 32, 3).
        latent_dim: Dimensions of z and of w. Defaults to 512.
        width: Channels of the four coarsest grids; each finer one has half as many. Defaults to
            512: with 8 mapping layers, the authors' configuration `paper256`.
        mapping_layers: How many dense layers map z to w. Defaults to 8; the authors' newer
            configurations have 2.
        classes: How many class labels the generator takes beside z, as a second input (batch,). A
            dense layer makes `latent_dim` numbers of each, normalized like z, beside which they
            enter the mapping. Defaults to None: it takes no labels.
        condition_dim: How many numbers a condition vector has, attributes or several labels at
            once, which the generator takes in place of a label, (batch, condition_dim). Defaults to
            None: it takes no such vector. It acts as the unit vector of a class.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, latent_dim) to (batch, *image_shape), unbounded.

    Raises:
        ValueError: For another image size, or a number below 1.

    Example:

    >>> stylegan2_generator((28, 40, 1), latent_dim=8, width=8).output_shape
    (None, 28, 40, 1)

    Reference:
        Karras et al. 2020, Analyzing and Improving the Image Quality of StyleGAN, arXiv 1912.04958;
        Karras et al. 2020, Training Generative Adversarial Networks with Limited Data, arXiv
        2006.06676, and its code.
    """
    check_positive(latent_dim=latent_dim, width=width, mapping_layers=mapping_layers)
    grids, channels = grids_of(image_shape, "stylegan2")
    z = keras.Input((latent_dim,), name="z")
    label, y = label_and_vector(classes, condition_dim)
    mapping = _mapping(z, label, y, latent_dim, mapping_layers)
    synthesis = _synthesis(grids, widths_of(width, grids), channels, latent_dim)

    z = keras.Input((latent_dim,), name="z")
    if label is not None:
        label = keras.Input(label.shape[1:], dtype=label.dtype, name=label.name)
    w = RunningMean(name="mean_of_w")(mapping(beside(z, label)))
    styles = layers.RepeatVector(synthesis.input_shape[1], name="styles")(w)
    return keras.Model(beside(z, label), synthesis(styles), name=name)


def _mapping(z, label, y, units: int, count: int) -> keras.Model:
    """From z, or [z, label], to w."""
    h = UnitSecondMoment()(z)
    if y is not None:
        h = layers.Concatenate()([h, UnitSecondMoment()(EqualizedDense(units)(y))])
    return keras.Model(beside(z, label), _mapped(h, units, count), name="mapping")


def _mapped(h: keras.KerasTensor, units: int, count: int) -> keras.KerasTensor:
    """What the dense layers of a mapping make of its inputs."""
    for _ in range(count):
        h = EqualizedDense(units, MAPPING_RATE, activation=scaled_leaky_relu)(h)
    return h


def _synthesis(grids: list, widths: list[int], channels: int, latent_dim: int) -> keras.Model:
    """From w for each layer, (batch, layers, latent_dim), to images."""
    count = 2 * len(grids)  # one convolution, two more for each further grid, and the last RGB
    styles = keras.Input((count, latent_dim), name="styles")
    each = iter(ops.unstack(styles, axis=1))
    h, image, w = LearnedConstant((*grids[0], widths[0]))(styles), None, next(each)
    for level, own in enumerate(widths):
        if level > 0:
            h, w = _styled(h, w, own, upsample=True), next(each)
        h, w = _styled(h, w, own), next(each)
        rgb = ModulatedConv2D(channels, 1, demodulate=False)([h, _style(w, own)])
        if image is not None:
            image = LowPassUpSampling2D(dtype=output_dtype())(image)
            rgb = layers.Add(dtype=output_dtype())([image, rgb])
        image = rgb
    image = layers.Activation("linear", dtype=output_dtype(), name="image")(image)
    return keras.Model(styles, image, name="synthesis")


def _style(w: keras.KerasTensor, channels: int) -> keras.KerasTensor:
    """s = A w + b, which starts around 1."""
    return EqualizedDense(channels, bias_initializer="ones")(w)


def _styled(h, w, filters: int, upsample: bool = False) -> keras.KerasTensor:
    """A modulated convolution, noise and leaky ReLU."""
    style = _style(w, h.shape[-1])
    h = NoiseInjection()(ModulatedConv2D(filters, 3, upsample=upsample)([h, style]))
    return layers.Activation(scaled_leaky_relu)(h)


@register
def stylegan2_discriminator(
    image_shape: tuple[int, int, int] = (32, 32, 3),
    width: int = 512,
    mapping_layers: int = 8,
    group_size: int = 4,
    classes: int | None = None,
    condition_dim: int | None = None,
    conditioning: str = "projection",
    name: str = "discriminator",
) -> keras.Model:
    """Builds the discriminator of StyleGAN2: residual blocks, and a deviation within the batch.

        h ← (S (2↓ h) + φ(K₂ ∗ φ(K₁ ∗ h))) / √2   at each grid but the coarsest

    A 1 x 1 convolution makes the first h of the image. K₂ has stride 2, after the low-pass filter
    [1, 3, 3, 1] (`kg.layers.LowPassFilter2D`). At the coarsest grid the standard deviation of each
    value among `group_size` samples, averaged, is one channel more; a 3 x 3 convolution and two
    dense layers make the unbounded score. φ is leaky ReLU with slope 0.2, times √2. All layers have
    an equalized learning rate. A sample's score depends on the others of its group.

    Args:
        image_shape: As in `stylegan2_generator`; `sample_shape=` says the same.
        width: Likewise.
        mapping_layers: How many dense layers map a class label, as in `stylegan2_generator`.
            Without `classes` there are none. Defaults to 8.
        group_size: Samples of a group; those left over join the groups, and fewer are one group.
            Defaults to 4.
        classes: How many class labels y the discriminator takes beside x, as a second input
            (batch,), by projection: score = ⟨h, m(y)⟩ / √d, where m maps a class as the generator's
            mapping does. Defaults to None: it takes no labels.
        condition_dim: How many numbers a condition vector y has that the discriminator takes in
            place of a label; it acts as the unit vector of a class. Defaults to None: it takes no
            such vector.
        conditioning: "projection", as above; "classifier", without labels as input, for logits of
            the classes beside the score, as `kg.ACGAN` takes them; or "proxies", for cosines to a
            proxy of each class and the unit embedding that they are of, (batch, 512), as
            `kg.ReACGAN` takes them. Defaults to "projection".
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *image_shape) to (batch, 1).

    Raises:
        ValueError: As `stylegan2_generator`.

    Example:

    >>> stylegan2_discriminator((28, 40, 1), width=8).output_shape
    (None, 1)

    Reference:
        Karras et al. 2020, Analyzing and Improving the Image Quality of StyleGAN, arXiv 1912.04958;
        Karras et al. 2020, Training Generative Adversarial Networks with Limited Data, arXiv
        2006.06676, and its code.
    """
    check_positive(width=width, mapping_layers=mapping_layers, group_size=group_size)
    grids, _ = grids_of(image_shape, "stylegan2")
    widths = widths_of(width, grids)

    x = keras.Input(tuple(image_shape), name="x")
    label, y = label_of_judge(classes, condition_dim, conditioning)
    h = _convolution(widths[-1], 1)(x)
    for own, next_width in pairwise(reversed(widths)):
        shortcut = EqualizedConv2D(next_width, 1, use_bias=False, data_format=ORDER)
        shortcut = shortcut(LowPassDownSampling2D()(h))
        h = LowPassFilter2D(padding=2)(_convolution(own, 3)(h))
        h = _convolution(next_width, 3, strides=2, padding="valid")(h)
        h = layers.Rescaling(math.sqrt(0.5))(layers.Add()([shortcut, h]))
    h = _convolution(width, 3)(GroupDeviation(group_size, name="deviation")(h))
    h = layers.Flatten(data_format=ORDER)(h)
    h = EqualizedDense(width, activation=scaled_leaky_relu)(h)
    if y is None:
        score = EqualizedDense(1, dtype=output_dtype(), name="score")(h)
        dense = functools.partial(EqualizedDense, dtype=output_dtype())
        given = {"classes": classes, "conditioning": conditioning}
        return naming(x, h, score, dense, name=name, **given)
    h = EqualizedDense(width, dtype=output_dtype())(h)
    m = _mapped(UnitSecondMoment()(EqualizedDense(width)(y)), width, mapping_layers)
    product = layers.Dot(axes=1, dtype=output_dtype())([h, m])
    score = layers.Rescaling(1.0 / math.sqrt(width), dtype=output_dtype(), name="score")(product)
    return keras.Model([x, label], score, name=name)


def _convolution(filters: int, size: int, **options) -> layers.Layer:
    """A convolution and leaky ReLU."""
    given = {"padding": "same", "activation": scaled_leaky_relu, "data_format": ORDER, **options}
    return EqualizedConv2D(filters, size, **given)
