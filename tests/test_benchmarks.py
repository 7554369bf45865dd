"""The benchmarks whose figures stand in the README run, and what they take for true is true."""

import contextlib
import dataclasses
import importlib.util
import itertools
import json
import math
import pathlib
import sys
import time
import types
from contextlib import nullcontext

import numpy as np
import pytest
import tensorflow as tf

import keras_gan as kg

FOLDER = pathlib.Path(__file__).parent.parent / "benchmarks"


def benchmark(name):
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))  # as for a script that runs there
    spec.loader.exec_module(module)
    return module


def test_the_optimum_of_kl_has_the_moments_of_the_data():
    mixture = benchmark("fgan_mixture")
    mean, stddev, _ = mixture.optimum("kl")  # maximum likelihood of a Gaussian
    truth = 0.33 * -1 + 0.67 * 2
    variance = 0.33 * (0.25**2 + 1) + 0.67 * (2 + 4) - truth**2
    assert mean == pytest.approx(truth, abs=1e-3)
    assert stddev == pytest.approx(math.sqrt(variance), abs=1e-3)


def test_every_integrand_of_the_mixture_is_its_divergences_f():
    from keras_gan.objectives import divergences

    mixture = benchmark("fgan_mixture")
    assert set(mixture.INTEGRANDS) == set(divergences.DIVERGENCES)
    for name, integrand in mixture.INTEGRANDS.items():
        divergence = divergences.get(name)
        for p, q in [(0.3, 0.7), (0.7, 0.3), (0.5, 0.5), (1e-3, 2.0)]:
            expected = q * float(divergence.f(np.float64(p / q)))
            assert integrand(p, q) == pytest.approx(expected, rel=1e-5, abs=1e-7), name


@pytest.mark.slow
@pytest.mark.parametrize("divergence", ["kl", "squared_hellinger"])
def test_an_fgan_finds_the_optimum_of_its_divergence(divergence):
    mixture = benchmark("fgan_mixture")
    mean, stddev, bound = mixture.learned(divergence, seed=0)
    best_mean, best_stddev, least = mixture.optimum(divergence)
    assert mean == pytest.approx(best_mean, rel=0.05)
    assert stddev == pytest.approx(best_stddev, rel=0.05)
    assert bound == pytest.approx(least, rel=0.05)


@pytest.mark.slow
def test_modes_runs_resumes_and_prints_its_table(tmp_path, monkeypatch, capsys):
    modes = benchmark("modes")
    assert set(modes.SETTINGS) == {
        *("GAN", "DCGAN", "FGAN", "WGAN", "WGANGP", "CTGAN", "SNGAN", "DRAGAN", "GANGP", "R3GAN")
    }
    for name in ("CTGAN", "SNGAN"):  # the two whose discriminators are built differently
        short = dataclasses.replace(modes.SETTINGS[name], steps=2)
        monkeypatch.setitem(modes.SETTINGS, name, short)
    monkeypatch.setattr(modes, "FUSED", 1)
    out = tmp_path / "modes.jsonl"
    flags = ["--recipes", "CTGAN", "SNGAN", "--datasets", "ring", "--seeds", "0"]
    monkeypatch.setattr("sys.argv", ["modes.py", *flags, "--out", str(out)])
    modes.main()
    first = capsys.readouterr().out
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["recipe"] for row in rows] == ["CTGAN", "SNGAN"]
    assert all(row["total"] == 8 and 0 <= row["high_quality"] <= 1 for row in rows)
    assert first.count("| ring |") == 2
    monkeypatch.setattr(modes, "measured", None)  # a finished benchmark trains nothing
    modes.main()
    assert capsys.readouterr().out == first


