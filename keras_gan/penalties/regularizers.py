"""Orthogonal regularization of kernels, those of convolutions as matrices."""

import keras
from keras import ops

from keras_gan.arguments import amount
from keras_gan.backend.precision import at_least_float32
from keras_gan.layers.kernels import KERNELS, columns_are_outputs
from keras_gan.layers.spectral_normalization import SpectralNormalization

NAMES = {"kernel": "kernel", "depthwise_kernel": "depthwise", "pointwise_kernel": "pointwise"}


@keras.saving.register_keras_serializable(package="keras_gan")
class Orthogonal(keras.regularizers.Regularizer):
    """A regularizer that makes the outputs of a layer have orthogonal weights.

        β ‖(W Wᵀ) ⊙ (1 − I)‖²   with `diagonal=False`, of BigGAN,
        β Σᵢⱼ |W Wᵀ − I|ᵢⱼ      with `diagonal=True`, of Brock et al. 2017,

    where W has one row per output of the layer and a column for each weight of it: for a
    convolution, all positions and input channels. Without the diagonal the rows need only be
    orthogonal, of any length. The authors' code of BigGAN adds 2 β ((W Wᵀ) ⊙ (1 − I)) W to the
    gradient, half of the first formula's. Computed in float32 at least.

    It may stand in any layer, as `kernel_regularizer=kg.regularizers.Orthogonal()`, and
    `kg.regularizers.regularize` puts it into all layers of a network. A game adds it to the loss of
    the player whose network it is, and logs it as `<player>_regularization`.

    Args:
        weight: β, at least 0. Defaults to 1e-4, as in BigGAN.
        diagonal: Whether rows shall have norm 1, too. Defaults to `False`.
        output_axes: The axes of the kernel that number the outputs. Defaults to `(-1,)`, those of
            dense layers and convolutions; `(-2,)` is that of a transposed convolution.

    Raises:
        ValueError: For a negative weight.

    Example, of two outputs with the weights (1, 0) and (1, 2), whose product is 1:

    >>> kernel = ops.convert_to_tensor([[1.0, 1.0], [0.0, 2.0]])
    >>> float(Orthogonal(weight=1.0)(kernel)), float(Orthogonal(1.0, diagonal=True)(kernel))
    (2.0, 6.0)

    Reference:
        Brock, Lim, Ritchie and Weston 2017, Neural Photo Editing with Introspective Adversarial
        Networks, arXiv 1609.07093; Brock, Donahue and Simonyan 2018, Large Scale GAN Training for
        High Fidelity Natural Image Synthesis, arXiv 1809.11096, equation 3.
    """

    def __init__(
        self, weight: float = 1e-4, diagonal: bool = False, output_axes: tuple[int, ...] = (-1,)
    ):
        self.weight = amount("weight", weight, least=0)
        self.diagonal = diagonal
        self.output_axes = tuple(output_axes)

    def __call__(self, kernel):
        """Returns the regularization of a kernel, a scalar."""
        columns = at_least_float32(columns_are_outputs(kernel, self.output_axes))  # Wᵀ
        rows, outputs = columns.shape
        if not self.diagonal and outputs > rows:  # W Wᵀ may be huge: ‖W Wᵀ‖ = ‖Wᵀ W‖
            all_of_it = ops.sum(ops.square(ops.matmul(columns, ops.transpose(columns))))
            of_diagonal = ops.sum(ops.square(ops.sum(ops.square(columns), axis=0)))
            return self.weight * (all_of_it - of_diagonal)
        products = ops.matmul(ops.transpose(columns), columns)
        one = ops.eye(outputs, dtype=products.dtype)
        if self.diagonal:
            return self.weight * ops.sum(ops.abs(products - one))
        return self.weight * ops.sum(ops.square(products * (1.0 - one)))

    def of_axes(self, output_axes: tuple[int, ...]) -> "Orthogonal":
        """Returns the same regularizer for kernels with other axes of outputs."""
        return Orthogonal(self.weight, self.diagonal, output_axes)

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {
            "weight": self.weight,
            "diagonal": self.diagonal,
            "output_axes": list(self.output_axes),
        }


def regularize(network: keras.Model, regularizer: Orthogonal) -> None:
    """Puts a regularizer into every dense layer and convolution of a network.

    Each kernel is seen as the matrix that it is, transposed and separable ones, too; within
    `kg.layers.SpectralNormalization` it is the raw one. Embeddings are left alone. The regularizer
    becomes a part of the layers' configuration, so that a saved network has it. Call it before the
    game is compiled.

    Args:
        network: A built `keras.Model`.
        regularizer: An `Orthogonal`.

    Raises:
        ValueError: For a network without such layers, or with a kernel that has another regularizer
            already.

    Example:

    >>> import keras_gan as kg
    >>> discriminator = kg.networks.mlp_discriminator(width=8, depth=2)
    >>> regularize(discriminator, Orthogonal(1e-3))
    >>> gan = kg.GAN(kg.networks.mlp_generator(), discriminator)
    >>> gan.compile()
    >>> gan.logged_names("discriminator")
    ['discriminator_loss', 'discriminator_regularization']
    """
    if not isinstance(regularizer, Orthogonal):
        raise ValueError(
            f"regularize puts kg.regularizers.Orthogonal(weight) into a network; received "
            f"{regularizer!r}: give other regularizers to the layers, as kernel_regularizer=…."
        )
    found = [
        (layer, name, axes)
        for layer in network._flatten_layers()
        for name, axes in _kernels_of(layer)
    ]
    if not found:
        raise ValueError(
            f"The network {network.name!r} has no dense layer and no convolution to regularize."
        )
    for layer, name, _ in found:
        present = getattr(layer, name).regularizer
        if present is not None and not isinstance(present, Orthogonal):
            raise ValueError(
                f"The weight {getattr(layer, name).path!r} already has the regularizer "
                f"{present!r}, which {regularizer!r} would replace: build the layer without one."
            )
    for layer, name, axes in found:
        own = regularizer.of_axes(axes)
        depthwise = name == "kernel" and hasattr(layer, "depthwise_regularizer")
        setattr(layer, f"{'depthwise' if depthwise else NAMES[name]}_regularizer", own)
        getattr(layer, name).regularizer = own


def _kernels_of(layer: keras.Layer) -> list[tuple[str, tuple[int, ...]]]:
    """The attributes of a layer's own kernels, with the axes that number outputs."""
    if isinstance(layer, SpectralNormalization):
        return []  # of the layer inside it, which is listed, too
    kind = next((kind for kind in type(layer).__mro__ if kind in KERNELS), None)
    return [(name, axes) for name, axes in KERNELS.get(kind, ()) if name in NAMES]
