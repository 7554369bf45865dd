"""The checkpoint callback of `keras-gan train`, which also compares settings."""

from collections.abc import Iterator

from keras_gan.callbacks import Checkpoint
from keras_gan.checkpoints.comparing import OVERRIDES, Difference
from keras_gan.cli.run_folder import RunFolder
from keras_gan.cli.settings import Settings, table


class RunCheckpoint(Checkpoint):
    """The `Checkpoint` of `keras-gan train`, which compares the settings first.

    Args:
        folder: The run's folder.
        settings: The run's settings, with all defaults resolved.
    """

    def __init__(self, folder: RunFolder, settings: Settings):
        every, override = settings.checkpoint_steps, folder.override
        super().__init__(folder / "checkpoints", every=every, override=override)
        self.place, self.settings = folder, settings
        self.run = settings.as_dict()
        self.how_to_go_on = f"keras-gan train --resume {folder.path} continues."

    def accept(self, model, found):
        """Restores a model from a checkpoint, and writes the settings with which it continues."""
        progress = super().accept(model, found)
        if found is not None:
            self.place.write_config(self.settings)
        return progress

    def how_to_permit(self, kinds: tuple[str, ...]) -> str:
        """The flag that permits differences of these kinds."""
        return f"--override {' '.join(kinds)}"

    def differences_of_run(self, saved: dict | None) -> Iterator[Difference]:
        """The differences in `config.json`, which somebody may have edited since.

        Settings that only a later version has do not count. A cosine schedule ends with the last
        epoch, so another number of epochs makes another optimizer.
        """
        saved = saved or self.run
        known = table()
        names = [(k, name, "") for k in OVERRIDES for name in known if known[name].decides == k]
        if saved.get("learning_rate_schedule") == self.run["learning_rate_schedule"] == "cosine":
            names.append(("optimizer", "epochs", " of a cosine schedule"))
        for kind, name, of in names:
            here = self.run.get(name)
            there = saved.get(name, here)
            if there != here:
                name = f"config.json {name}="
                yield Difference(kind, name, f"{there!r}{of}", f"{here!r}{of}")