@pytest.mark.thorough
def test_stacked_modes_runs_goes_on_and_prints_its_table(tmp_path, monkeypatch, capsys):
    stacked = benchmark("stacked_modes")
    monkeypatch.setattr(stacked, "SAMPLES", 400)
    folder = tmp_path / "runs"
    arguments = ["stacked_modes", "--games", "packing-2", "deviation", "--seeds", "0"]
    monkeypatch.setattr(sys, "argv", [*arguments, "--steps", "5", "--folder", str(folder)])
    stacked.main()
    printed = capsys.readouterr().out
    rows = [[cell.strip() for cell in line.split("|")[1:]] for line in printed.splitlines()[2:]]
    assert [row[0] for row in rows] == ["packing-2", "deviation", "other real images"]
    assert 0 < int(rows[0][2].split()[0]) < int(rows[2][2]) <= 400
    assert sorted(path.name for path in folder.iterdir()) == [
        "deviation_0.json",
        "packing-2_0.json",
        "real.json",
    ]
    monkeypatch.setattr(stacked, "scores", None)  # nothing is measured again
    stacked.main()
    assert capsys.readouterr().out == printed


def test_every_metric_of_the_benchmark_is_measured(monkeypatch):
    metrics = benchmark("metrics")
    monkeypatch.setattr(metrics, "D", 4)
    for name in metrics.BUDGETS:
        found = metrics.measured(name, 1000 if name == "kernel_distance" else 100)
        assert 0 < found["seconds"] < 60
        assert 0 <= found["gib"] < 1
        assert any(digit in found["result"] for digit in "0123456789")


@pytest.mark.parametrize(
    ("seconds", "gib", "missed"), [(19.0, 1.9, False), (20.5, 1.9, True), (19.0, 2.1, True)]
)
def test_a_missed_budget_is_an_error(monkeypatch, capsys, seconds, gib, missed):
    metrics = benchmark("metrics")
    row = {"seconds": seconds, "cpu_seconds": 30.0, "gib": gib, "result": "precision 1"}
    calls = []

    def run(command, **_):
        calls.append(command[2:])
        return types.SimpleNamespace(stdout=f"a message of a library\n{json.dumps(row)}\n")

    monkeypatch.setattr(metrics.subprocess, "run", run)
    monkeypatch.setattr("sys.argv", ["metrics.py", "--only", "precision_recall"])
    with pytest.raises(SystemExit, match="precision_recall") if missed else nullcontext():
        metrics.main()
    assert calls == [["--measure", "precision_recall", "--samples", "10000"]]
    assert f"| {seconds:.2f} (at most 20) | 30.00 | {gib:.2f} (at most 2) |" in (
        capsys.readouterr().out
    )


@pytest.mark.slow
def test_exact_resume_counts_exact_and_warned_variants(capsys):
    resume = benchmark("reliability/exact_resume")
    assert len(list(resume.variants())) == 60
    assert resume.main(["--only", "GAN, unseeded shuffle"]) == 0
    assert "0 exact, 1 warned of beforehand, 0 others" in capsys.readouterr().out
    assert resume.main(["--only", "BiGAN, fused"]) == 0
    assert "1 exact, 0 warned of beforehand, 0 others" in capsys.readouterr().out


def test_long_runs_measure_and_miss(monkeypatch, capsys):
    runs = benchmark("reliability/long_runs")
    found = runs.measured("evaluate", 40)
    assert "scores in" in found["result"]
    assert not found["missed"]
    sizes = iter([100.0, 100.0, 104.0, 100.0, 100.0, 106.0])
    monkeypatch.setattr(runs, "resident", lambda: next(sizes))
    assert [runs.growing(lambda: None, 3, 1)["missed"] for _ in range(2)] == [False, True]
    row = {"seconds": 1.0, "cpu_seconds": 2.0, "result": "grew", "missed": True}
    answer = types.SimpleNamespace(stdout=f"a message of a library\n{json.dumps(row)}\n")
    monkeypatch.setattr(runs.subprocess, "run", lambda *_, **__: answer)
    monkeypatch.setattr("sys.argv", ["long_runs.py", "--only", "fits"])
    with pytest.raises(SystemExit, match="Targets missed: fits"):
        runs.main()
    assert "| fits | 60 | 1.0 | 2.0 | grew |" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize(("part", "count"), [("fits", 60), ("generate", 2000)])
def test_long_runs_stay_flat(part, count):
    """In this process, which others have warmed up."""
    runs = benchmark("reliability/long_runs")
    assert not runs.measured(part, count)["missed"]


