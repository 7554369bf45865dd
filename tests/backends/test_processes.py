"""Two processes on loopback train one game: equal weights, files written once, losses survived."""

import os
import pathlib
import socket
import subprocess
import sys
import time

import numpy as np
import pytest

from tests.backend import BACKEND
from tests.slow import slow_but

pytestmark = pytest.mark.skipif(BACKEND != "jax", reason="of JAX's processes")
ROOT = pathlib.Path(__file__).parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(port, process, *options, processes=2):
    """Starts one process of a training."""
    named = ("--port", port, "--processes", processes, "--process", process)
    return run("-m", "tests.backends.worker", *named, *options)


def run(*arguments, folder=ROOT):
    """Starts a Python program under JAX with one device."""
    environment = {k: v for k, v in os.environ.items() if k != "XLA_FLAGS"}
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        env={**environment, "KERAS_BACKEND": "jax"},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process, timeout=240):
    """The exit code and all output of a process."""
    try:
        output, _ = process.communicate(timeout=timeout)
    finally:
        process.kill()
    return process.returncode, output


def together(*options, of_second=(), processes=2):
    """Exit codes and outputs of processes that train together."""
    port = free_port()
    started = [
        start(port, i, *options, *(of_second if i else ()), processes=processes)
        for i in range(processes)
    ]
    return [finish(each) for each in started]


def weights(file) -> list[np.ndarray]:
    with np.load(file) as found:
        return [found[name] for name in found.files]


def trained(folder, *options, processes=2) -> list[list[np.ndarray]]:
    """The final weights that each process holds."""
    files = [folder / f"{processes}_{i}.npz" for i in range(processes)]
    port = free_port()
    started = [
        start(port, i, "--weights", file, *options, processes=processes)
        for i, file in enumerate(files)
    ]
    for each in started:
        code, output = finish(each)
        assert code == 0, output[-3000:]
    return [weights(file) for file in files]


@pytest.mark.parametrize("recipe", slow_but(["SNGAN"], ["SNGAN", "WGANGP", "CTGAN", "R3GAN"]))
def test_two_processes_find_the_weights_of_one(tmp_path, recipe):
    """Equal to the bit in both; to those of one process that sees the same batches, to 1e-5."""
    first, second = trained(tmp_path, "--recipe", recipe)
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)
    (alone,) = trained(tmp_path, "--recipe", recipe, "--ordered-for", 2, processes=1)
    for a, b in zip(first, alone, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5)


def test_a_killed_process_leaves_a_checkpoint_from_which_both_go_on(tmp_path):
    """The other one says so and ends; afterwards all is as if nothing had happened."""
    whole, lost = tmp_path / "whole", tmp_path / "lost"
    expected, _ = trained(tmp_path, "--folder", whole)
    (code, output), (killed, _) = together(
        "--folder", lost, "--weights", tmp_path / "none", of_second=("--kill-after", 17)
    )
    assert killed == -9
    assert code == 1
    assert "has lost another one: start all of them again" in output
    kept = sorted((lost / "checkpoints").glob("*"))
    assert [path.name for path in kept] == [f"step_{i:08d}.checkpoint" for i in (9, 12, 15)]
    for found in trained(tmp_path, "--folder", lost):
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_array_equal(a, b)
    assert (lost / "gan.keras").exists()


@pytest.mark.slow
def test_a_process_that_hangs_ends_the_others_in_the_stated_time(tmp_path):
    port = free_port()
    first = start(port, 0, "--weights", tmp_path / "none", "--stalled-after", 40)
    second = start(
        port, 1, "--weights", tmp_path / "none", "--hang-after", 4, "--stalled-after", 40
    )
    code, output = finish(first)
    second.kill()
    second.communicate()
    assert code == 1
    assert "has waited 40 s for a step to end" in output


def test_a_process_that_never_comes_is_an_error_in_the_stated_time():
    begin = time.monotonic()
    processes = [start(free_port(), i, "--timeout", 4) for i in (0, 1)]  # at ports of their own
    for i, process in enumerate(processes):
        code, output = finish(process, timeout=100)
        assert code == 1
        assert f"TimeoutError: Process {i} of 2 waited 4 s for the others" in output
    assert time.monotonic() - begin < 60


def test_processes_that_differ_are_told_so(tmp_path):
    for code, output in together("--weights", tmp_path / "none", of_second=("--seed", 6)):
        assert code == 1
        assert "ValueError: All processes must train the same model" in output
        assert "differ in the seed" in output


def test_shards_of_unlike_length_are_refused(tmp_path):
    for code, output in together("--weights", tmp_path / "none", of_second=("--leave-out", 1)):
        assert code == 1
        assert "differ in the number of samples" in output


def test_the_example_trains_on_two_hosts_and_writes_once(tmp_path):
    coordinator = f"127.0.0.1:{free_port()}"
    both = ("--coordinator", coordinator, "--processes", 2, "--epochs", 1, "--width", 4)
    example = ROOT / "examples" / "multi_host.py"
    started = [run(example, *both, "--process", i, folder=tmp_path) for i in range(2)]
    checksums = []
    for i, process in enumerate(started):
        code, output = finish(process)
        assert code == 0, output[-3000:]
        last = output.strip().splitlines()[-1]
        assert last.startswith(f"process {i} of 2, 2 devices: ")
        checksums.append(last.split()[-1])
    assert checksums[0] == checksums[1]
    assert (tmp_path / "multi_host" / "gan.keras").exists()
    assert len(list((tmp_path / "multi_host" / "checkpoints").iterdir())) == 1
