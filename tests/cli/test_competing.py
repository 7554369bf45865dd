"""Two programs that want one run folder: one trains, the other is refused, and nothing mixes."""

import pytest

from tests.test_benchmarks import benchmark


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0.0, 3.0, 6.0])
def test_one_trains_and_the_other_is_refused_by_name(tmp_path, delay):
    found = benchmark("reliability/competing_programs").compete(tmp_path / "run", delay)
    assert found["mixed"] is None
    if delay < 6:  # neither has come to its end before the other began
        assert sorted(found["codes"]) == [0, 2]
        (error,) = found["errors"][found["codes"].index(2)]
        assert "is in use: process" in error
        assert "train --dataset ring" in error
