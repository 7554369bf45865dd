"""The texts on cards and in the gallery, by the kind of preset."""

import json
from typing import ClassVar

from keras_gan.texts import one_line


class CardTexts:
    """The texts for one kind of preset; a subclass overrides those that differ.

    Its methods receive cards whose texts are escaped for Markdown, unless they say otherwise.
    """

    data_rows: ClassVar[dict[str, str]] = {"data": "data"}  # names of a card's data in its table
    steps: ClassVar[str] = "training steps"  # the name of their number in its table
    task: ClassVar[str] = "unconditional-image-generation"  # of image models on the Hub

    def usage(self, card: dict, name: str) -> list[str]:
        """Lines of Python that make what the picture shows.

        Args:
            card: The content of `card.json`, not escaped.
            name: The preset's name.
        """
        raise NotImplementedError

    def caption(self, card: dict) -> str:
        """The caption of the picture."""
        raise NotImplementedError

    def caption_in_gallery(self, card: dict, title: str) -> str:
        """The caption of the picture in the gallery.

        Args:
            card: The content of `card.json`.
            title: The preset's name.
        """
        return self.caption(card)

    def below_picture(self, card: dict) -> list[str]:
        """Lines that explain the picture."""
        return []

    def table(self, scores: dict) -> list[str]:
        """The scores with explanations, in lines of Markdown."""
        raise NotImplementedError

    def figures(self, scores: dict) -> dict[str, float]:
        """The scores as single numbers, by name.

        Args:
            scores: Those of `card.json`, not escaped.
        """
        return {name: each["a_to_b"] for name, each in scores["figures"].items()}

    def verdict(self, scores: dict) -> str:
        """How good the scores are, in plain words."""
        raise NotImplementedError

    def in_gallery(self, scores: dict) -> list[str]:
        """The scores in the gallery, in lines of Markdown."""
        return [self.verdict(scores), ""]

    def summary(self, model, game: str, settings) -> str:
        """One sentence that says what the preset is.

        Args:
            model: The preset's model.
            game: The name of the class that was trained.
            settings: The run's settings.
        """
        raise NotImplementedError

    def limits(self, model, settings) -> str:
        """What the networks cannot do.

        Args:
            model: The preset's model.
            settings: The run's settings.
        """
        raise NotImplementedError


def in_python(value) -> str:
    """A JSON value as a Python literal in one line, with double quotes."""
    is_text = isinstance(value, str)
    return one_line(json.dumps(value, ensure_ascii=False) if is_text else repr(value))
