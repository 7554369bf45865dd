"""JSD and W of two segments, and both beside the Fréchet distance while games learn."""

import json
import math

import numpy as np
import pytest

from tests.results.programs import loaded, printed_by, tables_in

SCRIPT = "benchmarks/jsd_saturates.py"
TINY = "--data digits --images 300 --steps 9 --every 3 --line-steps 40 --width 4 --batch-size 8"


@pytest.mark.slow
def test_the_estimates_of_jsd_are_log_2_wherever_the_segments_are_and_those_of_w_are_not():
    """From 0.25 on JSD says nothing, and W the distance; at 0 both are 0."""
    jsaturates = loaded("jsd_saturates")
    found = jsaturates.lines(seed=0, steps=400, samples=2000)
    jsd, w = np.array(found["JSD"]), np.array(found["W"])
    apart = np.array(jsaturates.DISTANCES) >= 0.25
    np.testing.assert_allclose(jsd[apart], math.log(2), atol=0.02)
    assert jsd[0] == pytest.approx(0, abs=0.02)
    assert (jsd < math.log(2)).all()
    np.testing.assert_allclose(w[apart], np.array(jsaturates.DISTANCES)[apart], rtol=0.05)
    assert w[0] == pytest.approx(0, abs=0.05)


@pytest.mark.slow
def test_the_script_keeps_what_ran_and_ranks_the_moments(tmp_path, monkeypatch, capsys):
    first = printed_by(SCRIPT, f"{TINY} --seeds 0", tmp_path, monkeypatch, capsys)
    lines, runs = tables_in(first)
    assert [float(row[0]) for row in lines[1:]] == list(loaded("jsd_saturates").DISTANCES)
    assert [row[0] for row in runs[1:]] == ["GAN", "WGAN", "WGAN-GP"]
    assert all(-1 <= float(cell) <= 1 for row in runs[1:] for cell in row[5:])
    record = json.loads((tmp_path / "jsd_saturates/GAN_0.json").read_text())
    assert [len(record["result"]), record["settings"]["width"]] == [3, 4]
    assert all(0 <= moment["estimate"] < math.log(2) for moment in record["result"])

    record["result"] = [dict(m, estimate=-i, frechet=i) for i, m in enumerate(record["result"], 1)]
    (tmp_path / "jsd_saturates/GAN_0.json").write_text(json.dumps(record))
    again = tables_in(printed_by(SCRIPT, f"{TINY} --seeds 0", tmp_path, monkeypatch, capsys))[1]
    assert again[1][2] == "-1 to -3"
    assert again[1][5] == "-1.00"
    assert again[2:] == runs[2:]
