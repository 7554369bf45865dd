"""`from_preset` loads what `save_to_preset` wrote, and refuses every mutant with one sentence.

The law of the mutants: a preset whose meaning was changed is refused before any of it is used. A
bit without meaning is refused, too, unless the attacker made the checksums anew; then what is
loaded is a plain generator still, with finite weights of the shapes of its network.
"""

import contextlib
import json
import os
import pickle
import random
import tracemalloc

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan.networks import registry, weight_limits
from keras_gan.zoo import UntrustedPresetError, description, fetching, hdf5, presets, trust, weights
from tests.zoo import hostile

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
DAMAGES = list(hostile.damages())
FIRST = b"0" * 64 + b"  card.json\n"  # lines of checksums are counted on a stand-in


def named_by_place(values):
    return [pytest.param(value, id=str(place)) for place, value in enumerate(values)]


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """The files of a small preset."""
    folder = tmp_path_factory.mktemp("good")
    kg.Generator(kg.networks.mlp_generator(width=8, depth=1)).save_to_preset(folder)
    content = {path.name: path.read_bytes() for path in folder.iterdir()}
    del content["checksums"]
    return {**content, "card.json": b'{"summary": "s"}', "card.md": b"# s\n", "samples.png": PNG}


@pytest.fixture
def preset(tmp_path, good):
    """A good preset on disk, to be made a mutant."""
    return laid(tmp_path / "preset", good)


@pytest.fixture
def touched(tmp_path):
    """Registers a function under a name, as a user may have; the path that a call of it makes."""
    marker = tmp_path / "touched"

    @keras.saving.register_keras_serializable(package="hostile", name="touched")
    def touch(x):
        marker.mkdir(exist_ok=True)
        return x

    yield marker
    keras.saving.get_custom_objects().pop("hostile>touched")


@pytest.fixture(autouse=True)
def unharmed(monkeypatch):
    """Refused or not, a preset leaves Keras as it was."""
    usual = keras.layers.Layer.add_weight
    keras.config.set_dtype_policy("mixed_bfloat16")
    yield
    assert keras.layers.Layer.add_weight is usual
    assert keras.config.dtype_policy().name == "mixed_bfloat16"


