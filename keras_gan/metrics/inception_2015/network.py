"""The network of the original FID, Inception of December 2015, in Keras layers.

It has the layers of Keras's InceptionV3 but for one, and other weights: its last block takes the
largest of 3 × 3 pixels, where that takes their mean, and there are 1,008 classes.

Every convolution is followed by batch normalization with stored moments, ε = 0.001, and a ReLU.
These moments are part of the convolution's kernel and bias here.
"""

from __future__ import annotations

import dataclasses

import keras
from keras import layers

from keras_gan.backend.precision import float32_layers

SIZE, DIM, CLASSES = 299, 2048, 1008
EPSILON = 1e-3


@dataclasses.dataclass(frozen=True)
class Conv:
    """A convolution, its normalization and a ReLU.

    Args:
        name: Its name in PyTorch's state dictionaries, within its block.
        filters: The number of channels of its result.
        size: Height and width of its kernel.
        strides: The pixels between two of its results. Defaults to 1, and then it keeps the size of
            images; those of 2 have no padding.
        padding: As Keras has it. Defaults to that.
    """

    name: str
    filters: int
    size: tuple[int, int]
    strides: int = 1
    padding: str | None = None

    def apply(self, x, block: str):
        """The layer's result."""
        name = f"{block}.{self.name}" if block else self.name
        padding = self.padding or ("same" if self.strides == 1 else "valid")
        return layers.Conv2D(
            self.filters,
            self.size,
            self.strides,
            padding,
            activation="relu",
            kernel_initializer="zeros",  # those of a file follow, and random ones take seconds
            name=name,
        )(x)


def _conv(name, filters, size=1, strides=1, padding=None) -> Conv:
    size = size if isinstance(size, tuple) else (size, size)
    return Conv(name, filters, size, strides, padding)


MEAN = layers.AveragePooling2D, 1, "same"
LARGEST = layers.MaxPooling2D, 1, "same"
HALVED = layers.MaxPooling2D, 2, "valid"

# A branch: the place of its convolutions in TensorFlow's graph, and what is done in turn. A pair of
# convolutions is applied to one input side by side.
STEM = (
    _conv("Conv2d_1a_3x3", 32, 3, 2),
    _conv("Conv2d_2a_3x3", 32, 3, padding="valid"),
    _conv("Conv2d_2b_3x3", 64, 3),
    HALVED,
    _conv("Conv2d_3b_1x1", 80, padding="valid"),
    _conv("Conv2d_4a_3x3", 192, 3, padding="valid"),
    HALVED,
)


def _double_3x3(first: int, width: int, strides: int = 1) -> tuple:
    return (
        _conv("branch3x3dbl_1", first),
        _conv("branch3x3dbl_2", width, 3),
        _conv("branch3x3dbl_3", width, 3, strides),
    )


def _block_a(pooled: int) -> tuple:
    """35 × 35 pixels."""
    return (
        ("", (_conv("branch1x1", 64),)),
        ("tower", (_conv("branch5x5_1", 48), _conv("branch5x5_2", 64, 5))),
        ("tower_1", _double_3x3(64, 96)),
        ("tower_2", (MEAN, _conv("branch_pool", pooled))),
    )


def _block_c(width: int) -> tuple:
    """17 × 17 pixels."""
    row, column = (1, 7), (7, 1)
    return (
        ("", (_conv("branch1x1", 192),)),
        (
            "tower",
            (
                _conv("branch7x7_1", width),
                _conv("branch7x7_2", width, row),
                _conv("branch7x7_3", 192, column),
            ),
        ),
        (
            "tower_1",
            (
                _conv("branch7x7dbl_1", width),
                _conv("branch7x7dbl_2", width, column),
                _conv("branch7x7dbl_3", width, row),
                _conv("branch7x7dbl_4", width, column),
                _conv("branch7x7dbl_5", 192, row),
            ),
        ),
        ("tower_2", (MEAN, _conv("branch_pool", 192))),
    )


def _block_e(pooling: tuple) -> tuple:
    """8 × 8 pixels."""

    def pair(name):
        return _conv(f"{name}a", 384, (1, 3)), _conv(f"{name}b", 384, (3, 1))

    return (
        ("", (_conv("branch1x1", 320),)),
        ("tower", (_conv("branch3x3_1", 384), pair("branch3x3_2"))),
        (
            "tower_1",
            (
                _conv("branch3x3dbl_1", 448),
                _conv("branch3x3dbl_2", 384, 3),
                pair("branch3x3dbl_3"),
            ),
        ),
        ("tower_2", (pooling, _conv("branch_pool", 192))),
    )


