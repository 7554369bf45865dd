"""Presets of a prior of codes and its VQ-VAE: they hold what was trained, and refuse mutants.

The laws are those of `test_trust` and `test_roles`: a preset whose meaning was changed is refused
before any of it is used, with one sentence, and no more weights are made than the file has.
"""

import json

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan.families import PretrainedCodePrior
from keras_gan.zoo import UntrustedPresetError, hdf5, packing
from tests.zoo import hostile, hostile_roles
from tests.zoo.hostile_code_priors import MUTANTS, ONE, ROLES, TWO
from tests.zoo.test_trust import few_weights, laid, named_by_place, touched

__all__ = ["touched"]  # a fixture

SIZES = {"image_shape": (8, 8, 1), "code_dim": 2, "width": 4, "blocks": 1}
PRIOR = {"codes": 6, "width": 4, "depth": 2}
build = kg.networks


def images(n=8):
    return np.random.default_rng(0).uniform(-1, 1, (n, 8, 8, 1)).astype("float32")


def one_level(classes=None, **options):
    """A prior of 4 × 4 codes whose codes are all apart."""
    networks = (
        build.vqvae_encoder(**SIZES, halvings=1),
        build.vqvae_decoder(**SIZES, halvings=1),
    )
    vqvae = spread(kg.VQVAE(*networks, codes=6, seed=0, **options))
    return kg.CodePrior(vqvae, build.pixelcnn((4, 4), **PRIOR, classes=classes), seed=0)


def two_levels(**options):
    """A prior of 2 × 2 and 4 × 4 codes."""
    top = build.vqvae_encoder(**SIZES, halvings=2)
    networks = (top, build.vqvae2_bottom_encoder(**SIZES), build.vqvae2_decoder(**SIZES))
    vqvae = spread(kg.VQVAE2(*networks, codes=(4, 6), seed=0, **options))
    above = {"condition_shape": (2, 2), "condition_codes": 4}
    priors = (
        build.pixelcnn((2, 2), **PRIOR | {"codes": 4}),
        build.pixelcnn((4, 4), **PRIOR, **above),
    )
    return kg.CodePrior(vqvae, *priors, seed=0)


def spread(vqvae):
    """The model with codes as far apart as its encoders' vectors."""
    vqvae.compile(keras.optimizers.SGD(1e-4))
    vqvae.fit(images(32), batch_size=16, verbose=0)
    return vqvae


MADE = {ONE: one_level, TWO: two_levels}


@pytest.fixture(scope="module")
def good():
    """The files of each, without checksums."""
    keras.utils.set_random_seed(0)
    return {name: packing.pack(PretrainedCodePrior.from_gan(make())) for name, make in MADE.items()}


def refused(folder) -> str:
    """The sentence with which a preset is refused."""
    with pytest.raises(UntrustedPresetError) as caught:
        kg.CodePrior.from_preset(folder)
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 800
    return message


@pytest.mark.parametrize(
    ("make", "options"),
    [
        (one_level, {}),
        (one_level, {"average": 0.5}),
        (one_level, {"ema": None}),
        (two_levels, {"likelihood": "bernoulli"}),
        *(
            pytest.param(make, options, marks=pytest.mark.thorough)
            for make, options in (
                (one_level, {"classes": 3}),
                (two_levels, {"average": 0.5, "ema": None}),
            )
        ),
    ],
)
def test_a_preset_is_the_trained_model(make, options, tmp_path):
    prior, x = make(**options), images()
    PretrainedCodePrior.from_gan(prior).save_to_preset(tmp_path / "preset")
    preset = kg.CodePrior.from_preset(tmp_path / "preset")
    codes, labels = prior.vqvae.encode(x), 1 if prior.conditional else None
    for one, other in zip(preset.vqvae.encode_levels(x), prior.vqvae.encode_levels(x), strict=True):
        np.testing.assert_array_equal(one, other)
        assert len(np.unique(one)) > 1
    np.testing.assert_allclose(preset.reconstruct(x), prior.vqvae.reconstruct(x), atol=1e-6)
    np.testing.assert_allclose(preset.decode(codes), prior.vqvae.decode(codes), atol=1e-6)
    np.testing.assert_allclose(
        preset.log_prob(codes, labels=labels), prior.log_prob(codes, labels=labels), rtol=1e-5
    )
    np.testing.assert_allclose(
        preset.generate(5, seed=1, labels=labels),
        prior.generate(5, seed=1, labels=labels),
        atol=1e-6,
    )
    assert type(preset.vqvae) is type(prior.vqvae)
    assert type(preset.likelihood) is type(prior.vqvae.likelihood)
    with pytest.raises(ValueError, match="must be finite numbers"):
        preset.encode(x * np.nan)
    for each in preset.vqvae.quantizers:  # moving averages go on from the codebook as it is
        assert each.ema == 0.99
        if "average" in options:  # of quotients, which is none of averages
            continue
        found = np.asarray(each.sums) / np.asarray(each.uses)[:, None]
        np.testing.assert_allclose(found, np.asarray(each.codebook), rtol=0.02, atol=1e-4)


