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
    with pytest.raises(ValueError, match="look like splits, each with the classes a, b.*train'"):
        data.load(tmp_path, labels=True)
    _, y = read(data.load(tmp_path / "train", labels=True))
    np.testing.assert_array_equal(y, [0, 1])


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
def test_transparent_pictures_are_refused_and_the_advice_lays_them_on_a_colour(
    tmp_path, read, name
):
    half_transparent("LA" if "grey" in name else "RGBA").save(tmp_path / name)
    with pytest.raises(ValueError, match=r"transparent in part.*alpha_composite"):
        data.load(tmp_path)
    with Image.open(tmp_path / name) as file:
        image = file.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    Image.alpha_composite(white, image).convert("RGB").save(tmp_path / name)
    assert read(data.load(tmp_path))[0, 2, 2].min() > 0.9


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
def test_further_pages_are_refused_and_saved_by_what_the_refusal_says(tmp_path, rng, suffix):
    pages = [Image.fromarray(p) for p in rng.integers(256, size=(3, 4, 6, 3), dtype=np.uint8)]
    path = tmp_path / f"film.{suffix}"
    pages[0].save(path, save_all=True, append_images=pages[1:])
    with pytest.raises(ValueError, match="has 3 pages or frames"):
        data.load(tmp_path)
    with Image.open(path) as film:
        for i, page in enumerate(ImageSequence.Iterator(film)):
            page.convert("RGB").save(tmp_path / f"page_{i}.png")
    path.unlink()
    assert len(data.load(tmp_path)) == 3


def test_a_smaller_copy_in_a_tiff_and_a_second_picture_of_a_camera_are_no_pages(tmp_path, rng):
    large, small = (
        Image.fromarray(rng.integers(256, size=(side, side, 3), dtype=np.uint8)) for side in (8, 2)
    )
    small.encoderinfo = {"tiffinfo": {254: 1}}
    large.save(tmp_path / "a.tif", save_all=True, append_images=[small])
    large.save(tmp_path / "b.jpg", format="MPO", save_all=True, append_images=[large])
    assert len(data.load(tmp_path)) == 2


def test_sixteen_bits_are_refused_rather_than_clipped(tmp_path):
    Image.fromarray(np.full((4, 4), 30_000, np.uint16)).save(tmp_path / "deep.png")
    with pytest.raises(ValueError, match=r"deep.png' has more than 8 bits per channel"):
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
