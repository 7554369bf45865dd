"""Settings in files of JSON, such as the `config.json` of a run."""

import argparse
import json
import pathlib

from keras_gan.arguments import unknown_name
from keras_gan.cli.paths import hint
from keras_gan.cli.run_schema import MOST, VERSION
from keras_gan.cli.settings import Settings, given_flags, table
from keras_gan.files.json_fields import check_version
from keras_gan.files.regular_files import NoPlainFileError, content_of


def from_flags(arguments: argparse.Namespace, config: str | None) -> Settings:
    """The settings that flags give, over those of a configuration file, over the defaults.

    Args:
        arguments: What a parser with `add_flags` returned.
        config: The path of a JSON file such as a run's `config.json`, or `None`.

    Raises:
        ValueError: For a file that is none, an unknown setting, or a value that is not allowed.
    """
    given = {} if config is None else from_file(pathlib.Path(config))
    return Settings(**(given | given_flags(arguments)))


def from_file(path: pathlib.Path) -> dict:
    """The settings in a JSON file; the versions that a run notes there are passed over.

    Raises:
        ValueError: As in `from_flags`.
    """
    if path.is_dir():
        inside = path / "config.json"
        remedy = f"take {inside}" if inside.is_file() else "name a JSON file in it"
        raise ValueError(f"--config {path} is a folder: {remedy}.")
    try:
        given = json.loads(text_in(path))
    except FileNotFoundError:
        raise ValueError(f"There is no configuration file {path}{hint(str(path))}.") from None
    except NoPlainFileError as error:
        raise ValueError(f"{path} is not a JSON file, for {error}.") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not a JSON file: {error}.") from error
    return checked_object(given, path)


def text_in(path: pathlib.Path) -> str:
    """The text of a plain file, or of what a shell hands over by a name in `/dev`."""
    if path.is_absolute() and path.parts[1] in ("dev", "proc"):  # --config <(command)
        with open(path, "rb") as file:  # whose length nothing tells, such as /dev/zero
            content = file.read(MOST + 1)
        if len(content) > MOST:
            raise NoPlainFileError(f"it has more than {MOST:,} bytes")
        return content.decode()
    return content_of(path, MOST).decode()


def checked_object(given, where) -> dict:
    """The settings in an object of JSON, without the versions that a run notes there.

    Those of the format that a later version of this library has introduced are refused.

    Args:
        given: The object.
        where: Where it stands, for messages.

    Raises:
        ValueError: For anything else than settings.
    """
    if not isinstance(given, dict):
        raise ValueError(
            f"{where} must hold a JSON object of settings; received a {type(given).__name__}."
        )
    try:
        check_version(given, VERSION)
    except ValueError as error:
        raise ValueError(f"{where} cannot be used: {error}.") from error
    given = {name: value for name, value in given.items() if name not in ("version", "versions")}
    known = table()
    for name in given:
        if name not in known:
            raise unknown_name(f"setting in {where}", name, known)
    try:
        Settings(**given)
    except ValueError as error:
        raise ValueError(f"In {where}: {error}") from error
    return given
