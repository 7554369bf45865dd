"""Every example runs as a program, on a tiny budget, and leaves what it says."""

import os
import pathlib
import runpy
import subprocess
import sys

import keras
import numpy as np
import pytest
from PIL import Image

import keras_gan as kg

EXAMPLES = pathlib.Path(__file__).parent.parent / "examples"
TINY = "--epochs 1 --steps-per-epoch 2 --width 4"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs an example in an empty folder; returns what it printed."""
    monkeypatch.chdir(tmp_path)

    def run_example(name, options):
        monkeypatch.setattr(sys, "argv", [name, *options.split()])
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")
        return capsys.readouterr().out

    return run_example


def pixels(path):
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def is_red(picture):
    """Where the samples' colour is."""
    red, green, blue = (picture[..., c].astype(int) for c in range(3))
    return (red > 150) & (green < 100) & (blue < 100)


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore:The Fréchet distance of")
def test_colour_photographs_trains_on_a_folder(run, tmp_path):
    rng = np.random.default_rng(0)
    for name in ("tree", "flower"):
        (tmp_path / "own" / name).mkdir(parents=True)
        for i in range(6):
            photograph = rng.integers(0, 256, (20 + i, 24, 3), dtype="uint8")
            Image.fromarray(photograph).save(tmp_path / "own" / name / f"{i}.jpg")
    budget = f"{TINY} --batch-size 4 --features pixels"
    printed = run("colour_photographs.py", f"own --labels --size 12x16 {budget}")
    assert "12 photographs, 12 x 16; classes: ['flower', 'tree']" in printed
    assert "Fréchet distance of 6 real to 6 real ones" in printed
    gan = kg.load_model("colour_photographs/gan.keras")
    assert gan.classes == 2
    assert gan.generate(3, seed=0).shape == (3, 12, 16, 3)
    with Image.open("colour_photographs/epoch_0001.png") as picture:
        assert picture.mode == "RGB"


@pytest.mark.slow
def test_mode_collapse_draws_one_row_a_method(run):
    printed = run(
        "mode_collapse.py", "--columns 2 --steps-per-column 50 --batch-size 32 --width 16"
    )
    assert printed.count("of 8 modes") == 3
    figure = pixels("mode_collapse/mode_collapse.png")
    assert figure.shape == (3 * 240, 3 * 240, 3)
    panels = figure.reshape(3, 240, 3, 240, 3).swapaxes(1, 2).reshape(9, 240, 240, 3)
    assert all(is_red(panel).sum() > 20 for panel in panels)


@pytest.mark.thorough
def test_unrolled_ring_prints_a_row_a_game_and_draws_a_row_an_unrolling(run):
    budget = "--steps 8 --columns 2 --fused 2 --batch-size 32 --width 16"
    printed = run("unrolled_ring.py", f"--unroll 0 2 --seeds 0 1 {budget}").splitlines()
    heading, _, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in printed[:6]
    ]
    assert heading == ["unroll", "seed", "modes at 4", "modes at 8", "high quality"]
    assert [row[:2] for row in rows] == [["0", "0"], ["2", "0"], ["0", "1"], ["2", "1"]]
    figure = pixels("unrolled_ring/unrolled_ring.png")
    assert figure.shape == (2 * 240, 3 * 240, 3)
    assert is_red(figure).sum() > 500


@pytest.mark.thorough
def test_fgan_divergences_draws_one_panel_a_divergence(run):
    printed = run("fgan_divergences.py", "--divergences kl pearson --steps 50 --batch-size 32")
    lines = [line.split() for line in printed.splitlines()]
    assert [line[0] for line in lines[1:3]] == ["kl", "pearson"]
    figure = pixels("fgan_divergences/divergences.png")
    assert figure.shape == (480, 2 * 480, 3)
    assert all(is_red(panel).sum() > 500 for panel in np.split(figure, 2, axis=1))


