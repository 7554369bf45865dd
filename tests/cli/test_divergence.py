"""What the command line says of a run that diverges."""

import numpy as np
import pytest

from keras_gan.cli.main import main


@pytest.mark.thorough
def test_a_run_that_diverges_ends_with_one_sentence_and_code_1(tmp_path, capsys, rng):
    np.save(tmp_path / "points.npy", rng.normal(size=(64, 2)).astype("float32"))
    options = "--width 4 --latent-dim 4 --epochs 2 --steps-per-epoch 3 --batch-size 16"
    rates = "--recipe dcgan --discriminator-learning-rate 1e38 --generator-learning-rate 1e38"
    data = ["--dataset", str(tmp_path / "points.npy"), "--out", str(tmp_path / "run")]
    assert main(["train", *options.split(), *rates.split(), *data]) == 1
    (sentence,) = capsys.readouterr().err.strip().splitlines()
    assert sentence.startswith("keras-gan: Training diverged at step ")
    assert "the first bad weight is" in sentence
