import os
import sys

import pytest

from keras_gan import data
from keras_gan.cli.main import main
from keras_gan.data.packaged import licences, places


@pytest.mark.parametrize(
    ("name", "package", "module"),
    [
        ("glyphs", "apt-get install fonts-dejavu", "fontTools"),
        ("emoji", "apt-get install fonts-noto-color-emoji", "fontTools"),
        ("clipart", "apt-get install openclipart-png", None),
        ("avatars", "pip install 'keras-gan.pictures.'", "python_avatars"),
    ],
)
def test_a_missing_package_gets_a_sentence_with_the_command(
    name, package, module, nothing, monkeypatch
):
    if name == "avatars":
        monkeypatch.setitem(sys.modules, module, None)
    elif module is not None:
        pytest.importorskip(module)  # else that is what is said first
    with pytest.raises(ValueError, match=f"'{name}' .*{package}"):
        data.load(name)
    if module is not None:
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(ValueError, match=r"pip install 'keras-gan\[pictures\]'"):
            data.collection(name)


def test_the_command_line_says_it_too(nothing, tmp_path, capsys):
    ended = main(["train", "--dataset", "clipart", "--out", str(tmp_path / "run")])
    assert ended != 0
    assert "apt-get install openclipart-png" in capsys.readouterr().err


def made(root, package, text, *files):
    for path in files:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"")
    where = root / "usr/share/doc" / package
    where.mkdir(parents=True)
    (where / "copyright").write_text(text)


def test_folders_come_before_the_variable_and_that_before_the_system(
    nothing, tmp_path, monkeypatch
):
    def found(folder=None):
        return places.placed("clipart", "usr/share/x", (".png",), "x", folder).folder

    one, other, own = (tmp_path / name for name in ("one", "other", "own"))
    for root in (nothing, one, other):
        made(root, "x", "", "usr/share/x/a/b.PNG")
    own.mkdir()
    (own / "c.png").touch()
    assert found() == nothing / "usr/share/x"
    monkeypatch.setenv(places.VARIABLE, os.pathsep.join(map(str, (tmp_path, other, one))))
    assert found() == other / "usr/share/x"
    assert found(one) == one / "usr/share/x"
    assert found(str(own)) == own
    with pytest.raises(ValueError, match=r"none was found in '/no/where': apt-get install x; or"):
        found("/no/where")


def test_a_system_gives_only_what_its_free_packages_installed(tmp_path):
    fonts = [f"usr/share/fonts/{name}.ttf" for name in ("free", "unfree", "stray")]
    for name, path in zip(("fonts-free", "fonts-unfree", "fonts-stray"), fonts, strict=True):
        made(tmp_path, name, "Files: *\nLicense: OFL-1.1\n", path)
    record = tmp_path / "var/lib/dpkg/info"
    assert places.owners(tmp_path, "usr/share/fonts") is None  # unpacked by hand
    record.mkdir(parents=True)
    (record / "fonts-free:all.list").write_text(f"/.\n/usr\n/usr/share/fonts\n/{fonts[0]}\n")
    (record / "fonts-unfree.list").write_text(f"/.\n/{fonts[1]}\n")
    (record.parent / "status").write_text(
        "Package: fonts-free\nSection: fonts\n\nPackage: fonts-unfree\nSection: non-free/fonts\n"
    )
    assert places.owners(tmp_path, "usr/share/fonts") == {f"/{fonts[0]}": "fonts-free"}


def test_licences_are_those_of_the_files_not_of_the_packaging(tmp_path):
    dep5 = (
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n"
        "Files: *\nCopyright: A\nLicense: OFL-1.1\n text\n\nFiles: tools/* debian/*\n"
        "License: Expat\n\nFiles: debian/*\nLicense: GPL-2+\n\nLicense: GPL-2+\n text\n"
    )
    assert licences.licence_of(dep5) == "OFL-1.1 and Expat"
    assert licences.licence_of("under the SIL Open\n Font License, version 1.1") == "OFL"
    assert licences.licence_of("see the web") == licences.UNSTATED
    made(tmp_path, "fonts-a", dep5)
    made(tmp_path, "fonts-b", dep5)
    found = licences.licences(tmp_path, ["fonts-b", "fonts-a", "fonts-c"])
    assert list(found) == ["fonts-a", "fonts-b", "fonts-c"]
    line = f"OFL-1.1 and Expat (2 packages), {licences.UNSTATED} (fonts-c)"
    assert licences.in_words(found) == line


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"source": "digits", "folder": "x"}, "folder='x' is for glyphs, emoji, clipart, avatars"),
        ({"source": "digits", "labels": "family"}, "labels must be True or False for 'digits'"),
        ({"source": "glyphs", "split": "valid"}, "'glyphs' has no split 'valid'; allowed: train"),
        ({"source": "glyphs/sanserif"}, "'glyphs' has no part 'sanserif'; allowed: serif, sans-s"),
        ({"source": "avatars/mouht"}, "'avatars' has no part 'mouht': did you mean 'mouth'"),
        ({"source": "avatars", "folder": "x"}, "'avatars' reads a package of Python, and no folde"),
    ],
)
def test_what_a_set_does_not_have_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        data.load(**wrong)


def test_an_unknown_collection_is_told_the_nearest():
    with pytest.raises(ValueError, match="no packaged set 'glyph': did you mean 'glyphs'"):
        data.collection("glyph")