@pytest.mark.thorough
def test_avb_four_points_draws_one_panel_a_method(run):
    printed = run("avb_four_points.py", "--steps 50 --batch-size 32 --width 8")
    rows = {line.split()[0]: line.split()[1:] for line in printed.splitlines()[1:3]}
    assert list(rows) == ["VAE", "AVB"]
    for bound, exact, share in rows.values():
        assert -4 < float(exact) < -1.386  # of 16 pictures, log ¼ at best
        assert -10 < float(bound) < 0
        assert 0 <= float(share.rstrip("%")) <= 100
    figure = pixels("avb_four_points/avb_four_points.png")
    assert figure.shape == (480, 2 * 480, 3)
    for panel in np.split(figure, 2, axis=1):
        colours = np.unique(panel.reshape(-1, 3), axis=0)
        assert {(211, 60, 60), (58, 111, 208)} < set(map(tuple, colours.tolist()))


@pytest.mark.thorough
def test_mixture_likelihood_sets_losses_beside_the_exact_one_and_draws_their_spread(run):
    printed = run("mixture_likelihood.py", "--seeds 0 --epochs 2 --batch-size 50 --draws 1 4")
    tables = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in printed.splitlines()
        if line.startswith("|") and "--" not in line
    ]
    methods = ["sum over z", "prior, k = 1", "prior, k = 4", "learned q, k = 1", "learned q, k = 4"]
    losses, spreads = tables[1:6], tables[7:]
    assert [row[1] for row in losses] == [row[0] for row in spreads] == methods
    trained, exact, best, one = np.array([row[2:] for row in losses], float).T
    assert trained[0] == exact[0]  # by the sum over z
    assert (best < np.minimum(exact, one)).all()
    medians, means, largest, drawn = np.array([row[1:] for row in spreads], float).T
    assert medians[0] == means[0] == drawn[0] == 0
    np.testing.assert_allclose(means[[2, 4]], means[[1, 3]] / 4, atol=1e-4)
    np.testing.assert_allclose(drawn[1:3], means[1:3], rtol=0.1)
    assert all(largest[1:3] <= [2, 0.5])
    assert pixels("mixture_likelihood/mixture_likelihood.png").shape == (2 * 240, 5 * 240, 3)


@pytest.mark.slow
def test_denoising_autoencoder_sets_the_autoencoders_beside_filters(run):
    options = "--data digits --steps 150 --seeds 0 1 --noise salt_pepper --level 0.3"
    printed = run("denoising_autoencoder.py", options)
    rows = [
        line.strip("| ").split(" | ") for line in printed.splitlines() if "autoencoder |" in line
    ]
    assert [row[:2] for row in rows] == [
        [seed, f"{kind} autoencoder"] for seed in "01" for kind in ("plain", "denoising")
    ]
    errors = np.array([row[2:] for row in rows], float)
    assert (errors > 0).all()
    assert (errors < 0.25).all()
    assert (errors[1::2, 0] < errors[::2, 0]).all()  # of noisy digits
    picture = pixels("denoising_autoencoder/digits_salt_pepper.png")
    assert picture.shape == (5 * 66 + 2, 16 * 66 + 2, 3)


@pytest.mark.slow
def test_anomaly_detection_has_a_row_a_class(run):
    printed = run("anomaly_detection.py", "--data digits --steps 20 --width 16").splitlines()
    rows = [line.strip("| ").split(" | ") for line in printed[3:]]
    assert [row[0] for row in rows] == [*"0123456789", "mean"]
    areas = np.array([row[1:] for row in rows], float)
    assert (areas >= 0).all()
    assert (areas <= 1).all()
    np.testing.assert_allclose(areas[:-1].mean(axis=0), areas[-1], atol=1e-3)
    assert areas[-1, 1] > 0.9  # a neighbour's pixels


@pytest.mark.slow
def test_clustering_codes_has_a_row_a_view(run):
    options = "--data digits --steps 30 --width 16 --starts 1 --seeds 0 1"
    rows = [
        line.strip("| ").split(" | ")
        for line in run("clustering_codes.py", options).splitlines()
        if line.startswith("| digits")
    ]
    views = ["pixels", "principal components", "autoencoder's codes", "VAE's posterior means"]
    assert [row[:2] for row in rows] == [["digits, 1,797", view] for view in views]
    shares = np.array([row[2:] for row in rows], float)
    assert (shares > 0.1).all()
    assert (shares < 1).all()
    assert (shares[:2, -1] > 0.6).all()  # of pixels


@pytest.mark.thorough
def test_latent_directions_draws_a_row_a_direction_and_a_random_one(run):
    options = "--preset wgangp_digits --directions 2 --steps 4"
    printed = run("latent_directions.py", options).splitlines()
    changes = [float(line.split(": ")[1]) for line in printed[1:4]]
    assert max(changes) < 2
    assert min(changes[:2]) > changes[2] > 0
    assert pixels("latent_directions/directions.png").shape == (3 * 66 + 2, 4 * 66 + 2, 3)


