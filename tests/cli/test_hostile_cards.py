"""Cards, names of folders and of models are data: nothing in them is obeyed or read."""

import json
import re
import shutil

import numpy as np
import pytest

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.cli.settings import Settings
from keras_gan.families.sampling import card_scores as scoring
from keras_gan.zoo import fetching, presets

EVIL = (
    "\x1b]0;owned\x07\x9b2J\u202e\u200b <script>alert(1)</script> [free](http://evil.example) "
    "![](http://evil.example/a.png) `code` ` | cell |\n\n# A heading\n\n- a list\n"
)
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def files_of(folder):
    unchecked = "checksums", "README.md"  # the list of sums, the page for the Hub
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name not in unchecked}


def changed(folder, change, **files):
    """A copy of a published preset at a folder, with another card and right checksums."""
    shutil.copytree(presets.CHECKOUT / "gan_ring", folder)
    card = json.loads((folder / "card.json").read_text())
    change(card)
    presets.write(folder, files_of(folder) | {"card.json": json.dumps(card).encode()} | files)
    return folder


def spoilt(value):
    """The value with every text in it followed by what no page and no terminal may obey."""
    if isinstance(value, dict):
        return {name: spoilt(each) for name, each in value.items()}
    if isinstance(value, list):
        return [spoilt(each) for each in value]
    return f"{value} {EVIL}" if isinstance(value, str) else value


def spoil_texts(card):
    kept = ("preset", "samples", "kind")
    card.update({name: spoilt(part) for name, part in card.items() if name not in kept})
    card["scores"]["classes"]["kind"] = "modes"
    card["scores"]["in_training"]["best_by"] = "frechet_distance"


def assert_plain(page):
    assert not OBEYED.search(page)
    assert "<script" not in page
    assert not re.search(r"\]\(http|://evil", page)
    headings = [line for line in page.splitlines() if line.lstrip().startswith("#")]
    assert all("heading" not in line for line in headings)
    assert not re.search(r"^- a list", page, re.MULTILINE)


def test_pages_of_the_gallery_show_texts_and_obey_none(tmp_path, capsys):
    folder = changed(tmp_path / "zoo" / "gan_evil", spoil_texts)
    assert main(["zoo", "gallery", "--zoo", str(tmp_path / "zoo")]) == 0
    for page in (tmp_path / "zoo" / "README.md", folder / "card.md"):
        text = page.read_text()
        assert_plain(text)
        assert "&#60;script&#62;" in text
        assert "&#92;x1b&#93;0;owned" in text
        assert "gan_evil" in text
        assert "gan_ring/" not in text
    assert main(["zoo", "show", str(folder)]) == 0
    assert_plain(capsys.readouterr().out)


def test_a_page_of_its_own_make_does_not_reach_the_terminal(tmp_path, capsys):
    folder = changed(
        tmp_path / "preset", lambda card: card.pop("training"), **{"card.md": EVIL.encode()}
    )
    assert main(["zoo", "show", str(folder)]) == 0
    assert not OBEYED.search(capsys.readouterr().out)


@pytest.mark.parametrize("name", ["../../etc", "a/b", "", "..", EVIL, "a b", ["x"], None])
def test_the_name_of_a_preset_is_that_of_its_folder(name, tmp_path, capsys):
    folder = changed(tmp_path / "zoo" / "gan_own", lambda card: card.update(preset=name))
    assert main(["zoo", "gallery", "--zoo", str(tmp_path / "zoo")]) == 0
    page = (tmp_path / "zoo" / "README.md").read_text()
    assert "## [gan_own](gan_own/card.md)" in page
    assert 'from_preset("gan_own")' in (folder / "card.md").read_text()
    assert main(["zoo", "verify", str(folder), "--skip-scores"]) == 1
    (sentence,) = capsys.readouterr().err.splitlines()
    assert "A preset's name has letters, digits" in sentence


