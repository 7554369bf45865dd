"""Runs from one set of images to another and back."""

from typing import ClassVar

from keras_gan.callbacks import Translations
from keras_gan.data import unpaired
from keras_gan.families.adversarial import SETTINGS, Adversarial
from keras_gan.families.cyclegan.defaults import SMALL, SMALL_TRANSLATION, TRANSLATION
from keras_gan.families.cyclegan.domains import Domains, enlarged, shape_of
from keras_gan.families.cyclegan.networks import check_sizes, four, smallest
from keras_gan.families.cyclegan.scores import table, translation_scores
from keras_gan.families.cyclegan.translator import Translator
from keras_gan.families.memory import within_memory
from keras_gan.families.setting import Setting
from keras_gan.metrics.reference import draw

SHOWN = 12  # images of either domain in a picture
CYCLE_WEIGHT, IDENTITY_WEIGHT = 10.0, 5.0
OWN = {
    "target": Setting(
        str,
        None,
        "the data set of the other domain, for cyclegan alone, which translates between the two",
        chosen="none",
        names_data=True,
    ),
    "target_crop": Setting(
        int,
        None,
        "cut out the middle square of this side of the target's images, in pixels, first",
        least=1,
        chosen="as they are",
        decides="data",
    ),
    "copies": Setting(
        int,
        None,
        "train also on so many turned, slanted, stretched and shifted copies of every image, for "
        "cyclegan alone",
        least=1,
        chosen="none",
        decides="data",
    ),
}


class Translation(Adversarial):
    """An entry of a `kg.CycleGAN`."""

    settings: ClassVar = {**OWN, **SETTINGS}
    without = ("labels", "latent_dim", "features", "evaluate_epochs")
    networks: ClassVar = {"resnet": "residual, for images of 16, 32, 64, … pixels"}
    defaults_by_data: ClassVar = {"small pairs": SMALL_TRANSLATION | {"latent_dim": "-"}}
    preset = Translator

    def smallest(self):
        """A game between numbers."""
        return self.model(*smallest(), seed=0)

    def check(self, settings):
        """Refuses a run without a target, or with networks of another kind."""
        if settings.target is None:
            raise ValueError(
                f"--recipe {settings.recipe} translates between two data sets: name the other one "
                f"by --target, for example --dataset digits --target mnist --image-size 16."
            )

    def check_networks(self, settings):
        """Refuses networks of another kind.

        Raises:
            ValueError: For any but residual ones.
        """
        if settings.network not in (None, TRANSLATION["network"]):
            raise ValueError(
                f"--recipe {settings.recipe} needs --network resnet; received {settings.network}."
            )

    def defaults(self, settings, sample_shape):
        """Those of the images' size."""
        self.check_networks(settings)
        own = {**self.picks, "discriminator_normalization": self.normalization}
        return own | (SMALL_TRANSLATION if sample_shape[0] < SMALL else TRANSLATION)

    def open(self, settings):
        """Both sets of images."""
        return Domains(settings)

    def game(self, settings, shape_x: tuple, shape_y: tuple):
        """The compiled game that settings describe.

        Args:
            settings: Resolved `Settings`.
            shape_x: The shape of an image of x, `(height, width, channels)`.
            shape_y: That of an image of y.

        Raises:
            ValueError: For anything but square images of one size.
        """
        check_sizes(settings, shape_x, shape_y)
        with within_memory():
            networks = four(settings, shape_x, shape_y)
        game = self.model(
            *networks,
            cycle_weight=CYCLE_WEIGHT,
            identity_weight=IDENTITY_WEIGHT if shape_x == shape_y else 0.0,
            average=settings.average or None,
            seed=settings.seed,
            schedule=settings.discriminator_steps,
        )
        return self.compiled(game, settings)

    def build(self, settings, data):
        """As `game`."""
        return self.game(settings, *map(shape_of, data.both))

    def batches(self, settings, data):
        """Images of both sets, that of neither tied to one of the other."""
        training = [enlarged(each, settings, number) for number, each in enumerate(data.both)]
        steps = settings.discriminator_steps
        return unpaired(*training, settings.batch_size, steps, settings.seed).repeat()

    def pictures(self, settings, data, folder, log_dir):
        """The same images of both sets, there and back."""
        shown = [draw(d, min(SHOWN, int(d.cardinality())), settings.seed)[0] for d in data.both]
        return Translations(folder, *shown, count=SHOWN, log_dir=log_dir)

    def scores(self, model, settings, data, untrained):
        """How many images keep their label."""
        return translation_scores(model, settings)

    def table(self, scores):
        """The scores as text."""
        return table(scores)

    def instead_of_samples(self, path):
        """How a translator is used."""
        return (
            f"translates images and makes none of nothing: in Python "
            f'kg.load_model("{path}").translate(images, to="y") does, and for a run of keras-gan '
            f"train samples.png and metrics.json show how well."
        )
