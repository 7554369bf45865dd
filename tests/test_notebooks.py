"""The tutorials: small, clean, of public names alone, and running from top to bottom."""

import importlib.util
import json
import os
import pathlib
import re

import pytest

from tests.test_pages import ROOT, public_names_missing

FOLDER = ROOT / "docs/tutorials"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
MOST = 400 * 1024  # bytes of a notebook with its pictures
SHOWN = {"execute_result", "display_data", "stream"}
BEFORE = """
import sys
sys.path.insert(0, {root!r})
from tests.budget import limit
limit()
"""

notebooks = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells_of(path: pathlib.Path, kind: str) -> list[dict]:
    """The cells of a notebook of one kind, in order."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == kind]


def test_there_are_four():
    assert [path.stem for path in NOTEBOOKS] == [
        "classes",
        "first_gan",
        "own_objective",
        "vae_and_flow",
    ]


@notebooks
def test_a_notebook_is_small_and_shows_what_one_run_of_it_did(path):
    assert path.stat().st_size <= MOST
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for number, cell in enumerate(cells, start=1):
        if cell["cell_type"] == "code":
            assert cell["execution_count"] == number
            assert {output["output_type"] for output in cell["outputs"]} <= SHOWN
            assert [each for each in cell["outputs"] if each.get("name") == "stderr"] == []
    assert any("image/png" in str(cell.get("outputs")) for cell in cells)


@notebooks
def test_the_names_and_links_of_a_notebook_are_there(path):
    source = "\n".join("".join(cell["source"]) for cell in cells_of(path, "code"))
    text = "\n".join("".join(cell["source"]) for cell in cells_of(path, "markdown"))
    assert public_names_missing(source + text) == []
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    assert [link for link in links if not (FOLDER / link).is_file()] == []


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # of nbclient and its kernel
@notebooks
def test_a_notebook_runs_from_top_to_bottom(path, tmp_path):
    if not os.environ.get("CI"):
        pytest.importorskip("nbclient")
    spec = importlib.util.spec_from_file_location("tutorials_run", FOLDER / "run.py")
    run = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(run)
    notebook = run.ran(path, tmp_path, before=BEFORE.format(root=str(ROOT)))
    kept = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell, before in zip(notebook.cells, kept, strict=True):
        kinds = [
            [sorted(each.get("data", {})) for each in c.get("outputs", [])] for c in (cell, before)
        ]
        assert kinds[0] == kinds[1]  # pictures where the notebook has pictures