@pytest.mark.slow
def test_latent_traversals_draws_a_row_a_component(run):
    options = "--data digits --steps 20 --width 16 --latent-dim 3"
    printed = run("latent_traversals.py", options)
    assert [f"β = {beta}" in printed for beta in (1, 4)] == [True, True]
    for name in ("vae", "beta_vae"):
        picture = pixels(f"latent_traversals/traversals_{name}.png")
        assert picture.shape == (3 * 66 + 2, 11 * 66 + 2, 3)
    assert pixels("latent_traversals/interpolation.png").shape == (3 * 66 + 2, 8 * 66 + 2, 3)


@pytest.mark.slow
def test_multi_gpu_trains_on_two_devices_and_saves_the_game(tmp_path, monkeypatch):
    """In a process of its own, since the number of devices is settled once a process."""
    monkeypatch.chdir(tmp_path)
    command = [sys.executable, str(EXAMPLES / "multi_gpu.py"), *TINY.split(), "--batch-size=8"]
    path = os.pathsep.join([str(EXAMPLES.parent), os.environ.get("PYTHONPATH", "")])
    printed = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": path}
    ).stdout
    assert "2 devices: CPU:0, CPU:1" in printed
    assert "those of the trained one by 0.0e+00 at most" in printed
    assert pixels("multi_gpu/epoch_0001.png").std() > 0


@pytest.mark.slow
def test_cyclegan_digits_translates_both_ways_and_counts_the_labels_kept(run):
    options = "--y digits --size 8 --batch-size 4 --copies 1 --classifier-steps 20"
    printed = run("cyclegan_digits.py", f"{TINY} {options}")
    assert "1797 images of x and 1797 of y, (8, 8, 1) and (8, 8, 1)" in printed
    for to in "yx":
        assert f"labels kept on the way to {to}: " in printed
    assert isinstance(kg.load_model("cyclegan_digits/gan.keras"), kg.CycleGAN)
    assert pixels("cyclegan_digits/epoch_0001.png").shape == (6 * 66 + 2, 16 * 66 + 2, 3)


@pytest.mark.thorough
@pytest.mark.parametrize(("task", "most"), [("shrunk", 0.4), ("edges", 1.0)])
def test_pix2pix_digits_prints_what_inputs_and_translations_miss(run, task, most):
    options = f"--data digits --task {task} --batch-size 4 --held-out 50"
    printed = run("pix2pix_digits.py", f"{TINY} {options}").splitlines()
    assert "1400 pairs of 8 x 8 pixels to train on, 50 to test on" in printed
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in printed[-3:]]
    assert [row[0] for row in rows] == ["input", "translation", "truth"]
    errors, steps = (np.array([row[i] for row in rows], "float64") for i in (1, 2))
    assert errors[2] == 0 < errors[0] < most  # the input is near the truth
    assert (steps > 0).all()
    assert isinstance(kg.load_model("pix2pix_digits/gan.keras"), kg.Pix2Pix)
    assert pixels("pix2pix_digits/epoch_0001.png").shape == (3 * 66 + 2, 16 * 66 + 2, 3)


@pytest.mark.slow
@pytest.mark.data
def test_wgan_gp_mnist_prints_the_distance_of_every_epoch(run):
    printed = run("wgan_gp_mnist.py", f"{TINY} --batch-size 4 --critic-steps 2")
    heading, row = printed.splitlines()[-2:]
    assert heading.split() == ["epoch", "wasserstein_estimate", "gradient_penalty"]
    assert np.isfinite([float(value) for value in row.split()]).all()
    gan = kg.load_model("wgan_gp_mnist/gan.keras")
    assert isinstance(gan, kg.WGANGP)
    assert any(isinstance(i, kg.layers.LayerNormalization) for i in gan.discriminator.layers)
    assert pixels("wgan_gp_mnist/epoch_0001.png").std() > 0


@pytest.mark.thorough
@pytest.mark.data
def test_sngan_mnist_saves_the_game(run):
    printed = run("sngan_mnist.py", TINY)
    assert "64 digits of shape (28, 28, 1)" in printed
    assert isinstance(kg.load_model("sngan_mnist/gan.keras"), kg.SNGAN)
    assert keras.config.dtype_policy().name == "mixed_bfloat16"


