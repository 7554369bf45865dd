"""The state of a game under training, as bytes and back."""

import dataclasses
import io
import json
import re

import keras
import numpy as np

from keras_gan.checkpoints import comparing, schema
from keras_gan.networks.analysis import descriptions
from keras_gan.texts import one_line


@dataclasses.dataclass
class Progress:
    """Where a run stands.

    Args:
        epoch: The epoch under way, from 0.
        step_in_epoch: How many of its steps are done.
        step: How many steps are done in all.
        steps_per_epoch: How many steps an epoch has.
        batch_size: Of arrays; `None` for a data set, which has made its batches itself.
        elements: What a batch is: its shapes and types.
        history: `History.history`: the logs of the epochs that are done.
        epochs: `History.epoch`: their numbers.
        best: The best score so far, where one is watched.
        stopped: Whether a callback ended the training.
        planned: How many epochs `fit` was asked for.
        data: What tells the data from others: their number, a digest.
        run: The settings of the command line.
        recut: Whether epochs were once of another length.
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
    """Every variable that training changes: weights, averages and random states; slots; means."""
    return {
        "model": model.variables,
        "optimizer": model.optimizer.variables,
        "metrics": model.metrics_variables,
    }


def describe(model: keras.Model) -> dict:
    """What a game must have in common with a checkpoint to take it up.

    Names count without the numbers that Keras gives to layers of the same kind, for these depend on
    what else a program has built.

    Args:
        model: A compiled `AdversarialModel`.
    """
    return {
        "game": type(model).__name__,
        "losses": list(model.means.names),
        "settings": json.loads(json.dumps(model.settings(), default=plain)),
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
    """All state of a game and its run.

    Args:
        model: A compiled `AdversarialModel`.
        progress: Where the run stands.

    Raises:
        FloatingPointError: If a variable holds NaN or an infinity; the message names the first.
    """
    import keras_gan

    arrays = {}
    for variables in variables_of(model).values():
        for variable in variables:
            value = np.asarray(keras.ops.convert_to_numpy(variable))
            if schema.is_broken(value):
                raise FloatingPointError(f"{one_line(variable.path)} holds NaN or an infinity")
            if value.dtype.kind == "V":  # bfloat16 and its like, which NumPy cannot name in a file
                value = value.view(f"uint{8 * value.dtype.itemsize}")
            arrays[f"variable_{len(arrays)}"] = value
    header = {
        **describe(model),
        "seed": model.seed,
        "progress": dataclasses.asdict(progress),
        "keras_gan": keras_gan.__version__,
        "version": schema.VERSION,
    }
    file = io.BytesIO()
    np.savez(file, header=np.array(json.dumps(header, default=plain)), **arrays)
    return file.getvalue()


def plain(value):
    """A number or array of NumPy or a backend as JSON can hold it."""
    return np.asarray(value).tolist()


def unpack(payload: bytes) -> tuple[dict, list[np.ndarray]]:
    """The header and the variables' values that `pack` wrote, once they are known to fit.

    Raises:
        SchemaError: As `schema.header_in` and `schema.values_in`.
        NewerVersionError: For what a later version of this library wrote.
    """
    members = schema.members_of(payload)
    header = schema.header_in(members)
    return header, schema.values_in(members, header)


def restore(model: keras.Model, payload: bytes, source: str = "The checkpoint") -> Progress:
    """Gives a game the state that `pack` took, its seed included.

    Its optimizers may be set otherwise, as long as they have the same state.

    Args:
        model: A compiled `AdversarialModel`.
        payload: What `pack` returned.
        source: What the payload is called in errors.

    Raises:
        ValueError: If the state is that of another game; nothing is changed then.
    """
    header, values = unpack(payload)
    comparing.check(comparing.model_differences(header, describe(model)), source, ("optimizer",))
    return take(model, header, values)


def take(model: keras.Model, header: dict, values: list[np.ndarray]) -> Progress:
    """Gives a game a state that is known to fit.

    Args:
        model: A compiled `AdversarialModel`.
        header: What `unpack` returned.
        values: Likewise.
    """
    variables = [v for group in variables_of(model).values() for v in group]
    for variable, value in zip(variables, values, strict=True):
        dtype = np.asarray(keras.ops.convert_to_numpy(variable)).dtype
        variable.assign(value.view(dtype) if dtype.kind == "V" else value)
    model.seed = header["seed"]
    return Progress(**header["progress"])
