"""Flows at the command line: run, preset, card, and what is refused."""

import json
import pathlib

import numpy as np
import pytest

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.families.flow import nats
from keras_gan.zoo import UntrustedPresetError, presets
from tests.cli.own_zoo import own_zoo

SMALL = "--width 8 --depth 1 --epochs 1 --steps-per-epoch 20 --score-samples 100"
RUNS = {
    "realnvp": f"--model realnvp --dataset moons --couplings 2 {SMALL}",
    "nice": f"--model nice --dataset moons --labels --couplings 2 {SMALL} --average 0.9",
    "ffjord": f"--model ffjord --dataset ring {SMALL}",
    "glow": f"--model glow --dataset digits --steps-per-level 1 --levels 1 {SMALL}",
}
CLASSES = {"realnvp": kg.RealNVP, "nice": kg.NICE, "glow": kg.Glow, "ffjord": kg.FFJORD}
PRESETS = {"realnvp": "realnvp_moons", "nice": "cnice_moons", "glow": "glow_digits"}
PRESETS["ffjord"] = "ffjord_ring"
every = pytest.mark.parametrize("name", RUNS)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A run and a preset of each, in a zoo of their own."""
    folder = tmp_path_factory.mktemp("flows")
    with own_zoo(folder, samples=200) as patch:
        patch.setattr(nats, "CARD", 50)
        patch.setattr(nats, "RUN", 50)
        for name, line in RUNS.items():
            assert main(["train", *line.split(), "--out", name]) == 0
            assert main(["zoo", "publish", name]) == 0
        yield folder


@every
@pytest.mark.usefixtures("published")
def test_a_run_holds_model_and_likelihood(name):
    model = kg.load_model(f"{name}/model.keras")
    assert type(model) is CLASSES[name]
    assert not model.bijection.needs_start()
    found = json.loads(pathlib.Path(f"{name}/metrics.json").read_text())["likelihood"]
    assert found["samples"] == 50
    assert ("bits_per_dim" in found) == (name == "glow")
    assert ("kl_from_truth" in found) == (name in ("realnvp", "ffjord"))
    if name == "realnvp":
        x = np.stack(list(kg.data.load("moons", "test").take(50).as_numpy_iterator()))
        truth = kg.data.density("moons").log_prob(x)
        expected = (truth - model.log_prob(x)).mean()
        assert found["kl_from_truth"] == pytest.approx(expected, rel=1e-4)
        assert expected > 0


@every
@pytest.mark.usefixtures("published")
def test_its_preset_is_the_trained_flow(name, capsys):
    model, preset = kg.load_model(f"{name}/model.keras"), kg.Flow.from_preset(PRESETS[name])
    assert isinstance(preset, kg.Flow)
    assert preset.classes == model.classes
    assert repr(preset.base) == repr(model.base)
    labels = {"labels": [0, 1, 1, 0, 1]} if name == "nice" else {}
    x = model.generate(5, seed=3, **labels)
    np.testing.assert_allclose(preset.generate(5, seed=3, **labels), x, rtol=1e-4, atol=1e-5)
    x = np.clip(x, -1, 1)
    np.testing.assert_allclose(
        preset.log_prob(x, **labels), model.log_prob(x, **labels), rtol=1e-4, atol=1e-4
    )
    card = pathlib.Path(f"zoo/{PRESETS[name]}/card.md").read_text()
    assert "log p(x) = " in card
    assert ("bits per component" in card) == (name == "glow")
    assert ("KL(truth" in card) == (name in ("realnvp", "ffjord"))
    assert f'kg.Flow.from_preset("{PRESETS[name]}")' in card
    assert main(["zoo", "verify", PRESETS[name]]) == 0
    assert "drawn again, 0.00%" in capsys.readouterr().out


@pytest.mark.usefixtures("published")
def test_a_preset_is_trained_on_and_saved(tmp_path):
    preset = kg.Flow.from_preset("realnvp_moons")
    x = np.stack(list(kg.data.load("moons").take(512).as_numpy_iterator()))
    before = preset.log_prob(x).mean()
    preset.compile()
    preset.fit(x, batch_size=64, epochs=2, verbose=0)
    assert preset.log_prob(x).mean() > before
    assert preset.card is None
    preset.save_to_preset(tmp_path / "mine")
    again = kg.Flow.from_preset(tmp_path / "mine")
    np.testing.assert_array_equal(again.log_prob(x), preset.log_prob(x))


@pytest.mark.usefixtures("published")
def test_it_generates_and_is_evaluated(tmp_path, capsys):
    out = tmp_path / "samples.npz"
    assert main(["generate", "glow_digits", "--count", "6", "--out", str(out)]) == 0
    with np.load(out) as arrays:
        assert arrays["samples"].shape == (6, 8, 8, 1)
    line = ["evaluate", "realnvp", "--against", "moons", "--metrics", "sliced_wasserstein"]
    assert main([*line, "--samples", "100"]) == 0
    assert "A: realnvp (" in capsys.readouterr().out


def mutant(source, folder, **changes):
    """A copy of a preset with other arguments of its network, its checksums right."""
    unchecked = "checksums", "README.md"  # the list of sums, the page for the Hub
    files = {p.name: p.read_bytes() for p in source.iterdir() if p.name not in unchecked}
    config = json.loads(files["config.json"])
    network = config["networks"]["bijection"]
    network["network"] = changes.pop("network", network["network"])
    config["prior"] = changes.pop("prior", config["prior"])
    network["arguments"] |= changes
    presets.write(folder, {**files, "config.json": json.dumps(config).encode()})
    return folder


@pytest.mark.parametrize(
    "changes",
    [
        {"network": "mlp_generator"},
        {"network": "Lambda"},
        {"prior": "cauchy"},
        {"prior": 3},
        {"width": 9},
        {"width": 10**6},
        {"width": "8"},
        {"couplings": 1},
        {"couplings": 10**9},
        {"couplings": 60_000},
        {"depth": 60_000},
        {"sample_shape": [3]},
        {"sample_shape": [65_536, 65_536, 1]},
        {"sample_shape": []},
        {"sample_shape": "ab"},
        {"sample_shape": None},
        {"classes": 3},
        {"levels": -1},
        {"alpha": 0.7},
        {"alpha": float("nan")},
        {"more": 1},
    ],
    ids=str,
)
@pytest.mark.usefixtures("published")
def test_changed_presets_are_refused_in_one_sentence(changes, tmp_path):
    folder = mutant(pathlib.Path("zoo/realnvp_moons"), tmp_path / "odd", **changes)
    with pytest.raises(UntrustedPresetError) as error:
        kg.Flow.from_preset(folder)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--model realnvp --dataset digits --couplings 3", "--couplings of --recipe realnvp is fo"),
        ("--model realnvp --dataset moons --levels 2", "--levels of --recipe realnvp is for image"),
        ("--model glow --dataset moons", "Take kg.RealNVP for points"),
        ("--model glow --dataset digits --levels 4", "multiples of 2"),
        ("--model glow --latent-dim 3", "--latent-dim is not for --recipe glow"),
        ("--model nice --network mlp", "network"),
        ("--model vae --couplings 3", "--couplings is for the recipes"),
    ],
)
def test_what_makes_no_sense_is_refused(line, message, tmp_path, capsys):
    assert main(["train", *line.split(), "--out", str(tmp_path / "run")]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_a_flow_of_ones_own_bijection_is_no_preset(tmp_path):
    flow = kg.Flow(kg.bijections.ActNorm(), sample_shape=(2,), seed=0)
    with pytest.raises(ValueError, match="names the composition of a flow"):
        kg.families.PretrainedFlow.from_gan(flow)
    plain = kg.RealNVP((4, 4, 1), width=4, levels=1, dequantize=False)
    with pytest.raises(ValueError, match="dequantize=False"):
        kg.families.PretrainedFlow.from_gan(plain)
