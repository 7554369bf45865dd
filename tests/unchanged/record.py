"""Writes down what a rebuilt house must not change: weights, samples, files, options, presets.

`python -m tests.unchanged.record FOLDER` writes the record of the installed library and the backend
in use; `python -m tests.unchanged.record --compare FOLDER OTHER` says where two of them differ, to
the bit. `tests/unchanged/recorded` is the record of commit 6858903, before the house of
games became one of generative models.
"""

import contextlib
import io
import json
import pathlib
import re
import sys
from collections.abc import Iterable

import keras
import numpy as np

import keras_gan as kg
from keras_gan.cli.main import main
from tests.games import cases
from tests.recipes.cases import CASES

STEPS, BATCH = 3, 32
GAMES = {name: cases.GAMES[name] for name in cases.OF_PLAYERS}
COMMANDS = ("train", "generate", "evaluate", "zoo")
ACTIONS = ("list", "show", "verify", "train", "publish", "export", "gallery")
HELP = (
    "--help",
    *(f"{command} --help" for command in COMMANDS),
    *(f"zoo {action} --help" for action in ACTIONS),
)


def trained(name: str):
    """A recipe or a game on tiny networks, three steps after its start."""
    case = CASES.get(name) or GAMES[name]
    options = {} if name in GAMES and name == "AVB" else {"average": 0.9}
    gan = case.make(**options)
    gan.compile(diagnostics=True)
    gan.fit(*data_of(name, gan), batch_size=batch_of(gan), epochs=1, shuffle=False, verbose=0)
    return gan


def batch_of(gan) -> int:
    """A batch of which every move of the schedule has its share."""
    return BATCH * max(1, gan.schedule.parts)


def data_of(name: str, gan) -> tuple:
    """The arrays of `STEPS` batches."""
    data = GAMES[name].data if name in GAMES else CASES[name].data
    return data(STEPS * batch_of(gan))


def names() -> list[str]:
    """All recipes and games, a name once."""
    return sorted({*CASES, *GAMES})


def weights_of(gan) -> dict[str, np.ndarray]:
    """All variables of a game and of its optimizers by their place, as NumPy arrays."""
    variables = [*gan.variables, *gan.optimizer.variables]
    return {f"{i:03}": keras.ops.convert_to_numpy(v) for i, v in enumerate(variables)}


def samples_of(model, count: int = 4) -> np.ndarray:
    """Samples of a game or of a preset."""
    if hasattr(model, "generate"):
        return np.asarray(model.generate(count, seed=0))
    shape = model.generator_xy.input_shape[1:]
    given = np.random.default_rng(0).uniform(-1, 1, (count, *shape)).astype("float32")
    return np.asarray(model.translate(given, to="y"))


def preset_samples(name: str) -> np.ndarray:
    """Two samples of a published preset."""
    cls = kg.Generator if name in kg.Generator.presets else kg.Translator
    return samples_of(cls.from_preset(name), 2)


def options(commands: Iterable[str] = HELP) -> dict[str, list[str]]:
    """The flags that the `--help` of each command lists."""
    found = {}
    for command in commands:
        text = io.StringIO()
        with contextlib.redirect_stdout(text):
            main(command.split())
        found[command] = sorted(set(re.findall(r"--[a-z][a-z0-9-]+", text.getvalue())))
    return found


def record(folder: pathlib.Path) -> None:
    """Writes the record of this backend; of TensorFlow the files of old, too."""
    backend = keras.backend.backend()
    folder.mkdir(parents=True, exist_ok=True)
    weights, samples = {}, {}
    for name in names():
        gan = trained(name)
        weights |= {f"{name}/{place}": value for place, value in weights_of(gan).items()}
        samples[name] = samples_of(gan)
        if backend == "tensorflow" and name in GAMES | {"SNGAN": None}:
            gan.save(folder / f"{name}.keras")
    np.savez_compressed(folder / f"weights_{backend}.npz", **weights)
    np.savez_compressed(folder / f"samples_{backend}.npz", **samples)
    presets = {
        name: preset_samples(name) for name in [*kg.Generator.presets, *kg.Translator.presets]
    }
    summed = {name: summary(value) for name, value in presets.items()}
    (folder / f"presets_{backend}.json").write_text(json.dumps(summed, indent=1) + "\n")
    if backend == "tensorflow":
        (folder / "options.json").write_text(json.dumps(options(), indent=1) + "\n")


def summary(samples: np.ndarray) -> dict:
    """What tells samples apart: shape, mean, mean square, some of the numbers."""
    flat = samples.astype("float64").ravel()
    some = flat[:: max(1, flat.size // 8)][:8]
    return {
        "shape": list(samples.shape),
        "mean": flat.mean(),
        "mean_square": (flat**2).mean(),
        "some": some.tolist(),
    }


def compare(folder: pathlib.Path, other: pathlib.Path) -> int:
    """Prints the arrays of two records that differ in a bit; how many there are."""
    differing = 0
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as a, np.load(other / path.name) as b:
            assert set(a.files) == set(b.files), path.name
            for name in a.files:
                if not np.array_equal(a[name], b[name], equal_nan=True):
                    differing += 1
                    print(f"{path.name}: {name} differs by {np.abs(a[name] - b[name]).max():.2g}")
    for path in sorted(folder.glob("*.json")):
        if path.read_text() != (other / path.name).read_text():
            differing += 1
            print(f"{path.name} differs")
    return differing


if __name__ == "__main__":
    if sys.argv[1] == "--compare":
        sys.exit(1 if compare(*map(pathlib.Path, sys.argv[2:4])) else 0)
    record(pathlib.Path(sys.argv[1]))