@pytest.mark.thorough
def test_full_disk_counts_what_is_kept(monkeypatch, tmp_path, capsys):
    disk = benchmark("reliability/full_disk")
    monkeypatch.setattr(disk, "small_disk", lambda: contextlib.nullcontext(tmp_path))
    monkeypatch.setattr(disk, "FREE", (0,))
    nothing = types.SimpleNamespace(f_bavail=0, f_frsize=1)  # to fill: this is the real disk
    monkeypatch.setattr(disk, "os", types.SimpleNamespace(statvfs=lambda _: nothing))
    assert disk.main(["--kinds", "preset"]) == 0  # a disk with room
    assert "| preset | 1 | 0 | 1 | 0 |" in capsys.readouterr().out
    monkeypatch.setitem(disk.KINDS, "preset", lambda _, folder: (folder / "x").write_text("now"))
    assert disk.main(["--kinds", "preset"]) == 1
    assert "nothing was written, and nothing said" in capsys.readouterr().out


@pytest.mark.data
@pytest.mark.slow
def test_vqvae_compression_trains_prints_its_table_and_reads_what_is_there(
    tmp_path, monkeypatch, capfd
):
    compression = benchmark("vqvae_compression")
    budget = "--steps-per-epoch 2 --steps-per-execution 1 --width 8 --score-samples 50"
    train, trained = compression.trained, []

    def small(run, *arguments):
        trained.append(run.name)
        return train(run, *arguments, *budget.split())

    monkeypatch.setattr(compression, "trained", small)
    sizes = ["--epochs", "1", "--prior-epochs", "1", "--images", "16"]
    monkeypatch.setattr("sys.argv", ["vqvae_compression.py", *sizes, "--folder", str(tmp_path)])
    compression.main()
    first = capfd.readouterr().out
    assert trained == ["vqvae_mnist", "code_prior_mnist"]
    assert "| pixels, 8 bits each | 6,272 | 0.0000 |" in first
    assert "| codes, 7 bits each | 343 | " in first
    monkeypatch.setattr("subprocess.run", None)  # what is there is read
    compression.main()
    assert capfd.readouterr().out == first


def test_runs_that_ended_are_read_and_others_begin_or_go_on(tmp_path, monkeypatch):
    runs, commands = benchmark("runs"), []
    monkeypatch.setattr("subprocess.run", lambda command, **_: commands.append(command[3:]))
    for place in ("anew", "begun/checkpoints", "ended"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "ended" / "metrics.json").write_text("{}")
    for name in ("anew", "begun", "ended"):
        assert runs.trained(tmp_path / name, "--recipe", "vae") == tmp_path / name
    assert commands == [
        ["train", "--recipe", "vae", "--out", str(tmp_path / "anew")],
        ["train", "--resume", str(tmp_path / "begun")],
    ]


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["bytes", "streamed"])
def test_data_waiting_sees_a_training_that_waits(name, tmp_path, monkeypatch):
    waiting = benchmark("data_waiting")
    monkeypatch.setattr(waiting, "PHOTOGRAPHS", 64)
    monkeypatch.setattr(waiting, "SIDE", 64)
    monkeypatch.setattr(waiting, "SIZE", 16)
    seconds, share, least = waiting.measured(name, tmp_path / "photographs", 4)
    assert seconds > 0
    assert 0 < least < 0.5
    assert 0 < share < 0.9

    def slowly(x):
        time.sleep(0.3)
        return x

    slow = tf.data.Dataset.from_tensor_slices(np.zeros((4, 2), "float32")).batch(2).repeat()
    slow = slow.map(lambda x: tf.ensure_shape(tf.numpy_function(slowly, [x], tf.float32), (2, 2)))
    assert waiting.waited(slow, 1, 4)[1] > 0.9


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_measures_processes_of_their_own(tmp_path, monkeypatch, capfd):
    memory = benchmark("memory")
    monkeypatch.setattr(
        "sys.argv", ["memory.py", "--only", "generate", "--preset", "gan_ring", "--samples", "2000"]
    )
    memory.main()
    row = capfd.readouterr().out.splitlines()[-1].split("|")
    assert row[1].strip() == "generate(2,000) of gan_ring"
    assert 100 < float(row[2].replace(",", "")) < 4000
    assert 0 <= float(row[3]) < 400
    memory.write_photographs(tmp_path / "few", 3, 20)
    assert [len(kg.data.load(tmp_path / "few", image_size=size)) for size in (8, None)] == [3, 3]


