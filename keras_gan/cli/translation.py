"""Runs of `keras-gan train --recipe cyclegan`: from one data set to another and back."""

import dataclasses

import numpy as np

from keras_gan.cli.defaults import SMALL, resolve
from keras_gan.cli.fitting import fit, interrupted, save
from keras_gan.cli.real_data import open_dataset
from keras_gan.cli.recipes import RECIPES, optimizer
from keras_gan.cli.run_folder import RunFolder
from keras_gan.cli.settings import Settings

SHOWN = 12  # images of either domain in a picture
MOST_LABELLED = 25_000  # real images of a domain that its classifier is made of, at most
TRAINING_IMAGES = MOST_LABELLED * 4 // 5  # for a fifth is held out
READ_AT_ONCE = 1000
CYCLE_WEIGHT, IDENTITY_WEIGHT = 10.0, 5.0


def run(settings: Settings, folder: RunFolder, resumed: bool) -> int:
    """Trains, saves and scores a game of translation; returns the exit code.

    Args:
        settings: As flags or a run gave them, with absolute paths.
        folder: The run's.
        resumed: Whether the run goes on.

    Raises:
        ValueError: As `keras-gan train`.
    """
    from keras_gan.callbacks import Translations
    from keras_gan.data import unpaired
    from keras_gan.metrics.reference import draw

    settings = resolve(settings, shape_of(open_dataset(settings)))
    domains = [opened(settings, domain) for domain in "xy"]
    gan = build(settings, *map(shape_of, domains))
    steps = settings.discriminator_steps
    training = [enlarged(d, settings, number) for number, d in enumerate(domains)]
    endless = unpaired(*training, settings.batch_size, steps, settings.seed).repeat()
    shown = [draw(d, min(SHOWN, int(d.cardinality())), settings.seed)[0] for d in domains]
    pictures = Translations(
        folder / "samples", *shown, count=SHOWN, log_dir=folder / "logs" / "samples"
    )
    if not resumed:
        folder.prepare()
        folder.write_config(settings)
    finished = fit(gan, endless, settings, folder, pictures)
    save(gan, pictures.picture(), folder)
    if not finished:
        return interrupted(folder)
    scores = translation_scores(gan, settings)
    folder.write_json("metrics.json", scores)
    print(f"\n{table(scores)}\n")
    print(f"The run is in {folder.path}: samples.png, samples.gif, model.keras, metrics.json.")
    return 0


def opened(settings: Settings, domain: str, labels: bool = False):
    """The training data of domain `"x"` or `"y"`, with labels where that is asked for."""
    if domain == "x":
        return open_dataset(settings, labels)
    target = dataclasses.replace(settings, dataset=settings.target)
    return open_dataset(target, labels, crop=settings.target_crop)


def enlarged(dataset, settings: Settings, number: int):
    """The images to train on: those of a domain, with their copies where some are asked for.

    Args:
        dataset: What `opened` returned, of images.
        settings: A run's: `copies` and `seed` count.
        number: 0 for x, 1 for y, whose copies are moved by other maps.
    """
    from keras_gan.data import random_affine

    if settings.copies is None:
        return dataset
    images = np.concatenate(list(dataset.batch(READ_AT_ONCE).as_numpy_iterator()))
    seeds = np.random.default_rng([settings.seed, number]).integers(2**31, size=settings.copies)
    return np.concatenate([images, *(random_affine(images, seed=int(seed)) for seed in seeds)])


def shape_of(dataset) -> tuple[int, ...]:
    """The shape of a sample of what `kg.data.load` returned."""
    return tuple(dataset.element_spec.shape)


