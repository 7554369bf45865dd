"""Restores a training from a checkpoint, after a comparison with the program."""

import warnings
from collections.abc import Iterable

import keras

from keras_gan.arguments import unknown_name
from keras_gan.checkpoints import CheckpointFolder, Progress, comparing, describe
from keras_gan.checkpoints.reading import Found


class Restoring:
    """The part of `Checkpoint` that compares a checkpoint with the program, and restores it.

    A subclass has the attributes `folder`, a `CheckpointFolder`, and `override`, the names of
    what may differ.
    """

    folder: CheckpointFolder
    override: tuple[str, ...]

    def resume(self, model: keras.Model) -> Progress:
        """Restores the newest checkpoint, if there is one, of the same model.

        `fit` does this before it starts, and also compares the data. Unlike `fit`, this method
        needs neither the folder's lock nor permission to write there.

        Args:
            model: The model, compiled.

        Raises:
            ValueError: As `CheckpointFolder.resume`.
        """
        found = self.folder.find()
        self.check(model, found)
        return self.accept(model, found)

    def check(self, model: keras.Model, found: Found | None, data: dict | None = None) -> None:
        """Refuses a checkpoint of another training, before anything changes.

        Args:
            model: The model, compiled.
            found: The checkpoint, or `None`.
            data: The fields of a `Progress` that describe the data. Defaults to `None`: unknown.

        Raises:
            ValueError: Names all differences that are not permitted.
        """
        if found is None:
            return
        present, saved = describe(model), found.header
        differences = [
            *comparing.model_differences(saved, present),
            *comparing.seed_differences(saved, model.seed if model.has_own_seed else None),
        ]
        if data is not None:
            differences += comparing.data_differences(saved["progress"], data)
        of_run = list(self.differences_of_run(saved["progress"].get("run")))
        told = {each.kind for each in of_run}
        differences = [*of_run, *(each for each in differences if each.kind not in told)]
        comparing.check(differences, found.source, self.override, self.how_to_permit)
        comparing.warn_of_versions(saved, present, found.source)
        self.warn_of_rates(model, saved)

    def how_to_permit(self, kinds: tuple[str, ...]) -> str:
        """The code that permits differences of these kinds."""
        return f"Checkpoint(…, override={kinds})"

    def differences_of_run(self, saved: dict | None) -> Iterable[comparing.Difference]:
        """The differences in the settings of a run of the command line."""
        return ()

    def warn_of_rates(self, model: keras.Model, saved: dict) -> None:
        """Warns about a learning rate of the program that the checkpoint replaces."""
        here, there = model.given_rates, saved.get("rates", {})
        for player in here if "optimizer" not in self.override else ():
            if player in there and there[player] != here[player]:
                warnings.warn(
                    f"The {player}'s learning rate was {there[player]:g} when the training began, "
                    f"and the present rate {here[player]:g} has no effect: training continues with "
                    f"the rate in the checkpoint. Change it with kg.callbacks.LearningRate.",
                    stacklevel=2,
                )

    def accept(self, model: keras.Model, found: Found | None) -> Progress:
        """Restores a model from a checkpoint, except for what the program overrides.

        Args:
            model: The model, compiled.
            found: A checkpoint that passed `check`, or `None`.
        """
        self.warned = False
        seed, rates = model.seed, model.given_rates
        self.progress = self.folder.accept(model, found) or Progress()
        if "seed" in self.override and model.has_own_seed:
            model.seed = seed
        for player in rates if found is not None and "optimizer" in self.override else ():
            if rates[player] != found.header.get("rates", {}).get(player, rates[player]):
                model.optimizer_of(player).learning_rate = rates[player]
        return self.progress


def checked_override(override) -> tuple[str, ...]:
    """The argument `override` as a tuple of names.

    Args:
        override: A name, or several.

    Raises:
        ValueError: For an unknown one.
    """
    is_one = isinstance(override, str) or not isinstance(override, Iterable)
    names = (override,) if is_one else tuple(override)
    for name in names:
        if name not in comparing.OVERRIDES:
            raise unknown_name("override", name, comparing.OVERRIDES)
    return names