@pytest.fixture
def clocked(monkeypatch):
    """The benchmark of CIFAR-10, whose processor time passes by one second a look at the clock."""
    cifar10, seconds = benchmark("cifar10_equal_time"), itertools.count()
    clock = types.SimpleNamespace(process_time=lambda: float(next(seconds)))
    monkeypatch.setattr(cifar10, "time", clock)
    return cifar10


@pytest.mark.parametrize("cut_off", [False, True])
def test_a_clock_stops_a_training_in_time_also_if_it_was_cut_off(clocked, tmp_path, cut_off):
    def trained(scored):
        gan = kg.GAN(kg.networks.mlp_generator(width=2), kg.networks.mlp_discriminator(width=2))
        gan.compile()
        clock = clocked.Clock(tmp_path / "clock.json", 12.0, scored)
        batches = kg.data.batches(np.zeros((8, 2), "float32"), 4, seed=0).repeat()
        callbacks = [clock, kg.callbacks.Checkpoint(tmp_path / "checkpoints")]
        gan.fit(batches, epochs=99, steps_per_epoch=2, callbacks=callbacks, verbose=0)
        return clock

    scores = itertools.count()

    def broken(gan):
        if next(scores) == 3:
            raise InterruptedError
        return 1.0

    if cut_off:
        with pytest.raises(InterruptedError):
            trained(broken)
    clock = trained(lambda gan: 1.0)
    assert clock.epochs == [float(i) for i in range(1, 13)]
    assert [look["epoch"] for look in clock.looks] == [2, 4, 6, 8, 10, 12]


@pytest.mark.data
@pytest.mark.thorough
def test_cifar10_in_equal_time_trains_goes_on_and_prints_its_table(tmp_path, monkeypatch, capsys):
    cifar10 = benchmark("cifar10_equal_time")
    monkeypatch.setattr(cifar10, "WIDTH", 2)
    monkeypatch.setattr(cifar10, "EPOCH", 2)
    budget = ["--seeds", "0", "--minutes", "0.01", "--samples", "200", "--folder", str(tmp_path)]
    monkeypatch.setattr("sys.argv", ["cifar10_equal_time.py", *budget])
    monkeypatch.setattr(cifar10, "AIMS", {"labels": 1e9, "projected": 1e9})
    cifar10.main()
    first = capsys.readouterr().out
    assert [line.split()[1] for line in first.splitlines()[2:]] == ["recipe", "labels", "projected"]
    monkeypatch.setattr(cifar10, "measured", None)  # what is there is read
    monkeypatch.setattr(cifar10, "AIMS", {"labels": 0.0, "projected": 1e9})
    with pytest.raises(SystemExit, match=r"missed: labels \d\.\d+, at most 0\.0$"):
        cifar10.main()
    assert capsys.readouterr().out == first


@pytest.mark.thorough
def test_glyphs_are_judged_by_what_a_classifier_reads(monkeypatch, rng):
    glyphs = benchmark("glyph_characters")
    from keras_gan.data.packaged.fonts import CHARACTERS

    kind = glyphs.kinds(tuple(CHARACTERS))
    assert len(set(kind)) == 62 - 14
    assert kind[CHARACTERS.index("O")] == CHARACTERS.index("0")
    labels = {"character": np.tile(np.arange(62), 2).astype("int32")}
    images = rng.integers(256, size=(124, 8, 8, 1), dtype="uint8")
    taken = kg.data.Collection(images, labels, {"character": tuple(CHARACTERS)}, {})
    monkeypatch.setattr(kg.data, "collection", lambda *_: taken)
    asked = []

    class Model:
        def generate(self, n, seed, labels):
            asked.append(labels)
            return images[labels].astype("float32") / 127.5 - 1

    found = glyphs.accuracies(Model(), "glyphs", 8, 2, seed=0, steps=2)
    np.testing.assert_array_equal(asked[0], np.repeat(np.arange(62), 2))
    for row in found.values():
        assert 0 <= row["exactly"] <= row["but for twins"] <= 1
