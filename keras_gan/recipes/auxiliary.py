"""GANs whose discriminator also says the class of a sample: ACGAN and ReACGAN."""

import keras

from keras_gan.arguments import amount
from keras_gan.objectives.classification import cross_entropy, data_to_data_cross_entropy
from keras_gan.recipes.classifying import Classifying
from keras_gan.training import schedules


@keras.saving.register_keras_serializable(package="keras_gan")
class ACGAN(Classifying):
    """A conditional GAN whose discriminator also classifies: the auxiliary classifier GAN.

        discriminator: −E log D(x) − E log(1 − D(G(z, y))) − λ E log C_y(x) − λ E log C_y(G(z, y))
        generator:     −E log D(G(z, y)) − λ E log C_y(G(z, y))

    with C = softmax of the discriminator's logits of classes, and y the labels of the minibatch. D
    sees samples alone; that those of G show their class is asked of G by C.

    Picks: objective `"non_saturating"`, `discriminator_steps` discriminator steps,
    Adam(2e-4, β₁ = 0.5) for both players, as in the paper; there the generator minimises
    log(1 − D(G(z, y))), here `objective="minimax"`. The losses of classification are logged as
    `real_classification_loss`, `fake_classification_loss` and `generator_classification_loss`;
    `compile(diagnostics=True)` logs `real_class_accuracy` and `fake_class_accuracy`, too.

    Args:
        generator: As in `GAN`, with labels.
        discriminator: From samples to [scores, logits of classes], as of `kg.networks` with
            `classes=` and `conditioning="classifier"`.
        classification_weight: λ, at least 0. Defaults to 1.
        classify_fakes: Whether D is also to say the classes of fakes, as in the paper; without, C
            learns from real samples alone. Defaults to `True`.
        objective: As in `GAN`. Defaults to `"non_saturating"`.
        discriminator_steps: Discriminator steps per generator step. Defaults to 1.
        **options: `penalties`, `average`, `prior`, `seed`, … as in `GAN`, without `packing`.

    Raises:
        ValueError: For a generator without labels, a discriminator without the head, a negative
            weight, and as `GAN`.

    Example:

    >>> import keras_gan as kg
    >>> discriminator = kg.networks.mlp_discriminator(classes=3, conditioning="classifier")
    >>> gan = kg.ACGAN(kg.networks.mlp_generator(classes=3), discriminator)
    >>> gan.loss_names("generator")
    ['generator_loss', 'generator_classification_loss']

    Reference: Odena, Olah and Shlens 2016, Conditional Image Synthesis with Auxiliary Classifier
    GANs, arXiv 1610.09585.
    """

    own_names = ("classification_weight", "classify_fakes")

    def __init__(
        self,
        generator,
        discriminator,
        *,
        classification_weight: float = 1.0,
        classify_fakes: bool = True,
        objective="non_saturating",
        discriminator_steps=1,
        **options,
    ):
        own = {"classification_weight": classification_weight, "classify_fakes": classify_fakes}
        schedule = schedules.alternating(discriminator_steps)
        picks = {"objective": objective, "schedule": schedule}
        super().__init__(generator, discriminator, own, options, **picks)

    def _take(self, classification_weight: float, classify_fakes: bool) -> None:
        """Keeps what `GAN` has no argument for."""
        super()._take(classification_weight)
        self.classify_fakes = bool(classify_fakes)

    def terms_of_discriminator(self) -> tuple[str, ...]:
        """The names of the classification losses that D pays."""
        fakes = ("fake_classification_loss",) if self.classify_fakes else ()
        return ("real_classification_loss", *fakes)

    def classification_loss(self, outputs, labels):
        """The cross-entropy of the logits."""
        return cross_entropy(outputs[1], labels)


