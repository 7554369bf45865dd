"""Bad input gets one clear error, before the first step."""

import keras
import numpy as np

from keras_gan.layers.spectral_normalization import SpectralNormalization
from keras_gan.naming import unknown_name


def check_networks(generator, discriminator) -> None:
    """Refuses networks that do not fit each other or the objectives.

    Raises:
        ValueError: For a network that is not built, shapes that do not meet, a discriminator whose
            output is not `(batch, 1)` or is squashed by an activation.
    """
    for role, network in (("generator", generator), ("discriminator", discriminator)):
        if not isinstance(network, keras.Model) or not network.built:
            state = "not built" if isinstance(network, keras.Model) else "not a keras.Model"
            raise ValueError(
                f"The {role} must be a built keras.Model; received {network!r}, which is {state}. "
                f"Begin it with keras.Input(shape), or call it once on a batch."
            )
    if len(generator.input_shape) != 2:
        raise ValueError(
            f"The generator must take latent vectors of shape (batch, latent_dim); "
            f"its input shape is {generator.input_shape}."
        )
    check_discriminator(discriminator)
    made, expected = generator.output_shape, single_shape(discriminator.input_shape)
    if not shapes_agree(made, expected):
        raise ValueError(
            f"The generator makes samples of shape {made[1:]}, the discriminator takes "
            f"{expected[1:]}: give both networks the same sample shape."
        )


def check_discriminator(discriminator: keras.Model) -> None:
    """Refuses a discriminator whose output is not an unbounded score of shape `(batch, 1)`."""
    shape = single_shape(discriminator.output_shape)
    if tuple(shape[1:]) != (1,):
        raise ValueError(
            f"The discriminator must give one unbounded score a sample, shape (batch, 1); its "
            f"output shape is {shape}. End it with keras.layers.Dense(1)."
        )
    activation = final_activation(discriminator)
    if activation not in (None, "linear"):
        raise ValueError(
            f"The discriminator must end in an unbounded score, but its last layer applies "
            f"{activation!r}. Remove it: objectives take raw scores and apply what they need."
        )


def final_activation(layer) -> str | None:
    """The activation that the layer of a network's first output applies, `None` if it has none."""
    while True:
        if isinstance(layer, keras.Model) and getattr(layer, "outputs", None):
            layer = layer.outputs[0]._keras_history.operation
        elif isinstance(layer, keras.Model) and layer.layers:
            layer = layer.layers[-1]
        elif isinstance(layer, keras.layers.Wrapper):
            layer = layer.layer
        else:
            break
    squashing = {keras.layers.Softmax: "softmax", keras.layers.ReLU: "relu"}
    for kind, name in squashing.items():
        if isinstance(layer, kind):
            return name
    activation = getattr(layer, "activation", None)
    return None if activation is None else getattr(activation, "__name__", str(activation))


def check_spectral(discriminator: keras.Model) -> None:
    """Refuses a discriminator without a spectrally normalized layer."""
    layers, pending = [], [discriminator]
    while pending:
        layer = pending.pop()
        layers.append(layer)
        pending.extend(layer.layers if isinstance(layer, keras.Model) else [])
    if not any(isinstance(layer, SpectralNormalization) for layer in layers):
        keras_own = any(isinstance(each, keras.layers.SpectralNormalization) for each in layers)
        found = (
            "only Keras's own wrapper, which is not the published algorithm"
            if keras_own
            else "none"
        )
        raise ValueError(
            f"SNGAN needs a discriminator with spectrally normalized layers; found {found}. Wrap "
            f"its layers in kg.layers.SpectralNormalization or build it by kg.networks with "
            f"normalization='spectral'."
        )


def check_players(schedule, known: tuple[str, ...]) -> None:
    """Refuses a schedule that moves a player whom the game does not know, or leaves one out."""
    for player in schedule.players:
        if player not in known:
            raise unknown_name("player in the schedule", player, known)
    missing = set(known) - set(schedule.players)
    if missing:
        raise ValueError(
            f"{schedule!r} never moves {sorted(missing)[0]!r}: every player of "
            f"{list(known)} needs a move."
        )


