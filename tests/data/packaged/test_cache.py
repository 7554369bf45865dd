import os

import numpy as np
import pytest

from keras_gan.data.packaged import cache
from keras_gan.data.packaged.collection import Collection, Whole
from keras_gan.data.packaged.held_out import held_out


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "keras_gan" / "data"


def whole(rng, n=5):
    images = rng.integers(256, size=(n, 4, 6, 3), dtype="uint8")
    rows = np.array([0, 1, 1, 2, 0], "int32")
    labels = {"kind": np.array([0, 1, 1, 0, 0], "int32")}
    return Whole(images, rows, labels, {"kind": ("ä", "b/c")}, np.array([0, 0, 1, 1, 0], bool))


def same(one, other):
    for name in ("images", "rows", "held_out"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    np.testing.assert_array_equal(one.labels["kind"], other.labels["kind"])
    assert one.classes == other.classes
    return True


def test_what_was_rendered_is_read_again_and_what_is_damaged_is_rendered_anew(rng, home):
    made, calls = whole(rng), []

    def render():
        calls.append(1)
        return made

    assert same(cache.cached("set-4x6", "key", render), made)
    assert same(cache.cached("set-4x6", "key", render), made)
    assert len(calls) == 1
    (file,) = home.iterdir()
    content = file.read_bytes()
    place = content.index(made.images.tobytes())
    for damaged in (content[:-30], b"", content[:place] + b"xxxx" + content[place + 4 :]):
        file.write_bytes(damaged)
        assert same(cache.cached("set-4x6", "key", render), made)
        assert file.read_bytes() == content
    assert len(calls) == 4
    cache.cached("set-4x6", "other key", render)
    assert len(calls) == 5
    assert not list(home.glob("*partial*"))


def test_a_few_files_of_a_set_are_kept_those_that_were_used_last(rng, home):
    made = whole(rng)
    for i in range(cache.KEPT):
        cache.cached(f"set-{i}x{i}", "key", lambda: made)
        os.utime(home / f"set-{i}x{i}-key.npz", (i, i))
    cache.cached("settee-1x1", "key", lambda: made)
    cache.cached("set-0x0", "key", lambda: made)  # used again
    cache.cached("set-9x9", "key", lambda: made)
    left = {path.name.split("-")[1] for path in home.glob("set-*")}
    assert left == {"0x0", "2x2", "3x3", "4x4", "5x5", "9x9"}
    assert (home / "settee-1x1-key.npz").exists()


def test_where_nothing_can_be_written_there_is_a_warning(rng, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "file"))
    made = whole(rng)
    with pytest.warns(UserWarning, match=r"could not be kept in the cache.*KERAS_HOME"):
        assert same(cache.cached("set-4x6", "key", lambda: made), made)


def test_the_fingerprint_depends_on_each_input_but_not_on_where_they_are(tmp_path):
    roots = [tmp_path / "one", tmp_path / "other"]
    for root in roots:
        root.mkdir()
        (root / "a").write_text("content")
        os.utime(root / "a", ns=(1, 1))

    def found(root, facts=("x", 1)):
        return cache.fingerprint(facts, [root / "a"], root)

    first = found(roots[0])
    assert first == found(roots[1])
    assert first != found(roots[0], ("x", 2))
    os.utime(roots[1] / "a", ns=(2, 2))
    assert first != found(roots[1])
    (roots[0] / "a").write_text("contents")
    os.utime(roots[0] / "a", ns=(1, 1))
    assert first != found(roots[0])


def test_a_collection_has_each_picture_once_at_the_first_of_its_places(rng):
    made = whole(rng, 3)
    taken = made.taken(np.ones(5, bool), {"a": "CC0"})
    np.testing.assert_array_equal(taken.images, made.images[[0, 1, 2]])
    assert taken.named("kind") == ["ä", "b/c", "ä"]
    held = made.taken(made.held_out, {})
    np.testing.assert_array_equal(held.images, made.images[[1, 2]])
    with pytest.raises(ValueError, match="There is no label 'sort'; allowed: 'kind'"):
        taken.indicators("sort")
    with pytest.raises(ValueError, match="allowed: none"):
        Collection(made.images, {}, {}, {}).named("kind")


def test_names_decide_what_is_held_out_for_ever():
    once, again = held_out(["Lobster", "8"]), held_out(["8", "Lobster", "Lobster"])
    assert again.tolist() == [once[1], once[0], once[0]]
    assert np.flatnonzero(held_out(map(str, range(40)))).tolist() == [0, 7, 9, 10, 33]
