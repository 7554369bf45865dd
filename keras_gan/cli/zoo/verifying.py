"""Whether a preset is what its card says."""

import io
import json
import os

import numpy as np

from keras_gan.cli.settings import Settings
from keras_gan.cli.zoo.named_data import permitted
from keras_gan.cli.zoo.reading import card_in, complaints, configuration, other_name

LEVELS = 2  # of 255, by which a pixel may differ
SHARE = 2e-4  # of the pixels, which may differ by more: dots that fall on another pixel
TOLERANCE = 0.02  # relative, of the scores
NEAR_ZERO = 1e-3  # absolute, of shares and of the figures on classes


def verify(
    name: str | os.PathLike,
    with_scores: bool,
    given: dict[str, str] | None = None,
) -> list[str]:
    """Checks a preset; what does not hold is an error.

    Args:
        name: A published preset's name, or a folder.
        with_scores: Whether the scores are taken again, which needs the data, and pictures of data
            drawn again, which needs them, too.
        given: The data to read in place of those that the card names, by setting; the others must
            be the library's own.

    Returns:
        A sentence for everything that held.

    Raises:
        ValueError: For the first thing that does not.
    """
    from keras_gan.data import DATASETS
    from keras_gan.zoo import cards, packing, presets, trust

    with presets.opened(name) as (folder, content), complaints(name):
        missing = [file for file in trust.LIMITS if file not in content]
        if missing and name in presets.registry():
            raise ValueError(f"{name} has no {', '.join(missing)}.")
        if missing:
            packing.loaded(folder, content)
            return [f"checksums and network; it has no {', '.join(missing)} to compare with"]
        card = card_in(folder, content)
        rendered = cards.content(card)  # other versions may have put it otherwise
        if name in presets.registry() and rendered["card.md"] != content["card.md"]:
            raise ValueError(f"The card.md of {name} is not the one that its card.json makes.")
        model = packing.loaded(folder, content)
        settings = configuration(card, name)
        said = ["checksums, network and card: as on record", *other_name(card, name)]
        evidence = model.evidence
        if with_scores or given:
            data = permitted(settings, name, given or {})
        else:
            data = settings if settings.dataset in DATASETS else None
        if (data is None and evidence.draws_data(model)) or (
            not with_scores and evidence.needs_scores
        ):
            said.append("samples.png: not compared, which needs the data")
        else:
            said.append(compare_pictures(model, data, content["samples.png"], card))
        if with_scores:
            said += compare_scores(model, data, card, settings)
    return said


def compare_pictures(model, settings: Settings | None, stored: bytes, card: dict) -> str:
    """Draws the picture again and compares it.

    Args:
        model: What the preset holds.
        settings: Those with the data that are read; `None` where images need none.
        stored: The picture, PNG.
        card: The preset's.

    Raises:
        ValueError: If it is another one.
    """
    from PIL import Image

    from keras_gan.cli.zoo.publishing import as_png
    from keras_gan.zoo.evidence import SEED

    expected = model.evidence.shown(model)
    if card["samples"] != expected:
        raise ValueError(f"The picture shows {card['samples']}, not {expected}.")
    with Image.open(io.BytesIO(as_png(model.evidence.picture(model, settings)))) as image:
        drawn = np.asarray(image, int)
    with Image.open(io.BytesIO(stored), formats=["PNG"]) as image:
        if image.size != drawn.shape[1::-1]:
            raise ValueError(f"samples.png has {image.size} pixels, not {drawn.shape[1::-1]}.")
        found = np.asarray(image, int)
    if found.shape != drawn.shape:
        raise ValueError(f"samples.png has the shape {found.shape}, not {drawn.shape}.")
    differing = float((np.abs(found - drawn) > LEVELS).mean())
    if differing > SHARE:
        raise ValueError(
            f"samples.png is not what the {model.kind} makes of seed {SEED}: "
            f"{differing:.2%} of the pixels differ by more than {LEVELS} levels of 255."
        )
    return f"samples.png: drawn again, {differing:.2%} of the pixels differ (allowed {SHARE:.2%})"


def compare_scores(model, data: Settings, card: dict, settings: Settings) -> list[str]:
    """Takes the scores again, those of real samples too, and compares them.

    Args:
        model: What the preset holds.
        data: The settings with the data that are read.
        card: The preset's.
        settings: Those on the card.

    Raises:
        ValueError: If one differs by more than the tolerance, or there are others.
    """
    stored = {name: part for name, part in card["scores"].items() if name != "in_training"}
    found = json.loads(json.dumps(model.evidence.scored(model, card["preset"], data, settings)))
    for part in ("command", "protocol"):
        if found[part] != stored[part]:
            raise ValueError(f"The card has another {part} of the scores than {found[part]}.")
    if set(found) != set(stored):
        raise ValueError(f"The card has the scores {sorted(stored)}, not {sorted(found)}.")
    for part in found:
        what = "the scores" if part == "figures" else f"the {part}"
        compare(what, found[part], stored[part], 1e-9 if part == "figures" else NEAR_ZERO)
    return said(found, stored, model.evidence.printed)


def said(found: dict, stored: dict, shares: dict[str, tuple[str, ...]]) -> list[str]:
    """The scores that were taken, beside those on the card.

    Args:
        found: What was measured.
        stored: What the card says, the same names.
        shares: Those that are told of, by the part of the scores that they stand in.
    """
    lines = [
        f"{name}: {each['a_to_b']:.4g}, on the card {stored['figures'][name]['a_to_b']:.4g}"
        for name, each in found.get("figures", {}).items()
    ]
    for part, names in shares.items():
        measured, noted = found.get(part) or {}, stored.get(part) or {}
        lines += [
            f"{part}: {name} {measured[name]:.1%}, on the card {noted[name]:.1%}"
            for name in names
            if name in measured
        ]
    return lines


def compare(what: str, found, stored, near_zero: float = 1e-9) -> None:
    """Compares what JSON has: numbers to the tolerance, all else exactly.

    Args:
        what: Where they stand, for the message.
        found: What was measured.
        stored: What the card says.
        near_zero: By how much numbers may differ in any case.

    Raises:
        ValueError: If they differ.
    """
    if isinstance(found, dict) and isinstance(stored, dict) and set(found) == set(stored):
        if "b_to_b" in found:  # a score near zero is as exact as that of real samples
            near_zero = TOLERANCE * abs(found["b_to_b"])
        for name in found:
            compare(f"{what}: {name}", found[name], stored[name], near_zero)
        return
    if isinstance(found, list) and isinstance(stored, list) and len(found) == len(stored):
        for pair in zip(found, stored, strict=True):
            compare(what, *pair, near_zero)
        return
    numbers = [each for each in (found, stored) if type(each) in (int, float)]
    if len(numbers) == 2:
        if abs(found - stored) > max(TOLERANCE * abs(stored), near_zero):
            raise ValueError(
                f"{what} is {found:.5g}, and the card says {stored:.5g}: they differ by more than "
                f"{TOLERANCE:.0%}."
            )
    elif found != stored:
        raise ValueError(f"{what} is {found!r}, and the card says {stored!r}.")
