"""Nothing that is not finite is written as good: samples, pictures, exports, presets, runs."""

import numpy as np
import pytest

import keras_gan as kg
from keras_gan.callbacks import Samples
from keras_gan.cli import fitting
from keras_gan.cli.main import main
from keras_gan.plotting.samples import image_grid, picture_of
from keras_gan.zoo import packing, presets, weights
from tests import toys

BUDGET = "--width 4 --latent-dim 4 --steps-per-epoch 3 --batch-size 16 --score-samples 100"


def spoil(network, share=1.0):
    """Puts a NaN into the last weight of a network, or into a part of it."""
    weight = network.weights[-1]
    value = np.array(weight)
    value.flat[: max(1, int(share * value.size))] = np.nan
    weight.assign(value)
    return weight.path


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A finished run on the ring, and the path of the weight that was spoilt in it."""
    folder = tmp_path_factory.mktemp("runs") / "ring"
    line = f"train --dataset ring --recipe dcgan --epochs 1 {BUDGET} --average 0 --out {folder}"
    assert main([*line.split(), "--steps-per-execution", "1"]) == 0
    gan = kg.load_model(folder / "model.keras")
    path = spoil(gan.generator)
    gan.save(folder / "model.keras")
    return folder, path


def test_generate_writes_no_samples_that_are_not_finite(run, tmp_path, capsys):
    folder, path = run
    for name in ("grid.png", "samples.npz"):
        out = tmp_path / name
        assert main(["generate", str(folder), "--count", "7", "--out", str(out)]) == 2
        (sentence,) = capsys.readouterr().err.splitlines()
        assert "7 of 7 samples hold NaN or infinities; so is " in sentence
        assert path in sentence
        assert not out.exists()


def test_publish_names_the_weight(run, tmp_path, capsys):
    line = ["zoo", "publish", str(run[0]), "--zoo", str(tmp_path / "zoo")]
    assert main(line) == 2
    sentence = capsys.readouterr().err
    assert "kernel" in sentence or "bias" in sentence
    assert "no preset was published" in sentence
    assert not (tmp_path / "zoo").exists()


def test_exports_and_presets_name_the_weight(tmp_path):
    gan = kg.GAN(toys.generator(), toys.discriminator(), seed=0)
    path = spoil(gan.generator, share=0.1)
    generator = kg.Generator.from_gan(gan)
    for write in (gan.export, generator.export, generator.save_to_preset):
        with pytest.raises(
            ValueError, match=r"NaN or infinite, the first those of .*bias of "
        ) as e:
            write(str(tmp_path / "out"))
        assert path.split("/")[-1] in str(e.value)
        assert not (tmp_path / "out").exists()


def test_a_translator_names_the_weight(tmp_path):
    there, back = (kg.networks.mlp_generator(latent_dim=2, width=4) for _ in range(2))
    translator = kg.Translator(there, back)
    spoil(back)
    for write in (translator.export, translator.save_to_preset):
        with pytest.raises(ValueError, match="NaN or infinite"):
            write(str(tmp_path / "out"))


def test_a_preset_of_weights_that_are_not_finite_is_refused_with_the_weight(tmp_path):
    generator = kg.Generator(kg.networks.mlp_generator(width=4, depth=1))
    content = packing.pack(generator)
    spoil(generator)
    content["model.weights.h5"] = weights.written(generator)
    presets.write(tmp_path / "preset", content)
    expected = r"the array '/layers/.*' is not finite, .*/bias of generator \(2 of 2 numbers\)"
    with pytest.raises(kg.zoo.UntrustedPresetError, match=expected):
        kg.Generator.from_preset(tmp_path / "preset")
    fresh = kg.Generator(kg.networks.mlp_generator(width=4, depth=1))
    before = fresh.get_weights()
    with pytest.raises(ValueError, match="not finite"):
        weights.load(fresh, content["model.weights.h5"], "")
    for one, other in zip(before, fresh.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_grids_count_what_is_not_finite():
    images = np.zeros((5, 4, 4, 1), "float32")
    images[1, 0, 0, 0], images[3, 2, 1, 0] = np.nan, np.inf
    with pytest.raises(ValueError, match="2 of 5 samples hold NaN or infinities: no picture"):
        image_grid(images)
    with pytest.raises(ValueError, match="1 of 3 samples"):
        picture_of(np.array([[0.0, 0.0], [0.0, -np.inf], [1.0, 1.0]]))
    assert image_grid(np.zeros((2, 4, 4, 1), "uint8")).size  # whole numbers are finite


def test_samples_draws_no_picture_and_warns_once(tmp_path):
    gan = kg.GAN(toys.generator(), toys.discriminator(), seed=0)
    gan.compile(generator_optimizer="sgd")
    spoil(gan.generator)
    with pytest.warns(RuntimeWarning) as caught:
        gan.fit(toys.points(64), epochs=3, verbose=0, callbacks=[Samples(tmp_path)])
    texts = [str(each.message) for each in caught]
    (drawn,) = [text for text in texts if "no picture of epoch 1" in text]
    assert "64 of 64 samples hold NaN or infinities; so is " in drawn
    assert sum("ended with NaN" in text for text in texts) == 1
    assert not list(tmp_path.glob("*.png"))


@pytest.mark.thorough
def test_a_run_whose_samples_are_not_finite_ends_with_code_1(tmp_path, monkeypatch, capsys):
    """Health sees weights and losses; what networks overflow to only at sampling, the end sees."""
    fit = fitting.fit

    def spoilt(gan, *given, **options):
        done = fit(gan, *given, **options)
        spoil(gan.generator)
        return done

    monkeypatch.setattr("keras_gan.cli.train.fit", spoilt)
    out = tmp_path / "run"
    line = f"train --dataset ring --recipe dcgan --epochs 1 {BUDGET} --average 0 --out {out}"
    assert main([*line.split(), "--steps-per-execution", "1"]) == 1
    (sentence,) = [s for s in capsys.readouterr().err.splitlines() if s.startswith("keras-gan")]
    assert "Training diverged: " in sentence
    assert f"The last finite checkpoint is {out}/checkpoints/step_00000003" in sentence
    assert not (out / "model.keras").exists()
    assert not (out / "samples.png").exists()
