"""What data take of memory, in a process of its own."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

COUNT, SIDE, BATCH = 1000, 128, 8
BYTES = COUNT * SIDE * SIDE * 3
PROGRAM = """
import gc, pathlib, sys

import numpy as np
import keras_gan as kg
from keras_gan.metrics.reference import draw_reference

def status(field):
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line for line in lines if line.startswith(field)).split()[1])

def used(source):
    dataset = kg.data.load(source)
    batches = kg.data.batches(dataset, int(sys.argv[1]))
    reference = draw_reference(dataset, 200, seed=0)
    return dataset, reference, [x.shape for x in batches.take(5)]

used(np.zeros((100, 8, 8, 3), "uint8"))
few, many = sys.argv[2:]
used(few)
gc.collect()
before = status("VmRSS")
kept = used(many)
print(status("VmHWM") - before)
"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A folder of few pictures, and one of many."""
    rng = np.random.default_rng(0)
    for name, count in (("few", 32), ("many", COUNT)):
        folder = tmp_path_factory.getbasetemp() / name
        folder.mkdir()
        for i in range(count):
            pixels = rng.integers(256, size=(SIDE, SIDE, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / f"{i:04d}.bmp")
    return folder.parent


@pytest.mark.thorough
@pytest.mark.both
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_folder_is_in_memory_once(folders):
    """Beside 400 of its 1,000 pictures for scores: as bytes, all of it, and no floats."""
    places = [str(folders / name) for name in ("few", "many")]
    command = [sys.executable, "-c", PROGRAM, str(BATCH), *places]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert BYTES < int(found.stdout) < 2.2 * BYTES
