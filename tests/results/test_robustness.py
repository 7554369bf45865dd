"""Random architectures, settings of Adam, tips: what their scripts count, and that they run."""

import importlib
import json
import math
import pathlib
import sys

import keras
import numpy as np
import pytest
import scipy.stats
from keras import ops

import keras_gan as kg
from keras_gan.parallel.random_numbers import Draws

BENCHMARKS = pathlib.Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def script():
    """Imports a script of benchmarks/ as its neighbours see it."""
    if str(BENCHMARKS) not in sys.path:
        sys.path.append(str(BENCHMARKS))
    return importlib.import_module


@pytest.fixture
def printed(monkeypatch, capsys):
    """Runs a script's `main` with flags; returns what it printed."""

    def run(module, flags):
        monkeypatch.setattr(sys, "argv", [module.__name__, *map(str, flags)])
        module.main()
        return capsys.readouterr().out

    return run


def refused(*_):
    pytest.fail("A run that is kept was repeated.")


def test_a_run_is_kept_and_not_repeated(script, tmp_path):
    kept = script("kept").kept
    folder, calls = tmp_path / "runs", []

    def run():
        calls.append(len(calls))
        return {"score": 0.1}

    assert kept(folder, "a", {"seed": 0}, run) == {"score": 0.1}
    assert kept(folder, "a", {"seed": 0}, run) == {"score": 0.1}
    assert kept(folder, "b", {"seed": 0}, run) == {"score": 0.1}
    assert calls == [0, 1]
    with pytest.raises(SystemExit, match="other settings.*--folder"):
        kept(folder, "a", {"seed": 1}, run)


def test_a_run_that_is_cut_off_leaves_nothing(script, tmp_path):
    def cut_off():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        script("kept").kept(tmp_path, "a", {}, cut_off)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("steps", "looks", "expected"), [(2000, 5, 50), (1200, 4, 50), (5, 5, 1), (52, 2, 26)]
)
def test_every_look_has_a_whole_number_of_executions(script, steps, looks, expected):
    assert script("looks").fused(steps, looks) == expected


@pytest.mark.parametrize(("steps", "looks"), [(3, 5), (7, 2)])
def test_steps_that_do_not_divide_are_refused(script, steps, looks):
    with pytest.raises(ValueError, match=f"{steps} steps .* a multiple of {looks}"):
        script("looks").fused(steps, looks)


@pytest.mark.thorough
def test_looks_are_apart_by_equal_numbers_of_steps(script):
    looks = script("looks")
    gan = kg.WGAN(
        kg.networks.mlp_generator(width=4, depth=1),
        kg.networks.mlp_discriminator(width=4, depth=1),
        discriminator_steps=2,
        seed=0,
    )
    gan.compile(steps_per_execution=looks.fused(12, 3))
    batches = kg.data.batches(np.zeros((32, 2), "float32"), 4, discriminator_steps=2).repeat()

    def counted(gan):
        of = [gan.optimizer_of(p).iterations for p in ("generator", "discriminator")]
        return [int(ops.convert_to_numpy(n)) for n in of]

    found = looks.looked_at(gan, batches, 12, 3, counted)
    assert found["looks"] == [[4, 8], [8, 16], [12, 24]]
    assert found["seconds"] > 0


def test_bars_are_flat_and_stand_beside_each_other(script):
    values = np.array([[1.0, 2.0], [3.0, 5.0]])
    (x, y), (others, _) = (script("looks").bars(values, place, 2) for place in (0, 1))
    np.testing.assert_allclose(x, [0.6, 0.92, 1.0, 1.6, 1.92, 2.0])
    np.testing.assert_allclose(others - x, 0.4)
    np.testing.assert_array_equal(y, [[1, 1, np.nan, 2, 2, np.nan], [3, 3, np.nan, 5, 5, np.nan]])


def test_the_judge_knows_digits_from_noise_and_from_one_of_their_classes(script):
    judge = script("digit_judge")
    images, classes = judge.digits()
    half = judge.scores(images[::2])
    assert 9.0 < half["inception_score"] <= 10.0
    assert 0.0 < half["frechet_distance"] < 1.0
    noise = judge.scores(np.random.default_rng(0).uniform(-1, 1, size=(500, 8, 8, 1)))
    assert 1.0 < noise["inception_score"] < 5.0
    assert noise["frechet_distance"] > 50.0
    ones = judge.scores(images[classes == 1])
    assert 1.0 <= ones["inception_score"] < 1.2
    assert ones["frechet_distance"] > 50.0


