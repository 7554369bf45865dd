"""The final scores of a run: values, protocol, baselines."""

import dataclasses

import numpy as np

from keras_gan.labels import chosen_labels
from keras_gan.metrics import class_coverage, mode_coverage, pixel_classifier, stacked_classes
from keras_gan.metrics.names import what_distance
from keras_gan.metrics.protocol import Judge
from keras_gan.metrics.reference import Reference
from keras_gan.texts import shortened

LONGEST_NAME = 24  # characters of a class's name in a table


def frechet_scores(reference: Reference, model, untrained, features: str = "pixels") -> dict:
    """The Fréchet distances of the model, of real data, and of the untrained generator.

    Args:
        reference: Real samples.
        model: Samples of the trained generator, array `(n, ...)`.
        untrained: Samples of the generator before training, array `(n, ...)`.
        features: The extractor's name. Defaults to `"pixels"`.
    """
    judge = Judge(reference, "frechet_distance", features)
    return {
        "feature_space": judge.space,
        **judge.protocol(),
        "model_to_real": judge(model)["frechet_distance"],
        "real_to_real": judge.baseline["frechet_distance"],
        "untrained_to_real": judge(untrained)["frechet_distance"],
    }


def protocol(settings, reference: Reference) -> dict:
    """How the scores were measured.

    Args:
        settings: The run's settings.
        reference: Real samples.
    """
    return {
        "reference": f"{settings.dataset}, training split, two random halves of {reference.n}",
        "reference_seed": settings.seed,
        "latent_seed": settings.seed + 1,
        "generator": "averaged" if getattr(settings, "average", None) else "as trained",
    }


def coverage_scores(
    dataset: str, reference: Reference, samples, seed: int, classes: int | None = None
) -> dict | None:
    """How many classes or modes appear among samples; `None` if the data have neither.

    Args:
        dataset: The data set's name.
        reference: Real samples and their labels.
        samples: Array `(n, ...)` of generated samples.
        seed: Integer that determines which images train the classifier.
        classes: The number of classes of a game with labels, whose samples have all classes in
            turn. Defaults to `None`.
    """
    if dataset in ("ring", "grid"):
        return _mode_scores(dataset, samples)
    if dataset == "stacked_digits":
        return stacked_scores(samples, seed)
    if reference.labels is None or samples.ndim != 4 or reference.classes < 2:
        return None
    classify, accuracy = pixel_classifier(reference.samples, reference.labels, seed)
    seen = classify(samples)
    found = _class_scores(seen, reference.classes, accuracy, "held-out real images")
    if classes is not None:
        asked = chosen_labels(None, len(samples), classes)
        found["label_accuracy"] = float(np.mean(seen == asked))
    return found


def _mode_scores(dataset: str, samples) -> dict:
    """How many modes of a known mixture appear."""
    from keras_gan.data import mixture

    truth = mixture(dataset)
    return {
        "kind": "modes",
        "samples": len(samples),
        "rule": "a mode is covered by a sample within 3 sigma of it",
        **dataclasses.asdict(mode_coverage(samples, truth.centers, truth.stddev)),
    }


def stacked_scores(samples, seed: int) -> dict:
    """How many of the 1,000 classes of stacked digits appear; each channel is classified alone."""
    from keras_gan.data import load

    pairs = list(load("digits", labels=True).as_numpy_iterator())
    images, labels = (np.stack(part) for part in zip(*pairs, strict=True))
    classify, accuracy = pixel_classifier(images, labels, seed)
    classes = stacked_classes(classify, samples)
    return _class_scores(classes, 1000, accuracy, "held-out single digits")


def _class_scores(classes, total: int, accuracy: float, judged_on: str) -> dict:
    """How many classes a classifier finds."""
    found = class_coverage(classes, total)
    return {
        "kind": "classes",
        "samples": len(classes),
        "rule": f"a class appears with at least {found.least} samples, a tenth of an even share",
        "classifier": "support vector machine on pixels",
        "classifier_accuracy": accuracy,
        "classifier_judged_on": judged_on,
        **dataclasses.asdict(found),
    }


def table(scores: dict) -> str:
    """The scores as text."""
    frechet = scores["frechet"]
    times = frechet["model_to_real"] / max(frechet["real_to_real"], 1e-12)
    rows = [
        ("model to real", "model_to_real", f"{times:.3g} times real to real"),
        ("real to real", "real_to_real", "two disjoint halves of the real data"),
        ("untrained to real", "untrained_to_real", "the same generator before training"),
    ]
    lines = [
        f"Fréchet distance in {frechet['feature_space']}; "
        f"{frechet['samples_on_either_side']} samples on either side; lower is better",
        *(f"  {label:<18}{frechet[key]:>10.4g}   {note}" for label, key, note in rows),
        f"  features: {frechet['features']} {frechet['features_version']}, "
        f"{frechet['features_resize']}",
        *(f"  note: {note}" for note in frechet["notes"]),
        f"  note: {what_distance(frechet['features'], frechet['features_version'])}",
    ]
    coverage = scores.get("coverage")
    if coverage is None:
        return "\n".join(lines)
    if coverage["kind"] == "modes":
        lines += [
            f"Modes: {coverage['modes']} of {coverage['total']} covered "
            f"({coverage['rule']}); {coverage['high_quality']:.1%} of {coverage['samples']} "
            f"samples within 3 sigma"
        ]
        return "\n".join(lines)
    lines += [
        f"Classes: {coverage['appearing']} of {coverage['total']} appear among "
        f"{coverage['samples']} samples ({coverage['rule']}), as seen by a "
        f"{coverage['classifier']} that is right on {coverage['classifier_accuracy']:.1%} of "
        f"{coverage['classifier_judged_on']}"
    ]
    if "label_accuracy" in coverage:
        lines += [f"Labels: {coverage['label_accuracy']:.1%} of samples show the class asked for"]
    if coverage["total"] <= 20:
        lines += _histogram(coverage["counts"], coverage.get("names"))
    return "\n".join(lines)


def _histogram(counts, names=None) -> list[str]:
    """One bar per class, with its name or number."""
    longest = max(max(counts), 1)
    names = [shortened(str(name), LONGEST_NAME) for name in names or range(len(counts))]
    room = max(3, *map(len, names))
    return [
        f"  {name:>{room}} {count:>6} {'#' * round(40 * count / longest)}"
        for name, count in zip(names, counts, strict=True)
    ]
