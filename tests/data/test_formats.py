"""The field's file formats: what others publish and prepare is read as they mean it."""

import io
import json
import zipfile

import h5py
import numpy as np
import pytest
from PIL import Image

from keras_gan import data

COUNT = 6


@pytest.fixture
def pixels(rng):
    """Photographs of 6 x 4 pixels."""
    return rng.integers(256, size=(COUNT, 4, 6, 3), dtype=np.uint8)


def values(pixels):
    return (pixels / 127.5 - 1).astype("float32")


def png(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png")
    return file.getvalue()


def stored(place, files):
    """Files by name in a folder, or in an archive where the place ends in .zip."""
    if place.suffix == ".zip":
        with zipfile.ZipFile(place, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    else:
        for name, content in files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(content)
    return place


def names(count=COUNT):
    """As StyleGAN's dataset_tool.py names files."""
    return [f"00000/img{i:08}.png" for i in range(count)]


@pytest.mark.parametrize("place", ["dataset.zip", "dataset"])
def test_the_data_sets_of_stylegan(tmp_path, pixels, read, place):
    labels = [3, 0, 1, 1, 7, 2]
    listing = {"labels": [list(pair) for pair in zip(names()[::-1], labels[::-1], strict=True)]}
    files = dict(zip(names(), map(png, pixels), strict=True))
    files["dataset.json"] = json.dumps(listing).encode()
    x, y = read(data.load(stored(tmp_path / place, files), labels=True))
    np.testing.assert_allclose(x, values(pixels), atol=1e-6)
    assert y.dtype == np.int32
    assert y.tolist() == labels
    again = read(data.load(str(tmp_path / place)))
    np.testing.assert_array_equal(again, x)


@pytest.mark.parametrize(
    ("listing", "message"),
    [
        ({"labels": None}, r"says that it has no labels \(null\)"),
        (
            {"labels": [[names()[0], 1]]},
            r"has no label of 5 of 6 images, such as '00000/img00000001",
        ),
        ({"labels": [[name, [0.5, 1.0]] for name in names()]}, r"has the label \[0.5, 1.0\]"),
        ({"labels": [[name, -1] for name in names()]}, "has the label -1; classes are whole"),
        ({"labels": 5}, 'is not {"labels": .*as StyleGAN has it'),
        ([], 'is not {"labels": .*as StyleGAN has it'),
    ],
)
def test_listings_without_classes(tmp_path, pixels, read, listing, message):
    files = dict(zip(names(), map(png, pixels), strict=True))
    place = stored(tmp_path / "a.zip", files | {"dataset.json": json.dumps(listing).encode()})
    with pytest.raises(ValueError, match=f"dataset.json of .*a.zip' {message}"):
        data.load(place, labels=True)
    assert len(read(data.load(place))) == COUNT  # the listing is for labels alone


def test_archives_of_classes_splits_and_what_systems_leave_in_them(tmp_path, pixels, read):
    inner = [f"photos/train/{'cat' if i % 2 else 'dog'}/{i}.png" for i in range(4)]
    inner += [f"photos/val/{name}/a.png" for name in ("cat", "dog")]
    files = dict(zip(inner, map(png, pixels), strict=True))
    files |= {"__MACOSX/photos/._0.png": b"x", "photos/.DS_Store": b"x", "photos/readme.txt": b"x"}
    place = stored(tmp_path / "photos.zip", files)
    assert len(data.load(place)) == COUNT  # `photos` is no split
    flat = {name.removeprefix("photos/"): content for name, content in files.items()}
    place = stored(tmp_path / "flat.zip", flat)
    x, y = read(data.load(place, labels=True))
    assert y.tolist() == [0, 0, 1, 1]
    np.testing.assert_allclose(x, values(pixels[[1, 3, 0, 2]]), atol=1e-6)
    assert len(data.load(place, split="validation")) == 2


def test_a_damaged_archive_and_damaged_members_are_named(tmp_path, pixels):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(ValueError, match=r"Cannot read the archive .*a\.zip': it is damaged"):
        data.load(tmp_path / "a.zip")
    stored(tmp_path / "b.zip", {"notes.txt": b"none"})
    with pytest.raises(ValueError, match=r"b\.zip' holds no images; looked for"):
        data.load(tmp_path / "b.zip")
    files = {"0.png": png(pixels[0]), "1.png": png(pixels[1])[:60]}
    place = stored(tmp_path / "c.zip", files)
    with pytest.raises(ValueError, match=r"Cannot read the image '1\.png' in .*c\.zip'"):
        data.load(place)
    with pytest.warns(UserWarning, match="1 of 2 images"):
        assert len(data.load(place, skip_broken=True)) == 1


def test_batches_of_samples_as_openai_publishes_them(tmp_path, pixels, read):
    classes = np.arange(COUNT)
    moments = {"mu": np.zeros(3), "sigma": np.eye(3), "mu_s": np.zeros(2), "sigma_s": np.eye(2)}
    np.savez(tmp_path / "samples.npz", pixels, classes)
    np.savez(tmp_path / "reference.npz", arr_0=pixels, **moments)
    x, y = read(data.load(tmp_path / "samples.npz", labels=True))
    np.testing.assert_allclose(x, values(pixels), atol=1e-6)
    assert y.tolist() == classes.tolist()
    np.testing.assert_array_equal(read(data.load(str(tmp_path / "reference.npz"))), x)
    with pytest.raises(ValueError, match="labels=True needs a pair"):
        data.load(tmp_path / "reference.npz", labels=True)
    np.savez(tmp_path / "moments.npz", **moments)
    with pytest.raises(ValueError, match="moments.npz has no array of samples: it holds .*'mu'"):
        data.load(tmp_path / "moments.npz")
    np.savez(tmp_path / "labels.npz", labels=classes, other=classes)
    with pytest.raises(ValueError, match="it holds labels, and no array named 'samples'"):
        data.load(tmp_path / "labels.npz")


@pytest.mark.parametrize("suffix", ["h5", "hdf5"])
def test_hdf5(tmp_path, pixels, read, suffix):
    """With the names of most, and as BigGAN's make_hdf5.py writes it."""
    classes = np.arange(COUNT)
    for name, images in (("images", pixels), ("imgs", np.moveaxis(pixels, -1, 1))):
        path = tmp_path / f"{name}.{suffix}"
        with h5py.File(path, "w") as file:
            file.create_dataset(name, data=images, compression="gzip")
            file.create_dataset("labels", data=classes)
        x, y = read(data.load(path, labels=True))
        np.testing.assert_allclose(x, values(pixels), atol=1e-6)
        assert y.tolist() == classes.tolist()
    assert read(data.load(str(path), image_size=2)).shape == (COUNT, 2, 2, 3)


def test_hdf5_that_has_no_images_or_only_a_link_to_another_file(tmp_path, pixels):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["features"] = np.zeros(3)
    with pytest.raises(ValueError, match=r"a\.h5 has no array.*'features'.*named 'images'"):
        data.load(tmp_path / "a.h5")
    with h5py.File(tmp_path / "b.h5", "w") as file:
        file["images"] = h5py.ExternalLink(str(tmp_path / "a.h5"), "features")
    with pytest.raises(ValueError, match="no data set named 'images'"):
        data.load(tmp_path / "b.h5")
    (tmp_path / "c.h5").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="no HDF5 file that can be read"):
        data.load(tmp_path / "c.h5")
    with pytest.raises(ValueError, match=r"There is no file .*d\.h5"):
        data.load(str(tmp_path / "d.h5"))
    with pytest.raises(ValueError, match="has no split 'test'; allowed: train"):
        data.load(tmp_path / "a.h5", split="test")


def test_lmdb(tmp_path, pixels, read):
    """As LSUN is published, and in several sizes, as programs around StyleGAN prepare it."""
    lmdb = pytest.importorskip("lmdb")
    keys = [b"b1", b"a0", b"c2", b"d3", b"e4", b"f5"]
    write(lmdb, tmp_path / "lsun", dict(zip(keys, map(png, pixels), strict=True)))
    x = read(data.load(tmp_path / "lsun"))
    np.testing.assert_allclose(x, values(pixels[[1, 0, 2, 3, 4, 5]]), atol=1e-6)
    np.testing.assert_array_equal(read(data.load(str(tmp_path / "lsun"))), x)  # opened once
    several = {b"length": b"6"}
    for i, image in enumerate(pixels):
        several[b"4-%05d" % i] = png(image[:, :4])
        several[b"2-%05d" % i] = png(image[:2, :2])
    write(lmdb, tmp_path / "several", several)
    x = read(data.load(tmp_path / "several", image_size=2))
    np.testing.assert_allclose(x, values(pixels[:, :2, :2]), atol=1e-6)
    with pytest.raises(ValueError, match="in the sizes 2, 4: pass one of them as image_size"):
        data.load(tmp_path / "several")
    with pytest.raises(ValueError, match="in no sub-folder"):
        data.load(tmp_path / "lsun", labels=True)
    write(lmdb, tmp_path / "none", {b"length": b"0"})
    with pytest.raises(ValueError, match="none' holds no pictures"):
        data.load(tmp_path / "none")
    write(lmdb, tmp_path / "other", {b"a": b"no picture", b"b": png(pixels[0])})
    with pytest.raises(ValueError, match="Cannot read the image 'a' in .*other'"):
        data.load(tmp_path / "other")


def write(lmdb, path, content):
    with (
        lmdb.open(str(path), map_size=2**20) as environment,
        environment.begin(write=True) as transaction,
    ):
        for key, value in content.items():
            transaction.put(key, value)


def test_lmdb_without_its_package_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "lmdb", None)
    (tmp_path / "data.mdb").write_bytes(b"")
    with pytest.raises(ValueError, match="is an LMDB, which the package lmdb reads: pip install"):
        data.load(tmp_path)


