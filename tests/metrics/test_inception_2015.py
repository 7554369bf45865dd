"""The extractor of the original FID against the programs that compute FIDs.

`inception_2015.json` has a few of their numbers, of random weights of a seed; its command and their
versions stand in it. What needs PyTorch itself is skipped where it is missing.
"""

import json
import os
import pathlib
import pickle
import subprocess
import sys
import zipfile

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_gan.files.frozen_graphs import constants_in_graph
from keras_gan.files.torch_files import arrays_in_torch_file
from keras_gan.metrics import features, frechet_distance, inception_2015
from keras_gan.metrics.inception_2015 import network, resizing, weights
from keras_gan.metrics.names import OF_PAPERS, what_distance
from tests.results.programs import ROOT, loaded

STORED = json.loads((pathlib.Path(__file__).parent / "inception_2015.json").read_text())
FILES = ROOT / "tests" / "files"


@pytest.fixture(scope="module")
def script():
    return loaded("inception_2015")


@pytest.fixture(scope="module")
def graph(tmp_path_factory, script):
    """The random weights as TensorFlow's graph has its own, in a file."""
    state, definition = script.state(STORED["seed"]), tf.compat.v1.GraphDef()
    for name, place in network.names_in_graph().items():
        kernel = state[f"{name}.conv.weight"].transpose(2, 3, 1, 0)
        constant(definition, f"{place}/conv2d_params", kernel)
        moments = zip(
            ("gamma", "beta", "moving_mean", "moving_variance"),
            ("weight", "bias", "running_mean", "running_var"),
            strict=True,
        )
        for inner, outer in moments:
            constant(definition, f"{place}/batchnorm/{inner}", state[f"{name}.bn.{outer}"])
    constant(definition, "softmax/weights", state["fc.weight"].T)
    node = definition.node.add()
    node.name, node.op = "shape", "Const"
    node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto([1, 2]))  # of whole numbers: left out
    path = tmp_path_factory.mktemp("graph") / "classify_image_graph_def.pb"
    path.write_bytes(definition.SerializeToString())
    return path


def constant(definition, name, array):
    node = definition.node.add()
    node.name, node.op = name, "Const"
    node.attr["dtype"].type = tf.float32.as_datatype_enum
    node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(np.ascontiguousarray(array)))


def test_features_and_logits_are_those_of_the_other_programs(graph, script, monkeypatch):
    """On images smaller and larger than 299 x 299, by each program's own resizing."""
    sets = {s: script.pictures(STORED["count"], s == "large")[:2] for s in ("small", "large")}
    for program, rule in script.PROGRAMS.items():
        theirs = STORED[program]
        assert theirs["rule"] == rule
        extractor = inception_2015.extractor(rule, graph)
        for size, levels in sets.items():
            x = levels / np.float32(127.5) - np.float32(1)
            found = extractor(np.clip(x + np.float32(0.3 / 127.5), -1, 1))  # rounded to bytes
            assert found.shape == (2, 2048)
            np.testing.assert_allclose(found[:, :6], theirs["features"][size], atol=1e-4)
            np.testing.assert_allclose(found.mean(axis=1), theirs["means"][size], atol=1e-5)
            if "logits" in theirs:
                logits = extractor._classify(x)
                np.testing.assert_allclose(logits[:, :6], theirs["logits"][size], atol=1e-4)
    assert len({str(theirs["means"]) for theirs in map(STORED.get, script.PROGRAMS)}) >= 3
    grey = extractor(x[:1, :, :, :1])
    np.testing.assert_array_equal(grey, extractor(np.repeat(x[:1, :, :, :1], 3, axis=-1)))
    with pytest.raises(ValueError, match="images .* of 1 or 3 channels; received shape"):
        extractor(np.zeros((1, 8, 8, 4)))
    check_versions(extractor, graph, monkeypatch)


def check_versions(extractor, graph, monkeypatch):
    """The name and the weights say whether a Fréchet distance is an FID."""
    assert (extractor.name, extractor.dim) == ("inception_2015_pytorch", 2048)
    assert extractor.version.startswith("graph ")
    text = what_distance(extractor.name, extractor.version)
    assert "only if these are the published weights: graph" in text
    monkeypatch.setattr(weights, "PUBLISHED", extractor.version.removeprefix("graph "))
    inception_2015._loaded.cache_clear()
    monkeypatch.setenv(weights.VARIABLE, str(graph))
    found = features.get("inception_2015")
    inception_2015._loaded.cache_clear()
    assert found.version.startswith("published weights ")
    assert "is an FID, computed as by the authors' code" in what_distance(found.name, found.version)


def test_the_distance_of_features_of_full_rank_is_that_of_the_other_programs(script):
    ours = frechet_distance(*script.full_rank(STORED["seed"]))
    for theirs in STORED["full_rank"].values():
        assert ours == pytest.approx(theirs, rel=1e-6)


