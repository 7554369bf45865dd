"""The scores on a generator's card, which verification measures again."""

import dataclasses

import numpy as np

from keras_gan.families.datasets import open_dataset, open_reference
from keras_gan.families.sampling.probes import labelled_splits
from keras_gan.families.sampling.run_scores import coverage_scores
from keras_gan.families.setting import in_flag
from keras_gan.metrics.comparison import evaluated
from keras_gan.metrics.sources import generated_source, stored_source

SAMPLES = 10_000  # on each side, if the data have so many
SEED = 0
MOST_COUNTS = 100  # a card lists the counts of at most so many classes
COMPARED = ("modes", "appearing", "high_quality", "kl", "class_recall")  # with real samples


def generator_scores(generator, name: str, settings, data: str) -> dict:
    """The scores of a generator, as `keras-gan evaluate` measures them, and its classes.

    Args:
        generator: A `kg.Generator`.
        name: The preset's name.
        settings: The run's settings: data set, image size, features.
        data: The name of the data on the card.
    """
    a = generated_source(name, "preset", generator, None)
    b = stored_source(settings.dataset, "data", open_dataset(settings), settings.dataset)
    report = evaluated(a, b, None, settings.features, SAMPLES, SEED, settings.image_size)
    size = "" if settings.image_size is None else f" --image-size {in_flag(settings.image_size)}"
    command = (
        f"keras-gan evaluate {name} --against {data} --features {settings.features} "
        f"--samples {SAMPLES}{size}"
    )
    protocol = report["protocol"]
    samples = generator.generate(protocol["samples_on_either_side"], seed=protocol["a_seed"])
    return {
        "command": command,
        "figures": report["scores"],
        "protocol": protocol,
        "classes": classes(samples, settings, generator.classes),
    }


def classes(samples, settings, asked: int | None = None) -> dict | None:
    """Statistics of the samples' modes or classes; `None` if the data have neither.

    `real` holds the statistics of equally many real samples.

    Args:
        samples: Array `(n, ...)`.
        settings: The run's settings.
        asked: The number of classes that were requested in turn. Defaults to `None`: no classes.
    """
    reference = open_reference(settings.replaced(score_samples=SAMPLES))
    if settings.dataset == settings.features:  # the extractor's classifier has these classes
        shares = class_shares(settings)

    def figures(judged, asked=None) -> dict | None:
        if settings.dataset == settings.features:
            return judged_classes(judged, settings.features, shares, asked)
        return coverage_scores(settings.dataset, reference, judged, settings.seed, asked)

    found = figures(samples, asked)
    if found is None:
        return None
    real = figures(reference.first[: len(samples)])
    if found["total"] > MOST_COUNTS:
        found.pop("counts")
    found["real"] = {name: real[name] for name in COMPARED if name in found}
    if "label_accuracy" in found:
        accuracy = found.get("classifier_accuracy") or judged_accuracy(settings)
        found["real"]["label_accuracy"] = accuracy
    return found


def judged_accuracy(settings) -> float:
    """The accuracy of a feature extractor's own classifier on real test images."""
    from keras_gan.metrics import features

    splits = labelled_splits(settings)
    seen = features.get(settings.features).probabilities(splits.tests).argmax(-1)
    return float(np.mean(seen == splits.test_labels))


def class_shares(settings) -> np.ndarray:
    """The fraction of each class in the training data, `(classes,)`."""
    pairs = open_dataset(settings, labels=True).batch(SAMPLES)
    counts = np.bincount(np.concatenate([labels for _, labels in pairs.as_numpy_iterator()]))
    return counts / counts.sum()


def judged_classes(samples, extractor: str, shares: np.ndarray, asked: int | None = None) -> dict:
    """The classes that a feature extractor's own classifier finds.

        recall = Σ_c min(fraction of class c in the samples, its fraction in the training data)

    Args:
        samples: Array `(n, ...)`.
        extractor: The extractor's name.
        shares: The fractions of the classes in the training data.
        asked: As in `classes`.
    """
    from keras_gan.labels import chosen_labels
    from keras_gan.metrics import features
    from keras_gan.metrics.classes import class_coverage

    seen = features.get(extractor).probabilities(np.clip(samples, -1, 1)).argmax(-1)
    found = np.bincount(seen, minlength=len(shares)) / len(seen)
    accuracy = {}
    if asked is not None:
        labels = chosen_labels(None, len(samples), asked)
        accuracy = {"label_accuracy": float(np.mean(seen == labels))}
    return {
        "kind": "classes",
        "samples": len(samples),
        "classifier": f"`{extractor}` classifier",
        "class_recall": float(np.minimum(found, shares).sum()),
        **accuracy,
        **dataclasses.asdict(class_coverage(seen, len(shares))),
    }
