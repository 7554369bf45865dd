"""The scores of a translator as tables and sentences, for its card and the gallery.

The scores come from a card after `keras_gan.texts.escaped`.
"""

from keras_gan.texts import in_code

WAYS = {"x_to_y": "x to y", "y_to_x": "y to x"}


def table(scores: dict) -> list[str]:
    """The scores of a translator with explanations, in Markdown."""
    protocol = scores["protocol"]
    if "pairs" in scores:
        return _table_of_pairs(scores)
    lines = [f"x: {protocol['x']}. y: {protocol['y']}.", ""]
    if not protocol["classes"]:
        return [*lines, "The data sets have no classes in common, so that there are no scores."]
    return [
        *lines,
        f"{in_code(scores['command'])}: the share of images that keep their label, as seen by a "
        f"{protocol['classifier']}; beside it the share among the images before they are "
        f"translated, and the share of {protocol['classifier_judged_on']} that the classifier is "
        f"right on.",
        "",
        "| way | translated | untranslated | classifier | images |",
        "|---|---|---|---|---|",
        *(
            f"| {way} | {_percentage(scores[name]['label_preservation'])} | "
            f"{_percentage(scores[name]['untranslated'])} | "
            f"{_percentage(scores[name]['classifier_accuracy'])} | {scores[name]['images']:,} |"
            for name, way in WAYS.items()
        ),
    ]


def verdict(scores: dict) -> str:
    """How well labels survive a translation, or how near it is to the truth, in plain words."""
    if "pairs" in scores:
        return _verdict_of_pairs(scores["pairs"])
    if not scores["protocol"]["classes"]:
        return "Whether it keeps what images show was not measured."
    each = [
        f"from {way} {_percentage(scores[name]['label_preservation'])} of the images keep their "
        f"label in the eyes of the other set's classifier, which sees it in "
        f"{_percentage(scores[name]['untranslated'])} of the images as they were"
        for name, way in WAYS.items()
    ]
    sentence = "; ".join(each)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _percentage(part: float | None) -> str:
    """A fraction in per cent, or a dash."""
    return "–" if part is None else f"{part:.1%}"


def _table_of_pairs(scores: dict) -> list[str]:
    """The distances to the truth, in Markdown."""
    figures, protocol = scores["pairs"], scores["protocol"]
    rows = {"translated": "translations", "untranslated": "x itself", "mean_of_training": "mean y"}
    return [
        f"x: {protocol['x']}. y: {protocol['y']}.",
        "",
        f"{in_code(scores['command'])}: {protocol['pairs_scored']:,} pairs that it was not trained "
        f"on, images in [-1, 1].",
        "",
        "| of the truth y | mean absolute difference | PSNR in dB |",
        "|---|---|---|",
        *(
            f"| {title} | {figures[f'l1_{name}']:.4f} | {figures[f'psnr_{name}']:.2f} |"
            for name, title in rows.items()
            if f"l1_{name}" in figures
        ),
    ]


def _verdict_of_pairs(figures: dict) -> str:
    """How near translations are to the truth."""
    sentence = (
        f"Translations of images that it was not trained on differ from the truth by "
        f"{figures['l1_translated']:.3f} in the mean, of a range of 2"
    )
    if "l1_untranslated" in figures:
        sentence += f", the images themselves by {figures['l1_untranslated']:.3f}"
    return f"{sentence}, the mean of all y by {figures['l1_mean_of_training']:.3f}."