@pytest.mark.thorough
@pytest.mark.data
def test_conditional_mnist_draws_the_digit_asked_for(run):
    printed = run("conditional_mnist.py", f"{TINY} --count 20")
    assert "8 sevens of shape (28, 28, 1)" in printed
    assert "of 20 samples show the digit asked for" in printed
    assert kg.load_model("conditional_mnist/gan.keras").classes == 10
    assert pixels("conditional_mnist/epoch_0001.png").shape == (582, 582, 3)


@pytest.mark.thorough
def test_infogan_digits_says_what_codes_tell_and_draws_a_row_a_category(run):
    printed = run("infogan_digits.py", f"{TINY} --noise-dim 3").splitlines()[-4:]
    for line, code in zip(printed, ("digit", "first", "second"), strict=False):
        assert line.startswith(f"{code}: at least ")
        assert float(line.split()[3]) < 2.303  # log 10
    share, count = float(printed[-1].split("%")[0]), int(printed[-1].split()[2])
    assert 10 <= share < 100
    assert count == 1797
    assert kg.load_model("infogan_digits/gan.keras").prior.codes["digit"] == 10
    side = 10 * 66 + 2
    assert pixels("infogan_digits/categories.png").shape == (side, side, 3)
    assert pixels("infogan_digits/continuous.png").shape == (2 * 66 + 2, side, 3)


@pytest.mark.thorough
@pytest.mark.data
@pytest.mark.filterwarnings("ignore:The linear probe has not converged")
def test_bigan_mnist_probes_codes_features_and_pixels(run):
    printed = run("bigan_mnist.py", f"{TINY} --latent-dim 3 --probe-images 100")
    rows = [line.rsplit(maxsplit=3) for line in printed.splitlines()[-3:]]
    assert [row[:2] for row in rows] == [["E(x)", "3"], ["D's last layer", "4"], ["pixels", "784"]]
    shares = [float(share.rstrip("%")) for row in rows for share in row[2:]]
    assert all(0 < share < 100 for share in shares)
    assert shares[-2] > 50  # a neighbour's pixels, of 100 digits
    assert isinstance(kg.load_model("bigan_mnist/gan.keras"), kg.BiGAN)
    assert pixels("bigan_mnist/reconstructions.png").shape == (3 * 58 + 2, 16 * 58 + 2, 3)


@pytest.mark.data
@pytest.mark.thorough
def test_likelihood_is_not_quality_sets_nats_beside_distances(run):
    printed = run("likelihood_is_not_quality.py", "--samples 200").splitlines()
    rows = {}
    for line in printed[2:6]:
        name, nats, bits, window, distance = (cell.strip() for cell in line.strip("| ").split("|"))
        rows[name] = nats, bits, float(window.replace(",", "")), float(distance)
    assert list(rows) == ["flow", "mostly noise", "memorizer", "GAN"]
    nats = {name: float(row[0].replace(",", "")) for name, row in rows.items() if name != "GAN"}
    assert rows["GAN"][:2] == ("none", "none")
    assert 0 < nats["flow"] - nats["mostly noise"] <= np.log(100) + 0.1
    assert nats["memorizer"] == pytest.approx(np.log(0.01) - 784 * np.log(2), abs=0.1)
    assert float(rows["flow"][1]) < 2 < float(rows["memorizer"][1])
    distances = {name: row[3] for name, row in rows.items()}
    assert distances["memorizer"] < distances["flow"] < distances["mostly noise"]
    figure = pixels("likelihood_is_not_quality/likelihood_is_not_quality.png")
    assert figure.shape == (4 * 56, 12 * 56, 3)


@pytest.mark.thorough
def test_flow_paths_draws_densities_and_the_way_of_points(run):
    printed = run("flow_paths.py", "realnvp_moons --points 300 --tested 2000").splitlines()
    excess, error = (float(part.split()[0]) for part in printed[0].split("= ")[1].split("± "))
    assert 0 < error < 0.01
    assert excess == pytest.approx(0.007, abs=4 * error)
    figure = pixels("flow_paths/realnvp_moons.png")
    assert figure.shape == (2 * 260 + 8, 6 * 248 + 8, 3)
