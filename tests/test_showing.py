"""Pictures where people look: in a notebook's output, in a file, in axes."""

import sys
import types

import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from keras_gan.callbacks import Samples
from keras_gan.plotting.samples import image_grid, picture_of, scatter
from tests import toys

NOTEBOOK = """
import keras_gan as kg
import numpy as np
kg.plotting.show(np.zeros((4, 8, 8, 1)))
---
generator = kg.Generator.from_preset("sngan_digits")
for seed in range(2):
    generator.show(16, seed=seed)
---
generator
---
gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
gan.compile()
x = np.zeros((64, 2), "float32")
gan.fit(x, epochs=3, verbose=0, callbacks=[kg.callbacks.Samples(display=True)]).epoch
"""


class Output:
    """A notebook's output: the pictures in it, and how often each was replaced."""

    def __init__(self):
        self.pictures, self.replaced = [], 0

    def display(self, picture, display_id=False):
        self.pictures.append(picture)
        return self if display_id else None

    def update(self, picture):
        self.pictures[-1], self.replaced = picture, self.replaced + 1


@pytest.fixture
def axes():
    """Axes in no window; to be made before `output`, at whose kernel matplotlib would look."""
    return pytest.importorskip("matplotlib.figure").Figure().subplots()


@pytest.fixture
def output(monkeypatch):
    """The output of a kernel in which this program seems to run."""
    output, kernel = Output(), types.SimpleNamespace(kernel=object())
    module = types.ModuleType("IPython")
    module.get_ipython = lambda: kernel
    module.display = types.ModuleType("IPython.display")
    module.display.display = output.display
    monkeypatch.setitem(sys.modules, "IPython", module)
    monkeypatch.setitem(sys.modules, "IPython.display", module.display)
    return output


@pytest.fixture
def images(rng):
    return rng.uniform(-1, 1, (5, 8, 8, 1)).astype("float32")


