"""What presets of one kind show of themselves, when they are published and when verified."""

from typing import ClassVar

from PIL import Image

SEED = 0  # of all pictures


class Evidence:
    """Picture and scores of one kind of presets; a subclass takes them."""

    needs_scores: ClassVar[bool] = False  # whether a picture is compared where scores are, only
    printed: ClassVar[dict[str, tuple[str, ...]]] = {}  # shares, by the part of scores they are in

    def shown(self, model) -> dict:
        """What the picture shows, for the card.

        Args:
            model: What the preset holds.
        """
        raise NotImplementedError

    def draws_data(self, model) -> bool:
        """Whether the picture shows data, which drawing it again then needs."""
        return False

    def picture(self, model, settings) -> Image.Image:
        """The picture, which depends on nothing but model and data.

        Args:
            model: What the preset holds.
            settings: Those of the training, which say where the data are; `None` where the picture
                shows none.
        """
        raise NotImplementedError

    def scored(self, model, name: str, settings, called=None) -> dict:
        """The scores, as plain values, and the `command` and `protocol` that they were taken by.

        Args:
            model: What the preset holds.
            name: The preset's name, for the command.
            settings: The run's: data sets, image size, features.
            called: Settings with the names that the data have on the card, where these lie
                elsewhere; `None`, the default, for the same.
        """
        raise NotImplementedError
