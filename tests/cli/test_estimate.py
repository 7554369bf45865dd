"""How long a run will take is said once, from its first steps."""

import itertools

import pytest

from keras_gan.cli import estimate
from keras_gan.cli.estimate import Estimate, duration


@pytest.fixture
def told(monkeypatch, capsys):
    """Runs the callback by a clock of one's own; returns what it prints."""

    def run(seconds_a_call, epochs, steps, fused=1, first=0, pause=100.0):
        now = [0.0]
        monkeypatch.setattr(estimate.time, "perf_counter", lambda: now[0])
        callback = Estimate()
        callback.set_params({"epochs": epochs, "steps": steps})
        callback.on_train_begin()
        for epoch in range(first, epochs):
            now[0] += pause  # pictures, and a step that compiles
            callback.on_epoch_begin(epoch)
            for batch in range(fused - 1, steps, fused):
                now[0] += seconds_a_call
                callback.on_train_batch_end(batch)
        return capsys.readouterr().out.splitlines()

    return run


def test_it_is_the_time_of_the_steps_that_are_left(told):
    (line,) = told(1.0, epochs=10, steps=100)  # after 6 steps: 994 of a second
    assert line == "994 more steps of 1e+03 ms: 17 minutes, beside pictures and scores"


def test_fused_steps_count_one_by_one(told):
    (line,) = told(2.0, epochs=10, steps=100, fused=10)  # after 4 calls, of which 3 are timed
    assert line.startswith("960 more steps of 200 ms: 3.2 minutes")


def test_a_resumed_run_has_fewer_steps_left(told):
    (line,) = told(1.0, epochs=10, steps=100, first=9)
    assert line.startswith("94 more steps")


def test_short_epochs_add_up_without_their_pictures(told):
    (line,) = told(1.0, epochs=1000, steps=3)  # two timed steps an epoch: 5 s within the third
    assert line.startswith(f"{1000 * 3 - 8:,} more steps of 1e+03 ms")


def test_what_ends_at_once_says_nothing(told):
    assert told(0.01, epochs=2, steps=100) == []
    assert told(10.0, epochs=1, steps=3) == []


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.6, "0.6 seconds"), (89, "89 seconds"), (90, "1.5 minutes"), (5400, "1.5 hours")],
)
def test_a_time_is_said_in_its_unit(seconds, words):
    assert duration(seconds) == words
    assert duration(10 * 86400.0) == "10 days"


def test_a_run_says_it(monkeypatch, tmp_path, capsys):
    from keras_gan.cli.main import main

    ticks = itertools.count()
    monkeypatch.setattr(estimate.time, "perf_counter", lambda: 2.0 * next(ticks))
    options = "--width 4 --latent-dim 4 --epochs 2 --steps-per-epoch 5 --batch-size 16"
    options += " --score-samples 100 --steps-per-execution 1"
    folder = str(tmp_path / "run")
    assert main(["train", "--dataset", "digits", "--out", folder, *options.split()]) == 0
    assert "6 more steps of" in capsys.readouterr().out
