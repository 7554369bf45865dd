"""Networks that travel in this package: files with the checksums of a card beside them."""

import hashlib
import io
import json
import pathlib

import numpy as np

from keras_gan.files.checksums import DamagedFileError


def card_in(folder: pathlib.Path) -> dict:
    """The card of a packaged network.

    Args:
        folder: Where its files are.
    """
    return json.loads((folder / "card.json").read_text())


def checked_files(folder: pathlib.Path, what: str, names: tuple[str, ...]) -> dict[str, bytes]:
    """The contents of files, by their names, once they have the checksums of the card.

    Args:
        folder: Where they are, with a `card.json`.
        what: What they are, for messages, such as `"the 'mnist' extractor"`.
        names: The names of the files.

    Raises:
        DamagedFileError: If a file is missing or has another checksum than on the card.
    """
    try:
        checksums = card_in(folder)["sha256"]
        files = {name: (folder / name).read_bytes() for name in names}
        wrong = [n for n in files if hashlib.sha256(files[n]).hexdigest() != checksums[n]]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise DamagedFileError(
            f"The files of {what} in {folder} are incomplete or damaged "
            f"({type(error).__name__}: {error}): install keras-gan again."
        ) from error
    if wrong:
        raise DamagedFileError(
            f"{folder / wrong[0]} does not have the checksum in its card.json, so it was not read: "
            f"install keras-gan again."
        )
    return files


def weights_in(content: bytes) -> list[np.ndarray]:
    """The weights in an `.npz` of arrays in half precision, in the order of their names.

    Args:
        content: The bytes of the file.
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return [arrays[key].astype("float32") for key in sorted(arrays)]
