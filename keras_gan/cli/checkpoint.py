"""The checkpoints of a run, which know its settings."""

import dataclasses
from collections.abc import Iterator

from keras_gan.callbacks import Checkpoint
from keras_gan.checkpoints.comparing import Difference
from keras_gan.cli.run_folder import RunFolder
from keras_gan.cli.settings import Settings

KINDS = {  # of settings that decide the training; the others may differ when a run goes on
    "data": "target_crop copies labels image_size steps_per_epoch batch_size",
    "game": "recipe divergence discriminator_steps penalty_weight penalty_every average",
    "networks": "network width discriminator_width discriminator_normalization latent_dim",
    "optimizer": "generator_learning_rate discriminator_learning_rate learning_rate_schedule "
    "beta_1 beta_2",
    "seed": "seed",
}


class RunCheckpoint(Checkpoint):
    """The `Checkpoint` of `keras-gan train`, which compares the settings first.

    Args:
        folder: The run's.
        settings: The run's, all of them chosen.
    """

    def __init__(self, folder: RunFolder, settings: Settings):
        every, override = settings.checkpoint_steps, folder.override
        super().__init__(folder / "checkpoints", every=every, override=override)
        self.place, self.settings = folder, settings
        self.run = dataclasses.asdict(settings)
        self.how_to_go_on = f"keras-gan train --resume {folder.path} goes on."

    def accept(self, model, found):
        """Gives a game the state of a checkpoint, and notes the settings it goes on with."""
        progress = super().accept(model, found)
        if found is not None:
            self.place.write_config(self.settings)
        return progress

    def how_to_permit(self, kinds: tuple[str, ...]) -> str:
        """The flag that permits these kinds of differences."""
        return f"--override {' '.join(kinds)}"

    def differences_of_run(self, saved: dict | None) -> Iterator[Difference]:
        """Those of `config.json`, which somebody may have edited since.

        Settings that only a later version has are left out. A cosine schedule ends with the last
        epoch: with another number of them the optimizer is another.
        """
        saved = saved or self.run
        names = [(kind, name, "") for kind, names in KINDS.items() for name in names.split()]
        if saved.get("learning_rate_schedule") == self.run["learning_rate_schedule"] == "cosine":
            names.append(("optimizer", "epochs", " of a cosine schedule"))
        for kind, name, of in names:
            there, here = saved.get(name, self.run[name]), self.run[name]
            if there != here:
                name = f"config.json {name}="
                yield Difference(kind, name, f"{there!r}{of}", f"{here!r}{of}")
