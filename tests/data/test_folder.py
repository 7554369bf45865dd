import numpy as np
import pytest
from PIL import Image

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


def test_labels_need_sub_folders(folder):
    save(folder / "stray.png", np.zeros((4, 6, 3), np.uint8))
    with pytest.raises(ValueError, match="stray.png' lies in none"):
        data.load(folder, labels=True)


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK", "1"])
def test_every_mode_becomes_rgb(tmp_path, read, mode):
    suffix = "jpg" if mode == "CMYK" else "png"
    Image.new("RGB", (5, 5), "white").convert(mode).save(tmp_path / f"white.{suffix}")
    np.testing.assert_array_equal(read(data.load(tmp_path)), np.ones((1, 5, 5, 3)))


def test_sixteen_bits_are_refused_rather_than_clipped(tmp_path):
    Image.fromarray(np.full((4, 4), 30_000, np.uint16)).save(tmp_path / "deep.png")
    with pytest.raises(ValueError, match=r"deep.png' has more than 8 bits a channel"):
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


def test_hidden_files_and_other_files_are_passed_over(folder):
    (folder / "cats" / "._b.png").write_bytes(b"left by an operating system")
    (folder / ".cache").mkdir()
    (folder / ".cache" / "thumb.png").write_bytes(b"")
    (folder / "notes.txt").write_text("not a picture")
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
