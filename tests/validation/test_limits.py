"""What files state of themselves is looked at before it is believed; limits can be raised."""

import io
import json
import struct
import tracemalloc
import zipfile
import zlib

import h5py
import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from keras_gan.data.array_files import array_in
from keras_gan.data.decoding import Room
from keras_gan.files import limits
from keras_gan.networks.analysis.memory import batch_size_of, bytes_of_sample

GIB = 2**30


@pytest.fixture(autouse=True)
def frugal():
    """No test here takes more than 64 MB, whatever its file states."""
    tracemalloc.start()
    yield
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 64e6


@pytest.fixture(scope="module")
def members(tmp_path_factory):
    """The files in a small game's archive."""
    path = tmp_path_factory.mktemp("good") / "good.keras"
    networks = (kg.networks.mlp_generator(width=8, depth=1), kg.networks.mlp_discriminator(width=8))
    kg.GAN(*networks, seed=0).save(path)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path, members, **attributes):
    """Writes an archive whose directory states something else of its members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        for info in archive.infolist():
            for attribute, value in attributes.items():
                setattr(info, attribute, value)
    return path


def header(shape, dtype="<f4"):
    buffer = io.BytesIO()
    described = {"descr": dtype, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(buffer, described)
    return buffer.getvalue()


def png(width, height):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind, content):
        ends = struct.pack(">I", len(content)), struct.pack(">I", zlib.crc32(kind + content))
        return ends[0] + kind + content + ends[1]

    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_pixels_are_bounded_before_any_picture_is_decoded(tmp_path, monkeypatch):
    Image.new("RGB", (4, 6)).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(png(13_000, 13_000))
    monkeypatch.setattr("keras_gan.data.pictures.opened", None)  # which decodes
    with pytest.raises(ValueError, match=r"b.png. is 13000 x 13000, 169,000,000 p.*67,108,864"):
        kg.data.load(tmp_path, image_size=4)
    with pytest.raises(ValueError, match="max_pixels=24 .*--max-pixels 24"):
        kg.data.load(tmp_path, max_pixels=23)
    with pytest.raises(ValueError, match="max_pixels must be a whole number"):
        kg.data.load(tmp_path, max_pixels=0)


def test_more_pixels_are_read_where_the_user_says_so(tmp_path, monkeypatch):
    Image.new("RGB", (4, 6), "white").save(tmp_path / "a.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 5)  # Pillow's own bound is not in the way
    with pytest.raises(ValueError, match="24 pixels, and may have 23"):
        kg.data.load(tmp_path, max_pixels=23)
    assert kg.data.load(tmp_path, max_pixels=24).element_spec.shape == (6, 4, 3)
    assert Image.MAX_IMAGE_PIXELS == 5


def test_files_that_other_programs_would_open_are_refused(tmp_path):
    (tmp_path / "a.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")
    with pytest.raises(ValueError, match="Cannot read the image"):
        kg.data.load(tmp_path)


def test_room_is_shared_and_a_larger_one_waits_for_all_of_it():
    room = Room(10)
    with room.of(4), room.of(6):
        assert room.taken == 10
    with room.of(99):
        assert room.taken == 99
    assert room.taken == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            header((10**9, 1000)) + bytes(99),
            "claims an array .*4,000,000,000,000 bytes, but it has 99",
        ),
        (header((2**62, 2**62)), "claims an array"),
        (header((-2, 2)) + bytes(99), "claims an array"),
        (header((2, 2), "|O") + bytes(99), "Python objects"),
        (header((2**40,), "|V0"), "Python objects"),
        (b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**31) + b"{}", "header has 2,147,483,648 bytes"),
        (b"\x93NUMPY\x01\x00" + struct.pack("<H", 9000) + b"(" * 9000, "not a NumPy file"),
        (b"\x93NUMPY\x01\x00" + struct.pack("<H", 9000) + b"-" * 8999 + b"1", "not a NumPy file"),
        (b"\x93NUM", "not a NumPy file"),
    ],
)
def test_headers_of_arrays_are_compared_with_their_files(tmp_path, content, said):
    (tmp_path / "a.npy").write_bytes(content)
    with pytest.raises(ValueError, match=f"a.npy has no array of samples: .*{said}"):
        array_in(tmp_path / "a.npy")
    if len(content) > 20:
        packed(tmp_path / "a.npz", {"samples.npy": content})
        with pytest.raises(ValueError, match=f"a.npz has no array of samples: .*{said}"):
            array_in(tmp_path / "a.npz")


@pytest.mark.parametrize("dtype", ["<f4", ">f8", "|u1", "<i8"])
def test_arrays_are_read_as_numpy_reads_them(tmp_path, rng, dtype):
    array = np.asfortranarray(rng.integers(200, size=(3, 4, 5)).astype(dtype))
    np.save(tmp_path / "a.npy", array)
    np.savez(tmp_path / "b.npz", array)
    np.savez_compressed(tmp_path / "c.npz", samples=array, other=np.zeros(3))
    for path in tmp_path.iterdir():
        found = array_in(path)
        np.testing.assert_array_equal(found, array, strict=True)


def test_what_grows_beyond_the_limit_is_refused_and_the_limit_can_be_raised(tmp_path):
    path = packed(tmp_path / "a.npz", {"samples.npy": header((1000, 1000)) + bytes(4_000_000)})
    with (
        limits.limited(max_bytes=3_000_000),
        pytest.raises(ValueError, match=r"take 4 MB in memory.*--max-bytes 4000128\)"),
    ):
        array_in(path)
    with limits.limited(max_bytes=4_000_128):
        assert array_in(path).shape == (1000, 1000)
    np.save(tmp_path / "b.npy", np.zeros((1000, 1000), "f4"))  # grows not at all
    with limits.limited(max_bytes=1):
        assert array_in(tmp_path / "b.npy").shape == (1000, 1000)


ARCHIVES = {
    "larger": ({"file_size": 2**31}, "would take 2.15 GB in memory"),
    "encrypted": ({"flag_bits": 1}, "is encrypted"),
    "bzip2": ({"compress_type": 12}, "compressed by method 12"),
    "unknown": ({"compress_type": 99}, "compressed by method 99"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_archives_are_refused_by_what_they_state(tmp_path, members, name):
    attributes, said = ARCHIVES[name]
    for path, content in (("a.keras", members), ("a.npz", {"samples.npy": header((1, 1))})):
        packed(tmp_path / path, content, **attributes)
        with pytest.raises(ValueError, match=said):
            (kg.load_model if path == "a.keras" else array_in)(tmp_path / path)


def edited(content, edit):
    buffer = io.BytesIO(content)
    with h5py.File(buffer, "r+") as file:
        del file["generator/layers/dense/vars/0"]
        edit(file)
    return buffer.getvalue()


def array(**options):
    return lambda file: file.create_dataset("generator/layers/dense/vars/0", dtype="f4", **options)


def link(target):
    return lambda file: file.__setitem__("generator/layers/dense/vars/0", target)


HDF5 = {
    "an array of nothing": (array(shape=(2**20, 2**19), chunks=(1, 999)), "would take 2.2 TB in"),
    "a link": (link(h5py.SoftLink("/elsewhere")), "has the link '0'"),
    "another file": (link(h5py.ExternalLink("nowhere.h5", "/")), "has the link '0'"),
    "elsewhere": (
        array(shape=(4, 4), external=[("nowhere", 0, 64)]),
        "whose numbers are in another file",
    ),
    "deep": (
        lambda file: file.create_group("/".join("g" * 300)),
        "more, or more deeply nested, groups",
    ),
}


@pytest.mark.parametrize("name", HDF5)
def test_weights_are_refused_by_what_they_state(tmp_path, members, name):
    edit, said = HDF5[name]
    weights = edited(members["model.weights.h5"], edit)
    packed(tmp_path / "a.keras", {**members, "model.weights.h5": weights})
    with pytest.raises(ValueError, match=said):
        kg.load_model(tmp_path / "a.keras")


def test_networks_larger_than_the_weights_in_their_file_are_not_built(tmp_path, members):
    config = members["config.json"].decode().replace('"units": 8', '"units": 50000')
    config = config.replace("[null, 8]", "[null, 50000]").replace("[8, ", "[50000, ")
    packed(tmp_path / "a.keras", {**members, "config.json": config})
    with pytest.raises(ValueError, match="could not be loaded as a model of keras_gan"):
        kg.load_model(tmp_path / "a.keras")


CONFIGS = {
    "deep": ("[" * 20_000 + "]" * 20_000, "values nested more than 200 deep"),
    "long": (json.dumps([{"class_name": "ReLU"}] * 20_001), "describes 20,001 objects"),
    "large": (" " * (2**24 + 1), "a JSON file may have only 16.8 MB"),
}


@pytest.mark.parametrize("name", CONFIGS)
def test_configurations_are_bounded(tmp_path, members, name):
    config, said = CONFIGS[name]
    packed(tmp_path / "a.keras", {**members, "config.json": config})
    with pytest.raises(ValueError, match=said):
        kg.load_model(tmp_path / "a.keras")


def test_a_file_packed_again_still_loads(tmp_path, members):
    packed(tmp_path / "a.keras", members)
    assert kg.load_model(tmp_path / "a.keras").generate(2, seed=0).shape == (2, 2)


def preset(tmp_path, **arguments):
    network = kg.networks.dcgan_generator(latent_dim=2, width=1, **arguments)
    kg.Generator(network).save_to_preset(tmp_path)
    return tmp_path, bytes_of_sample(network)


def test_a_preset_whose_sample_takes_too_much_is_refused(tmp_path):
    folder, needed = preset(tmp_path, image_shape=(64, 64, 3))
    with pytest.raises(ValueError, match=f"pass max_bytes={needed} "):
        kg.Generator.from_preset(folder, max_bytes=needed - 1)
    assert kg.Generator.from_preset(folder, max_bytes=needed).output_shape == (None, 64, 64, 3)


def test_samples_of_any_number_take_a_bounded_batch(monkeypatch):
    network = kg.networks.dcgan_generator((32, 32, 3), latent_dim=2, width=2)
    generator, sizes = kg.Generator(network), []
    whole = generator.generate(7, seed=1)
    usual = kg.Generator.__call__
    monkeypatch.setattr(
        kg.Generator, "__call__", lambda self, z, **o: sizes.append(len(z)) or usual(self, z, **o)
    )
    monkeypatch.setattr("keras_gan.networks.analysis.memory.AT_ONCE", 3 * bytes_of_sample(network))
    np.testing.assert_allclose(generator.generate(7, seed=1), whole, atol=1e-5)
    assert sizes == [3, 3, 3]  # the last one is filled up: nothing is compiled for another size
    monkeypatch.setattr("keras_gan.networks.analysis.memory.PART", 1)
    parts = list(generator.generate_in_parts(7, seed=1))
    assert [len(part) for part in parts] == [3, 3, 1]
    assert sizes == [3] * 6
    np.testing.assert_array_equal(np.concatenate(parts), generator.generate(7, seed=1))
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-5)


@pytest.mark.parametrize("make", [kg.Generator.from_gan, lambda game: game])
def test_where_memory_is_short_fewer_samples_are_made_at_a_time(monkeypatch, make):
    network = kg.networks.dcgan_generator((16, 16, 1), latent_dim=2, width=2)
    maker = make(kg.GAN(network, kg.networks.dcgan_discriminator((16, 16, 1), width=2)))
    needed = limits.WHILE_HELD * bytes_of_sample(network)
    monkeypatch.setattr(limits, "free_memory", lambda: 5 * needed // 2)
    assert batch_size_of(network) == 2
    assert maker.generate(5, seed=0).shape == (5, 16, 16, 1)
    monkeypatch.setattr(limits, "free_memory", lambda: needed - 1)
    with pytest.raises(ValueError, match="A sample would take"):
        maker.generate(5, seed=0)


@pytest.mark.parametrize("make", [kg.Generator.from_gan, lambda game: game])
def test_more_samples_than_memory_are_refused(make):
    game = kg.GAN(kg.networks.mlp_generator(width=8), kg.networks.mlp_discriminator(width=8))
    with pytest.raises(ValueError, match="1,000,000,000,000 samples would take 8 TB of memory"):
        make(game).generate(10**12, seed=0)


def test_numbers_that_would_be_compiled_one_by_one_are_bounded(monkeypatch):
    networks = kg.networks.mlp_generator(width=4), kg.networks.mlp_discriminator(width=4)
    with pytest.raises(ValueError, match=r"at most 1,000 moves.*Schedule.most_moves"):
        kg.GAN(*networks, schedule=10**9)
    with pytest.raises(ValueError, match="received more than 1,000"):
        kg.Schedule(("generator",) for _ in iter(int, 1))  # without end
    with pytest.raises(ValueError, match=r"unroll must be at most 100.*UnrolledGAN.most_unroll"):
        kg.UnrolledGAN(*networks, unroll=10**9)
    with pytest.raises(ValueError, match="power_iterations must be at most 1,000"):
        kg.layers.SpectralNormalization(networks[0].layers[1], power_iterations=10**9)
    monkeypatch.setattr(kg.Schedule, "most_moves", 1002)
    monkeypatch.setattr(kg.UnrolledGAN, "most_unroll", 101)
    assert kg.schedules.get(1001).parts == 1001
    assert kg.UnrolledGAN(*networks, unroll=101).unroll == 101


def test_a_pool_and_copies_beyond_memory_are_refused():
    from keras_gan.games.cyclegan.image_pool import ImagePool

    with pytest.raises(ValueError, match="take a smaller pool_size"):
        ImagePool(10**9, (256, 256, 3))
    with pytest.raises(ValueError, match="copies of 2 images would take"):
        kg.data.with_copies(np.zeros((2, 16, 16, 1)), copies=10**12)


def test_limits_hold_in_their_scope_alone():
    with limits.limited(max_pixels=5), limits.limited(max_bytes=7) as found:
        assert (found.max_pixels, found.max_bytes) == (5, 7)
    assert limits.present() == limits.Limits(64 * 2**20, GIB)
    with pytest.raises(ValueError, match="max_bytes must be a whole number of at least 1"):
        limits.limited(max_bytes=0).__enter__()


def test_memory_that_is_not_there_is_not_taken(monkeypatch):
    monkeypatch.setattr(limits, "free_memory", lambda: 10)
    with pytest.raises(
        ValueError, match="It would take 11 bytes of memory, but only 10 bytes are free"
    ):
        limits.check_memory("It", 11)
    limits.check_memory("It", 10)
    monkeypatch.setattr(limits, "free_memory", lambda: None)
    limits.check_memory("It", 10**20)


def test_files_of_weights_are_bounded(tmp_path, members):
    game = kg.GAN(kg.networks.mlp_generator(width=8), kg.networks.mlp_discriminator(width=8))
    path = tmp_path / "a.weights.h5"
    game.save_weights(path)
    game.load_weights(path)
    with h5py.File(path, "r+") as file:
        file.create_dataset("more", (2**20, 2**19), "f4", chunks=(1, 999))
    with pytest.raises(ValueError, match=r"a.weights.h5 cannot be loaded: the array 'more' in it"):
        game.load_weights(path)


def test_plain_files_beyond_memory_are_not_read(tmp_path, monkeypatch):
    from keras_gan.files.regular_files import NoPlainFileError, content_of

    (tmp_path / "a").write_bytes(bytes(11))
    monkeypatch.setattr(limits, "free_memory", lambda: 10)
    with pytest.raises(
        NoPlainFileError, match="it would take 11 bytes of memory, but only 10 bytes"
    ):
        content_of(tmp_path / "a")


def test_networks_beyond_memory_are_not_built_for_training(monkeypatch):
    from keras_gan.families.memory import within_memory

    monkeypatch.setattr("keras_gan.families.memory.free_memory", lambda: 5_000)
    refused = pytest.raises(ValueError, match="use a smaller --width, --latent-dim or --image")
    with refused, within_memory():
        kg.networks.mlp_generator(width=100)
    with within_memory():
        kg.networks.mlp_generator(width=4, depth=1)


def test_damaged_archives_of_arrays_are_named(tmp_path):
    path = packed(tmp_path / "a.npz", {"samples.npy": header((99, 99)) + bytes(4 * 99 * 99)})
    whole = path.read_bytes()
    for place in (40, 60, len(whole) // 4):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        with pytest.raises(ValueError, match="a.npz has no array of samples: "):
            array_in(path)


def test_a_preset_with_a_weight_beyond_four_mebibytes_loads(tmp_path):
    network = kg.networks.mlp_generator(data_dim=2, latent_dim=2, width=1056, depth=2)
    assert max(4 * w.shape[0] * w.shape[-1] for w in network.weights) > 2**22
    generator = kg.Generator(network)
    generator.save_to_preset(tmp_path / "wide")
    loaded = kg.Generator.from_preset(tmp_path / "wide")
    np.testing.assert_array_equal(loaded.generate(8, seed=0), generator.generate(8, seed=0))
