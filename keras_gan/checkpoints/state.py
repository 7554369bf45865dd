"""Packs the state of a training into bytes, and restores it."""

import dataclasses
import io
import json
import re

import keras
import numpy as np

from keras_gan.checkpoints import arrays, comparing, schema
from keras_gan.networks.analysis import descriptions
from keras_gan.texts import one_line


@dataclasses.dataclass
class Progress:
    """The progress of a training.

    Args:
        epoch: The number of the present epoch, from 0.
        step_in_epoch: The number of completed steps in this epoch.
        step: The number of completed steps in all.
        steps_per_epoch: The number of steps in an epoch.
        batch_size: The batch size of arrays; `None` for a data set, which makes its own batches.
        elements: The shapes and types of a batch.
        history: `History.history`, the logs of completed epochs.
        epochs: `History.epoch`, the numbers of completed epochs.
        best: The best score so far; `None` without one.
        stopped: Whether a callback stopped the training.
        planned: The number of epochs that `fit` was asked for.
        data: Facts that identify the data, such as their number and a digest.
        run: The settings of a run of the command line.
        recut: Whether the length of an epoch has changed during the training.
    """

    epoch: int = 0
    step_in_epoch: int = 0
    step: int = 0
    steps_per_epoch: int | None = None
    batch_size: int | None = None
    elements: str | None = None
    history: dict = dataclasses.field(default_factory=dict)
    epochs: list = dataclasses.field(default_factory=list)
    best: float | None = None
    stopped: bool = False
    planned: int = 0
    data: dict | None = None
    run: dict | None = None
    recut: bool = False


def variables_of(model: keras.Model) -> dict[str, list]:
    """All variables that training changes: of the model, its optimizers, and its running means."""
    return {
        "model": model.variables,
        "optimizer": model.optimizer.variables,
        "metrics": model.metrics_variables,
    }


def describe(model: keras.Model) -> dict:
    """The properties in which a model and a checkpoint must agree.

    Names count without the numbers that Keras adds to them, because these depend on what else a
    program has built.

    Args:
        model: A compiled `AdversarialModel`.
    """
    return {
        "game": type(model).__name__,
        "losses": list(model.means.names),
        "settings": json.loads(json.dumps(model.settings(), default=_plain)),
        "variables": [
            [
                group,
                re.sub(r"_\d+(?=_|$)", "", v.name),
                list(v.shape),
                keras.backend.standardize_dtype(v.dtype),
            ]
            for group, variables in variables_of(model).items()
            for v in variables
        ],
        "networks": descriptions.networks_of(model),
        "optimizers": descriptions.optimizers_of(model),
        "rates": model.given_rates,
        "versions": descriptions.versions(),
    }


def pack(model: keras.Model, progress: Progress) -> bytes:
    """Packs all state of a model and its training.

    Args:
        model: A compiled `AdversarialModel`.
        progress: The progress of the training.

    Raises:
        FloatingPointError: If a variable holds NaN or an infinity; the message names the first one.
    """
    import keras_gan

    members = {}
    for variables in variables_of(model).values():
        for variable in variables:
            value = np.asarray(keras.ops.convert_to_numpy(variable))
            if arrays.is_broken(value):
                raise FloatingPointError(f"{one_line(variable.path)} holds NaN or an infinity")
            if value.dtype.kind == "V":  # such as bfloat16, which NumPy cannot name in a file
                value = value.view(f"uint{8 * value.dtype.itemsize}")
            members[f"variable_{len(members)}"] = value
    header = {
        **describe(model),
        "seed": model.seed,
        "progress": dataclasses.asdict(progress),
        "keras_gan": keras_gan.__version__,
        "version": schema.VERSION,
    }
    file = io.BytesIO()
    np.savez(file, header=np.array(json.dumps(header, default=_plain)), **members)
    return file.getvalue()


def _plain(value):
    """A number or array of NumPy or a backend, as plain Python numbers for JSON."""
    return np.asarray(value).tolist()


def unpack(payload: bytes) -> tuple[dict, list[np.ndarray]]:
    """Checks what `pack` wrote, and returns the header and the values of the variables.

    Args:
        payload: The result of `pack`.

    Raises:
        SchemaError: As `schema.header_in` and `arrays.values_in`.
        NewerVersionError: If a later version of this library wrote it.
    """
    members = arrays.members_of(payload)
    header = schema.header_in(members)
    return header, arrays.values_in(members, header["variables"])


def restore(model: keras.Model, payload: bytes, source: str = "The checkpoint") -> Progress:
    """Gives a model the state that `pack` wrote, including its seed.

    The settings of its optimizers may differ, as long as the shapes of their states are the same.

    Args:
        model: A compiled `AdversarialModel`.
        payload: The result of `pack`.
        source: The name of the payload in errors. Defaults to `"The checkpoint"`.

    Raises:
        ValueError: If the state is that of another model; then nothing changes.
    """
    header, values = unpack(payload)
    comparing.check(comparing.model_differences(header, describe(model)), source, ("optimizer",))
    return take(model, header, values)


def take(model: keras.Model, header: dict, values: list[np.ndarray]) -> Progress:
    """Gives a model a state that has been checked.

    Args:
        model: A compiled `AdversarialModel`.
        header: The header, from `unpack`.
        values: The values, from `unpack`.
    """
    variables = [v for group in variables_of(model).values() for v in group]
    for variable, value in zip(variables, values, strict=True):
        dtype = np.asarray(keras.ops.convert_to_numpy(variable)).dtype
        variable.assign(value.view(dtype) if dtype.kind == "V" else value)
    model.seed = header["seed"]
    return Progress(**header["progress"])
