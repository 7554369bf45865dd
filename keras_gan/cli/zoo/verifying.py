"""Checks that a preset is what its card says."""

import io
import json
import os

import numpy as np

from keras_gan.cli.settings import Settings
from keras_gan.cli.zoo.named_data import permitted
from keras_gan.cli.zoo.reading import card_in, complaints, configuration, other_name

LEVELS = 2  # a pixel may differ by so many of 255 levels
SHARE = 2e-4  # this fraction of the pixels may differ by more: dots may fall on another pixel
TOLERANCE = 0.02  # relative difference of scores
NEAR_ZERO = 1e-3  # absolute difference of fractions and of scores by class


def verify(
    name: str | os.PathLike,
    with_scores: bool,
    given: dict[str, str] | None = None,
) -> list[str]:
    """Checks a preset; a difference is an error.

    Args:
        name: A published preset's name, or a folder.
        with_scores: Whether to repeat what needs the data: the scores, and pictures of data.
        given: The data to read instead of those on the card, by setting; all others must be the
            library's own.

    Returns:
        One sentence per check that passed.

    Raises:
        ValueError: For the first difference.
    """
    from keras_gan.data.names import is_own
    from keras_gan.zoo import cards, packing, presets, trust

    with presets.opened(name) as (folder, content), complaints(name):
        missing = [file for file in trust.LIMITS if file not in content]
        if missing and name in presets.registry():
            raise ValueError(f"{name} has no {', '.join(missing)}.")
        if missing:
            packing.loaded(folder, content)
            return [f"checksums and network; it has no {', '.join(missing)} to compare with"]
        card = card_in(folder, content)
        rendered = cards.content(card)  # other versions may render it differently
        if name in presets.registry() and rendered["card.md"] != content["card.md"]:
            raise ValueError(f"The card.md of {name} does not match its card.json.")
        model = packing.loaded(folder, content)
        settings = configuration(card, name)
        said = ["checksums, network and card: as on record", *other_name(card, name)]
        evidence = model.evidence
        if with_scores or given:
            data = permitted(settings, name, given or {})
        else:
            data = settings if is_own(settings.dataset) else None
        if (data is None and evidence.draws_data(model)) or (
            not with_scores and evidence.needs_scores
        ):
            said.append("samples.png: not compared, since that needs the data")
        else:
            said.append(_compare_pictures(model, data, content["samples.png"], card))
        if with_scores:
            said += _compare_scores(model, data, card, settings)
    return said


def _compare_pictures(model, settings: Settings | None, stored: bytes, card: dict) -> str:
    """Draws the picture again and compares it.

    Args:
        model: The preset's model.
        settings: The settings with the data to read; `None` if the picture needs no data.
        stored: The picture, PNG.
        card: The preset's card.

    Raises:
        ValueError: If the pictures differ.
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
            raise ValueError(
                f"samples.png has {image.size} pixels instead of {drawn.shape[1::-1]}."
            )
        found = np.asarray(image, int)
    if found.shape != drawn.shape:
        raise ValueError(f"samples.png has shape {found.shape} instead of {drawn.shape}.")
    differing = float((np.abs(found - drawn) > LEVELS).mean())
    if differing > SHARE:
        raise ValueError(
            f"samples.png is not what the {model.kind} makes with seed {SEED}: {differing:.2%} of "
            f"the pixels differ by more than {LEVELS} of 255 levels."
        )
    return f"samples.png: drawn again, {differing:.2%} of the pixels differ (allowed {SHARE:.2%})"


def _compare_scores(model, data: Settings, card: dict, settings: Settings) -> list[str]:
    """Measures the scores again, those of real samples too, and compares them.

    Args:
        model: The preset's model.
        data: The settings with the data to read.
        card: The preset's card.
        settings: The settings on the card.

    Raises:
        ValueError: If a score differs by more than the tolerance, or the card has other scores.
    """
    stored = {name: part for name, part in card["scores"].items() if name != "in_training"}
    measured = json.loads(json.dumps(model.evidence.scored(model, card["preset"], data, settings)))
    found, later = _those_on_the_card(measured, stored)
    for part in ("command", "protocol"):
        if found[part] != stored[part]:
            raise ValueError(f"The scores on the card have another {part} than {found[part]}.")
    if set(found) != set(stored):
        raise ValueError(f"The card has the scores {sorted(stored)}, not {sorted(found)}.")
    for part in found:
        what = "the scores" if part == "figures" else f"the {part}"
        _compare(what, found[part], stored[part], 1e-9 if part == "figures" else NEAR_ZERO)
    return _said(found, stored, model.evidence.printed) + [
        f"{name}: {each['a_to_b']:.4g}, not on the card, which is older" for name, each in later
    ]


def _those_on_the_card(found: dict, stored: dict) -> tuple[dict, list[tuple[str, dict]]]:
    """Those of the measured scores that were measured when the card was written.

    Its protocol says which; a later release measures more.

    Args:
        found: The measured scores.
        stored: The scores on the card.

    Returns:
        The scores that the card is compared with, and names and figures of the others.
    """
    protocol = stored["protocol"]
    known = protocol.get("metrics") if isinstance(protocol, dict) else None
    if "figures" not in found or not isinstance(known, dict) or not known:
        return found, []
    metrics = found["protocol"]["metrics"]
    later = [pair for pair in found["figures"].items() if pair[0] not in known]
    protocol = found["protocol"] | {
        "metrics": {name: value for name, value in metrics.items() if name in known}
    }
    figures = {name: each for name, each in found["figures"].items() if name in known}
    return found | {"protocol": protocol, "figures": figures}, later


def _said(found: dict, stored: dict, shares: dict[str, tuple[str, ...]]) -> list[str]:
    """Sentences with the measured scores and those on the card.

    Args:
        found: The measured scores.
        stored: The scores on the card, with the same names.
        shares: The names of the fractions to report, by their part of the scores.
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


def _compare(what: str, found, stored, near_zero: float = 1e-9) -> None:
    """Compares JSON values: numbers within the tolerance, everything else exactly.

    Args:
        what: Their place, for the message.
        found: The measured value.
        stored: The value on the card.
        near_zero: The absolute difference that is always allowed. Defaults to 1e-9.

    Raises:
        ValueError: If they differ.
    """
    if isinstance(found, dict) and isinstance(stored, dict) and set(found) == set(stored):
        if "b_to_b" in found:  # a score near zero is as exact as that of real samples
            near_zero = TOLERANCE * abs(found["b_to_b"])
        for name in found:
            _compare(f"{what}: {name}", found[name], stored[name], near_zero)
        return
    if isinstance(found, list) and isinstance(stored, list) and len(found) == len(stored):
        for pair in zip(found, stored, strict=True):
            _compare(what, *pair, near_zero)
        return
    numbers = [each for each in (found, stored) if type(each) in (int, float)]
    if len(numbers) == 2:
        if abs(found - stored) > max(TOLERANCE * abs(stored), near_zero):
            raise ValueError(
                f"{what} is {found:.5g}, but the card says {stored:.5g}: they differ by more than "
                f"{TOLERANCE:.0%}."
            )
    elif found != stored:
        raise ValueError(f"{what} is {found!r}, but the card says {stored!r}.")
