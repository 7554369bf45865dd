"""What a run says of itself before its first epoch, and where to look after its last one."""

import pathlib
import sys

from keras_gan.cli.settings import Settings
from keras_gan.texts import one_line


def introduce(model, data_facts: dict[str, str], settings: Settings, folder: pathlib.Path) -> None:
    """Prints what is trained, on what, how, and where: a table on a terminal, else a line a fact.

    Args:
        model: The compiled model.
        data_facts: What its family says of the data.
        settings: The run's settings, resolved.
        folder: The run's folder.
    """
    from keras_gan.models.printed import samples_in_words

    heading = f"{type(model).__name__} of {samples_in_words(model)}"
    _say(heading, {**data_facts, **_model_facts(model), **_run_facts(settings, folder)})


def say_further(commands: list[str]) -> None:
    """Prints the commands that show more of a run.

    Args:
        commands: One a line.
    """
    print("To look further:")
    for command in commands:
        print(f"  {one_line(command)}")


def _model_facts(model) -> dict[str, str]:
    """Networks, what they minimise, who moves when, optimizers."""
    from keras_gan.models.printed import network_facts, networks_of, part_facts, training_facts

    return {**network_facts(networks_of(model)), **part_facts(model), **training_facts(model)}


def _run_facts(settings: Settings, folder: pathlib.Path) -> dict[str, str]:
    """How long, on what, in which precision, and where."""
    import keras

    from keras_gan.cli.timing import machine

    each, epochs, here = settings.steps_per_epoch, settings.epochs, machine()
    return {
        "steps": f"{epochs * each:,}: {epochs:,} epochs of {each:,}, batches of "
        f"{settings.batch_size:,}, seed {settings.seed}",
        "computed": f"by {here['backend']} in {keras.config.dtype_policy().name}, on "
        f"{here['machine']}",
        "run folder": str(folder),
    }


def _say(heading: str, facts: dict[str, str]) -> None:
    """Prints a heading and facts."""
    facts = {name: one_line(text) for name, text in facts.items()}
    if not sys.stdout.isatty():
        print(heading)
        for name, text in facts.items():
            print(f"{name}: {text}")
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=heading, title_justify="left", show_header=False, title_style="bold")
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(overflow="fold")
    for name, text in facts.items():
        table.add_row(Text(name), Text(text))
    Console().print(table)
