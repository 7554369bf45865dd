"""The example of frozen generators and fresh discriminators, on a tiny budget."""

import json
import math

import numpy as np
import pytest

from tests.results.programs import printed_by, tables_in

SCRIPT = "examples/principled_methods.py"
TINY = (
    "--data digits --images 1000 --held-out 200 --epochs 1 2 --sigmas 3 --steps 200 --every 20 "
    "--minibatches 2 --width 8 --seeds 0"
)


@pytest.mark.slow
def test_a_fresh_discriminator_is_perfect_without_noise_and_not_with_it(
    tmp_path, monkeypatch, capsys
):
    (table,) = tables_in(printed_by(SCRIPT, TINY, tmp_path, monkeypatch, capsys))
    assert [row[0] for row in table[1:]] == ["1 epochs", "2 epochs", "2 epochs, σ 3"]
    path = tmp_path / "principled_methods/seed_0.json"
    record = json.loads(path.read_text())
    plain, noised = record["curves"]["2 epochs"], record["curves"]["2 epochs, sigma 3"]
    for curves in (plain, noised):
        assert len(curves["loss"]) == 11
        np.testing.assert_allclose(curves["jsd"], math.log(2) - np.array(curves["loss"]) / 2)
        assert curves["loss"][0] == pytest.approx(math.log(4), abs=0.05)  # it knows nothing
        # at D = ½ everywhere both losses of the generator have the same gradient
        assert curves["vanishing"][0] == pytest.approx(curves["alternate"][0], rel=0.1)
    assert plain["wrong"][-1] < 0.02
    assert plain["jsd"][-1] > noised["jsd"][-1] + 0.05
    # D(G(z)) is small in the end, which weighs the gradient of log(1 − D)
    assert plain["vanishing"][-1] < 0.7 * plain["alternate"][-1]
    assert plain["variance"][-1] > 100 * plain["variance"][0]

    plain["wrong"][-1] = 0.5
    path.write_text(json.dumps(record))
    again = tables_in(printed_by(SCRIPT, TINY, tmp_path, monkeypatch, capsys))[0]
    assert again[2][2] == "50.00%"  # kept, not run again
