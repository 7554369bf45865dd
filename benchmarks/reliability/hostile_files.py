"""What becomes of 250 files that are damaged or claim too much, within 2 GiB and 30 seconds each.

    python benchmarks/reliability/hostile_files.py

Each is opened in a process of its own, whose addresses are limited to 2 GiB beyond those of the
imports: presets by `Generator.from_preset`, `.keras` files by `kg.load_model`, both with two
samples made, arrays and pictures by `kg.data.load`; every fifth by `keras-gan` instead. All are
harmless: nothing in them runs, and they are made here, of good ones.

Right is a refusal in one sentence, or what the file really holds: the samples of the good file,
the numbers that NumPy or the pixels that Pillow finds. Anything else is printed and ends the
program with 1: a crash, another error, a traceback, too much time, other numbers.
"""

import argparse
import contextlib
import io
import os
import pathlib
import sys
import tempfile
import warnings
from functools import partial

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import mutants
import numpy as np
from bounded import outcome
from PIL import Image
from presets import presets

import keras_gan as kg
from keras_gan.cli.main import main as program
from keras_gan.data.array_files import array_in
from keras_gan.zoo import trust

KINDS = ("presets", ".keras", ".npy", ".npz", "images")
LONGEST = 1_500  # characters of a sentence


def good_files(folder: pathlib.Path) -> None:
    """Writes a good file of each kind."""
    generator = kg.networks.mlp_generator(width=8, depth=1)
    kg.Generator(generator).save_to_preset(folder / "preset")
    game = kg.DCGAN(generator, kg.networks.mlp_discriminator(width=8, depth=1), seed=0)
    game.compile()
    game.save(folder / "good.keras")
    samples = np.random.default_rng(0).normal(size=(50, 2)).astype("float32")
    np.save(folder / "good.npy", samples)
    np.savez_compressed(folder / "good.npz", samples=samples)
    pixels = np.random.default_rng(0).integers(256, size=(8, 8, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(folder / "good.png")


def cases(good: pathlib.Path, kinds):
    """For each file its kind and name, what writes it into a folder, and what opens it there."""
    content = {path.name: path.read_bytes() for path in (good / "preset").iterdir()}
    sums = content.pop("checksums")
    for name, files, is_fresh in presets(content) if "presets" in kinds else ():
        fitting = trust.checksums(files) if is_fresh else sums
        yield "presets", name, partial(laid, {**files, "checksums": fitting}), preset_in
    makers = {
        ".keras": (mutants.keras_files, keras_file),
        ".npy": (mutants.npy_files, array_file),
        ".npz": (mutants.npz_files, array_file),
    }
    for suffix, (make, opened) in makers.items():
        read = (good / f"good{suffix}").read_bytes()
        for name, file in make(read) if suffix in kinds else ():
            yield suffix, name, partial(laid, {f"a{suffix}": file}), opened
    read = (good / "good.png").read_bytes()
    for name, file in mutants.pictures(read) if "images" in kinds else ():
        yield "images", name, partial(laid, {"a.png": file}), picture_in


def laid(files: dict[str, bytes], place: pathlib.Path) -> None:
    """Writes files into a folder."""
    for name, file in files.items():
        (place / name).write_bytes(file)


def preset_in(place: pathlib.Path):
    return plain(kg.Generator.from_preset(place).generate(2, seed=0))


def keras_file(place: pathlib.Path):
    return plain(kg.load_model(next(place.glob("*.keras"))).generate(2, seed=0))


def array_file(place: pathlib.Path):
    (path,) = place.iterdir()
    array = array_in(path)
    data = kg.data.load(array)
    first = next(iter(data.batch(1).as_numpy_iterator()))
    return [list(array.shape), str(array.dtype), plain(first)]


def picture_in(place: pathlib.Path):
    return plain(next(iter(kg.data.load(place, image_size=8).as_numpy_iterator())))


def plain(x) -> list:
    """Numbers for JSON, few of them."""
    return np.asarray(x, float).ravel()[:64].tolist()


def by_program(kind: str, place: pathlib.Path):
    """Opens a file by the program; an exit code of 2 with one line is a refusal."""
    name = place if kind in ("presets", "images") else next(iter(place.iterdir()))
    arguments = {
        "presets": ["generate", name, "--count", "2", "--out", "samples.npz"],
        ".keras": ["generate", name, "--count", "2", "--out", "samples.npz"],
    }.get(kind, ["evaluate", name, "--against", "ring", "--samples", "10"])
    arguments += ["--image-size", "8"] if kind == "images" else []
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        code = program([str(each) for each in arguments])
    text = said.getvalue()
    if code == 2 and text.startswith("keras-gan: error: "):
        raise ValueError(text.removesuffix("\n"))
    if code:
        raise RuntimeError(f"exit code {code}: {text}")
    return "done"


def oracle(kind: str, place: pathlib.Path, good: dict):
    """What the file really holds, as far as that can be told."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if kind == "images":
                with Image.open(place / "a.png") as file:
                    pixels = np.asarray(file.convert("RGB").resize((8, 8), Image.BILINEAR))
                return plain(np.float32(pixels) / np.float32(127.5) - np.float32(1))
            if kind in (".npy", ".npz"):
                (path,) = place.iterdir()
                found = np.load(path, allow_pickle=False)
                array = found if kind == ".npy" else found["samples"]
                return [list(array.shape), str(array.dtype), plain(array[:1])]
        except Exception:
            return None
    return good[kind]


def judged(kind: str, name: str, found, expected) -> str:
    """Refused, loaded or other."""
    if found.kind == "refused":
        text = found.said
        is_sentence = text and text.isprintable() and len(text) <= LONGEST
        return "refused" if is_sentence and "not foreseen" not in text else "other"
    if found.kind != "loaded":
        return "other"
    return "loaded" if found.said == "done" or alike(found.said, expected) else "other"


def alike(found, expected) -> bool:
    """Whether two answers are the same but for rounding."""
    if expected is None or len(found) != len(expected):
        return False
    if len(found) == 3 and isinstance(found[0], list):
        return found[:2] == expected[:2] and alike(found[2], expected[2])
    return bool(np.allclose(found, expected, atol=0.02, equal_nan=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=KINDS, default=KINDS, metavar="KIND")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="one in N files")
    arguments = parser.parse_args()
    rows, wrong = {}, []
    with tempfile.TemporaryDirectory() as folder:
        good = pathlib.Path(folder) / "good"
        good.mkdir()
        made = outcome(lambda: good_files(good), memory=None, seconds=120)
        assert made.kind == "loaded", made
        known = {
            "presets": outcome(lambda: preset_in(good / "preset")).said,
            ".keras": outcome(lambda: keras_file(good)).said,
        }
        for number, (kind, name, write, opened) in enumerate(cases(good, arguments.only)):
            if number % arguments.every:
                continue
            with tempfile.TemporaryDirectory(dir=folder) as where:
                place = pathlib.Path(where) / "files"
                place.mkdir()
                write(place)
                os.chdir(where)
                expected = outcome(partial(oracle, kind, place, known)).said
                way = (
                    partial(opened, place)
                    if number // arguments.every % 5
                    else partial(by_program, kind, place)
                )
                found = outcome(way)
                os.chdir(folder)
            verdict = judged(kind, name, found, expected)
            rows.setdefault(kind, []).append((verdict, found))
            if verdict == "other":
                wrong.append(f"{kind}: {name}: {found.kind}: {str(found.said)[:300]}")
                print(wrong[-1], file=sys.stderr, flush=True)
    print(table(rows))
    if wrong:
        sys.exit(1)


def table(rows: dict) -> str:
    """The counts by kind."""
    lines = [
        "| files | tried | refused | loaded right | other | slowest, s | most memory, MB |",
        "|---|---|---|---|---|---|---|",
    ]
    everything = [each for found in rows.values() for each in found]
    for kind, found in {**rows, "all": everything}.items():
        verdicts = [verdict for verdict, _ in found]
        counts = " | ".join(str(verdicts.count(each)) for each in ("refused", "loaded", "other"))
        slowest = max(each.seconds for _, each in found)
        most = max(each.megabytes for _, each in found)
        lines.append(f"| {kind} | {len(found)} | {counts} | {slowest:.1f} | {most:.0f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