def opened(path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_program_writes_the_grid_and_says_where(rng, tmp_path, capsys, channels):
    images = rng.uniform(-1, 1, (5, 8, 8, channels))
    path = kg.plotting.show(images, columns=5, path=tmp_path / "new" / "grid.png")
    assert capsys.readouterr().out == f"Wrote the picture, 332 × 68 pixels, to {path}\n"
    expected = np.asarray(image_grid(images, columns=5))
    np.testing.assert_array_equal(opened(path), expected)
    assert expected.ndim == (2 if channels == 1 else 3)  # grey stays grey


def test_without_a_path_each_picture_has_a_file_of_its_own(images, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    paths = [kg.plotting.show(images[:n]) for n in (1, 2)]
    assert sorted(tmp_path.iterdir()) == sorted(paths)
    assert [opened(path).shape[1] for path in paths] == [68, 134]
    assert capsys.readouterr().out.count("\n") == 2


def test_points_and_pictures_are_shown_too(tmp_path):
    points = np.array([[0.5, -0.25], [1.0, 1.0]])
    path = kg.plotting.show(points, real=2 * points, path=tmp_path / "points.png")
    np.testing.assert_array_equal(opened(path), np.asarray(scatter(points, 2 * points)))
    kg.plotting.show(scatter(points), path=path)
    np.testing.assert_array_equal(opened(path), np.asarray(scatter(points)))


def test_alpha_shows_the_checkerboard_through(tmp_path):
    images = np.full((1, 64, 64, 4), -1.0)  # black, of no opacity
    images[:, :, 32:, 3] = 1.0
    images[:, :32, 16:32, 3] = 0.0  # half of it
    grid = opened(kg.plotting.show(images, path=tmp_path / "grid.png"))
    np.testing.assert_array_equal(grid, np.asarray(image_grid(images)))
    inside = grid[2:-2, 2:-2]
    assert inside.shape == (64, 64, 3)
    clear = inside[32:, :32]
    assert set(clear.ravel()) == {204, 255}
    np.testing.assert_array_equal(clear[:8, :8] == 255, clear[8:16, 8:16] == 255)
    assert (clear[:8, :8, 0] != clear[:8, 8:16, 0]).all()
    assert not inside[:, 32:].any()
    assert set(inside[:32, 16:32].ravel()) == {102, 127}  # half as light


@pytest.mark.parametrize(
    ("given", "path", "said"),
    [
        (np.zeros((4, 8, 8)), None, r"shape \(4, 8, 8\): pass images\[..., None\] for grey"),
        (np.zeros((4, 8, 8, 2)), None, "with 1, 3 or 4 channels; received shape"),
        (np.full((4, 8, 8, 1), np.nan), None, "no picture shows them"),
        (np.zeros((4, 8, 8, 1)), "grid.txt", "path must end in one of .png, .*received grid.txt"),
    ],
)
def test_what_has_no_picture_is_refused(given, path, said):
    with pytest.raises(ValueError, match=said):
        kg.plotting.show(given, path=path)


def test_a_notebook_displays_the_picture_and_writes_only_what_is_asked_for(
    output, images, tmp_path, capsys
):
    assert kg.plotting.show(images) is None
    assert capsys.readouterr().out == ""
    assert kg.plotting.show(images, path=tmp_path / "grid.png") == tmp_path / "grid.png"
    for picture in output.pictures:
        np.testing.assert_array_equal(np.asarray(picture), np.asarray(image_grid(images)))
    assert (len(output.pictures), output.pictures[0].mode) == (2, "L")


def test_axes_of_matplotlib_get_the_picture(axes, output, images):
    assert kg.plotting.show(images, axes=axes) is None
    (drawn,) = axes.get_images()
    np.testing.assert_array_equal(drawn.get_array(), np.asarray(image_grid(images)))
    assert (drawn.get_clim(), drawn.get_cmap().name) == ((0, 255), "gray")
    assert not output.pictures


def test_a_model_shows_what_it_generates(tmp_path):
    generator = kg.Generator(kg.networks.dcgan_generator((8, 8, 1), latent_dim=4, width=4))
    path = generator.show(6, seed=3, truncation=0.5, path=tmp_path / "grid.png")
    expected = image_grid(generator.generate(6, seed=3, truncation=0.5))
    np.testing.assert_array_equal(opened(path), np.asarray(expected))


def test_classes_have_a_column_each_unless_some_are_chosen(tmp_path):
    network = kg.networks.dcgan_generator((8, 8, 1), latent_dim=4, width=4, classes=3)
    generator, path = kg.Generator(network), tmp_path / "grid.png"
    generator.show(9, seed=0, path=path)
    expected = picture_of(generator.generate(9, seed=0), classes=3)
    np.testing.assert_array_equal(opened(path), np.asarray(expected))
    generator.show(4, seed=0, labels=1, path=path)
    np.testing.assert_array_equal(
        opened(path), np.asarray(image_grid(generator.generate(4, seed=0, labels=1)))
    )
    generator.show(2, seed=0, path=path)  # fewer than classes
    assert opened(path).shape == (68, 134)


def test_samples_without_a_picture_are_refused_before_they_are_made(monkeypatch):
    generator = kg.Generator(kg.networks.mlp_generator(data_dim=5))
    monkeypatch.setattr(type(generator), "generate", None)
    with pytest.raises(ValueError, match=r"this Generator have shape \(5,\): take them from gen"):
        generator.show(3)


def trained(**options):
    """A small game after three epochs with `Samples`, and the callback."""
    gan = kg.GAN(toys.generator(), toys.discriminator(), seed=0)
    samples = Samples(count=7, **options)
    gan.compile()
    gan.fit(np.ones((64, 2), "float32"), epochs=3, verbose=0, callbacks=[samples])
    return gan, samples


def test_a_notebook_shows_the_newest_picture_in_one_place(output, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    gan, _ = trained(display=True)
    assert (len(output.pictures), output.replaced) == (1, 3)  # before training, three epochs
    newest = np.asarray(scatter(gan.generate(7, seed=0)))
    np.testing.assert_array_equal(np.asarray(output.pictures[0]), newest)
    assert not list(tmp_path.iterdir())
    trained(display=True, folder=tmp_path / "pictures", every=3)
    assert (len(output.pictures), output.replaced) == (2, 4)  # of the second game
    assert [path.name for path in sorted((tmp_path / "pictures").iterdir())] == [
        "epoch_0003.png",
        "samples.gif",
    ]


def test_pictures_need_a_place_where_somebody_sees_them(tmp_path):
    with pytest.raises(ValueError, match="pass a folder, display=True, or both"):
        Samples()
    with pytest.raises(ValueError, match="runs in none: pass a folder for them, too"):
        trained(display=True)
    trained(display=True, folder=tmp_path)  # a notebook's program elsewhere
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.thorough
def test_in_a_real_notebook(tmp_path):
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(each.strip()) for each in NOTEBOOK.split("---")]
    nbclient.NotebookClient(notebook, resources={"metadata": {"path": tmp_path}}).execute()
    shown = [
        [each for each in cell.outputs if each.output_type in ("display_data", "execute_result")]
        for cell in notebook.cells
    ]
    assert [["image/png" in each.data for each in cell] for cell in shown] == [
        [True],
        [True, True],
        [False],
        [True, False],
    ]
    assert shown[2][0].data["text/plain"].startswith("Generator sngan_digits of images (8, 8, 1)")
    assert not list(tmp_path.iterdir())