def test_the_judges_features_are_what_its_last_layer_sees(script):
    judge = script("digit_judge")
    images, _ = judge.digits()
    network = judge.judge()
    logits = judge.features(images[:50]) @ network.coefs_[1] + network.intercepts_[1]
    expected = network.predict_proba(images[:50].reshape(50, -1))
    np.testing.assert_allclose(scipy.special.softmax(logits, axis=1), expected, atol=1e-5)


def test_samples_that_are_not_finite_have_the_least_score(script):
    images = np.zeros((4, 8, 8, 1))
    images[1, 2, 3] = np.nan
    found = script("digit_judge").scores(images)
    assert found == {"inception_score": 1.0, "frechet_distance": None}


def test_an_architecture_is_that_of_its_number_and_seed(script):
    script = script("random_architectures")
    drawn = [script.architecture(i, seed=0) for i in range(200)]
    assert drawn[7] == script.architecture(7, seed=0) != script.architecture(7, seed=1)
    assert len(set(drawn)) > 190


def test_all_choices_are_equally_likely(script):
    script = script("random_architectures")
    drawn = [script.architecture(i, seed=3) for i in range(2000)]
    for values, options in (
        ([a.latent_dim for a in drawn], 4),
        ([a.generator.depth for a in drawn], 4),
        ([a.discriminator.depth for a in drawn], 4),
        ([a.generator.width for a in drawn], 3),
        ([a.discriminator.activation for a in drawn], 4),
        ([a.generator.normalized for a in drawn], 2),
        ([a.discriminator.normalized for a in drawn], 2),
    ):
        _, counts = np.unique(values, return_counts=True)
        assert len(counts) == options
        assert scipy.stats.chisquare(counts).pvalue > 1e-3
    both = np.array([[a.generator.depth, a.discriminator.depth] for a in drawn])
    assert abs(np.corrcoef(both.T)[0, 1]) < 0.08  # independent


def test_softplus_is_a_smooth_rectifier_with_derivative_sigmoid(script):
    softplus = script("random_architectures").softplus
    x = np.linspace(-3, 3, 61).astype("float32")
    y = ops.convert_to_numpy(softplus(ops.convert_to_tensor(x)))
    slopes = np.gradient(y, x)
    np.testing.assert_allclose(slopes[1:-1], 1 / (1 + np.exp(-2 * x[1:-1] - 2)), atol=2e-3)
    ends = ops.convert_to_numpy(softplus(ops.convert_to_tensor(np.float32([-30, 30]))))
    np.testing.assert_allclose(ends, [-1, 30], atol=1e-5)


@pytest.mark.parametrize(("normalization", "other"), [("batch", "layer"), ("layer", "batch")])
def test_networks_have_the_layers_that_were_drawn(script, normalization, other):
    script = script("random_architectures")
    kinds = {"batch": keras.layers.BatchNormalization, "layer": kg.layers.LayerNormalization}
    drawn = script.Architecture(
        8, script.Stack(3, 16, "tanh", True), script.Stack(4, 32, "softplus", True)
    )
    generator, discriminator = script.networks(drawn, normalization)
    assert generator.input_shape == (None, 8)
    assert generator.output_shape == discriminator.input_shape == (None, 8, 8, 1)
    assert discriminator.output_shape == (None, 1)

    def count(network, kind):
        return sum(isinstance(layer, kind) for layer in network.layers)

    assert [count(n, keras.layers.Dense) for n in (generator, discriminator)] == [4, 5]
    assert count(generator, kinds["batch"]) == 2
    assert count(discriminator, kinds[normalization]) == 3
    assert count(discriminator, kinds[other]) == 0
    x = np.random.default_rng(0).normal(size=(64, 8)).astype("float32")
    assert 0.5 < np.abs(ops.convert_to_numpy(generator(x))).max() <= 1.0


def test_the_four_counts_are_those_of_the_lecture(script):
    gan, wgan_gp = np.zeros((2, 200), bool)
    gan[:111] = True  # at a score of 3: 1 as a GAN alone, 110 as both
    wgan_gp[1:199] = True
    assert script("random_architectures").counts(gan, wgan_gp) == (1, 88, 110, 1)


