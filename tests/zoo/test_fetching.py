"""Presets from the network are compared with what is on record, and no server wears one out."""

import contextlib
import http.server
import importlib.machinery
import os
import pathlib
import shutil
import sys
import tempfile
import threading
import types

import pytest

import keras_gan as kg
from keras_gan.zoo import UntrustedPresetError, fetching, presets, trust


@pytest.fixture
def good(tmp_path):
    """A good preset on disk."""
    kg.Generator(kg.networks.mlp_generator(width=4, depth=1)).save_to_preset(tmp_path / "good")
    return tmp_path / "good"


@contextlib.contextmanager
def served(answer):
    """The address of a local server that answers each GET with `answer(handler)`."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            with contextlib.suppress(ConnectionError):  # of a client that had enough
                answer(self)

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/zoo"
        finally:
            server.shutdown()
            thread.join()


def send(handler, content: bytes, status: int = 200, length: int | None = None, **headers):
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(content) if length is None else length))
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(content)


def of(folder):
    """The honest answer."""
    return lambda handler: send(handler, (folder / handler.path.split("/")[-1]).read_bytes())


@pytest.fixture
def published(good, tmp_path, monkeypatch):
    """Puts the good preset on record under an address; what is cached is returned."""
    monkeypatch.setenv("KERAS_HOME", os.fspath(tmp_path / "home"))
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.delenv(fetching.VARIABLE, raising=False)

    def publish(address):
        entry = {"sha256": presets.digest(good), "address": address}
        monkeypatch.setattr(presets, "registry", lambda: {"toy_ring": entry})
        return tmp_path / "home"

    return publish


def refused() -> str:
    with pytest.raises(ValueError, match="could not be downloaded") as caught:
        kg.Generator.from_preset("toy_ring")
    assert str(caught.value).isprintable()
    return str(caught.value)


def files_in(folder) -> set[str]:
    return {path.name for path in pathlib.Path(folder).rglob("*") if path.is_file()}


def test_a_preset_is_fetched_once(good, published):
    with served(of(good)) as address:
        home = published(address + "/")
        kg.Generator.from_preset("toy_ring")
    assert files_in(home) == set(trust.NEEDED)
    kg.Generator.from_preset("toy_ring")  # the server is gone


def test_a_damaged_copy_is_fetched_again(good, published):
    with served(of(good)) as address:
        home = published(address)
        kg.Generator.from_preset("toy_ring")
        config = next(home.rglob("config.json"))
        config.write_text("{}")
        kg.Generator.from_preset("toy_ring")
        assert config.read_bytes() == (good / "config.json").read_bytes()
        config.write_text("{}")
    refused()
    assert config.read_text() == "{}"  # what is there stays until there is another


@pytest.mark.parametrize("file", trust.NEEDED)
def test_wrong_bytes_are_not_kept(file, good, published):
    def answer(handler):
        content = (good / handler.path.split("/")[-1]).read_bytes()
        send(handler, content[::-1] if handler.path.endswith(file) else content)

    with served(answer) as address:
        home = published(address)
        assert file in refused()
    assert files_in(home) == set()


@pytest.mark.parametrize("file", trust.NEEDED)
def test_bodies_that_end_early_or_never_are_not_kept(file, good, published, monkeypatch):
    monkeypatch.setitem(trust.LIMITS, file, 2**20)

    def early(handler):
        content = (good / handler.path.split("/")[-1]).read_bytes()
        part = content[:-9] if handler.path.endswith(file) else content
        send(handler, part, length=len(content))

    def endless(handler):
        if not handler.path.endswith(file):
            return of(good)(handler)
        handler.send_response(200)
        handler.end_headers()
        sent = 0
        while sent < 2**28:  # the client must hang up long before
            sent += handler.wfile.write(bytes(2**16))
        raise AssertionError("the client took all of it")

    for answer in (early, endless):
        with served(answer) as address:
            home = published(address)
            refused()
        assert files_in(home) == set()


def test_a_server_that_dawdles_is_left(good, published, monkeypatch):
    monkeypatch.setattr(fetching, "PATIENCE", 0.3)
    over = threading.Event()

    def silent(handler):
        over.wait(20)

    def dripping(handler):
        handler.send_response(200)
        handler.end_headers()
        while not over.wait(0.05):
            handler.wfile.write(b"a")

    for answer in (silent, dripping):
        over.clear()
        with served(answer) as address:
            published(address)
            refused()
            over.set()


@pytest.mark.parametrize("status", [301, 403, 404, 500])
def test_a_server_without_the_preset(status, published):
    with served(lambda handler: send(handler, b"", status)) as address:
        published(address)
        assert "connect to the network" in refused()


def test_redirections(good, published, tmp_path):
    """Those that go round are left, those to files are not followed, others lead to the preset."""

    def to(place):
        return lambda handler: send(
            handler, b"", 302, Location=place.format(handler.path.split("/")[-1])
        )

    with served(to("/zoo/{}")) as address:
        published(address)
        refused()
    with served(to(f"file://{good}/{{}}")) as address:
        published(address)
        refused()
    with served(of(good)) as behind, served(to(behind + "/{}")) as address:
        published(address)
        kg.Generator.from_preset("toy_ring")


@pytest.mark.parametrize("line", ["../x", "/etc/passwd", "x.pkl", "a\\b"])
def test_names_on_record_do_not_leave_the_folder(line, good, published):
    """Even a record that was made for hostile checksums fetches no other file."""
    asked = []

    def answer(handler):
        asked.append(handler.path)
        of(good)(handler)

    with open(good / "checksums", "a") as file:
        file.write(f"{'0' * 64}  {line}\n")
    with served(answer) as address:
        published(address)
        refused()
    assert asked == ["/zoo/checksums"]


class Hub(types.ModuleType):
    """The functions of huggingface_hub that are called, over one folder."""

    def __init__(self, folder):
        super().__init__("huggingface_hub")
        self.__spec__ = importlib.machinery.ModuleSpec("huggingface_hub", None)
        self.folder, self.sizes, self.asked = folder, {}, []

    def file_exists(self, repository, name):
        return (self.folder / name).exists()

    def hf_hub_url(self, repository, name):
        return name

    def get_hf_file_metadata(self, name):
        size = self.sizes.get(name, (self.folder / name).stat().st_size)
        return types.SimpleNamespace(size=size)

    def hf_hub_download(self, repository, name, local_dir):
        self.asked.append((repository, name))
        (pathlib.Path(local_dir) / ".cache" / "huggingface").mkdir(parents=True, exist_ok=True)
        shutil.copy(self.folder / name, pathlib.Path(local_dir) / name)


@pytest.fixture
def hub(good, monkeypatch):
    module = Hub(good)
    monkeypatch.setitem(sys.modules, "huggingface_hub", module)
    return module


def test_a_preset_of_the_hub(hub):
    kg.Generator.from_preset("hf://user/repository")
    assert set(hub.asked) == {("user/repository", name) for name in trust.NEEDED}


def test_a_damaged_preset_of_the_hub_is_refused_by_its_address(hub, good):
    (good / "config.json").write_text("{}")
    with pytest.raises(UntrustedPresetError, match=r"in hf://user/repository was") as caught:
        kg.Generator.from_preset("hf://user/repository")
    assert tempfile.gettempdir() not in str(caught.value)


@pytest.mark.parametrize("size", [None, 10**12])
def test_files_of_the_hub_over_their_limits_are_not_fetched(size, hub):
    hub.sizes["model.weights.h5"] = size
    with pytest.raises(ValueError, match=r"model\.weights\.h5 is larger"):
        kg.Generator.from_preset("hf://user/repository")
    assert ("user/repository", "model.weights.h5") not in hub.asked


@pytest.mark.parametrize(
    "address",
    [
        *("hf://", "hf:///", "hf://user", "hf://user/", "hf:///repository", "hf://a/b/c"),
        *("hf://../..", "hf://a/..", "hf://./a", "hf://a/b\n", "hf://a/b?c", "hf://a\0/b"),
        *("hf://a/b@main", "hf://a/b#c", "hf://user:word@host/a", "hf://a b/c", "hf://\u0430/b"),
    ],
)
def test_odd_addresses_of_the_hub_are_refused(address, hub):
    with pytest.raises(ValueError, match="hf://user/repository") as caught:
        kg.Generator.from_preset(address)
    assert hub.asked == []
    assert str(caught.value).isprintable()


def test_the_hub_in_trouble(hub, monkeypatch):
    def trouble(*args, **kwargs):
        raise RuntimeError("401\n\x1b[31mnot yours")

    monkeypatch.setattr(hub, "hf_hub_download", trouble)
    with pytest.raises(ValueError, match="could not be downloaded: 401") as caught:
        kg.Generator.from_preset("hf://user/repository")
    assert str(caught.value).isprintable()


def test_without_the_package_of_the_hub(monkeypatch):
    monkeypatch.setattr(fetching.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match="pip install huggingface_hub"):
        kg.Generator.from_preset("hf://user/repository")
