"""Networks that give the logits of each code of those before it: their use, their checks."""

import keras
import numpy as np
from keras import ops

from keras_gan.autoencoders.quantized import QuantizedAutoencoder
from keras_gan.backend.precision import at_least_float32
from keras_gan.backend.shapes import shapes_of, single_shape
from keras_gan.distributions.categorical import Categorical
from keras_gan.layers.pixelcnn import PixelCNN
from keras_gan.networks import pixelcnn
from keras_gan.networks.analysis.unused_parts import check_one_output
from keras_gan.networks.checks import check_built
from keras_gan.networks.class_labels import classes_of, is_label
from keras_gan.networks.registry import is_ours
from keras_gan.parallel.random_numbers import by_inversion


def inputs_of(codes, above: list, labels):
    """What a network takes: codes, those of the levels above, labels where there are some."""
    inputs = [codes, *above, *([] if labels is None else [labels])]
    inputs = [ops.convert_to_tensor(each, "int32") for each in inputs]
    return inputs if len(inputs) > 1 else inputs[0]


def log_prob_of(logits, codes):
    """log p of codes `(batch, ...)` by their logits, `(batch,)` in nats."""
    return Categorical(at_least_float32(logits)).log_prob(codes)


def sampled(network: keras.Model, u, above: list, labels, temperature: float):
    """Codes that a network draws by uniform numbers, one per code, int32 of their shape.

    Args:
        network: From codes, and what they depend on, to logits.
        u: Numbers in [0, 1), `(batch, ...)`.
        above: The codes of the levels above.
        labels: Class labels `(batch,)`, or `None`.
        temperature: By which logits are divided.
    """
    layer = _pixelcnn_of(network)
    if layer is not None:
        vectors = [] if labels is None else [ops.one_hot(labels, classes_of(network))]
        return layer.sample(u, *above, *vectors, temperature=temperature)
    shape = tuple(u.shape[1:])
    size = int(np.prod(shape))
    flat, drawn = ops.reshape(u, (-1, size)), []
    codes = ops.zeros(u.shape, "int32")
    for i in range(size):
        logits = network(inputs_of(codes, above, labels), training=False)
        at_i = ops.reshape(logits, (-1, size, logits.shape[-1]))[:, i]
        drawn.append(by_inversion(at_least_float32(at_i) / temperature, flat[:, i]))
        left = ops.zeros((u.shape[0], size - i - 1), "int32")
        codes = ops.reshape(ops.concatenate([ops.stack(drawn, 1), left], axis=1), u.shape)
    return codes


def _pixelcnn_of(network: keras.Model) -> PixelCNN | None:
    """The one layer of a network that `kg.networks.pixelcnn` built; `None` of any other."""
    found = [layer for layer in network._flatten_layers() if isinstance(layer, PixelCNN)]
    return found[0] if found and is_ours(network) else None


def completed_networks(vqvae, *networks) -> list[keras.Model]:
    """A network for each level of a VQ-VAE's codes, with a PixelCNN in each place of `None`.

    Raises:
        ValueError: For anything but a VQ-VAE, or a network for a level that it does not have.
    """
    if not isinstance(vqvae, QuantizedAutoencoder):
        raise ValueError(
            f"CodePrior takes a kg.VQVAE or kg.VQVAE2, whose codes it learns; received {vqvae!r}."
        )
    shapes, counts = vqvae.code_shapes, [quantizer.codes for quantizer in vqvae.quantizers]
    if any(network is not None for network in networks[len(shapes) :]):
        raise ValueError("bottom_network is for the second level of a kg.VQVAE2: leave it out.")
    made = []
    for i, network in enumerate(networks[: len(shapes)]):
        if network is None and len(shapes[i]) != 2:
            raise ValueError(
                f"kg.networks.pixelcnn takes codes of shape (height, width), not {shapes[i]}: pass "
                f"a network of your own."
            )
        above = {"condition_shape": shapes[0], "condition_codes": counts[0]} if i else {}
        role = "bottom_prior" if i else "prior"
        made.append(
            pixelcnn(shapes[i], counts[i], name=role, **above) if network is None else network
        )
    return made


def check_prior_networks(networks: list[keras.Model], vqvae) -> None:
    """Refuses networks that do not fit the codes of a VQ-VAE, or look ahead.

    Raises:
        ValueError: See above.
    """
    takes = []
    for i, network in enumerate(networks):
        role = "bottom_network" if i else "network"
        shape, count = vqvae.code_shapes[i], vqvae.quantizers[i].codes
        check_built(role, network)
        check_one_output(role, network, "the logits of codes")
        taken = [tuple(each) for each in shapes_of(network.input_shape)]
        wanted = [(None, *each) for each in vqvae.code_shapes[: i + 1][::-1]]
        labelled = len(taken) > len(wanted) and is_label(taken[-1])
        takes.append(labelled)
        if taken[: len(taken) - labelled] != wanted:
            raise ValueError(
                f"The {role} takes codes of shape {wanted}, and at most class labels (batch,) "
                f"behind them; its inputs have the shapes {taken}."
            )
        if tuple(single_shape(network.output_shape)) != (None, *shape, count):
            raise ValueError(
                f"The {role} gives logits of shape {(None, *shape, count)}, one for each of "
                f"{count} codes; its output has the shape {network.output_shape}."
            )
        if not is_ours(network):
            _check_order(role, network, wanted[1:], shape, count, labelled)
    if len(set(takes)) > 1:
        raise ValueError("One network takes labels and the other does not: build both alike.")


def _check_order(role: str, network, above: list, shape: tuple, count: int, labelled: bool) -> None:
    """Refuses a network of which a logit depends on its own code or a later one.

    Each code is changed, with all later ones; the logits up to it must stay.
    """
    size = int(np.prod(shape))
    rng = np.random.default_rng(0)
    others = [ops.zeros((1, *each[1:]), "int32") for each in above]
    labels = ops.zeros((1,), "int32") if labelled else None
    codes = rng.integers(0, count, size)

    def logits(codes):
        grid = ops.convert_to_tensor(codes.reshape(1, *shape), "int32")
        with keras.StatelessScope():
            output = network(inputs_of(grid, others, labels), training=False)
        return ops.convert_to_numpy(output).reshape(size, count)

    first = logits(codes)
    for i in sorted({0, size - 1, *rng.integers(0, size, 4).tolist()}):
        changed = codes.copy()
        changed[i:] = (codes[i:] + rng.integers(1, count, size - i)) % count
        if not np.allclose(logits(changed)[: i + 1], first[: i + 1], rtol=1e-4, atol=1e-5):
            raise ValueError(
                f"The {role} looks ahead: the logits of one of the first {i + 1} codes change with "
                f"later ones, or with that code itself. Mask its kernels, or take "
                f"kg.networks.pixelcnn."
            )
