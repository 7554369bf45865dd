import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageSequence

from keras_gan import data


@pytest.fixture
def folder(tmp_path, rng):
    """Two classes of 6 x 4 pictures in five formats; returns the path."""
    for name in ("dogs/a.png", "cats/b.bmp", "cats/deep/er/c.webp", "dogs/d.JPG", "cats/e.gif"):
        save(tmp_path / name, rng.integers(256, size=(4, 6, 3), dtype=np.uint8))
    return tmp_path


def save(path, pixels, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, **options)


def test_all_images_under_a_folder_are_found(folder, read):
    dataset = data.load(folder)
    assert len(dataset) == 5
    x = read(dataset)
    assert x.shape == (5, 4, 6, 3)
    assert x.dtype == np.float32
    assert -1 <= x.min() < -0.9
    assert 0.9 < x.max() <= 1
    np.testing.assert_array_equal(x, read(data.load(str(folder))))


def test_lossless_pixels_come_back_exactly(tmp_path, rng, read):
    pixels = rng.integers(256, size=(4, 6, 3), dtype=np.uint8)
    save(tmp_path / "a.png", pixels)
    np.testing.assert_allclose(read(data.load(tmp_path))[0], pixels / 127.5 - 1, atol=1e-6)


def test_labels_number_the_first_sub_folders_by_name(folder, read):
    _, y = read(data.load(folder, labels=True))  # in the order of the paths: cats, then dogs
    assert y.dtype == np.int32
    np.testing.assert_array_equal(y, [0, 0, 0, 1, 1])


def test_one_folder_around_the_classes_is_no_class(tmp_path, folder, read):
    around = tmp_path / "around" / "train"
    for path in sorted(folder.rglob("*.*")):
        if "around" not in path.parts:
            save(
                around / path.relative_to(folder).with_suffix(".png"), np.zeros((4, 6, 3), "uint8")
            )
    _, y = read(data.load(tmp_path / "around", labels=True))
    np.testing.assert_array_equal(y, [0, 0, 0, 1, 1])


def test_splits_are_not_taken_for_classes(tmp_path, read):
    for name in ("train/a/1.png", "train/b/1.png", "test/a/1.png", "test/b/1.png"):
        save(tmp_path / name, np.zeros((4, 6, 3), np.uint8))
    save(tmp_path / "test/b/2.png", np.full((4, 6, 3), 255, np.uint8))
    for folder, split, classes in (
        (tmp_path, "train", [0, 1]),
        (tmp_path, "test", [0, 1, 1]),
        (tmp_path / "train", "train", [0, 1]),
    ):
        x, y = read(data.load(folder, split=split, labels=True))
        np.testing.assert_array_equal(y, classes)
        np.testing.assert_array_equal(x, read(data.load(folder, split=split)))
    assert x.max() == -1
    with pytest.raises(ValueError, match="no split 'val'; its folders are test, train"):
        data.load(tmp_path, split="val")


def test_classes_may_have_sub_folders_of_the_same_names(tmp_path, read):
    for name in ("cat/day/1.png", "cat/night/1.png", "dog/day/1.png", "dog/night/1.png"):
        save(tmp_path / name, np.zeros((4, 6, 3), np.uint8))
    _, y = read(data.load(tmp_path, labels=True))
    np.testing.assert_array_equal(y, [0, 0, 1, 1])


def test_labels_need_sub_folders(folder):
    save(folder / "stray.png", np.zeros((4, 6, 3), np.uint8))
    with pytest.raises(ValueError, match="stray.png' is in no sub-folder"):
        data.load(folder, labels=True)


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK", "1"])
def test_every_mode_becomes_rgb(tmp_path, read, mode):
    suffix = "jpg" if mode == "CMYK" else "png"
    Image.new("RGB", (5, 5), "white").convert(mode).save(tmp_path / f"white.{suffix}")
    np.testing.assert_array_equal(read(data.load(tmp_path)), np.ones((1, 5, 5, 3)))


def half_transparent(mode):
    image = Image.new("RGBA", (5, 5), (10, 20, 30, 255))
    image.putpixel((2, 2), (200, 100, 0, 0))
    return image.convert(mode)


@pytest.mark.parametrize("name", ["a.png", "a.webp", "a.tif", "grey.png"])
def test_transparency_is_refused_kept_or_laid_on_a_colour_as_chosen(tmp_path, read, name):
    half_transparent("LA" if "grey" in name else "RGBA").save(tmp_path / name, lossless=True)
    with pytest.raises(ValueError, match=r"transparent in part.*alpha='keep'.*--alpha keep"):
        data.load(tmp_path)
    assert read(data.load(tmp_path, alpha="white"))[0, 2, 2].tolist() == [1, 1, 1]
    orange = read(data.load(tmp_path, alpha="#ff8000"))
    np.testing.assert_allclose(orange[0, 2, 2], [1, 1 / 255, -1], atol=1e-6)
    kept = read(data.load(tmp_path, alpha="keep"))
    assert kept.shape == (1, 5, 5, 4)
    assert (kept[0, 2, 2, 3], kept[0, 0, 0, 3]) == (-1, 1)
    np.testing.assert_array_equal(kept[0, 0, 0, :3], orange[0, 0, 0])


