"""Models for other programs: TensorFlow SavedModel, ONNX, LiteRT."""

import importlib.util
import pathlib
import shutil

import keras
import numpy as np

from keras_gan.cli.paths import check_output

TOLERANCE = 1e-5  # the largest difference of a sample of the exported generator
SUFFIXES = {"tf": "_tf", "onnx": ".onnx", "litert": ".tflite"}
NEEDS = {
    ("tf", "tensorflow"): (),
    ("tf", "jax"): ("tensorflow",),
    ("onnx", "tensorflow"): ("tf2onnx", "onnx", "onnxruntime"),
    ("litert", "tensorflow"): ("ai_edge_litert",),
}
KERAS_NAMES = {"tf": "tf_saved_model", "onnx": "onnx", "litert": "litert"}


def export(preset: str, format: str, out: str | None) -> str:
    """Exports a preset's generator, and compares its samples with the original's.

    The exported generator takes z and, if the original takes labels, int32 class labels as a second
    input. An encoder is not exported.

    Args:
        preset: A name or a folder.
        format: `"tf"`, `"onnx"` or `"litert"`.
        out: The file or folder; `None` is the preset's name and a suffix.

    Returns:
        A sentence that names the file, and how much its samples differ.

    Raises:
        ValueError: If a library is missing, the backend has no such export, the path exists, or the
            samples differ by more than 1e-5; then no file remains.
    """
    from keras_gan.zoo import packing, presets

    suffix = SUFFIXES[format]
    path = pathlib.Path(out or f"{presets.name_of(preset)}{suffix}")
    if path.exists():
        raise ValueError(f"{path} exists already: choose another path with --out.")
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
            f"--format {format} needs {' and '.join(missing)}: pip install "
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
        _remove(path)
        raise
    if not difference <= TOLERANCE:
        _remove(path)
        raise ValueError(
            f"The samples of the exported model differ by up to {difference:.2g}, more than "
            f"{TOLERANCE:g}, so {path} was removed."
        )
    return f"wrote {path}, whose samples differ from the original's by at most {difference:.1g}"


def _remove(path: pathlib.Path) -> None:
    """Removes the file or folder of an export."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _run_saved_model(path: pathlib.Path, inputs: list[np.ndarray]) -> np.ndarray:
    """The samples of a SavedModel."""
    import tensorflow as tf

    loaded = tf.saved_model.load(str(path))  # its variables go when it goes
    return np.asarray(loaded.serve(inputs if len(inputs) > 1 else inputs[0]))


def _run_onnx(path: pathlib.Path, inputs: list[np.ndarray]) -> np.ndarray:
    """The samples of an ONNX file."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [taken.name for taken in session.get_inputs()]
    return session.run(None, dict(zip(names, inputs, strict=True)))[0]


def _run_litert(path: pathlib.Path, inputs: list[np.ndarray]) -> np.ndarray:
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


RUNNERS = {"tf": _run_saved_model, "onnx": _run_onnx, "litert": _run_litert}
