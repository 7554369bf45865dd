"""The directions of latent space that a generator's first layer magnifies most."""

import contextlib
from collections.abc import Iterator

import keras
import numpy as np
from keras import layers, ops

from keras_gan.arguments import whole
from keras_gan.networks.analysis.graphs import graph_of, nodes_of
from keras_gan.networks.analysis.styles import style_dim

TOLERANCE = 1e-3  # of the linear map, relative to its largest output
TOLERANCE_OF_HALF = 5e-2  # where the layer computes in 16 bits


def latent_directions(generator, n: int = 5) -> np.ndarray:
    """The directions of z along which the outputs of a generator's first layer change most.

        argmax over ‖u‖ = 1 of ‖Aᵀu‖²,   y = Aᵀz + b

    where y are the outputs, before their activation, of the first layers with a kernel behind z:
    the eigenvectors of A Aᵀ with the largest eigenvalues. No data, labels or training are needed.
    Moving z along them often changes one property of samples: `moved` makes these samples, and
    `kg.plotting.directions_image` shows them. The sign of a direction is arbitrary: its largest
    component is positive.

    Of a generator with a mapping from z to styles w and a synthesis, such as
    `kg.networks.stylegan2_generator`, they are directions of w, not of z: y are then the styles of
    all modulated convolutions, affine in w, side by side. Moving z along them means nothing.

    Ours differs from the authors' code, which first divides the weights of each output by their
    length, and agrees with their paper. Of the convolutions that make an image of each grid that
    code takes the last alone; here all count.

    Args:
        generator: A game with a generator, a `kg.Generator`, or a built functional `keras.Model`
            from z, or [z, labels], to samples. With labels A is the part of the map that belongs
            to z.
        n: The number of directions, at most latent_dim, or the components of w. Defaults to 5.

    Returns:
        float32 array `(n, latent_dim)` of unit vectors, the strongest first; `(n, d)` for w of d
        components.

    Raises:
        ValueError: For a network whose layers cannot be read, without a layer with a kernel, or
            whose first one is not affine in z, for example since z is normalized before it; or
            more directions than z, or w, has components.

    Example:

    >>> import keras_gan as kg
    >>> latent_directions(kg.networks.mlp_generator(latent_dim=8), n=3).shape
    (3, 8)

    Reference: Shen and Zhou 2020, Closed-Form Factorization of Latent Semantics in GANs,
    arXiv 2007.06600.
    """
    settle = getattr(generator, "settle", None)
    if settle is not None:
        settle()
    network = generator.sample_network() if hasattr(generator, "sample_network") else generator
    if graph_of(network) is None or not getattr(network, "inputs", None):
        raise ValueError(
            f"The layers of {getattr(network, 'name', network)!r} cannot be read: wrap it as "
            f"keras.Model(z, network(z)) with z = keras.Input((latent_dim,))."
        )
    name = "z" if style_dim(network) is None else "w"
    if name == "w":
        network = network.get_layer("synthesis")
    d = int(network.inputs[0].shape[-1])
    if whole("n", n) > d:
        raise ValueError(f"n must be at most the {d} components of {name}; received {n}.")
    matrix = _map_of_first_layers(network, d)
    _, vectors = np.linalg.eigh(matrix @ matrix.T)
    directions = vectors.T[::-1][:n]
    largest = np.take_along_axis(directions, np.abs(directions).argmax(axis=1)[:, None], axis=1)
    return (directions * np.sign(largest)).astype("float32")


def _map_of_first_layers(network: keras.Model, d: int) -> np.ndarray:
    """A, `(d, outputs)`, from the outputs of the first layers at zero and at the unit vectors."""
    found = _first_layers(network, [network.inputs[0]])
    if not found:
        raise ValueError(
            f"No layer of {network.name!r} with a kernel sees z, so that no directions follow from "
            f"its weights: pass a generator such as kg.networks.mlp_generator()."
        )
    given = network.inputs if len(network.inputs) > 1 else network.inputs[0]
    part = keras.Model(given, [tensor for _, tensor in found])
    probe = np.where(np.arange(d) % 2, 2.0, -2.0)[None]  # exact in 16 bits
    z = np.concatenate([np.zeros((1, d)), np.eye(d), probe]).astype("float32")
    if len(network.inputs[0].shape) == 3:  # of styles: the same w for each layer
        z = np.repeat(z[:, None], network.inputs[0].shape[1], axis=1)
    others = [np.zeros((len(z), *each.shape[1:]), each.dtype) for each in network.inputs[1:]]
    tensors = [ops.convert_to_tensor(each) for each in (z, *others)]
    with _without_activations([operation for operation, _ in found]):
        outputs = part(tensors if others else tensors[0], training=False)
    values = [
        ops.convert_to_numpy(each)
        for each in (outputs if isinstance(outputs, (list, tuple)) else [outputs])
    ]
    y = np.concatenate([each.reshape(len(z), -1) for each in values], axis=1).astype("float64")
    matrix = y[1:-1] - y[0]
    expected, made = probe[0] @ matrix, y[-1] - y[0]
    half = any(each.dtype.itemsize == 2 for each in values)
    tolerance = TOLERANCE_OF_HALF if half else TOLERANCE
    if np.abs(made - expected).max() > tolerance * max(np.abs(made).max(), np.abs(matrix).max()):
        raise ValueError(
            f"The first layer of {network.name!r} is not affine in z, which is changed before it: "
            f"pass the part of the generator behind that, as a keras.Model."
        )
    return matrix


def _first_layers(network: keras.Model, starts: list) -> list[tuple]:
    """The first layers with a kernel behind some inputs of a network.

    Args:
        network: A `keras.Model` with a graph.
        starts: Some of its inputs.

    Returns:
        Pairs of such a layer and its output, a symbolic tensor of the network.
    """
    reached, found = {id(tensor) for tensor in starts}, []
    for node in nodes_of(network):
        seen = [i for i, tensor in enumerate(node.input_tensors) if id(tensor) in reached]
        if not seen:
            continue
        inner = graph_of(node.operation)
        if inner is not None:
            within = _first_layers(inner, [inner.inputs[i] for i in seen])
            given = node.input_tensors if len(node.input_tensors) > 1 else node.input_tensors[0]
            entries = inner.inputs if len(inner.inputs) > 1 else inner.inputs[0]
            found += [(layer, keras.Model(entries, tensor)(given)) for layer, tensor in within]
            if within:
                continue
        elif isinstance(node.operation, layers.Layer) and any(
            len(weight.shape) > 1 for weight in node.operation.weights
        ):
            found.append((node.operation, node.outputs[0]))
            continue
        reached |= {id(tensor) for tensor in node.outputs}
    return found


@contextlib.contextmanager
def _without_activations(operations: list) -> Iterator[None]:
    """A scope in which layers, and those that they wrap, have no activation."""
    inner = [each for operation in operations for each in operation._flatten_layers()]
    own = [(each, each.activation) for each in inner if getattr(each, "activation", None)]
    for layer, _ in own:
        object.__setattr__(layer, "activation", keras.activations.linear)  # not to be tracked
    try:
        yield
    finally:
        for layer, activation in own:
            object.__setattr__(layer, "activation", activation)
