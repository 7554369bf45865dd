"""Examples and benchmarks as modules, and as programs on tiny budgets."""

import importlib.util
import pathlib
import runpy
import sys

ROOT = pathlib.Path(__file__).parent.parent.parent
if str(ROOT / "benchmarks") not in sys.path:
    sys.path.append(str(ROOT / "benchmarks"))  # as for a script that runs there


def loaded(name):
    """A script of benchmarks/ as a module."""
    path = ROOT / "benchmarks" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"results_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def printed_by(script, options, tmp_path, monkeypatch, capsys):
    """What a script prints that runs in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", [script, *options.split()])
    runpy.run_path(str(ROOT / script), run_name="__main__")
    return capsys.readouterr().out


def tables_in(printed):
    """The tables of Markdown, each a list of rows of cells without the ruler."""
    tables = [[]]
    for line in printed.splitlines():
        if line.startswith("|"):
            tables[-1].append([cell.strip() for cell in line.strip("|").split("|")])
        elif tables[-1]:
            tables.append([])
    return [[table[0], *table[2:]] for table in tables if table]
