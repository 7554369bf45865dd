"""Runs from one set of images to another and back."""

from typing import ClassVar

from keras_gan.families.adversarial import SETTINGS, Adversarial, augmentation
from keras_gan.families.cyclegan.defaults import SMALL, SMALL_TRANSLATION, TRANSLATION
from keras_gan.families.cyclegan.domains import Domains, enlarged, shape_of
from keras_gan.families.cyclegan.kind import TranslatorKind
from keras_gan.families.cyclegan.networks import check_sizes, four
from keras_gan.families.loss_terms import OBJECTIVE, PENALTY, penalties_of
from keras_gan.families.memory import within_memory
from keras_gan.families.setting import Setting

SHOWN = 12  # images of each domain in a picture
CYCLE_WEIGHT, IDENTITY_WEIGHT = 10.0, 5.0
OWN = {
    "target": Setting(
        str,
        None,
        "the data set of the other domain, between which cyclegan translates; for pix2pix what "
        "the images of the data set should become, a folder with equal file names",
        chosen="none",
        names_data=True,
    ),
    "target_crop": Setting(
        int,
        None,
        "first crop the target's images to a central square with this side, in pixels",
        least=1,
        chosen="as they are",
        decides="data",
    ),
    "copies": Setting(
        int,
        None,
        "also train on this many rotated, sheared, stretched and shifted copies of every image, "
        "only for cyclegan",
        least=1,
        chosen="none",
        decides="data",
    ),
}


class Translation(Adversarial):
    """An entry of a `kg.CycleGAN`."""

    settings: ClassVar = {**OWN, **SETTINGS, **OBJECTIVE, **PENALTY}
    without = ("labels", "latent_dim", "features", "evaluate_epochs")
    networks: ClassVar = {"resnet": "residual, for images of even sides"}
    defaults_by_data: ClassVar = {"small pairs": SMALL_TRANSLATION | {"latent_dim": "-"}}
    preset = TranslatorKind

    def check(self, settings):
        """Refuses a run without a target."""
        if settings.target is None:
            raise ValueError(
                f"--recipe {settings.recipe} translates between two data sets: name the other one "
                f"with --target, for example --dataset digits --target mnist --image-size 16."
            )

    def defaults(self, settings, sample_shape):
        """The defaults for the size of the images."""
        own = {**self.picks, "discriminator_normalization": self.normalization}
        own |= {"objective": "least_squares", "penalty": "none"}  # those of the class
        return own | (SMALL_TRANSLATION if min(sample_shape[:2]) < SMALL else TRANSLATION)

    def open(self, settings):
        """Both sets of images."""
        return Domains(settings)

    def game(self, settings, shape_x: tuple, shape_y: tuple):
        """Builds and compiles the game.

        Args:
            settings: Resolved `Settings`.
            shape_x: The shape of an image of x, `(height, width, channels)`.
            shape_y: The shape of an image of y.

        Raises:
            ValueError: For anything but images of one size.
        """
        check_sizes(settings, shape_x, shape_y)
        with within_memory():
            networks = four(settings, shape_x, shape_y)
        game = self.model(
            *networks,
            objective=settings.objective,
            penalties=penalties_of(settings),
            cycle_weight=CYCLE_WEIGHT,
            identity_weight=IDENTITY_WEIGHT if shape_x == shape_y else 0.0,
            average=settings.average or None,
            augment=augmentation(settings),
            seed=settings.seed,
            schedule=settings.discriminator_steps,
        )
        return self.compiled(game, settings)

    def build(self, settings, data):
        """As `game`."""
        return self.game(settings, *map(shape_of, data.both))

    def data_facts(self, settings, data):
        """Both sets, the number of their images, and the shape of one."""
        from keras_gan.families.datasets import in_words

        names = (settings.dataset, settings.target)
        return {
            f"data {domain}": in_words(name, each, shape_of(each))
            for domain, name, each in zip("xy", names, data.both, strict=True)
        }

    def batches(self, settings, data):
        """Unpaired images of both sets."""
        from keras_gan.data import unpaired

        training = [enlarged(each, settings, number) for number, each in enumerate(data.both)]
        steps = settings.discriminator_steps
        return unpaired(*training, settings.batch_size, steps, settings.seed).repeat()

    def pictures(self, settings, data, folder, log_dir):
        """Translations of fixed images of both sets, there and back."""
        from keras_gan.callbacks import Translations
        from keras_gan.metrics.reference import draw

        shown = [draw(d, min(SHOWN, int(d.cardinality())), settings.seed)[0] for d in data.both]
        return Translations(folder, *shown, count=SHOWN, log_dir=log_dir)

    def scores(self, model, settings, data, untrained):
        """The fraction of images that keep their label."""
        from keras_gan.families.cyclegan.scores import translation_scores

        return translation_scores(model, settings)

    def table(self, scores):
        """The scores as text."""
        from keras_gan.families.cyclegan.scores import table

        return table(scores)

    def instead_of_samples(self, path):
        """Says how to use a translator."""
        return (
            f"translates images and does not make samples of its own: name images with --of, or in "
            f'Python use kg.load_model("{path}").translate(images, to="y"); samples.png and '
            f"metrics.json of a run of keras-gan train show how well it works."
        )
