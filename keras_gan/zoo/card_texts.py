"""What a card and the gallery say of presets of one kind."""

import json
from typing import ClassVar

from keras_gan.texts import one_line


class CardTexts:
    """The texts of one kind of presets; a subclass says those that differ.

    Cards come to it with all texts escaped for Markdown, where nothing else is said.
    """

    data_rows: ClassVar[dict[str, str]] = {"data": "data"}  # what a card's data are called in rows

    def usage(self, card: dict, name: str) -> list[str]:
        """How a preset makes what its picture shows, in lines of Python.

        Args:
            card: What `card.json` holds, not escaped.
            name: The preset's.
        """
        raise NotImplementedError

    def caption(self, card: dict) -> str:
        """What the picture shows."""
        raise NotImplementedError

    def caption_in_gallery(self, card: dict, title: str) -> str:
        """The same on the page of all presets.

        Args:
            card: What `card.json` holds.
            title: The preset's name.
        """
        return self.caption(card)

    def below_picture(self, card: dict) -> list[str]:
        """Lines that explain the picture."""
        return []

    def table(self, scores: dict) -> list[str]:
        """The scores, and what they are, in lines of Markdown."""
        raise NotImplementedError

    def verdict(self, scores: dict) -> str:
        """How good that is, in words that hide nothing."""
        raise NotImplementedError

    def in_gallery(self, scores: dict) -> list[str]:
        """The scores on the page of all presets, in lines of Markdown."""
        return [self.verdict(scores), ""]

    def summary(self, model, game: str, settings) -> str:
        """One sentence on what the preset is.

        Args:
            model: What it holds.
            game: The name of the class that was trained.
            settings: The run's.
        """
        raise NotImplementedError

    def limits(self, model, settings) -> str:
        """What the networks cannot do.

        Args:
            model: What the preset holds.
            settings: The run's.
        """
        raise NotImplementedError


def in_python(value) -> str:
    """A value of JSON as Python writes it, in one line; texts in double quotes."""
    is_text = isinstance(value, str)
    return one_line(json.dumps(value, ensure_ascii=False) if is_text else repr(value))