@keras.saving.register_keras_serializable(package="keras_gan")
class ReACGAN(Classifying):
    """A conditional GAN whose discriminator classifies by unit embeddings: the rebooted ACGAN.

        discriminator: E max(0, 1 − D(x)) + E max(0, 1 + D(G(z, y))) + λ D2D-CE(x, y)
        generator:     −E D(G(z, y)) + λ D2D-CE(G(z, y), y)

    with D2D-CE the data-to-data cross-entropy of a minibatch, see
    `kg.objectives.data_to_data_cross_entropy`: embeddings of samples are drawn to the proxy of
    their class and away from samples of other classes, within margins. Unit vectors keep the
    gradients of the classifier bounded, which explode in an ACGAN of many classes.

    Picks: objective `"hinge"`, `discriminator_steps` discriminator steps, an averaged generator
    (decay 0.999), Adam(2e-4, β₁ = 0.5) for both players. The weights and margins are those of the
    authors' code for CIFAR-10, which has 5 discriminator steps, a decay of 0.9999 and, for batches
    of 128, a rate of 2.8e-4. Logged are `real_classification_loss` and
    `generator_classification_loss`, and with `compile(diagnostics=True)` `real_class_accuracy` and
    `fake_class_accuracy`, by the nearest proxy.

    Args:
        generator: As in `GAN`, with labels.
        discriminator: From samples to [scores, cosines to the classes' proxies, unit embeddings],
            as of `kg.networks` with `classes=` and `conditioning="proxies"`.
        classification_weight: λ, at least 0. Defaults to 0.5.
        temperature: τ > 0 of D2D-CE. Defaults to 0.5.
        positive_margin: m_p of D2D-CE, in [-1, 1]: samples as near to their proxy are drawn no
            further. Defaults to 0.98.
        negative_margin: m_n of D2D-CE, in [-1, 1]: samples of other classes no nearer than that
            are not driven away. Defaults to 0.02.
        objective: As in `GAN`. Defaults to `"hinge"`.
        discriminator_steps: Discriminator steps per generator step. Defaults to 1.
        average: Decay of the averaged generator. Defaults to 0.999.
        **options: `penalties`, `prior`, `seed`, … as in `GAN`, without `packing`.

    Raises:
        ValueError: For a generator without labels, a discriminator without the heads, a number out
            of range, and as `GAN`.

    Example:

    >>> import keras_gan as kg
    >>> discriminator = kg.networks.mlp_discriminator(classes=3, conditioning="proxies")
    >>> gan = kg.ReACGAN(kg.networks.mlp_generator(classes=3), discriminator)
    >>> gan.loss_names("discriminator")
    ['discriminator_loss', 'real_classification_loss']

    Reference: Kang, Shim, Cho and Park 2021, Rebooting ACGAN: Auxiliary Classifier GANs with Stable
    Training, arXiv 2111.01118.
    """

    heads = 2
    own_names = ("classification_weight", "temperature", "positive_margin", "negative_margin")

    def __init__(
        self,
        generator,
        discriminator,
        *,
        classification_weight: float = 0.5,
        temperature: float = 0.5,
        positive_margin: float = 0.98,
        negative_margin: float = 0.02,
        objective="hinge",
        discriminator_steps=1,
        average=0.999,
        **options,
    ):
        own = {
            "classification_weight": classification_weight,
            "temperature": temperature,
            "positive_margin": positive_margin,
            "negative_margin": negative_margin,
        }
        schedule = schedules.alternating(discriminator_steps)
        picks = {"objective": objective, "schedule": schedule, "average": average}
        super().__init__(generator, discriminator, own, options, **picks)

    def _take(self, classification_weight, temperature, positive_margin, negative_margin) -> None:
        """Keeps what `GAN` has no argument for."""
        super()._take(classification_weight)
        self.temperature = amount("temperature", temperature, above=0)
        self.positive_margin = amount("positive_margin", positive_margin, least=-1, most=1)
        self.negative_margin = amount("negative_margin", negative_margin, least=-1, most=1)

    def classification_loss(self, outputs, labels):
        """D2D-CE of the cosines and embeddings."""
        return data_to_data_cross_entropy(
            *outputs[1:3], labels, self.temperature, self.positive_margin, self.negative_margin
        )
