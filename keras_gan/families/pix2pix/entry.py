"""Runs that learn a translation from pairs of images."""

from typing import ClassVar

from keras_gan.families.adversarial import SETTINGS, Adversarial, augmentation, of_discriminator
from keras_gan.families.cyclegan.defaults import SMALL, SMALL_TRANSLATION, TRANSLATION
from keras_gan.families.cyclegan.entry import OWN
from keras_gan.families.cyclegan.kind import TranslatorKind
from keras_gan.families.loss_terms import OBJECTIVE, PENALTY, penalties_of
from keras_gan.families.memory import within_memory
from keras_gan.families.setting import Setting

SHOWN = 12  # pairs in a picture
L1_WEIGHT = {
    "l1_weight": Setting(
        float,
        None,
        "weight of the absolute difference to the truth, only for pix2pix; 0 for none",
        least=0,
        chosen="100",
        decides="game",
    )
}


class Paired(Adversarial):
    """An entry of a `kg.Pix2Pix`."""

    settings: ClassVar = {
        **{name: OWN[name] for name in ("target", "target_crop")},
        **L1_WEIGHT,
        **SETTINGS,
        **OBJECTIVE,
        **PENALTY,
    }
    without = ("labels", "latent_dim", "features", "evaluate_epochs")
    networks: ClassVar = {"unet": "with skips between grids of one size, for images of even sides"}
    preset = TranslatorKind

    def defaults(self, settings, sample_shape):
        """The defaults for the size of the images."""
        sizes = SMALL_TRANSLATION if min(sample_shape[:2]) < SMALL else TRANSLATION
        own = {"network": "unet", "discriminator_normalization": self.normalization}
        own |= {"objective": "non_saturating", "penalty": "none", "l1_weight": 100.0}
        return {**self.picks, **sizes, **own}

    def open(self, settings):
        """The pairs, some of which are held out."""
        from keras_gan.families.pix2pix.pairs import opened

        return opened(settings)

    def game(self, settings, shape_x: tuple, shape_y: tuple):
        """Builds and compiles the game.

        Args:
            settings: Resolved `Settings`.
            shape_x: The shape of an image of x, `(height, width, channels)`.
            shape_y: The shape of an image of y.

        Raises:
            ValueError: For anything but images of one size.
        """
        from keras_gan import networks
        from keras_gan.families.cyclegan.networks import check_sizes, depth_of_discriminator

        check_sizes(settings, shape_x, shape_y)
        joined = (*shape_x[:2], shape_x[-1] + shape_y[-1])
        depth = depth_of_discriminator(min(shape_x[:2]))
        with within_memory():
            generator = networks.unet_generator(
                shape_x, output_channels=shape_y[-1], width=settings.width
            )
            discriminator = networks.patch_discriminator(
                joined, depth=depth, **of_discriminator(settings)
            )
        game = self.model(
            generator,
            discriminator,
            objective=settings.objective,
            penalties=penalties_of(settings),
            l1_weight=settings.l1_weight,
            average=settings.average or None,
            augment=augmentation(settings),
            seed=settings.seed,
            schedule=settings.discriminator_steps,
        )
        return self.compiled(game, settings)

    def build(self, settings, data):
        """As `game`."""
        return self.game(settings, data.x.shape[1:], data.y.shape[1:])

    def batches(self, settings, data):
        """The pairs of training."""
        import tensorflow as tf

        from keras_gan.data import batches

        pairs = tf.data.Dataset.from_tensor_slices((data.x, data.y))
        parts = settings.discriminator_steps
        return batches(pairs, settings.batch_size, parts, settings.seed).repeat()

    def pictures(self, settings, data, folder, log_dir):
        """Pairs that are held out, with translations between."""
        from keras_gan.callbacks import Translations

        given, truth = data.given[:SHOWN], data.truth[:SHOWN]
        return Translations(folder, given, truth, count=SHOWN, log_dir=log_dir)

    def scores(self, model, settings, data, untrained):
        """How far translations are from the truth."""
        from keras_gan.families.pix2pix.scores import paired_scores

        return paired_scores(model, settings, data)

    def table(self, scores):
        """The scores as text."""
        from keras_gan.families.pix2pix.scores import table

        return table(scores)

    def instead_of_samples(self, path):
        """Says how to use a translator."""
        return (
            f"translates images and does not make samples of its own: name images with --of, or in "
            f'Python use kg.load_model("{path}").translate(images); samples.png and metrics.json '
            f"of a run of keras-gan train show how well it works."
        )
