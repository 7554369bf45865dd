"""Presets to train on from: with their discriminator, and at another image size."""

import copy
import itertools
import json
import warnings

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.zoo import UntrustedPresetError, hdf5, packing, resizing, trust
from tests import toys
from tests.zoo.networks import bidirectional, toy_encoder


def trained(**options):
    """A game after two steps, and data for more."""
    game = kg.SNGAN(
        kg.networks.mlp_generator(latent_dim=3, width=8, depth=1),
        kg.networks.mlp_discriminator(width=8, depth=1, normalization="spectral"),
        seed=0,
        **options,
    )
    game.compile()
    game.fit(toys.points(32), batch_size=16, verbose=0)
    return game


def by_preset(generator, folder):
    generator.save_to_preset(folder / "preset")
    return kg.Generator.from_preset(folder / "preset")


def by_file(generator, folder):
    generator.save(folder / "generator.keras")
    return keras.saving.load_model(folder / "generator.keras")


@pytest.mark.parametrize("copied", [by_preset, by_file, lambda g, _: copy.deepcopy(g)])
def test_a_discriminator_travels_with_its_generator(copied, tmp_path):
    """With its raw weights and the vectors of its spectral normalization, beside the average."""
    game = trained(average=0.9)
    generator = kg.Generator.from_gan(game, discriminator=True)
    generator.describe({"preset": "mine"})
    again, x = copied(generator, tmp_path), toys.points(5)
    expected = keras.ops.convert_to_numpy(game.discriminator(x, training=False))
    found = keras.ops.convert_to_numpy(again.discriminator(x, training=False))
    np.testing.assert_allclose(found, expected, atol=1e-6)
    np.testing.assert_array_equal(again.generate(4, seed=0), generator.generate(4, seed=0))
    assert again.card == {"preset": "mine"}
    assert len(again.weights) == len(game.generator.weights)
    weight = again.discriminator.weights[0]
    weight.assign(weight + 1)
    assert again.card is None
    assert kg.Generator.from_gan(game).discriminator is None


def test_both_train_on(tmp_path):
    generator = by_preset(kg.Generator.from_gan(trained(), discriminator=True), tmp_path)
    before = generator.discriminator.get_weights()
    game = kg.SNGAN(generator, generator.discriminator, seed=0)
    game.compile()
    game.fit(toys.points(16), batch_size=16, verbose=0)
    assert any(
        not np.array_equal(one, other)
        for one, other in zip(before, generator.discriminator.get_weights(), strict=True)
    )


