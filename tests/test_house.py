"""The house: imports go down, in no circle, and every module stands by itself."""

import ast
import functools
import os
import pathlib
import re
import subprocess
import sys

import pytest
from _pytest.doctest import DoctestModule

PACKAGE = pathlib.Path(__file__).parent.parent / "keras_gan"
FLOORS = (  # from the ground up; a room imports those of its own floor's left and of floors below
    ("texts",),
    ("arguments",),
    ("backend",),
    ("parallel",),
    ("files",),
    ("plotting",),
    ("distributions", "objectives", "layers", "augment"),
    ("networks", "bijections"),
    ("penalties",),
    ("data",),
    ("labels",),
    ("training",),
    ("checkpoints",),
    ("models",),
    ("autoencoders", "flows", "games"),
    ("recipes", "samplers"),
    ("metrics",),
    ("callbacks", "zoo"),
    ("families",),
    ("cli",),
)
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
LATE = {  # imports within functions that go up, for what is asked for seldom; each is justified
    ("data", "networks"),
}
SECTIONS = [  # of a docstring
    "Args",
    "Attributes",
    "Returns",
    "Yields",
    "Raises",
    "Warns",
    "Example",
    "Reference",
]
HEADING = re.compile(rf"^({'|'.join(SECTIONS)})s?(?=:|, [^\n]*:$)", re.MULTILINE)
ALONE = """
import importlib, os, sys, types
import keras, numpy
backend = keras.backend.backend()
importlib.import_module({"tensorflow": "tensorflow", "jax": "jax"}[backend])
root, bad = sys.argv[1], []
for name in sys.argv[2:]:
    child = os.fork()
    if child == 0:
        package = sys.modules["keras_gan"] = types.ModuleType("keras_gan")  # without its __init__
        package.__path__, package.__version__ = [root], "0"
        try:
            importlib.import_module(name)
        except BaseException as error:
            print(name, repr(error), flush=True)
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        bad.append(name)
sys.exit(1 if bad else 0)
"""


@functools.cache
def modules() -> dict[str, pathlib.Path]:
    """The files of the package by their modules' names."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@functools.cache
def imports(name: str) -> list[tuple[str, bool]]:
    """The modules of the package that one imports, and whether it does so when it is imported."""
    found = []

    def visit(node, at_once):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.Lambda):
                visit(child, False)
            elif isinstance(child, ast.ImportFrom) and child.level == 0:
                for alias in child.names:
                    inner = f"{child.module}.{alias.name}"
                    found.append((inner if inner in modules() else child.module, at_once))
            elif isinstance(child, ast.Import):
                found.extend((alias.name, at_once) for alias in child.names)
            else:
                visit(child, at_once)

    visit(ast.parse(modules()[name].read_text()), True)
    return [(each, at_once) for each, at_once in found if each in modules() and each != name]


def room(name: str) -> str | None:
    """The room of a module: its folder, or itself where it is loose; `None` for the package."""
    return name.split(".")[1] if "." in name else None


def test_every_room_has_a_floor_and_nothing_is_loose():
    loose = {"__main__", "arguments"}
    rooms = {room(name) for name in modules()} - {None, "__main__"}
    assert rooms == set(LEVEL)
    assert {p.stem for p in PACKAGE.glob("*.py")} == {"__init__", *loose}


def test_imports_go_down():
    up = []
    for name in modules():
        if room(name) in (None, "__main__"):
            continue
        for other, at_once in imports(name):
            if room(other) in (None, room(name)) or LEVEL[room(other)] < LEVEL[room(name)]:
                continue
            if at_once or (room(name), room(other)) not in LATE:
                up.append((name, other))
    assert up == []


@pytest.mark.parametrize("lower", ["models", "games", "autoencoders", "flows", "training"])
def test_what_trains_never_asks_the_zoo_the_callbacks_or_the_command_line(lower):
    """Not even within a function."""
    upper = {"zoo", "callbacks", "families", "cli"} | ({"games"} if lower == "training" else set())
    mine = [name for name in modules() if room(name) == lower]
    assert mine
    assert not [(n, o) for n in mine for o, _ in imports(n) if room(o) in upper]


def test_there_is_no_circle():
    """Of imports at once; whoever imports a module runs the `__init__` of its folders, too."""
    needs = {}
    for name in modules():
        needs[name] = {
            other for other, at_once in imports(name) if at_once and other != "keras_gan"
        }
        for other in list(needs[name]):
            parts = other.split(".")
            folders = [".".join(parts[:i]) for i in range(2, len(parts))]
            needs[name] |= {f for f in folders if not name.startswith(f"{f}.") and f != name}
    done, path = set(), []

    def visit(name):
        if name in path:
            pytest.fail(f"a circle: {' -> '.join([*path[path.index(name) :], name])}")
        if name not in done:
            path.append(name)
            for other in sorted(needs[name]):
                visit(other)
            path.pop()
            done.add(name)

    for name in sorted(modules()):
        visit(name)


@pytest.mark.parametrize("name", sorted(LEVEL))
def test_the_sections_of_docstrings_come_in_one_order(name):
    kinds, wrong = (ast.Module, ast.ClassDef, ast.FunctionDef), []
    for path in [p for module, p in modules().items() if room(module) == name]:
        for node in ast.walk(ast.parse(path.read_text())):
            text = isinstance(node, kinds) and ast.get_docstring(node)
            found = [SECTIONS.index(each) for each in HEADING.findall(text or "")]
            if found != sorted(set(found)):
                wrong.append((str(path), getattr(node, "name", "")))
    assert wrong == []


@pytest.mark.thorough
@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_every_module_can_be_imported_by_itself():
    names = sorted(set(modules()) - {"keras_gan", "keras_gan.__main__"})
    halves = [names[::2], names[1::2]]
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", ALONE, str(PACKAGE), *half],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for half in halves
    ]
    assert [(program.communicate()[0], program.returncode) for program in programs] == [("", 0)] * 2


def test_the_examples_of_docstrings_start_from_a_seed(request):
    module = DoctestModule.from_parent(request.session, path=PACKAGE / "models/projecting.py")
    (example,) = module.collect()
    assert "seeded" in example.fixturenames


def test_every_page_of_an_experiment_is_named_by_what_it_is_about():
    pages = {path.name for path in (PACKAGE.parent / "docs/results").glob("*.md")}
    lines = [
        line
        for path in PACKAGE.rglob("*.py")
        for line in path.read_text().splitlines()
        if line.strip().startswith(("Experiment: ", "Experiments: "))
    ]
    assert set(re.findall(r"\w+\.md", "\n".join(lines))) == pages
