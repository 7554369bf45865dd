"""Presets from the network: published ones by address, anybody's from the Hugging Face Hub."""

import contextlib
import hashlib
import importlib.util
import os
import pathlib
import re
import shutil
import tempfile
import time

from keras_gan.texts import one_line
from keras_gan.zoo import trust

VARIABLE = "KERAS_GAN_ZOO"
HUB = "hf://"
REPOSITORY = re.compile(r"[A-Za-z0-9_][\w.-]*/[A-Za-z0-9_][\w.-]*", re.ASCII)
PATIENCE = 300.0  # seconds per file


def cached(name: str, entry: dict) -> pathlib.Path:
    """The folder of a fetched preset; each version has its own.

    Args:
        name: The preset's name.
        entry: Its entry in the registry.
    """
    home = os.environ.get("KERAS_HOME") or pathlib.Path.home() / ".keras"
    return pathlib.Path(home) / "keras_gan" / entry["sha256"][:16] / name


def fetched(name: str, entry: dict) -> pathlib.Path:
    """Downloads a preset into the cache, and compares each file with its checksum first.

    An earlier copy stays until all files have arrived.

    Args:
        name: The preset's name.
        entry: Its entry in the registry.

    Raises:
        ValueError: If it cannot be downloaded, or differs from the registry's checksum.
    """
    address, folder = entry["address"].rstrip("/"), cached(name, entry)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:

        def get(file: str, digest: str) -> bytes:
            content = _downloaded(f"{address}/{file}", trust.LIMITS[file])
            if hashlib.sha256(content).hexdigest() != digest:
                raise ValueError(f"{file} does not have the checksum on record")
            (pathlib.Path(temporary) / name / file).write_bytes(content)
            return content

        try:
            (pathlib.Path(temporary) / name).mkdir()
            sums = trust.parsed(folder, get("checksums", entry["sha256"]))
            for file, digest in sums.items():
                get(file, digest)
        except Exception as error:  # network, disk and checksum errors have several types
            raise ValueError(
                f"The preset {name!r} is not in this package and could not be downloaded from "
                f"{address} ({one_line(error)[:200]}): connect to the network, or set "
                f"{VARIABLE} to the folder zoo of a checkout of keras_gan."
            ) from error
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # another process was first
            os.replace(pathlib.Path(temporary) / name, folder)
    return folder


def _downloaded(address: str, most: int) -> bytes:
    """Downloads a file of limited size within `PATIENCE` seconds.

    Args:
        address: Its URL.
        most: The most bytes that it may have.

    Raises:
        ValueError: If it is larger, or takes longer.
        OSError: For any other error of the network.
    """
    import urllib.error
    import urllib.request

    content, start = bytearray(), time.monotonic()
    try:
        answer = urllib.request.urlopen(address, timeout=PATIENCE)
    except urllib.error.HTTPError as error:
        with error:  # it holds the connection
            raise OSError(f"HTTP {error.code}: {error.reason}") from None
    with answer:
        while part := answer.read1(2**16):
            content += part
            if len(content) > most or time.monotonic() - start > PATIENCE:
                raise ValueError(f"{address} is larger than {most:,} bytes or takes too long")
    return bytes(content)


def from_hub(address: str, folder: str) -> None:
    """Downloads the files of a preset from the Hugging Face Hub, and no others.

    Args:
        address: `"hf://user/repository"`.
        folder: The folder for the files.

    Raises:
        ValueError: If the package huggingface_hub is missing, or the download fails.
    """
    repository = address.removeprefix(HUB)
    if not REPOSITORY.fullmatch(repository):
        raise ValueError(
            f"An address on the Hub has the form hf://user/repository; received {address!r}."
        )
    if importlib.util.find_spec("huggingface_hub") is None:
        raise ValueError(
            f"{address} needs the package huggingface_hub: pip install huggingface_hub, or "
            f'pip install ".[hub]" in a clone of keras_gan.'
        )
    import huggingface_hub

    try:
        for name in trust.LIMITS:
            if name in trust.NEEDED or huggingface_hub.file_exists(repository, name):
                url = huggingface_hub.hf_hub_url(repository, name)
                size = huggingface_hub.get_hf_file_metadata(url).size
                if size is None or size > trust.LIMITS[name]:
                    raise ValueError(f"{name} is larger than {trust.LIMITS[name]:,} bytes")
                huggingface_hub.hf_hub_download(repository, name, local_dir=folder)
    except Exception as error:  # the network, access rights, wrong names
        raise ValueError(f"{address} could not be downloaded: {one_line(error)[:200]}") from error
    # what the Hub's own client leaves there
    shutil.rmtree(pathlib.Path(folder) / ".cache", ignore_errors=True)