def test_thresholds_look_at_the_end_or_at_the_best(script):
    script = script("random_architectures")
    looks = [(8.5, 9.0), (3.0, 100.0), (1.0, None)]
    run = {"looks": [{"inception_score": s, "frechet_distance": d} for s, d in looks]}
    assert script.values([run], "inception_score", best=False).tolist() == [1.0]
    assert script.values([run], "inception_score", best=True).tolist() == [8.5]
    assert script.values([run], "frechet_distance", best=False).tolist() == [np.inf]
    assert script.values([run], "frechet_distance", best=True).tolist() == [9.0]
    good = {"looks": [{"inception_score": 9.0, "frechet_distance": 1.0}]}
    ended = script.table({"GAN": [run, good], "WGAN-GP": [good, good]}, best=False)
    assert "| inception score ≥ 8 | 0 | 1 | 1 | 0 |" in ended
    assert "| frechet distance ≤ 10 | 0 | 1 | 1 | 0 |" in ended
    best = script.table({"GAN": [run, good], "WGAN-GP": [good, good]}, best=True)
    assert "| inception score ≥ 8 | 0 | 0 | 2 | 0 |" in best
    assert "| inception score ≥ 9 | 0 | 1 | 1 | 0 |" in best


@pytest.mark.thorough
def test_random_architectures_go_on_and_print_their_tables(script, printed, tmp_path, monkeypatch):
    script = script("random_architectures")
    flags = ["--folder", tmp_path, "--count", 2, "--steps", 5]
    first = printed(script, flags)
    assert len(list(tmp_path.glob("*.json"))) == 4
    assert (tmp_path / "architectures.png").exists()
    assert first.count("| inception score ≥ 2 |") == 2
    monkeypatch.setattr(script, "trained", refused)  # a finished benchmark trains nothing
    assert printed(script, flags) == first


def test_the_settings_of_adam_are_those_that_are_trained(script, monkeypatch):
    script = script("adam_settings")
    seen = []

    def instead(gan, batches, steps, looks, scored):
        of = [gan.optimizer_of(p) for p in ("generator", "discriminator")]
        seen.append((gan, [(float(o.learning_rate), o.beta_1, o.beta_2) for o in of]))

    monkeypatch.setattr(script, "looked_at", instead)
    for method in script.METHODS:
        script.trained(method, "F", seed=0, steps=5)
    assert all(pair == [pytest.approx((1e-3, 0.9, 0.999))] * 2 for _, pair in seen)
    assert all(gan.schedule.parts == 5 for gan, _ in seen)
    spectral, penalised, clipped = (gan for gan, _ in seen)
    kernels = [layer for layer in spectral.discriminator.layers if layer.trainable_weights]
    assert all(isinstance(layer, kg.layers.SpectralNormalization) for layer in kernels)
    assert penalised.penalties[0].weight == 10.0
    assert clipped.constraint.clip == 0.01


@pytest.mark.thorough
def test_adam_settings_print_their_table(script, printed, tmp_path, monkeypatch):
    script = script("adam_settings")
    flags = ["--folder", tmp_path, "--settings", "B", "--seeds", 0, 1, "--steps", 5]
    monkeypatch.setattr(script, "METHODS", {"SN-GAN": script.METHODS["SN-GAN"]})
    first = printed(script, flags)
    assert "| B | 0.0001 | 0.5 | 0.999 | 1 |" in first
    kept = [json.loads(path.read_text()) for path in sorted(tmp_path.glob("*.json"))]
    ends = sorted(run["result"]["looks"][-1]["frechet_distance"] for run in kept)
    assert f"{np.mean(ends):.1f} ({ends[1]:.1f})" in first  # median and worst of two
    monkeypatch.setattr(script, "trained", refused)
    assert printed(script, flags) == first


def test_the_effect_of_a_tip_is_its_mean_ratio_with_students_interval(script):
    effect = script("tips").effect
    off = np.array([3.0, 5.0, 4.0, 8.0])
    assert effect(0.5 * off, off) == pytest.approx((0.5, 0.5, 0.5))
    on = off * np.array([0.5, 0.7, 0.6, 0.9])
    mean, low, high = effect(on, off)
    logarithms = np.log(on / off)
    interval = scipy.stats.ttest_1samp(logarithms, 0.0).confidence_interval(0.95)
    assert mean == pytest.approx(math.exp(logarithms.mean()))
    assert (low, high) == pytest.approx((math.exp(interval.low), math.exp(interval.high)))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.5, 0.9, "helps"),
        (1.1, 2.0, "harms"),
        (0.9, 1.1, "undecided"),
        (math.nan, math.nan, "NaN in some runs"),
    ],
)
def test_a_verdict_needs_an_interval_on_one_side_of_one(script, low, high, expected):
    assert script("tips").verdict(low, high) == expected


