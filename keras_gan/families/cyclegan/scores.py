"""Scores of translations: how many images keep their label."""

import dataclasses

import numpy as np

from keras_gan.backend.finite import refuse_broken_samples
from keras_gan.families.cyclegan.domains import opened
from keras_gan.texts import one_line

MOST_LABELLED = 25_000  # the most real images of a domain for its classifier
TRAINING_IMAGES = MOST_LABELLED * 4 // 5  # a fifth is held out


def translation_scores(translator, settings) -> dict:
    """How many translated images keep their label, in both directions, with a baseline.

    The result depends only on the translator and the settings. The baseline, `"untranslated"`, is
    the fraction of original images whose label the target domain's classifier finds.

    Args:
        translator: Anything with `translate(samples, to="x" | "y")`, such as a `kg.CycleGAN`.
        settings: The run's settings, of which `dataset`, `target`, `image_size`, `target_crop`,
            `score_samples` and `seed` count.

    Returns:
        `"x_to_y"` and `"y_to_x"`, each `None` unless both data sets have labels and equally many
        classes, which are assumed to be the same; and the `"protocol"`.

    Raises:
        ValueError: If data cannot be read, or the translator makes NaN.
    """
    x, y = (_labelled(settings, domain) for domain in "xy")
    protocol = {
        "x": f"{settings.dataset}, training split, {x.total} images",
        "y": f"{settings.target}, training split, {y.total} images",
        "classes": x.classes if x.classes == y.classes and x.classes > 1 else 0,
        "seed": settings.seed,
    }
    if not protocol["classes"]:
        return {"x_to_y": None, "y_to_x": None, "protocol": protocol}
    protocol |= {
        "classifier": "convolutional network trained on real images of the target domain, turned, "
        "slanted, stretched and shifted at random",
        "classifier_judged_on": "held-out real images of the target domain",
    }
    print("Scores: training a classifier of each domain on its real images ...", flush=True)
    return {
        "x_to_y": _direction(translator, x, y, "y", settings),
        "y_to_x": _direction(translator, y, x, "x", settings),
        "protocol": protocol,
    }


@dataclasses.dataclass(frozen=True)
class Labelled:
    """Real images of a domain in random order, with their classes if it has any."""

    samples: np.ndarray
    labels: np.ndarray | None
    classes: int
    total: int


def _labelled(settings, domain: str) -> Labelled:
    """The images of domain `"x"` or `"y"`."""
    from keras_gan.metrics.reference import count_of, draw

    try:
        dataset, has_labels = opened(settings, domain, labels=True), True
    except ValueError:  # a data set without labels
        dataset, has_labels = opened(settings, domain), False
    total = count_of(dataset)
    return Labelled(*draw(dataset, min(total, MOST_LABELLED), settings.seed, has_labels), total)


def _direction(translator, origin: Labelled, target: Labelled, to: str, settings) -> dict:
    """The scores of one direction."""
    from keras_gan.metrics import convolutional_classifier, label_preservation

    classify, accuracy = convolutional_classifier(
        target.samples, target.labels, settings.seed, TRAINING_IMAGES
    )
    n = settings.score_samples
    originals, labels = origin.samples[:n], origin.labels[:n]
    translated = translator.translate(originals, to=to)
    undone = f"the generator to {to} makes NaN, so there are no scores"
    refuse_broken_samples(translated, undone, translator)
    alike = originals.shape[1:] == translated.shape[1:]
    return {
        "label_preservation": label_preservation(translated, labels, classify),
        "untranslated": label_preservation(originals, labels, classify) if alike else None,
        "classifier_accuracy": accuracy,
        "images": len(originals),
    }


def table(scores: dict) -> str:
    """The scores as text."""
    protocol = scores["protocol"]
    lines = [one_line(f"{domain}: {protocol[domain]}") for domain in "xy"]
    if not protocol["classes"]:
        return "\n".join([*lines, "no scores, for the data sets have no classes in common"])
    lines += [
        f"labels kept, as seen by a {protocol['classifier']}",
        f"{'':<10}{'translated':>12}{'untranslated':>14}{'classifier':>12}{'images':>8}",
    ]
    for name, title in (("x_to_y", "x to y"), ("y_to_x", "y to x")):
        found = scores[name]
        before = found["untranslated"]
        lines.append(
            f"  {title:<8}{found['label_preservation']:>12.1%}"
            f"{'-' if before is None else format(before, '.1%'):>14}"
            f"{found['classifier_accuracy']:>12.1%}{found['images']:>8}"
        )
    return "\n".join([*lines, f"classifier: its accuracy on {protocol['classifier_judged_on']}"])