def test_an_opaque_picture_beside_transparent_ones_gets_a_fourth_channel(tmp_path, read):
    half_transparent("RGBA").save(tmp_path / "a.png")
    save(tmp_path / "b.png", np.zeros((5, 5, 3), np.uint8))
    x = read(data.load(tmp_path, alpha="keep"))
    assert x.shape == (2, 5, 5, 4)
    assert (x[1, ..., 3] == 1).all()


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"alpha": "no colour"}, "alpha must be 'keep'.*received 'no colour'"),
        ({"alpha": "#00000080"}, "an opaque colour"),
        ({"alpha": (300, 0, 0)}, "alpha must be 'keep'"),
        ({"pages": "each"}, "Unknown choice of pages 'each'.*'all', 'first'"),
        ({"skip_broken": 1}, "skip_broken must be True or False; received 1"),
    ],
)
def test_choices_are_checked(folder, choices, message):
    with pytest.raises(ValueError, match=message):
        data.load(folder, **choices)


def test_a_palette_with_a_transparent_colour_is_refused_where_a_pixel_has_it(tmp_path, read):
    pixels = Image.new("P", (2, 2), 1)
    pixels.putpalette([255, 0, 0, 0, 255, 0])
    pixels.putpixel((0, 0), 0)
    pixels.save(tmp_path / "a.png", transparency=0)
    with pytest.raises(ValueError, match="transparent in part"):
        data.load(tmp_path)
    pixels.save(tmp_path / "a.png", transparency=5)
    np.testing.assert_array_equal(read(data.load(tmp_path))[0, 0, 0], [1, -1, -1])


@pytest.mark.parametrize("suffix", ["gif", "tif", "png", "webp"])
def test_further_pages_are_refused_or_samples_as_chosen(tmp_path, rng, read, suffix):
    pages = [Image.fromarray(p) for p in rng.integers(256, size=(3, 4, 6, 3), dtype=np.uint8)]
    path = tmp_path / f"film.{suffix}"
    pages[0].save(path, save_all=True, append_images=pages[1:])
    with pytest.raises(ValueError, match="has 3 pages or frames.*pages='all'.*--pages all"):
        data.load(tmp_path)
    with Image.open(path) as film:
        frames = [np.asarray(page.convert("RGB")) for page in ImageSequence.Iterator(film)]
    expected = np.stack(frames) / 127.5 - 1
    np.testing.assert_allclose(read(data.load(tmp_path, pages="all")), expected, atol=1e-6)
    np.testing.assert_allclose(read(data.load(tmp_path, pages="first")), expected[:1], atol=1e-6)


def test_every_page_has_the_class_of_its_file(tmp_path, rng, read):
    page, *others = (
        Image.fromarray(p) for p in rng.integers(256, size=(3, 4, 6, 3), dtype=np.uint8)
    )
    (tmp_path / "films").mkdir()
    page.save(tmp_path / "films" / "a.tif", save_all=True, append_images=others)
    save(tmp_path / "photographs" / "b.png", np.asarray(page))
    x, y = read(data.load(tmp_path, labels=True, pages="all"))
    assert y.tolist() == [0, 0, 0, 1]
    np.testing.assert_array_equal(x[0], x[3])


