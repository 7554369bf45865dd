"""Models for other programs: TensorFlow SavedModel, ONNX, LiteRT."""

import importlib.util
import pathlib
import shutil

import keras
import numpy as np

from keras_gan.cli.paths import check_output

TOLERANCE = 1e-5  # of the samples that the exported generator makes
SUFFIXES = {"tf": "_tf", "onnx": ".onnx", "litert": ".tflite"}
NEEDS = {
    ("tf", "tensorflow"): (),
    ("tf", "jax"): ("tensorflow",),
    ("onnx", "tensorflow"): ("tf2onnx", "onnx", "onnxruntime"),
    ("litert", "tensorflow"): ("ai_edge_litert",),
}
KERAS_NAMES = {"tf": "tf_saved_model", "onnx": "onnx", "litert": "litert"}


def export(preset: str, format: str, out: str | None) -> str:
    """Writes what makes a preset's samples and runs what was written beside the original.

    It takes z, and class labels as a second input of int32 where the generator takes some; an
    encoder stays behind.

    Args:
        preset: A name or a folder.
        format: `"tf"`, `"onnx"` or `"litert"`.
        out: Where to; `None` is the preset's name and a suffix.

    Returns:
        A sentence on what was written, and how near its samples are.

    Raises:
        ValueError: If a library is missing, the backend has no such export, there is something at
            that place, or the samples differ by more than 1e-5; then nothing is left there.
    """
    from keras_gan.zoo import packing, presets

    suffix = SUFFIXES[format]
    path = pathlib.Path(out or f"{presets.name_of(preset)}{suffix}")
    if path.exists():
        raise ValueError(f"There is something at {path} already: choose another place with --out.")
    if format != "tf" and path.suffix != suffix:
        raise ValueError(f"--out must end in {suffix} for --format {format}; received {path}.")
    backend = keras.backend.backend()
    if (format, backend) not in NEEDS:
        raise ValueError(
            f"--format {format} needs the TensorFlow backend: set KERAS_BACKEND=tensorflow."
        )
    missing = [name for name in NEEDS[format, backend] if importlib.util.find_spec(name) is None]
    if missing:
        raise ValueError(
            f"--format {format} needs {' and '.join(missing)}, not installed: pip install "
            f"{' '.join(missing).replace('_', '-')}."
        )
    check_output("--out", path)
    with presets.opened(preset) as (folder, content):
        model = packing.loaded(folder, content)
    # first: Keras writes no ONNX of a model never called
    inputs, samples = model.example()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        model.export(str(path), format=KERAS_NAMES[format], verbose=False)
        difference = float(np.abs(RUNNERS[format](path, inputs) - samples).max())
    except Exception:
        remove(path)
        raise
    if not difference <= TOLERANCE:
        remove(path)
        raise ValueError(
            f"The exported model makes other samples, {difference:.2g} apart at most, more "
            f"than {TOLERANCE:g}: nothing was left at {path}."
        )
    return f"wrote {path}, whose samples differ from the original's by at most {difference:.1g}"


def remove(path: pathlib.Path) -> None:
    """Removes what an export has left, a file or a folder."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def run_saved_model(path: pathlib.Path, inputs: list[np.ndarray]) -> np.ndarray:
    """The samples of a SavedModel."""
    import tensorflow as tf

    loaded = tf.saved_model.load(str(path))  # its variables go when it goes
    return np.asarray(loaded.serve(inputs if len(inputs) > 1 else inputs[0]))


def run_onnx(path: pathlib.Path, inputs: list[np.ndarray]) -> np.ndarray:
    """The samples of an ONNX file."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [taken.name for taken in session.get_inputs()]
    return session.run(None, dict(zip(names, inputs, strict=True)))[0]


def run_litert(path: pathlib.Path, inputs: list[np.ndarray]) -> np.ndarray:
    """The samples of a LiteRT file."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(path))
    (made,) = interpreter.get_output_details()
    places = {taken["dtype"]: taken["index"] for taken in interpreter.get_input_details()}
    for given in inputs:  # float32 and int32, in whichever order
        interpreter.resize_tensor_input(places[given.dtype.type], given.shape)
    interpreter.allocate_tensors()
    for given in inputs:
        interpreter.set_tensor(places[given.dtype.type], given)
    interpreter.invoke()
    return interpreter.get_tensor(made["index"])


RUNNERS = {"tf": run_saved_model, "onnx": run_onnx, "litert": run_litert}
