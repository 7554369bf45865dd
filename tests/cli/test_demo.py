"""`keras-gan demo`: what is drawn is what the model makes, and nothing leaves the machine."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request

import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from keras_gan.cli.demo import drawing, subject, uploads
from keras_gan.cli.main import main
from keras_gan.plotting.samples import image_grid, picture_of, scatter
from tests.browsers import chromium, needed

ROOT = pathlib.Path(__file__).parent.parent.parent
APP = ROOT / "keras_gan" / "cli" / "demo" / "app.py"


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.mode == other.mode and np.array_equal(np.asarray(one), np.asarray(other))


@pytest.mark.parametrize(
    ("name", "classes", "points", "latents", "ways"),
    [
        ("wgangp_ring", 0, True, True, []),
        ("csngan_mnist", 10, False, True, []),
        ("bigan_mnist", 0, False, True, ["reconstruct"]),
        ("vae_mnist", 0, False, True, ["reconstruct"]),
        ("cyclegan_digits_mnist", 0, False, False, ["translate to y", "translate to x"]),
        ("vqvae_mnist", 0, False, False, ["reconstruct"]),
    ],
)
def test_what_a_model_can_do_is_asked_of_the_model(name, classes, points, latents, ways):
    found = subject.loaded(name)
    assert (found.classes, found.makes_points, found.has_latents) == (classes, points, latents)
    assert list(found.ways) == ways
    assert found.draws is (name != "cyclegan_digits_mnist")
    assert json.loads((ROOT / "zoo" / name / "card.json").read_text())["summary"] in found.card
    assert ("| way |" if name.startswith("cyclegan") else "| score |") in found.scores
    assert "keras-gan zoo train" in found.training


def test_pictures_are_of_the_samples_that_the_model_makes():
    model = kg.Generator.from_preset("csngan_mnist")
    found = subject.loaded("csngan_mnist")
    drawn = drawing.samples(found, 6, 3, 7, 0.5, 1)
    assert same(drawn, picture_of(model.generate(6, seed=3, labels=7, truncation=0.5)))
    in_turn = drawing.samples(found, 20, 3, None, 0, 1)
    assert same(in_turn, image_grid(model.generate(20, seed=3), columns=10))
    z = model.latents(2, seed=1)
    way = model.interpolate(model.latents(1, seed=0)[0], z[0], n=3, labels=4)
    assert same(drawing.between(found, (0, 1), 3, 4), image_grid(way, columns=3))
    assert not same(drawing.of_latents(found, z[0], 1), drawing.of_latents(found, z[1], 1))
    low, high = found.reach
    assert -4 < low < -2.5
    assert 2.5 < high < 4


def written(folder, image: Image.Image, name: str = "own.png") -> str:
    image.save(folder / name)
    return str(folder / name)


def test_an_upload_is_its_middle_on_the_scale_of_the_model(tmp_path):
    levels = np.zeros((40, 60), "uint8")
    levels[:, 10:50] = 255
    path = written(tmp_path, Image.fromarray(levels))
    assert uploads.picture(path, (8, 8, 1)).min() == 1.0
    assert uploads.picture(path, (8, 8, 1), invert=True).max() == -1.0
    assert uploads.picture(path, (10, 20, 3)).shape == (1, 10, 20, 3)
    x = uploads.picture(path, (28, 28, 1))
    found, model = subject.loaded("vae_mnist"), kg.VAE.from_preset("vae_mnist")
    shown = np.asarray(drawing.of_upload(found, path, "reconstruct", False, None))
    scale = drawing.SIDE // 28
    expected = np.asarray(image_grid(model.reconstruct(x), scale=scale).convert("RGB"))
    np.testing.assert_array_equal(shown[:, -expected.shape[1] :], expected)


def test_uploads_are_refused_before_they_are_decoded(tmp_path):
    wide = written(tmp_path, Image.new("1", (5_000, 4_000)), "wide.png")
    with pytest.raises(ValueError, match=r"'wide\.png' is 5000 x 4000, .* may have 16,777,216"):
        uploads.picture(wide, (8, 8, 1))
    (tmp_path / "text.png").write_text("<svg onload='x'/>")
    with pytest.raises(ValueError, match=r"Cannot read the image 'text\.png'") as caught:
        uploads.picture(str(tmp_path / "text.png"), (8, 8, 1))
    assert str(tmp_path) not in str(caught.value)


def test_a_run_is_shown_with_its_settings_and_scores(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    line = "--dataset ring --epochs 1 --steps-per-epoch 2 --steps-per-execution 1 --width 8"
    assert main(["train", *line.split(), "--score-samples", "200", "--out", "run"]) == 0
    found = subject._of_run("run")
    assert found.makes_points
    assert "| dataset | ring |" in found.training
    assert "Fréchet distance in coordinates" in found.scores
    model = kg.load_model("run/model.keras")
    points = model.generate(100, seed=0)
    limit = np.ceil(1.05 * np.quantile(np.abs(points), 0.99))
    assert same(drawing.samples(found, 100, 0, None, 0, 1), scatter(points, limit=limit))


def test_what_cannot_be_shown_is_a_sentence(tmp_path, capsys, monkeypatch):
    needed("gradio")
    for arguments, sentence in (
        (["sngan_mnst"], "There is no run folder, .keras file or preset 'sngan_mnst' (did you"),
        (["--port", "70000"], "--port must be a whole number"),
    ):
        assert main(["demo", *arguments]) == 2
        assert sentence in capsys.readouterr().err
    gan = kg.GAN(kg.networks.mlp_generator(data_dim=3), kg.networks.mlp_discriminator(data_dim=3))
    gan.save(tmp_path / "gan.keras")
    assert main(["demo", str(tmp_path / "gan.keras")]) == 2
    assert "shows points of the plane and images" in capsys.readouterr().err
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["demo"]) == 2
    assert 'pip install ".[demo]"' in capsys.readouterr().err


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    """The address of the app file as a Space runs it: a copy, in another folder, as a program."""
    needed("gradio")
    folder = tmp_path_factory.mktemp("space")
    shutil.copy(APP, folder / "app.py")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "KERAS_GAN_DEMO": "csngan_mnist"}
    environment.pop("SPACE_ID", None)
    with open(folder / "log", "w+") as log:
        program = subprocess.Popen(
            [sys.executable, "app.py"], cwd=folder, env=environment, stdout=log, stderr=log
        )
        try:
            until = time.monotonic() + 600
            while "The page is at" not in (said := (folder / "log").read_text()):
                assert program.poll() is None, said[-2000:]
                assert time.monotonic() < until, said[-2000:]
                time.sleep(0.2)
            yield said.partition("The page is at ")[2].split()[0]
        finally:
            program.terminate()
            program.wait()


LAST_PICTURE = """old => {
    const seen = [...document.querySelectorAll("[role=tabpanel] img")].filter(x => x.offsetParent);
    const src = seen.length ? seen[seen.length - 1].getAttribute("src") : null;
    return src !== old && src;
}"""


def choose(page, field: str, option: str):
    """Takes an option of a field with a list."""
    page.get_by_label(field, exact=True).click()
    page.get_by_label(field, exact=True).fill(option)
    page.get_by_role("option", name=option, exact=True).click()


def shown(page, name: str, before: str | None = None) -> str:
    """The address of a picture, once it is another than before."""
    held = page.wait_for_function(LAST_PICTURE, arg=before)  # of elements that may be exchanged
    return held.json_value()


@pytest.mark.thorough
def test_the_page_in_a_browser(space, tmp_path):
    """Each tab, at the widths of a desk and of a phone; every request stays on this machine."""
    asked, failed, wrong = [], [], []
    with chromium() as browser:
        for width, height in ((1280, 900), (390, 844)):
            page = browser.new_page(viewport={"width": width, "height": height})
            page.set_default_timeout(120_000)
            page.on("request", lambda request: asked.append(request.url))
            page.on("response", lambda r: failed.append(r.url) if r.status >= 400 else None)
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.goto(space)
            first = shown(page, "samples")
            choose(page, "class", "7")
            assert shown(page, "samples", first) != first
            assert page.get_by_text("10 classes to choose from").is_visible()
            page.get_by_role("tab", name="Sliders").click()
            before = shown(page, "sample")
            page.get_by_role("slider").locator("visible=true").first.fill("2.5")
            shown(page, "sample", before)
            page.get_by_role("tab", name="Between").click()
            page.get_by_role("button", name="Interpolate").click()
            shown(page, "way")
            assert page.get_by_role("tab", name="Picture").is_disabled()
            overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(overflow) <= 0
            page.close()
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(space)
        first = shown(page, "samples")
        choose(page, "model", "vae_mnist")
        shown(page, "samples", first)  # a tab that is taken before the model is there is left again
        page.get_by_role("tab", name="Picture").click()
        digit = Image.fromarray(np.zeros((50, 50), "uint8"))
        page.locator("input[type=file]").set_input_files(written(tmp_path, digit))
        page.get_by_role("button", name="Go", exact=True).click()
        shown(page, "made")
        large = tmp_path / "large.png"
        large.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(6_000_000))
        page.get_by_label("Remove").or_(page.get_by_label("Clear")).first.click()
        page.locator("input[type=file]").set_input_files(str(large))
        page.get_by_text("exceed the maximum allowed size").first.wait_for()
    hosts = {url.split("/")[2] for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {space.split("/")[2]}
    assert hosts.pop().startswith("127.0.0.1:")
    assert failed == []
    assert wrong == []


@pytest.mark.thorough
def test_the_page_is_for_this_machine_and_uploads_are_limited(space):
    needed("gradio")
    with urllib.request.urlopen(f"{space}config") as answer:
        config = json.loads(answer.read())
    assert config["analytics_enabled"] is False
    for size, status in ((4_000_000, 200), (6_000_000, 413)):
        head = 'Content-Disposition: form-data; name="files"; filename="own.png"'
        body = f"--x\r\n{head}\r\n\r\n".encode() + bytes(size) + b"\r\n--x--\r\n"
        form = {"Content-Type": "multipart/form-data; boundary=x"}
        request = urllib.request.Request(f"{space}gradio_api/upload", data=body, headers=form)
        try:
            with urllib.request.urlopen(request) as answer:
                found = answer.status
        except urllib.error.HTTPError as error:
            found = error.code
        assert found == status
    listening = pathlib.Path("/proc/net/tcp").read_text().upper()
    port = f"{int(space.rstrip('/').rpartition(':')[2]):04X}"
    local = {line.split()[1] for line in listening.splitlines()[1:] if line.split()[3] == "0A"}
    assert {each for each in local if each.endswith(f":{port}")} == {f"0100007F:{port}"}
