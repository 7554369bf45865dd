"""Picture and scores of a preset, made when it is published and again when it is verified."""

from typing import ClassVar

from PIL import Image

SEED = 0  # for all pictures


class Evidence:
    """Picture and scores of one kind of preset; a subclass makes them."""

    needs_scores: ClassVar[bool] = False  # whether the picture is compared only with the scores
    printed: ClassVar[dict[str, tuple[str, ...]]] = {}  # fractions to report, by part of scores

    def shown(self, model) -> dict:
        """What the picture shows, for the card.

        Args:
            model: The preset's model.
        """
        raise NotImplementedError

    def draws_data(self, model) -> bool:
        """Whether the picture shows data, so that drawing it again needs them."""
        return False

    def picture(self, model, settings) -> Image.Image:
        """The picture, which depends only on model and data.

        Args:
            model: The preset's model.
            settings: The settings of the training, which name the data; `None` if the picture shows
                no data.
        """
        raise NotImplementedError

    def scored(self, model, name: str, settings, called=None) -> dict:
        """The scores as plain values, with the `command` and `protocol` that measured them.

        Args:
            model: The preset's model.
            name: The preset's name, for the command.
            settings: The run's settings: data sets, image size, features.
            called: Settings with the names of the data on the card, if the data are elsewhere.
                Defaults to `None`: the same settings.
        """
        raise NotImplementedError
