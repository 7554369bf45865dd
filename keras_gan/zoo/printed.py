"""The printed form of cards and of the list of presets."""

from keras_gan.models.printed import network_facts, part_facts, printed, shape_in_words
from keras_gan.texts import in_short, one_line, shortened

LONGEST = 72  # characters of a preset's summary


class Card(dict):
    """A card as its plain values, whose `repr` has what people look for first.

    Example:

    >>> Card({"preset": "mine", "data": {"name": "digits"}, "training": {"steps": 2000}})
    Card of mine
      trained on  digits
      training    2,000 steps
    """

    def __repr__(self):
        heading = f"Card of {one_line(self.get('preset', 'a model'))}"
        return printed(heading, card_facts(self) or {"values": in_short(dict(self))})


class PresetList(dict):
    """The entries of presets by name, whose `repr` is a line for each.

    Example:

    >>> PresetList({"mine": {"summary": "A GAN on digits.", "bytes": 1_500_000}})
    mine    1.5 MB  A GAN on digits.
    """

    def __repr__(self):
        width = max(map(len, self), default=0)
        lines = (
            f"{name:<{width}}  {entry['bytes'] / 1e6:5.1f} MB  "
            f"{shortened(one_line(entry['summary']), LONGEST)}"
            for name, entry in self.items()
        )
        return "\n".join(lines) or "no presets"


def card_facts(card: dict) -> dict[str, str]:
    """What a card says of training and scores, in words; texts of others are made harmless.

    Args:
        card: Plain values, of which any may be missing.
    """
    facts = {}
    for name, key in (("trained on", "data"), ("and on", "target")):
        data = _part(card, key)
        if "name" in data:
            facts[name] = one_line(data["name"])
    if "objective" in card:
        facts["objective"] = one_line(card["objective"])
    training = _part(card, "training")
    said = [
        *([f"{training['steps']:,} steps"] if isinstance(training.get("steps"), int) else []),
        *(f"{name} {in_short(training[name])}" for name in ("seed",) if name in training),
        *(one_line(training[name]) for name in ("machine",) if name in training),
    ]
    if said:
        facts["training"] = ", ".join(said)
    facts.update(_score_facts(_part(card, "scores")))
    return facts


def _score_facts(scores: dict) -> dict[str, str]:
    """The Fréchet distance on a card, beside that of real samples, and how to have all scores."""
    facts, protocol = {}, _part(scores, "protocol")
    figures = _part(_part(scores, "figures"), "frechet_distance")
    if all(isinstance(figures.get(side), float) for side in ("a_to_b", "b_to_b")):
        facts["Fréchet distance"] = (
            f"{figures['a_to_b']:.4g}, real samples {figures['b_to_b']:.4g}, in "
            f"{one_line(protocol.get('feature_space', 'features'))}"
        )
    if "command" in scores:
        facts["measured by"] = one_line(scores["command"])
    return facts


def _part(value: dict, name: str) -> dict:
    """A part of a card, or nothing where there is no such part."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def model_in_words(model) -> str:
    """A preset's networks, and what its card says of them.

    Args:
        model: A `Pretrained` model.
    """
    card = model.card
    name = "" if card is None else f" {one_line(card.get('preset', ''))}".rstrip()
    known = {"card": "none"} if card is None else card_facts(card)
    heading = f"{model.called.removeprefix('kg.')}{name} of {shape_in_words(model.data_shape)}"
    return printed(heading, {**network_facts(model.parts()), **part_facts(model), **known})
