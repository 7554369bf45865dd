"""Pictures in zip archives, such as StyleGAN's `dataset.zip`, read without unpacking them."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path, PurePosixPath

from keras_gan.data.picture_files import HeldPicture
from keras_gan.data.picture_sets import LISTING, SUFFIXES, PictureSet, is_picture
from keras_gan.files.archives import members_of
from keras_gan.files.limits import limited, present

LISTED = 2**33  # bytes: an archive may list a million pictures


class Archive:
    """An open zip archive.

    Args:
        path: Its file.

    Raises:
        ValueError: If it is damaged, or not safe to unpack. The message starts with "it …".
    """

    def __init__(self, path: Path):
        with path.open("rb") as file, limited(max_bytes=max(LISTED, present().max_bytes)):
            self.members = members_of(file, together=False)
        found = os.stat(path)
        self.path, self.state = path, (found.st_ino, found.st_size, found.st_mtime_ns)
        self.file = zipfile.ZipFile(path)

    def content(self, name: str) -> bytes:
        """The bytes of a member."""
        return self.file.read(self.members[name])

    def text_of(self, name: str) -> str:
        """The name itself."""
        return name


def in_zip(path: str | Path) -> PictureSet:
    """Finds all images in a zip archive, in the order of their names.

    Args:
        path: The archive.

    Raises:
        ValueError: For a damaged archive, or one without images.
    """
    try:
        archive = Archive(Path(path))
        names = {PurePosixPath(member): member for member in archive.members}
        pictures = {n: HeldPicture(archive, names[n]) for n in sorted(names) if is_picture(n)}
        listing = archive.content(LISTING) if LISTING in archive.members else None
    except (ValueError, zipfile.BadZipFile, OSError) as error:
        raise ValueError(f"Cannot read the archive {str(path)!r}: {error}.") from error
    if not pictures:
        raise ValueError(
            f"The archive {str(path)!r} holds no images; looked for {' '.join(sorted(SUFFIXES))}."
        )
    return PictureSet(repr(str(path)), pictures, listing)
