"""Files that are damaged or claim too much, each in a process of 2 GiB: none does any harm."""

import pathlib
import re
import subprocess
import sys

import pytest

BENCHMARK = pathlib.Path(__file__).parent.parent / "benchmarks/reliability/hostile_files.py"


@pytest.mark.slow
def test_hostile_files_are_refused_in_one_sentence_or_loaded_right():
    done = subprocess.run(
        [sys.executable, BENCHMARK, "--every", "9"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    (counts,) = re.findall(r"\| all \| (\d+) \| (\d+) \| (\d+) \| 0 \|", done.stdout)
    tried, refused, loaded = map(int, counts)
    assert tried == refused + loaded > 25
    assert refused > 10
    assert loaded > 0