def test_no_random_state_is_stored_whose_type_is_that_of_a_backend(good):
    for content in good.values():
        arrays = hdf5.arrays_in(content["model.weights.h5"])
        assert {str(each.dtype) for each in arrays.values()} == {"float32"}


def test_another_model_is_no_prior_of_codes():
    with pytest.raises(ValueError, match=r"takes a kg\.CodePrior; received"):
        PretrainedCodePrior.from_gan(one_level().vqvae)


@pytest.mark.thorough
@pytest.mark.parametrize("mutant", named_by_place(MUTANTS))
def test_a_hostile_configuration_is_refused(mutant, good, tmp_path, touched):
    name, mutate = mutant
    content = good[name]
    config = hostile_roles.configured(content["config.json"], mutate)
    assert json.dumps(json.loads(config)) != json.dumps(json.loads(content["config.json"]))
    laid(tmp_path / "preset", {**content, "config.json": config})
    with few_weights(len(content["model.weights.h5"])):
        refused(tmp_path / "preset")
    assert not touched.exists()


def test_without_its_prior_it_is_another_kind(good, tmp_path):
    config = json.loads(good[ONE]["config.json"])
    del config["networks"]["prior"]
    laid(tmp_path / "preset", {**good[ONE], "config.json": json.dumps(config).encode()})
    message = refused(tmp_path / "preset")
    assert "config.json must have format, networks, prior, likelihood and nothing else" in message


@pytest.mark.parametrize("name", ROLES)
def test_a_codebook_is_of_its_shape_and_finite(name, good, tmp_path):
    level = {ONE: "/layers/vqvae/layers/vector_quantizer", TWO: "/layers/vqvae2/bottom_quantizer"}
    paths = [f"{level[name]}/vars/{i}" for i in range(3)]

    def with_number(value, path):
        def edit(file):
            file[path][...] = value

        return edit

    def with_shape(shape, path):
        def edit(file):
            del file[path]
            file.create_dataset(path, data=np.zeros(shape, "f4"))

        return edit

    edits = [
        *(("is not finite", with_number(np.nan, path)) for path in paths),
        ("is not finite", with_number(-np.inf, paths[0])),
        *(("of shape", with_shape(shape, paths[0])) for shape in ((7, 2), (2, 6), ())),
        ("lacks the array", lambda file: file.__delitem__(paths[0])),
        (
            "has the array",
            lambda file: file.__setitem__(f"{level[name]}/vars/9", np.zeros(2, "f4")),
        ),
    ]
    for message, edit in edits:
        file = hostile.hdf5(edit)(good[name]["model.weights.h5"])
        laid(tmp_path / "preset", {**good[name], "model.weights.h5": file})
        assert message in refused(tmp_path / "preset")


def test_weights_of_one_level_are_not_those_of_two(good, tmp_path):
    for name, other in ((ONE, TWO), (TWO, ONE)):
        mutant = {**good[name], "model.weights.h5": good[other]["model.weights.h5"]}
        refused(laid(tmp_path / "preset", mutant))


def test_a_model_that_is_not_finite_is_not_written(tmp_path):
    preset = PretrainedCodePrior.from_gan(one_level())
    preset.vqvae.quantizer.codebook.assign(np.full((6, 2), np.nan))
    with pytest.raises(ValueError, match="codebook of .*so no preset was written"):
        preset.save_to_preset(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_a_pixelcnn_computes_inside_counts(good, tmp_path):
    laid(tmp_path, good[ONE])
    needed = 4 * 4 * 4 * 4 * (6 * 2 + 3)  # bytes of 4 × 4 × 4 numbers, 15 times
    with pytest.raises(UntrustedPresetError, match="one sample would take"):
        kg.CodePrior.from_preset(tmp_path, max_bytes=needed)
    kg.CodePrior.from_preset(tmp_path, max_bytes=4 * needed)