def build(settings: Settings, shape_x: tuple, shape_y: tuple):
    """The compiled game that settings describe.

    Args:
        settings: Resolved `Settings`.
        shape_x: The shape of an image of x, `(height, width, channels)`.
        shape_y: That of an image of y.

    Raises:
        ValueError: For anything but square images of one size.
    """
    import keras_gan as kg

    if len(shape_x) != 3 or len(shape_y) != 3:
        raise ValueError(
            f"--recipe {settings.recipe} translates images; {settings.dataset} has samples of "
            f"shape {shape_x} and {settings.target} of shape {shape_y}."
        )
    if len({*shape_x[:2], *shape_y[:2]}) > 1:
        raise ValueError(
            f"--recipe {settings.recipe} needs square images of one size; {settings.dataset} has "
            f"{shape_x[0]} x {shape_x[1]} and {settings.target} {shape_y[0]} x {shape_y[1]}: pass "
            f"--image-size N."
        )
    normalization = settings.discriminator_normalization

    def generator(name, shape, channels):
        return kg.networks.translation_generator(
            shape,
            channels,
            width=settings.width,
            skip=shape[0] < SMALL and shape[-1] == channels,
            name=name,
            **depth_of_generator(shape[0]),
        )

    def discriminator(name, shape):
        return kg.networks.patch_discriminator(
            shape,
            width=settings.discriminator_width or settings.width,
            depth=depth_of_discriminator(shape[0]),
            normalization=None if normalization == "none" else normalization,
            name=name,
        )

    game = kg.CycleGAN(
        generator("generator_xy", shape_x, shape_y[-1]),
        generator("generator_yx", shape_y, shape_x[-1]),
        discriminator("discriminator_x", shape_x),
        discriminator("discriminator_y", shape_y),
        cycle_weight=CYCLE_WEIGHT,
        identity_weight=IDENTITY_WEIGHT if shape_x == shape_y else 0.0,
        average=settings.average or None,
        seed=settings.seed,
        **RECIPES[settings.recipe].options(settings),
    )
    steps = {"generator": 1, "discriminator": settings.discriminator_steps}
    game.compile(
        **{f"{p}_optimizer": optimizer(game, p, settings, k) for p, k in steps.items()},
        steps_per_execution=settings.steps_per_execution,
    )
    return game


def depth_of_generator(size: int) -> dict:
    """How deep a generator is, by the size of its images; from 128 pixels on as in the paper.

    Those of smaller images than 64 pixels also change their input (`skip`), if it has as many
    channels: few images of few pixels keep their labels better so.
    """
    if size < SMALL:
        return {"blocks": 3, "downsamplings": 1}
    return {"blocks": 9 if size >= 256 else 6, "downsamplings": 2}


def depth_of_discriminator(size: int) -> int:
    """The depth, 1 to the paper's 3, of the largest patch that is no larger than an image.

    Smaller images than 16 pixels are seen as a whole.
    """
    return 1 if size < 34 else 2 if size < 70 else 3


def translation_scores(translator, settings: Settings) -> dict:
    """How many translated images keep their label, in both directions, and beside what.

    It depends on nothing but the translator and the settings. "untranslated" is the share of the
    originals themselves to which the target domain's classifier gives their label.

    Args:
        translator: Anything with `translate(samples, to="x" | "y")`, such as a `kg.CycleGAN`.
        settings: A run's: `dataset`, `target`, `image_size`, `target_crop`, `score_samples` and
            `seed` count.

    Returns:
        `"x_to_y"` and `"y_to_x"`, each `None` unless both data sets have labels and as many classes
        as the other, which are then taken to be the same; and the `"protocol"`.

    Raises:
        ValueError: For data that cannot be read, or a translator that makes NaN.
    """
    x, y = (labelled(settings, domain) for domain in "xy")
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
        "x_to_y": direction(translator, x, y, "y", settings),
        "y_to_x": direction(translator, y, x, "x", settings),
        "protocol": protocol,
    }


@dataclasses.dataclass(frozen=True)
class Labelled:
    """Real images of a domain in random order, with their classes where it has some."""

    samples: np.ndarray
    labels: np.ndarray | None
    classes: int
    total: int


def labelled(settings: Settings, domain: str) -> Labelled:
    """The images of domain `"x"` or `"y"`."""
    from keras_gan.metrics.reference import count_of, draw

    try:
        dataset, has_labels = opened(settings, domain, labels=True), True
    except ValueError:  # a data set without labels
        dataset, has_labels = opened(settings, domain), False
    total = count_of(dataset)
    return Labelled(*draw(dataset, min(total, MOST_LABELLED), settings.seed, has_labels), total)


def direction(translator, origin: Labelled, target: Labelled, to: str, settings: Settings) -> dict:
    """The scores of one direction."""
    from keras_gan.metrics import convolutional_classifier, label_preservation

    classify, accuracy = convolutional_classifier(
        target.samples, target.labels, settings.seed, TRAINING_IMAGES
    )
    n = settings.score_samples
    originals, labels = origin.samples[:n], origin.labels[:n]
    translated = translator.translate(originals, to=to)
    if not np.isfinite(translated).all():
        raise ValueError(
            f"Training diverged: the generator to {to} makes NaN or infinite images, so there are "
            f"no scores; try a smaller learning rate."
        )
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
    lines = [f"x: {protocol['x']}", f"y: {protocol['y']}"]
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
