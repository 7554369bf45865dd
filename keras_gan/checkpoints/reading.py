"""Reads the checkpoints in a folder: the newest intact one, and the best."""

import contextlib
import dataclasses
import os
import pathlib
import re
from collections.abc import Iterable

import numpy as np

from keras_gan.checkpoints.state import unpack
from keras_gan.files.checksums import unsealed_file
from keras_gan.files.json_fields import NewerVersionError
from keras_gan.parallel import processes

NUMBERED = re.compile(r"step_(\d{1,20})\.checkpoint")


@dataclasses.dataclass(frozen=True)
class Found:
    """A checkpoint that has been read.

    Args:
        source: Its path.
        header: Its header, from `unpack`.
        values: Its arrays, from `unpack`.
    """

    source: str
    header: dict
    values: list[np.ndarray]


class CheckpointFiles:
    """The files `step_00001500.checkpoint` of one run, and `best.checkpoint`, for reading.

    Args:
        path: Their folder; it may be missing.

    Attributes:
        damaged: The errors of damaged checkpoints newer than the one found last, by path.
    """

    def __init__(self, path: str | os.PathLike):
        self.path = pathlib.Path(path)
        self.damaged = {}

    @property
    def best(self) -> pathlib.Path:
        """The checkpoint of the best score."""
        return self.path / "best.checkpoint"

    def files(self) -> list[pathlib.Path]:
        """The checkpoints, sorted by step, the newest last."""
        numbered = {
            int(match[1]): path
            for path in self.path.glob("step_*.checkpoint")
            if (match := NUMBERED.fullmatch(path.name))
        }
        return [numbered[step] for step in sorted(numbered)]

    def find(self) -> Found | None:
        """Reads the newest intact checkpoint; returns `None` for an empty folder.

        Raises:
            ValueError: If all checkpoints are damaged.
        """
        content = processes.of_first(self.newest)
        if not content:
            return None
        name, _, payload = content.partition(b"\n")
        return Found(name.decode(), *unpack(payload))

    def newest(self) -> bytes:
        """The path of the newest intact checkpoint, a new line, and its payload.

        The result is empty for an empty folder.

        Raises:
            ValueError: If all checkpoints are damaged.
        """
        if not self.path.is_dir():
            return b""
        while True:
            with contextlib.suppress(FileNotFoundError):  # another program has just removed it
                return self.newest_of(reversed(self.files()))

    def newest_of(self, files: Iterable[pathlib.Path]) -> bytes:
        """The first intact one of these checkpoints, in the form of `newest`."""
        damaged = {}
        for path in files:
            try:
                payload = unsealed_file(path)
                step = unpack(payload)[0]["progress"]["step"]
                if step != int(NUMBERED.fullmatch(path.name)[1]):
                    raise ValueError(f"its content is of another step than its name, {step}")
            except NewerVersionError as error:
                raise ValueError(f"The checkpoint {path} cannot be used: {error}.") from error
            except ValueError as error:  # the seal, the kind of file, the schema
                damaged[path] = error
                continue
            self.damaged = damaged
            return f"{path}\n".encode() + payload
        if damaged:
            raise ValueError(
                f"All {len(damaged)} checkpoints in {self.path} are damaged; the newest is "
                f"{next(iter(damaged)).name}: {next(iter(damaged.values()))}. Remove the folder to "
                f"start again."
            )
        return b""

    def best_payload(self) -> bytes:
        """The payload of `best.checkpoint`.

        Raises:
            ValueError: If it is missing or damaged.
        """
        if not self.best.exists():
            raise ValueError(
                f"There is no {self.best}: give Checkpoint a monitor, the name of a logged score."
            )
        try:
            payload = unsealed_file(self.best)
            unpack(payload)
        except NewerVersionError as error:
            raise ValueError(f"The checkpoint {self.best} cannot be used: {error}.") from error
        except ValueError as error:
            raise ValueError(f"The checkpoint {self.best} is damaged: {error}.") from error
        return payload
