"""Runs of `keras-gan train --recipe cyclegan`: from one data set to another and back."""

from keras_gan.cli.defaults import SMALL, resolve
from keras_gan.cli.fitting import WRITTEN, fit, interrupted, rescued, save
from keras_gan.cli.networks import within_memory
from keras_gan.cli.real_data import open_dataset
from keras_gan.cli.recipes import RECIPES, optimizer
from keras_gan.cli.run_folder import RunFolder
from keras_gan.cli.settings import Settings
from keras_gan.cli.translation_data import enlarged, opened, shape_of
from keras_gan.cli.translation_scores import table, translation_scores
from keras_gan.texts import lines, one_line

SHOWN = 12  # images of either domain in a picture
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
    with rescued(gan, settings, folder):
        finished = fit(gan, endless, settings, folder, pictures)
        save(gan, pictures.picture(), folder)
        if not finished:
            return interrupted(folder)
        scores = translation_scores(gan, settings)
        folder.write_json("metrics.json", scores)
    print(f"\n{lines(table(scores))}\n")
    print(f"The run is in {one_line(folder.path)}: {', '.join(WRITTEN)}.")
    return 0


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
            skip=shape[0] < SMALL and shape[-1] == channels,  # the paper's sizes as in the paper
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

    with within_memory():
        networks = (
            generator("generator_xy", shape_x, shape_y[-1]),
            generator("generator_yx", shape_y, shape_x[-1]),
            discriminator("discriminator_x", shape_x),
            discriminator("discriminator_y", shape_y),
        )
    game = kg.CycleGAN(
        *networks,
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
    """How deep a generator is, by the size of its images; from 128 pixels on as in the paper."""
    if size < SMALL:
        return {"blocks": 3, "downsamplings": 1}
    return {"blocks": 9 if size >= 256 else 6, "downsamplings": 2}


def depth_of_discriminator(size: int) -> int:
    """The depth, 1 to the paper's 3, of the largest patch that is no larger than an image.

    Smaller images than 16 pixels are seen as a whole.
    """
    return 1 if size < 34 else 2 if size < 70 else 3