def test_every_tip_is_the_rule_on_one_side_and_one_change_of_it_on_the_other(script):
    tips = script("tips")
    assert len(tips.TIPS) == 10
    changes = []
    for pair in tips.TIPS.values():
        (other,) = (setting for setting in pair if setting != tips.RULE)
        mine, rule = vars(other), vars(tips.RULE)
        changes += [name for name in mine if mine[name] != rule[name]]
    assert len(changes) == len(set(changes)) == 10


def tipped(script, **changes):
    """A game of the tips with its networks, and real and fake images."""
    module = script("tipped_gan")
    keras.utils.set_random_seed(0)
    setting = module.Setting(**changes)
    gan = module.TippedGAN(*module.networks(8, setting, 10), setting, seed=0)
    gan.compile()
    rng = np.random.default_rng(0)
    real, fake = rng.uniform(-1, 1, size=(2, 512, 8, 8, 1)).astype("float32")
    return gan, ops.convert_to_tensor(real), ops.convert_to_tensor(0.3 * fake + 0.5)


def loss(gan, real, fake):
    losses, _ = gan.losses_on(real, fake, None, Draws(0), True)
    return float(losses["discriminator_loss"])


def test_flipped_labels_exchange_the_roles_of_as_many_samples(script):
    plain, real, fake = tipped(script, batch_normalization=False)
    right, wrong = loss(plain, real, fake), loss(plain, fake, real)
    assert abs(right - wrong) > 1e-3
    all_flipped, *_ = tipped(script, batch_normalization=False, flipped=1.0)
    assert loss(all_flipped, real, fake) == pytest.approx(wrong, rel=1e-5)
    some, *_ = tipped(script, batch_normalization=False, flipped=0.25)
    share = (loss(some, real, fake) - right) / (wrong - right)
    assert pytest.approx(share, abs=0.08) == 0.25  # 512 labels


def test_a_mixed_batch_matters_only_to_batch_normalization(script):
    for normalized in (False, True):
        apart, real, fake = tipped(script, batch_normalization=normalized)
        mixed, *_ = tipped(script, batch_normalization=normalized, mixed=True)
        difference = abs(loss(apart, real, fake) - loss(mixed, real, fake))
        assert (difference > 1e-2) if normalized else (difference < 1e-5)
    scores = mixed.discriminator(ops.concatenate([real, fake]), training=True)
    expected = mixed.objective.discriminator_loss(scores[:512], scores[512:])
    assert loss(mixed, real, fake) == pytest.approx(float(expected), rel=1e-4)
    losses, _ = mixed.generator_losses_on(real, fake, None, True)
    expected = float(mixed.objective.generator_loss(scores[512:]))
    assert float(losses["generator_loss"]) == pytest.approx(expected, rel=1e-4)


@pytest.mark.data
@pytest.mark.thorough
def test_mnist_is_judged_by_its_own_classifier(script):
    tips = script("tips")
    near = tips.scores("mnist", tips.images("mnist")[:1000])["frechet_distance"]
    far = tips.scores("mnist", np.zeros((500, 28, 28, 1), "float32"))["frechet_distance"]
    assert 0 < near < 2 < 20 < far


@pytest.mark.thorough
def test_tips_print_their_table_and_go_on(script, printed, tmp_path, monkeypatch):
    tips = script("tips")
    some = ["noise on inputs, fading", "SGD for the discriminator", "noisy labels, 5% flipped"]
    monkeypatch.setattr(tips, "TIPS", {tip: tips.TIPS[tip] for tip in some})
    flags = ["--folder", tmp_path, "--datasets", "digits", "--seeds", 0, 1, "--steps", 4]
    first = printed(tips, flags)
    assert len(list(tmp_path.glob("digits_*.json"))) == 8
    assert (tmp_path / "tips.png").exists()
    assert all(f"| {i} {tip} |" in first for i, tip in enumerate(some, 1))
    monkeypatch.setattr(tips, "trained", refused)
    assert printed(tips, flags) == first


def test_tips_want_two_seeds(script, printed, tmp_path, capsys):
    with pytest.raises(SystemExit):
        printed(script("tips"), ["--folder", tmp_path, "--seeds", 0])
    assert "at least two seeds" in capsys.readouterr().err