@pytest.mark.slow
def test_the_programs_themselves_agree(tmp_path):
    pytest.importorskip("torch_fidelity")
    pytest.importorskip("cleanfid")
    pytest.importorskip("pytorch_fid")
    path = ROOT / "benchmarks" / "inception_2015.py"
    line = [sys.executable, "-W", "ignore", str(path), "--count", "3"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run(line, capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "5 of 5 agree" in ended.stdout


def test_the_original_resizing_is_that_of_tensorflow_1(rng):
    for shape in ((31, 44), (299, 299), (340, 420)):
        levels = rng.integers(256, size=(2, *shape, 3), dtype=np.uint8)
        resized = tf.compat.v1.image.resize_bilinear(levels.astype("float32"), (299, 299))
        np.testing.assert_allclose(
            resizing.original(levels), (resized.numpy() - 128) / 128, atol=2e-5
        )


def test_the_clean_resizing_is_pillows_of_floats_and_pytorchs_lies_between_centres(rng):
    levels = rng.integers(256, size=(1, 31, 440, 3), dtype=np.uint8)
    plane = Image.fromarray(levels[0, ..., 1].astype("float32"))
    expected = np.asarray(plane.resize((299, 299), Image.Resampling.BICUBIC)).clip(0, 255)
    np.testing.assert_array_equal(resizing.clean(levels)[0, ..., 1], (expected - 128) / 128)
    found = resizing.pytorch(levels)
    for row, column in ((0, 0), (7, 150), (298, 298)):
        y, x = (max((i + 0.5) * n / 299 - 0.5, 0) for i, n in ((row, 31), (column, 440)))
        top, left = int(y), int(x)
        bottom, right = min(top + 1, 30), min(left + 1, 439)
        p = levels[0, ..., 2].astype(float)
        across = [p[r, left] + (p[r, right] - p[r, left]) * (x - left) for r in (top, bottom)]
        value = across[0] + (across[1] - across[0]) * (y - top)
        assert found[0, row, column, 2] == pytest.approx(value / 127.5 - 1, abs=1e-4)


def test_without_the_file_it_says_where_it_is_published_and_belongs(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.delenv(weights.VARIABLE, raising=False)
    for name in OF_PAPERS:
        with pytest.raises(FileNotFoundError, match="does not download it") as caught:
            features.get(name)
    for part in (*weights.FILES, *weights.FILES.values(), str(tmp_path / "keras" / "models")):
        assert part in str(caught.value)
    for place in weights.places()[::-1]:  # the first place counts
        place.mkdir(parents=True)
        (place / list(weights.FILES)[1]).write_bytes(b"")
        assert weights.find() == place / list(weights.FILES)[1]
    with pytest.raises(ValueError, match="has no weights of the network of the original FID: it"):
        features.get("inception_2015")
    monkeypatch.setenv(weights.VARIABLE, str(tmp_path / "none"))
    with pytest.raises(FileNotFoundError, match=f"{weights.VARIABLE} names .*none, and there is"):
        weights.find()


@pytest.mark.parametrize("name", ["torch_zip.pth", "torch_stream.pth"])
def test_files_of_pytorch_in_both_formats(name):
    """`torch.save` of PyTorch 2.13 wrote them, with and without its older format."""
    found = arrays_in_torch_file(FILES / name)
    base = np.arange(24, dtype="float32").reshape(2, 3, 4)
    expected = {
        "plain": base[0],
        "turned": base.transpose(2, 0, 1),
        "shared": base[1],
        "count": np.array(7),
        "half": np.array([1.5, -2.0], "float16"),
        "empty": np.zeros((0, 3), "float32"),
        "parameter": np.array([[1.0, 2.0]], "float32"),
    }
    assert list(found) == list(expected)
    for key, array in expected.items():
        assert found[key].dtype == array.dtype
        np.testing.assert_array_equal(found[key], array)
    content = (FILES / name).read_bytes()
    for cut in (0, 3, 40, len(content) // 2, len(content) - 30):
        assert_refused(content[:cut], arrays_in_torch_file)


def assert_refused(content, read):
    path = pathlib.Path("cut")
    path.write_bytes(content)
    with pytest.raises(ValueError, match="^it "):
        read(path)


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


class Opens:
    """An object whose pickle would make a file."""

    def __reduce__(self):
        return open, ("made", "w")


@pytest.mark.parametrize("packed", [True, False])
def test_what_a_file_would_execute_is_not_executed(tmp_path, packed):
    bad = pickle.dumps({"a": Opens()}, protocol=2)
    path = tmp_path / "bad.pth"
    if packed:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.pkl", bad)
    else:
        head = [pickle.dumps(x, protocol=2) for x in (0x1950A86A20F9469CFC6C, 1001, {})]
        path.write_bytes(b"".join([*head, bad, pickle.dumps([], protocol=2)]))
    with pytest.raises(ValueError, match="it holds, as 'a', something that is no array"):
        arrays_in_torch_file(path)
    assert not (tmp_path / "made").exists()
    pickle.loads(bad)["a"].close()
    assert (tmp_path / "made").exists()  # as Python itself would


def test_graphs_that_are_none_or_cut_short(graph, tmp_path):
    content = graph.read_bytes()
    for cut in (0, 1, 50, len(content) // 2):
        assert_refused(content[:cut], constants_in_graph)
    definition = tf.compat.v1.GraphDef()
    constant(definition, "a", np.full((2, 3), 5.0, "float32"))
    constant(definition, "b", np.arange(3, dtype="float32"))
    definition.node[0].attr["value"].tensor.CopyFrom(
        tf.make_tensor_proto(5.0, "float32", (2, 3))  # one number for all
    )
    (tmp_path / "a.pb").write_bytes(definition.SerializeToString())
    found = constants_in_graph(tmp_path / "a.pb")
    np.testing.assert_array_equal(found["a"], np.full((2, 3), 5.0))
    np.testing.assert_array_equal(found["b"], [0, 1, 2])
    with pytest.raises(
        ValueError, match=r"a\.pb has no weights .*no array conv/conv2d_params of 4"
    ):
        weights.load(tmp_path / "a.pb")


def test_weights_of_another_network_are_named(tmp_path):
    with pytest.raises(ValueError, match=r"needs an array Conv2d_1a_3x3.conv.weight of shape"):
        weights.load(FILES / "torch_zip.pth")