@contextlib.contextmanager
def frugal(most_bytes: int):
    """Asserts that Python takes no more memory inside than that and 4 MiB."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most_bytes + 2**22
    finally:
        tracemalloc.stop()


@contextlib.contextmanager
def few_weights(most_bytes: int):
    """Asserts that layers make no more weights inside."""
    usual, made = keras.layers.Layer.add_weight, [0]

    def counted(layer, *args, **kwargs):
        weight = usual(layer, *args, **kwargs)
        made[0] += int(np.prod(weight.shape)) * 4
        return weight

    keras.layers.Layer.add_weight = counted
    try:
        yield
        assert made[0] <= most_bytes
    finally:
        keras.layers.Layer.add_weight = usual


def laid(folder, content: dict, sums: bytes | None = None):
    """A folder of these files, with checksums that fit unless others are given."""
    folder.mkdir(exist_ok=True)
    for name, file in content.items():
        (folder / name).write_bytes(file)
    (folder / "checksums").write_bytes(trust.checksums(content) if sums is None else sums)
    return folder


def refused(folder) -> str:
    """The sentence with which a preset is refused."""
    with pytest.raises(UntrustedPresetError) as caught:
        kg.Generator.from_preset(folder)
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 800
    assert os.fspath(folder) in message
    assert message.encode()
    return message


def assert_plain(generator):
    """A generator of dense layers with finite weights, which makes finite samples."""
    assert {type(layer) for layer in generator.layers} == {
        keras.layers.InputLayer,
        keras.layers.Dense,
    }
    assert [weight.shape for weight in generator.get_weights()] == [(2, 8), (8,), (8, 2), (2,)]
    assert all(np.isfinite(weight).all() for weight in generator.get_weights())


def test_there_are_several_hundred_mutants():
    families = (DAMAGES, hostile.CONFIGS, hostile.TEXTS, hostile.lines(FIRST), hostile.WEIGHTS)
    assert sum(map(len, families)) + 7 * len(hostile.KINDS) + len(hostile.EXTRA) >= 400


def test_the_good_preset_is_loaded(preset):
    generator = kg.Generator.from_preset(preset)
    assert_plain(generator)
    assert generator.card == {"summary": "s"}


@pytest.mark.parametrize("file", hostile.FILES)
def test_damage_is_refused(file, good, tmp_path):
    for name, damaged, damage in DAMAGES:
        if damaged == file:
            content = {**good, "checksums": trust.checksums(good)}
            content[file] = damage(content[file])
            folder = tmp_path / name.replace(" ", "-")
            message = refused(laid(folder, content, sums=content["checksums"]))
            assert file in message or file == "checksums", name


@pytest.mark.thorough
def test_damage_under_new_checksums_is_refused_or_plain(good):
    generator = kg.Generator(kg.networks.mlp_generator(width=8, depth=1))
    draw, results = random.Random(0), {True: 0, False: 0}
    shapes = [weight.shape for weight in generator.get_weights()]
    for _ in range(120):
        before = generator.get_weights()
        mutant = good["model.weights.h5"]
        for _ in range(draw.choice((1, 1, 2, 5))):
            mutant = hostile.flipped(mutant, draw)
        try:
            weights.load(generator, mutant, "folder")
        except UntrustedPresetError:
            results[False] += 1
            for one, other in zip(before, generator.get_weights(), strict=True):
                np.testing.assert_array_equal(one, other)
        else:
            results[True] += 1
            assert [weight.shape for weight in generator.get_weights()] == shapes
            assert all(np.isfinite(weight).all() for weight in generator.get_weights())
    assert min(results.values()) > 15  # both happen: most of the file is unused


@pytest.mark.parametrize("change", named_by_place(hostile.CONFIGS))
def test_a_hostile_configuration_is_refused(change, preset, good, touched):
    config = hostile.configured(good["config.json"], change)
    assert json.dumps(json.loads(config)) != json.dumps(json.loads(good["config.json"]))
    laid(preset, {**good, "config.json": config})
    with few_weights(len(good["model.weights.h5"])):
        refused(preset)
    assert not touched.exists()


def test_another_network_needs_other_weights(preset, good):
    for change in ({"width": 9}, {"width": 4}, {"latent_dim": 3}, {"data_dim": 1}, {"depth": 2}):
        config = hostile.configured(good["config.json"], {"arguments": change})
        assert "model.weights.h5" in refused(laid(preset, {**good, "config.json": config}))


@pytest.mark.parametrize("file", ["config.json", "card.json"])
def test_what_is_no_json_object_is_refused(file, preset, good):
    for text in hostile.TEXTS:
        if file == "config.json" or text != b"{}":
            message = refused(laid(preset, {**good, file: text}))
            assert file in message or "format" in message


@pytest.mark.parametrize("depth", [*range(21, 30), *range(30, 1_000, 37)])
def test_no_depth_of_values_overflows_the_stack(depth, preset, good):
    deep = "[" * depth + "]" * depth
    for name in ("card.json", "config.json"):
        text = f'{{"format": {deep}}}'.encode()
        refused(laid(preset, {**good, name: text}))


def test_lines_of_checksums(preset, good):
    for sums in hostile.lines(trust.checksums(good)):
        refused(laid(preset, good, sums=sums))


@pytest.mark.parametrize("name", hostile.WEIGHTS)
def test_a_hostile_weights_file_is_refused(name, preset, good):
    mutant = hostile.WEIGHTS[name](good["model.weights.h5"])
    assert mutant != good["model.weights.h5"]
    laid(preset, {**good, "model.weights.h5": mutant})
    with frugal(6 * len(mutant)):
        refused(preset)


@pytest.mark.parametrize("name", hostile.HARMLESS)
def test_what_has_no_meaning_is_passed_over_under_new_checksums(name, preset, good):
    mutant = hostile.HARMLESS[name](good["model.weights.h5"])
    assert mutant != good["model.weights.h5"]
    assert_plain(kg.Generator.from_preset(laid(preset, {**good, "model.weights.h5": mutant})))


def test_a_cut_weights_file_is_refused_under_new_checksums(preset, good):
    whole = good["model.weights.h5"]
    for length in [*range(0, 200, 7), *range(200, len(whole), 1999), len(whole) - 1]:
        laid(preset, {**good, "model.weights.h5": whole[:length]})
        refused(preset)


def test_steps_of_a_weights_file_are_counted(monkeypatch, preset, good):
    monkeypatch.setattr(hdf5, "MOST_STEPS", 2_000)
    many = hostile.hdf5(lambda file: [file.create_group(f"g{i}") for i in range(1_000)])
    mutant = many(good["model.weights.h5"])
    assert "more than any" in refused(laid(preset, {**good, "model.weights.h5": mutant}))


@pytest.mark.parametrize("file", hostile.FILES)
@pytest.mark.parametrize("kind", hostile.KINDS)
def test_what_is_no_plain_file_is_refused(kind, file, preset):
    (preset / file).rename(preset.parent / f"same-{file}")
    hostile.KINDS[kind](preset / file)
    assert file in refused(preset)


@pytest.mark.parametrize("file", hostile.FILES)
def test_files_over_their_limits_are_refused_unread(file, preset, good):
    os.truncate(preset / file, trust.LIMITS[file] + 1)
    with frugal(2**22):
        assert "larger" in refused(preset)


@pytest.mark.parametrize("name", hostile.EXTRA)
def test_further_files_are_refused_and_not_run(name, preset, good, tmp_path):
    marker = tmp_path / "marker"
    payload = pickle.dumps(hostile.Payload(os.fspath(marker)))
    (preset / name).write_bytes(payload)
    refused(preset)
    laid(preset, {**good, name: payload})
    refused(preset)
    assert not marker.exists()


@pytest.mark.parametrize("file", [name for name in hostile.FILES if name != "checksums"])
def test_a_pickle_is_never_loaded(file, preset, good, tmp_path):
    marker = tmp_path / "marker"
    content = {**good, file: pickle.dumps(hostile.Payload(os.fspath(marker)))}
    laid(preset, content)
    if file in ("card.md", "samples.png"):  # which nothing parses
        assert_plain(kg.Generator.from_preset(preset))
    else:
        refused(preset)
    assert not marker.exists()
    pickle.loads(content[file])
    assert marker.exists()


def test_a_keras_file_with_code_is_never_loaded(preset, good, tmp_path):
    network = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: 1 / 0 * x)])
    network.save(tmp_path / "model.keras")
    archive = (tmp_path / "model.keras").read_bytes()
    refused(laid(preset, {**good, "model.weights.h5": archive}))
    refused(laid(preset, {**good, "config.json": archive}))
    refused(laid(preset, {**good, "model.keras": archive}))


@pytest.mark.parametrize("name", trust.NEEDED)
def test_missing_files_are_refused(name, preset):
    (preset / name).unlink()
    assert name in refused(preset)


def test_an_unreadable_file_is_refused(preset, monkeypatch):
    def denied(*_args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(trust.os, "open", denied)
    assert "Permission denied" in refused(preset)


def test_a_folder_replaced_after_the_check_changes_nothing(preset, good, monkeypatch):
    """What is used are the bytes that were checked."""
    usual = trust.parsed

    def replaced(*args):
        laid(preset, {"config.json": b"", "model.weights.h5": b""})
        return usual(*args)

    monkeypatch.setattr(trust, "parsed", replaced)
    generator = kg.Generator.from_preset(preset)
    assert_plain(generator)
    monkeypatch.undo()
    refused(preset)


def test_files_replaced_by_links_after_they_were_listed_are_refused(preset, monkeypatch):
    usual = os.scandir

    def replaced(folder):
        listed = list(usual(folder))
        (preset / "config.json").unlink()
        (preset / "config.json").symlink_to("/etc/passwd")
        return listed

    monkeypatch.setattr(trust.os, "scandir", replaced)
    assert "link" in refused(preset)


def test_a_link_to_the_folder_and_hard_links_are_as_good_as_what_they_name(preset, tmp_path):
    (tmp_path / "link").symlink_to(preset)
    os.link(preset / "config.json", tmp_path / "other")
    assert_plain(kg.Generator.from_preset(tmp_path / "link"))


@pytest.mark.parametrize("name", ["preset\n\x1b[2J", "pr\u202eeset", "pr{eset}%s"])
def test_names_of_folders_are_not_obeyed(name, preset, tmp_path):
    (preset / "config.json").unlink()
    preset.rename(tmp_path / name)
    with pytest.raises(UntrustedPresetError, match="no config.json") as caught:
        kg.Generator.from_preset(tmp_path / name)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("given", ["", "\0", "a\0b", "/nowhere/at/all", "nowhere", "/dev/null"])
def test_what_is_no_folder_is_refused(given):
    with pytest.raises(ValueError, match="preset") as caught:
        kg.Generator.from_preset(given)
    assert str(caught.value).isprintable()


def test_a_folder_does_not_take_the_name_of_a_published_preset(preset, monkeypatch, tmp_path):
    entry = {"sha256": presets.digest(preset), "address": None}
    monkeypatch.setattr(presets, "registry", lambda: {"toy_ring": entry})
    monkeypatch.setenv(fetching.VARIABLE, os.fspath(tmp_path / "zoo"))
    (tmp_path / "zoo").mkdir()
    preset.rename(tmp_path / "zoo" / "toy_ring")
    (tmp_path / "here" / "toy_ring").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    assert_plain(kg.Generator.from_preset("toy_ring"))
    with pytest.raises(UntrustedPresetError):
        kg.Generator.from_preset("./toy_ring")


def test_the_checksum_on_record_decides(preset, good, monkeypatch, tmp_path):
    digest = presets.digest(preset)
    flipped = ("1" if digest[0] == "0" else "0") + digest[1:]
    monkeypatch.setenv(fetching.VARIABLE, os.fspath(tmp_path))
    for sha256, content in ((flipped, good), (digest, {**good, "card.md": b"# other\n"})):
        laid(preset, content)
        known = {"preset": {"sha256": sha256, "address": None}}
        monkeypatch.setattr(presets, "registry", lambda known=known: known)
        with pytest.raises(UntrustedPresetError, match="on record"):
            kg.Generator.from_preset("preset")
        assert_plain(kg.Generator.from_preset(preset))


def test_a_budget_of_weights_is_given_back_after_an_error(good):
    usual = keras.layers.Layer.add_weight
    with pytest.raises(weight_limits.TooLargeError, match="more weights than 99 bytes"):
        registry.build(registry.Origin("mlp_generator", {"width": 8}), most_bytes=99)
    assert keras.layers.Layer.add_weight is usual


def test_the_reader_finds_what_keras_writes(good):
    for network in (
        kg.networks.dcgan_generator(width=2),
        kg.networks.resnet_generator(width=2),
        kg.networks.mlp_generator(width=1, depth=60),
    ):
        content = weights.written(network)
        found = [array.numbers(content) for array in hdf5.arrays_in(content).values()]
        stored = sorted(network.get_weights(), key=lambda x: (x.shape, x.tobytes()))
        found = sorted(found, key=lambda x: (x.shape, x.tobytes()))
        for one, other in zip(found, stored, strict=True):
            np.testing.assert_array_equal(one, other, strict=True)


def test_samples_that_fill_the_memory_are_refused(tmp_path, monkeypatch):
    """Few weights can make an image of any size."""
    network = kg.networks.resnet_generator((16, 16, 3), latent_dim=2, width=1)
    kg.Generator(network).save_to_preset(tmp_path)
    for most, is_refused in ((16 * 16 * 3 - 1, True), (16 * 16 * 3, False)):
        monkeypatch.setattr("keras_gan.zoo.packing.MOST_NUMBERS", most)
        if is_refused:
            assert "(16, 16, 3)" in refused(tmp_path)
        else:
            assert kg.Generator.from_preset(tmp_path).generate(1).shape == (1, 16, 16, 3)


def test_a_discriminator_is_no_generator(tmp_path):
    """Even where shapes would allow it, and under new checksums."""
    network = kg.networks.mlp_discriminator(width=4)
    with pytest.raises(ValueError, match="its generator must not be 'mlp_discriminator'"):
        kg.Generator(network).save_to_preset(tmp_path)
    described = description.Description(
        {"generator": registry.origin_of(network)}, "normal"
    ).content()
    content = {"config.json": described, "model.weights.h5": weights.written(network)}
    presets.write(tmp_path, content)
    assert "mlp_discriminator" in refused(tmp_path)
    with pytest.raises(ValueError, match="samples and nothing else; it has 2 outputs"):
        kg.Generator(kg.networks.mlp_discriminator(width=4, features=True))


def test_objects_are_no_arguments(touched):
    """An activation that Keras would make of an object is refused before Keras sees it."""
    described = registry.Origin("mlp_generator", {"activation": hostile.REGISTERED})
    with pytest.raises(
        ValueError, match="activation must be a number, a string or a list, not a dict"
    ):
        registry.build(described)
    own = kg.Generator(kg.networks.mlp_generator(activation=hostile.REGISTERED))
    assert registry.origin_of(own) is None  # so that it is not saved either
    assert not touched.exists()
    own.generate(1)
    assert touched.exists()  # what a preset with it would have run
