"""Runs the tutorials from top to bottom, and keeps in each what it showed.

    pip install ".[notebooks]"
    python docs/tutorials/run.py                  # all of them; or the names of some

Warnings, logs and times are left out, so that a notebook changes only where its results do.
"""

import pathlib
import sys
import tempfile

import nbclient
import nbformat

FOLDER = pathlib.Path(__file__).parent


def ran(path: pathlib.Path, folder: pathlib.Path, before: str = "") -> nbformat.NotebookNode:
    """A notebook after a run of all its cells, in a process of its own.

    Args:
        path: The notebook.
        folder: Where it runs, and writes its files.
        before: Python that runs before its first cell, and is not part of the result.
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(before))
    resources = {"metadata": {"path": str(folder)}}
    client = nbclient.NotebookClient(
        notebook, timeout=600, resources=resources, record_timing=False, coalesce_streams=True
    )
    client.execute()
    del notebook.cells[0]
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code":
            cell.execution_count = number
            cell.outputs = [each for each in cell.outputs if each.get("name") != "stderr"]
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count = number
                if "image/png" in output.get("data", {}):
                    output.data = {"image/png": output.data["image/png"]}
    return notebook


def main(paths: list[pathlib.Path]) -> None:
    """Runs notebooks, and writes them with their outputs."""
    for path in paths:
        with tempfile.TemporaryDirectory() as folder:
            nbformat.write(ran(path, pathlib.Path(folder)), path)
        print(f"{path.name}: {path.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main([pathlib.Path(name) for name in sys.argv[1:]] or sorted(FOLDER.glob("*.ipynb")))