def test_a_smaller_copy_in_a_tiff_and_a_second_picture_of_a_camera_are_no_pages(tmp_path, rng):
    large, small = (
        Image.fromarray(rng.integers(256, size=(side, side, 3), dtype=np.uint8)) for side in (8, 2)
    )
    small.encoderinfo = {"tiffinfo": {254: 1}}
    large.save(tmp_path / "a.tif", save_all=True, append_images=[small])
    large.save(tmp_path / "b.jpg", format="MPO", save_all=True, append_images=[large])
    assert len(data.load(tmp_path)) == len(data.load(tmp_path, pages="all")) == 2


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_of_sixteen_bits_the_upper_eight_are_taken_and_it_is_said(tmp_path, read, suffix):
    levels = np.array([[0, 255, 256], [30_000, 65_279, 65_535]], np.uint16)
    Image.fromarray(levels).save(tmp_path / f"deep.{suffix}")
    with pytest.warns(UserWarning, match="1 of 1 images have 16 bits.*becomes 255 of 255"):
        x = read(data.load(tmp_path))
    assert x.shape == (1, 2, 3, 3)
    np.testing.assert_allclose(x[0, ..., 0], (levels // 256) / 127.5 - 1, atol=1e-6)
    np.testing.assert_array_equal(x[..., 0], x[..., 2])


def test_sixteen_bits_of_colour_are_told_of_too(tmp_path, read):
    """Pillow reads them as bytes and says nothing."""
    (tmp_path / "deep.png").write_bytes(png_of(np.full((2, 2, 3), 30_000, ">u2")))
    with pytest.warns(UserWarning, match="1 of 1 images have 16 bits.*becomes 117 of 255"):
        x = read(data.load(tmp_path))
    np.testing.assert_allclose(x, 117 / 127.5 - 1, atol=1e-6)


def png_of(levels):
    """A PNG file of 16 bits per channel."""

    def chunk(kind, content):
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    height, width, _ = levels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in levels)
    head = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def test_floats_are_refused_since_no_file_says_their_range(tmp_path):
    Image.fromarray(np.zeros((4, 4), np.float32)).save(tmp_path / "deep.tif")
    with pytest.raises(ValueError, match=r"deep.tif' has 32 bits per channel.*pass an array"):
        data.load(tmp_path)


def test_different_sizes_name_two_files(folder):
    save(folder / "dogs" / "large.png", np.zeros((9, 7, 3), np.uint8))
    with pytest.raises(
        ValueError, match=r"b\.bmp' is 6 x 4 and .*large\.png' is 7 x 9; pass image_"
    ):
        data.load(folder)


def test_image_size_makes_sizes_agree(folder, read):
    save(folder / "dogs" / "large.png", np.full((9, 7, 3), 255, np.uint8))
    x = read(data.load(folder, image_size=3))
    assert x.shape == (6, 3, 3, 3)
    np.testing.assert_array_equal(x[-1], np.ones((3, 3, 3)))


def test_folders_and_arrays_are_resized_alike(tmp_path, rng, read):
    smooth = np.asarray(
        Image.fromarray(rng.integers(256, size=(5, 5, 3), dtype=np.uint8)).resize((40, 30))
    )
    save(tmp_path / "a.png", smooth)
    for size in (11, 30, 47):
        one, other = (
            read(data.load(source, image_size=size)) for source in (tmp_path, smooth[None])
        )
        assert np.abs(one - other).max() < 2.5 * 2 / 255


def test_exif_rotation_is_obeyed(tmp_path, read):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    save(tmp_path / "a.png", np.zeros((4, 6, 3), np.uint8), exif=exif)
    assert read(data.load(tmp_path)).shape == (1, 6, 4, 3)


def test_an_unreadable_file_is_named(folder):
    (folder / "cats" / "broken.png").write_bytes(b"not a picture")
    with pytest.raises(ValueError, match=r"Cannot read the image .*broken\.png"):
        data.load(folder)


def test_a_truncated_file_is_named(folder):
    whole = (folder / "dogs" / "a.png").read_bytes()
    (folder / "dogs" / "half.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match=r"Cannot read the image .*half\.png"):
        data.load(folder)


@pytest.fixture
def broken(folder):
    """The folder, with a file that is none, one cut short, and a first one that is empty."""
    (folder / "cats" / "a.png").write_bytes(b"")
    (folder / "cats" / "n.png").write_bytes(b"not a picture")
    whole = (folder / "dogs" / "a.png").read_bytes()
    (folder / "dogs" / "half.png").write_bytes(whole[: len(whole) // 2])
    return folder


def test_all_broken_files_are_named_at_once(broken):
    with pytest.raises(ValueError, match="3 of 8 images cannot be read.*--skip-broken") as caught:
        data.load(broken)
    lines = str(caught.value).splitlines()
    assert [any(name in line for line in lines) for name in ("a.png", "n.png", "half.png")] == [
        True
    ] * 3
    assert len(lines) == 4


@pytest.mark.filterwarnings("ignore:.*decoded again in every pass")
@pytest.mark.parametrize("room", [True, False])
def test_broken_files_are_left_out_on_request_with_their_labels(broken, read, room, monkeypatch):
    if not room:
        monkeypatch.setattr("keras_gan.data.pictures.free_memory", lambda: 100)
    with pytest.warns(UserWarning, match="3 of 8 images cannot be read and are left out"):
        dataset = data.load(broken, labels=True, skip_broken=True)
    x, y = read(dataset)
    assert len(dataset) == len(x) == 5
    assert y.tolist() == [0, 0, 0, 1, 1]


def test_a_folder_of_broken_files_alone_is_an_error(tmp_path):
    (tmp_path / "a.png").write_bytes(b"not a picture")
    with pytest.raises(ValueError, match=r"a\.png(.|\n)*None of 1 images can be read"):
        data.load(tmp_path, skip_broken=True)


def test_hidden_files_are_passed_over(folder):
    (folder / "cats" / "._b.png").write_bytes(b"left by an operating system")
    (folder / ".cache").mkdir()
    (folder / ".cache" / "thumb.png").write_bytes(b"")
    assert len(data.load(folder)) == 5


def test_files_with_other_endings_are_passed_over_with_a_warning(folder):
    (folder / "notes.txt").write_text("not a picture")
    (folder / "dogs" / "raw.dng").write_bytes(b"a picture that is not read")
    with pytest.warns(UserWarning, match="2 files are ignored.*dogs/raw.dng, notes.txt"):
        assert len(data.load(folder)) == 5


def test_a_folder_without_images_is_an_error(tmp_path):
    with pytest.raises(ValueError, match=r"holds no images; looked, .* \.png"):
        data.load(tmp_path)


def test_a_path_that_is_no_folder_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="nowhere' is not a folder"):
        data.load(tmp_path / "nowhere")


def test_a_folder_has_one_split(folder):
    with pytest.raises(ValueError, match="has no split 'test'; allowed: train"):
        data.load(folder, split="test")
