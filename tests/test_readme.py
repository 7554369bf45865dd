"""Every Python block of the README can be pasted, one after another, into one session."""

import ast
import builtins
import pathlib
import re

import keras
import pytest

import keras_gan as kg
from keras_gan.games.generating import Generating
from keras_gan.models.fitting import FittedGame

README = pathlib.Path(__file__).parent.parent / "README.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README.read_text(), flags=re.MULTILINE | re.DOTALL)
SAMPLES, STEPS = 200, 2


def names_in(tree: ast.AST) -> tuple[set[str], set[str]]:
    """The names that a statement reads and those that it binds."""
    read, bound = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            bound.add(node.name)
    return read, bound


def test_every_name_was_made_in_this_block_or_an_earlier_one():
    assert len(BLOCKS) >= 7
    known = set(dir(builtins))
    for number, block in enumerate(BLOCKS):
        for statement in ast.parse(block).body:
            read, bound = names_in(statement)
            assert read - bound <= known, f"block {number}: {ast.unparse(statement)}"
            known |= bound


@pytest.fixture
def small_budget(tmp_path, monkeypatch):
    """A few samples of every data set, a few steps of every `fit`; all else as it stands."""
    load, fit, generate = kg.data.load, FittedGame.fit, Generating.generate
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(kg.data, "load", lambda *a, **k: load(*a, **k).take(SAMPLES))
    monkeypatch.setattr(
        Generating,
        "generate",
        lambda gan, count, **options: generate(gan, min(count, SAMPLES), **options),
    )

    def short(game, *data, epochs, **options):
        return fit(game, *data, epochs=1, **options | {"steps_per_epoch": STEPS})

    monkeypatch.setattr(FittedGame, "fit", short)
    yield
    keras.distribution.set_distribution(None)


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.filterwarnings("default")  # as in a session of a user
def test_the_blocks_run_in_order(small_budget):
    session = {}
    for number, block in enumerate(BLOCKS):
        try:
            exec(compile(block, f"README.md, Python block {number}", "exec"), session)
        except Exception as error:
            error.add_note(f"in block {number} of README.md:\n{block}")
            raise
    assert {name for name in ("gan.keras", "my_preset", "scores", "checkpoints")} <= {
        path.name for path in pathlib.Path().iterdir()
    }