class Frame:
    """What is asked of a pandas DataFrame, for machines without pandas."""

    def __init__(self, **columns):
        arrays = {name: np.asarray(column) for name, column in columns.items()}
        self.columns, self.iloc = list(arrays), None
        self.dtypes, self.arrays = [each.dtype for each in arrays.values()], arrays

    def to_numpy(self, dtype, na_value):
        return np.stack([self.arrays[name] for name in self.columns], 1).astype(dtype)


@pytest.mark.parametrize("kind", ["pandas", "ours"])
def test_tables_of_numbers_are_points(read, kind):
    make = Frame if kind == "ours" else lambda **c: pytest.importorskip("pandas").DataFrame(c)
    good = make(height=[1.5, 2.5], count=[3, 4], tall=[False, True])
    np.testing.assert_array_equal(read(data.load(good)), [[1.5, 3, 0], [2.5, 4, 1]])
    x, y = read(data.load((good, np.array([7, 8])), labels=True))
    assert (x.shape, y.tolist()) == ((2, 3), [7, 8])
    town = make(height=[1.5, 2.5], town=["Ulm", "Aachen"])
    with pytest.raises(ValueError, match=r"1 of 2 columns hold something else: 'town' \(.*dummies"):
        data.load(town)
    with pytest.raises(
        ValueError, match=r"missing in the columns 'height' \(1\) of 2 rows.*dropna"
    ):
        data.load(make(height=[1.5, np.nan], count=[3, 4]))


def test_categories_and_missing_whole_numbers_of_pandas(read):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"kind": pandas.Categorical(["a", "b", "a"])})
    with pytest.raises(ValueError, match=r"'kind' \(category\).*pandas.get_dummies"):
        data.load(frame)
    assert read(data.load(pandas.get_dummies(frame, dtype=float))).tolist() == [
        [1, 0],
        [0, 1],
        [1, 0],
    ]
    holes = pandas.DataFrame({"n": pandas.array([1, None, 3], dtype="Int64")})
    with pytest.raises(ValueError, match=r"missing in the columns 'n' \(1\)"):
        data.load(holes)
    with pytest.raises(ValueError, match=r"'day' \(datetime64"):
        data.load(pandas.DataFrame({"day": pandas.to_datetime(["2026-01-01"])}))