def test_encoder_and_discriminator_are_named_in_the_files(tmp_path):
    judge = kg.networks.mlp_discriminator(width=4, depth=1)
    size = {"latent_dim": 3, "width": 8, "depth": 1}
    generator = kg.Generator(
        kg.networks.mlp_generator(**size), encoder=toy_encoder(), discriminator=judge
    )
    generator.save_to_preset(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    assert list(config["networks"]) == ["generator", "encoder", "discriminator"]
    stored = hdf5.arrays_in((tmp_path / "model.weights.h5").read_bytes())
    assert sum(path.startswith("/discriminator/") for path in stored) == len(judge.weights)
    config["networks"]["discriminator"]["network"] = "mlp_generator"
    content = packing.pack(generator) | {"config.json": json.dumps(config).encode()}
    for name, file in {**content, "checksums": trust.checksums(content)}.items():
        (tmp_path / name).write_bytes(file)
    with pytest.raises(UntrustedPresetError, match="its discriminator must not be 'mlp_generator'"):
        kg.Generator.from_preset(tmp_path)


def test_discriminators_that_do_not_fit_are_refused():
    network = kg.networks.mlp_generator(latent_dim=3, width=8, depth=1)
    with pytest.raises(ValueError, match=r"it takes \(None, 3\) instead of \(None, 2\)"):
        kg.Generator(network, discriminator=kg.networks.mlp_discriminator(data_dim=3))
    with pytest.raises(ValueError, match="must be a built keras"):
        kg.Generator(network, discriminator="mlp_discriminator")
    with pytest.raises(ValueError, match="has no discriminator: leave it out"):
        kg.Generator.from_gan(bidirectional(), discriminator=True)


@pytest.mark.thorough
@pytest.mark.both
def test_a_run_is_published_with_its_discriminator(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    line = "--dataset ring --recipe sngan --epochs 1 --steps-per-epoch 2 --steps-per-execution 1"
    assert (
        main(["train", *line.split(), "--width", "8", "--score-samples", "200", "--out", "r"]) == 0
    )
    assert main(["zoo", "publish", "r", "--name", "mine", "--discriminator"]) == 0
    generator = kg.Generator.from_preset("zoo/mine")
    assert generator.discriminator is not None
    assert "with the discriminator" in generator.card["summary"]
    page = (tmp_path / "zoo" / "mine" / "README.md").read_text()
    assert page.startswith('---\nlibrary_name: "keras-gan"\n')
    assert main(["zoo", "verify", "zoo/mine"]) == 0
    capsys.readouterr()


def dcgan(size, **options):
    return kg.networks.dcgan_generator((size, size, 1), latent_dim=4, width=4, **options)


def test_layers_that_fit_keep_their_weights_at_another_size(tmp_path):
    """28 ← 14 ← 7 and 56 ← 28 ← 14 ← 7: what stands nearest to the image is in common."""
    judge = kg.networks.dcgan_discriminator((28, 28, 1), width=4, normalization="spectral")
    generator = kg.Generator(dcgan(28), "uniform", discriminator=judge)
    generator.describe({"preset": "mine"})
    generator.save_to_preset(tmp_path / "mine")
    with pytest.warns(UserWarning, match=r"mine at 56 × 56 pixels \d+ of \d+ layers keep") as said:
        larger = kg.Generator.from_preset(tmp_path / "mine", image_size=56)
    assert [each.filename for each in said if each.category is UserWarning] == [__file__]
    assert larger.generate(2, seed=0).shape == (2, 56, 56, 1)
    assert larger.discriminator.input_shape == (None, 56, 56, 1)
    assert larger.prior is kg.priors.uniform
    assert larger.card is None
    assert not {*larger.transfer.kept} & {*larger.transfer.drawn}
    for role, old, new in (
        ("generator", generator, larger),
        ("discriminator", generator.discriminator, larger.discriminator),
    ):
        layers = [layer for layer in new.layers if layer.weights]
        kept = [layer for layer in layers if f"{role}/{layer.name}" in larger.transfer.kept]
        drawn = [layer for layer in layers if f"{role}/{layer.name}" in larger.transfer.drawn]
        assert len(kept) + len(drawn) == len(layers)
        assert kept
        assert drawn
        theirs = [[w.numpy() for w in each.weights] for each in old.layers if each.weights]
        for layer in kept:
            found = [np.asarray(weight) for weight in layer.weights]
            assert any(
                len(found) == len(each)
                and all(np.array_equal(*pair) for pair in zip(found, each, strict=True))
                for each in theirs
            )
    nearest = [layer for layer in larger.layers if layer.weights][-1]
    assert f"generator/{nearest.name}" in larger.transfer.kept


def test_a_network_without_fixed_sides_keeps_all_layers():
    """A translator is convolutional throughout: nothing is drawn anew and nothing is said."""
    with warnings.catch_warnings(record=True) as said:
        larger = kg.Translator.from_preset("cyclegan_digits_mnist", image_size=(24, 32))
    own = kg.Translator.from_preset("cyclegan_digits_mnist")
    for one, other in zip(own.weights, larger.weights, strict=True):
        np.testing.assert_array_equal(one, other)
    assert larger.translate(np.zeros((1, 24, 32, 1))).shape == (1, 24, 32, 1)
    assert larger.transfer.drawn == ()
    assert not [each for each in said if each.category is UserWarning]
    assert str(larger.transfer).startswith("at 24 × 32 pixels")
    assert own.transfer is None


def test_what_has_no_other_size_is_refused():
    with pytest.raises(ValueError, match="mlp_generator, whose arguments name no image_shape"):
        kg.Generator.from_preset("wgangp_ring", image_size=16)
    with pytest.raises(ValueError, match=r"cannot be built with .*\[4, 4, 1\]"):
        kg.Generator.from_preset("sngan_mnist", image_size=4)
    with pytest.raises(ValueError, match="image_size must be"):
        kg.Generator.from_preset("sngan_mnist", image_size="large")


def test_without_weights_the_size_alone_changes():
    with warnings.catch_warnings(record=True) as said:
        anew = kg.Generator.from_preset("sngan_mnist", load_weights=False, image_size=32)
    assert anew.sample_shape == (32, 32, 1)
    assert anew.transfer.kept == ()
    assert not [each for each in said if each.category is UserWarning]


@pytest.mark.parametrize("seed", range(5))
def test_the_common_sequence_is_a_longest_one(seed):
    """Against all subsequences of the shorter list."""
    rng = np.random.default_rng(seed)
    one, other = (rng.integers(0, 3, rng.integers(0, 9)).tolist() for _ in range(2))
    pairs = resizing.longest_common(one, other)
    assert [one[i] for i, _ in pairs] == [other[j] for _, j in pairs]
    assert all(a < b and c < d for (a, c), (b, d) in itertools.pairwise(pairs))

    def is_in(sub, whole):
        rest = iter(whole)
        return all(each in rest for each in sub)

    chosen = range(2 ** len(one))
    subs = ([x for k, x in enumerate(one) if bits >> k & 1] for bits in chosen)
    assert len(pairs) == max(len(sub) for sub in subs if is_in(sub, other))