def optimizers_by_player(optimizers: dict, players: tuple[str, ...]) -> dict:
    """The optimizers of `compile(<player>_optimizer=…)`, by player: an optimizer or `None`.

    Raises:
        ValueError: For an argument that belongs to no player.
    """
    arguments = {f"{player}_optimizer": player for player in players}
    for name in optimizers:
        if name not in arguments:
            raise unknown_name("argument of compile", name, arguments)
    get = keras.optimizers.get
    given = {arguments[name]: optimizer for name, optimizer in optimizers.items()}
    return {p: get(given[p]) if given.get(p) is not None else None for p in players}


def check_compiled(model, method: str) -> None:
    """Refuses to train or to evaluate a model without optimizers."""
    if not model.compiled:
        kind = type(model).__name__
        raise ValueError(
            f"This {kind} is not compiled: call gan.compile() before gan.{method}(...). Without "
            f"arguments it takes the optimizers of {kind}."
        )


def check_data(x, sample_shape: tuple, schedule, batch_size: int | None) -> None:
    """Looks at the training data: all of an array, the first batch of a data set.

    Args:
        x: What `fit` was given. A Python generator cannot be looked at without consuming it; its
            batches are checked by shape and dtype when the step is traced.
        sample_shape: The shape of one sample.
        schedule: The `Schedule` that will cut the batches.
        batch_size: The batch size of arrays; `None` is Keras's 32.

    Raises:
        ValueError: See `AdversarialModel.fit`.
    """
    if hasattr(x, "element_spec"):
        batch = next(iter(x), None)
        if batch is None:
            raise ValueError("The data set is empty: there is not one batch to train on.")
        size = None
    elif isinstance(x, keras.utils.PyDataset):
        if not len(x):
            raise ValueError("The data set is empty: there is not one batch to train on.")
        batch, size = x[0], None
    elif hasattr(x, "shape"):
        batch, size = x, min(batch_size or 32, len(x))
        if not len(x):
            raise ValueError(f"The data set is empty: received an array of shape {x.shape}.")
    else:
        return
    samples = batch[0] if isinstance(batch, (tuple, list)) else batch
    check_samples(samples, sample_shape)
    check_values(np.asarray(samples))
    schedule.check_batch(len(samples) if size is None else size)


def check_samples(samples, sample_shape: tuple) -> None:
    """Checks dtype and shape of a batch of samples, also of a symbolic one.

    Raises:
        ValueError: For integers or a shape that is not `(batch, *sample_shape)`.
    """
    dtype = keras.backend.standardize_dtype(samples.dtype)
    if not keras.backend.is_float_dtype(dtype):
        raise ValueError(
            f"Samples must be floating-point, images in [-1, 1]; received {dtype}. For uint8 "
            f"images: x.astype('float32') / 127.5 - 1, or let kg.data.load(x) do it."
        )
    if not shapes_agree(samples.shape, (None, *sample_shape)):
        raise ValueError(
            f"The networks take samples of shape {tuple(sample_shape)}, so a batch is "
            f"{('batch', *sample_shape)}; received {tuple(samples.shape)}.".replace(
                "'batch'", "batch"
            )
        )


def check_values(samples: np.ndarray) -> None:
    """Checks the numbers of a batch: all finite, images in [-1, 1].

    Raises:
        ValueError: For NaN, infinities, or images (rank 4) that leave [-1, 1].
    """
    if not np.isfinite(samples).all():
        bad = np.argwhere(~np.isfinite(samples))[0]
        raise ValueError(
            f"The data has NaN or infinite values, the first in sample {bad[0]} of the batch "
            f"looked at: clean or leave out such samples."
        )
    low, high = samples.min(), samples.max()
    if samples.ndim == 4 and (low < -1.001 or high > 1.001):
        scale = "x / 127.5 - 1" if high > 2 else "2 * (x - x.min()) / (x.max() - x.min()) - 1"
        raise ValueError(
            f"Images must lie in [-1, 1]; received values from {low:g} to {high:g}. Rescale them, "
            f"for example {scale}."
        )


def single_shape(shape):
    """The shape of a network's only or first input or output."""
    several = shape and isinstance(shape[0], (list, tuple))
    return shape[0] if several else shape


def shapes_agree(a, b) -> bool:
    """Whether two shapes are equal where both are known."""
    return len(a) == len(b) and all(
        m is None or n is None or m == n for m, n in zip(a, b, strict=True)
    )