BLOCKS = {  # in order; TensorFlow calls them mixed, mixed_1, …
    "Mixed_5b": _block_a(32),
    "Mixed_5c": _block_a(64),
    "Mixed_5d": _block_a(64),
    "Mixed_6a": (
        ("", (_conv("branch3x3", 384, 3, 2),)),
        ("tower", _double_3x3(64, 96, 2)),
        ("", (HALVED,)),
    ),
    "Mixed_6b": _block_c(128),
    "Mixed_6c": _block_c(160),
    "Mixed_6d": _block_c(160),
    "Mixed_6e": _block_c(192),
    "Mixed_7a": (
        ("tower", (_conv("branch3x3_1", 192), _conv("branch3x3_2", 320, 3, 2))),
        (
            "tower_1",
            (
                _conv("branch7x7x3_1", 192),
                _conv("branch7x7x3_2", 192, (1, 7)),
                _conv("branch7x7x3_3", 192, (7, 1)),
                _conv("branch7x7x3_4", 192, 3, 2),
            ),
        ),
        ("", (HALVED,)),
    ),
    "Mixed_7b": _block_e(MEAN),
    "Mixed_7c": _block_e(LARGEST),
}


def build() -> keras.Model:
    """The network, from images `(299, 299, 3)` to the pair `[features, logits]`, with weights of 0.

    The features are the means over the last 8 × 8 pixels. The logits have no bias, as those of the
    original inception score.

    Reference: Szegedy, Vanhoucke, Ioffe, Shlens and Wojna 2015, Rethinking the Inception
    Architecture for Computer Vision, arXiv 1512.00567; its use: Heusel, Ramsauer, Unterthiner,
    Nessler and Hochreiter 2017, arXiv 1706.08500.
    """
    with float32_layers():
        images = x = keras.Input((SIZE, SIZE, 3))
        x = _in_turn(STEM, x, "")
        for block, branches in BLOCKS.items():
            found = []
            for _, steps in branches:
                y = _in_turn(steps, x, block)
                found.extend(y if isinstance(y, list) else [y])
            x = layers.Concatenate(name=block)(found)
        features = layers.GlobalAveragePooling2D(name="pool_3")(x)
        logits = layers.Dense(CLASSES, use_bias=False, kernel_initializer="zeros", name="fc")(
            features
        )
        return keras.Model(images, [features, logits], name="inception_2015")


def _in_turn(steps: tuple, x, block: str):
    for step in steps:
        if isinstance(step, Conv):
            x = step.apply(x, block)
        elif isinstance(step[0], Conv):
            x = [each.apply(x, block) for each in step]
        else:
            pooling, strides, padding = step
            x = pooling(3, strides, padding)(x)
    return x


def names_in_graph() -> dict[str, str]:
    """The names of convolutions in TensorFlow's graph, by those in PyTorch's state dictionary.

    >>> names = names_in_graph()
    >>> len(names), names["Conv2d_2a_3x3"], names["Mixed_7c.branch3x3dbl_3b"]
    (94, 'conv_1', 'mixed_10/tower_1/mixed/conv_1')
    """
    stem = [step for step in STEM if isinstance(step, Conv)]
    found = {each.name: _numbered("conv", i) for i, each in enumerate(stem)}
    for number, (block, branches) in enumerate(BLOCKS.items()):
        for place, steps in branches:
            root = "/".join(filter(None, [_numbered("mixed", number), place]))
            convolutions = [s for s in steps if isinstance(s, Conv)]
            pairs = [s for s in steps if isinstance(s, tuple) and isinstance(s[0], Conv)]
            for i, each in enumerate(convolutions):
                found[f"{block}.{each.name}"] = f"{root}/{_numbered('conv', i)}"
            for i, each in enumerate(sum(pairs, ())):
                found[f"{block}.{each.name}"] = f"{root}/mixed/{_numbered('conv', i)}"
    return found


def _numbered(name: str, i: int) -> str:
    return f"{name}_{i}" if i else name