def test_names_that_no_preset_may_have(tmp_path, monkeypatch, capsys):
    for name in ("gan_good", "evil\x1b[31m", "two words"):
        changed(tmp_path / "zoo" / name, lambda card: None)
    monkeypatch.setenv(fetching.VARIABLE, str(tmp_path / "zoo"))
    assert set(presets.own_folders()) == {"gan_good"}
    assert main(["zoo", "list"]) == 0
    assert not OBEYED.search(capsys.readouterr().out)
    assert kg.Generator.from_preset(tmp_path / "zoo" / "two words").latent_dim > 0
    monkeypatch.chdir(tmp_path / "zoo" / "two words")
    assert main(["zoo", "train", ".", "--dataset", "ring"]) == 2
    assert "'two words'" in capsys.readouterr().err
    monkeypatch.chdir(tmp_path / "zoo" / "gan_good")
    assert presets.name_of(".") == presets.name_of("../gan_good/") == "gan_good"
    assert presets.name_of("hf://somebody/gan_hub") == "gan_hub"


def naming(dataset):
    return lambda card: card["training"]["configuration"].update(dataset=dataset)


@pytest.mark.parametrize("flags", [["verify"], ["train"]])
@pytest.mark.parametrize("data", ["/etc", "somewhere", "points.npz", "fashion_mnist", ""])
def test_a_card_decides_on_no_data_but_the_librarys_own(data, flags, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "somewhere").mkdir()
    np.savez(tmp_path / "points.npz", np.zeros((9, 2), "float32"))

    def read(*given, **options):
        raise AssertionError(f"{given} was read")

    monkeypatch.setattr(kg.data, "load", read)
    folder = changed(tmp_path / "zoo" / "gan_far", naming(data))
    assert main(["zoo", *flags, str(folder)]) != 0
    (sentence,) = capsys.readouterr().err.splitlines()
    assert f"names the data {data!r}, which are not the library's own" in sentence
    assert "pass their name or path as --dataset" in sentence
    if flags == ["verify"]:
        assert main(["zoo", *flags, str(folder), "--skip-scores"]) == 0
        assert "samples.png: not compared" in capsys.readouterr().out


def test_data_of_ones_own_are_read_where_the_user_names_them(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(scoring, "SAMPLES", 200)
    folder = changed(tmp_path / "gan_far", naming("/far/away/points.npz"))
    card = json.loads((folder / "card.json").read_text())
    points = np.stack(list(kg.data.load("ring").take(2000).as_numpy_iterator()))
    np.savez(tmp_path / "points.npz", points)
    verify = ["zoo", "verify", str(folder), "--dataset", str(tmp_path / "points.npz")]
    assert main([*verify, "--skip-scores"]) == 0
    assert "samples.png: drawn again" in capsys.readouterr().out
    model = kg.Generator.from_preset(folder)
    called = Settings(**card["training"]["configuration"])
    here = Settings(**card["training"]["configuration"] | {"dataset": verify[-1]})
    card["scores"] = model.evidence.scored(model, card["preset"], here, called) | {
        "in_training": None
    }
    assert "--against /far/away/points.npz " in card["scores"]["command"]
    presets.write(folder, files_of(folder) | {"card.json": json.dumps(card).encode()})
    assert main(verify) == 0
    assert main(["zoo", "verify", "--dataset", "ring"]) == 2
    assert main([*verify, "--target", "ring"]) == 1
    assert "does not name a target" in capsys.readouterr().err


def test_names_of_files_reach_the_terminal_escaped(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = "a\x1b[31m\u202e.npz"
    np.savez(name, np.random.default_rng(0).normal(size=(40, 2)).astype("float32"))
    line = ["evaluate", name, "--against", "ring", "--metrics", "sliced_wasserstein"]
    for flags in ([], ["--json", "-"]):
        assert main([*line, *flags]) == 0
        printed = capsys.readouterr().out
        assert not OBEYED.search(printed)
    assert json.loads(printed)["a"]["name"] == name
    assert main(["evaluate", "b\x1b[31m", "--against", "ring"]) == 2
    assert not OBEYED.search(capsys.readouterr().err)
    assert main(["train", "--resume", "b\x1b[31m\u202e"]) == 2
    assert not OBEYED.search(capsys.readouterr().err)
