"""The interface of every objective: scores in, scalars out."""

from keras import ops

from keras_gan.arguments import amount
from keras_gan.backend.configured import Configured
from keras_gan.backend.precision import at_least_float32


class Objective(Configured):
    """What the discriminator and the generator minimise, as functions of scores.

    Most objectives are three elementwise functions of an unbounded score v, of which this class
    takes means:

        discriminator_loss = E_x real_term(D(x)) + λ E_z fake_term(D(G(z)))
        generator_loss     = E_z generator_term(D(G(z)))

    and, of a model that encodes real samples too, whose encoder wants their pairs (x, E(x)) to look
    like fakes,

        joint_generator_loss = λ E_z generator_term(D(G(z), z)) + E_x encoder_term(D(x, E(x)))

    Where the two kinds of score are compared with each other, `discriminator_loss` and
    `generator_loss` are overridden instead and `paired = True` asks for real scores in both.
    A higher score always means "more like the data". Losses are computed in float32 at least.

    Args:
        fake_weight: The weight λ > 0 of the discriminator's error on fake samples relative to that
            on real ones. Defaults to 1.

    Attributes:
        paired: Whether `generator_loss` needs the scores of real samples too.
        threshold: The score of a sample that data and model make alike, to which the accuracies of
            `compile(diagnostics=True)` compare; `None` where only differences of scores count, and
            where λ has moved it and it is not computed.

    Raises:
        ValueError: For a λ that is not positive.

    Example, an objective of one's own:

    >>> import keras
    >>> @keras.saving.register_keras_serializable(package="mine")
    ... class Exponential(Objective):
    ...     def real_term(self, scores):
    ...         return keras.ops.exp(-scores)
    ...     def fake_term(self, scores):
    ...         return keras.ops.exp(scores)
    ...     def generator_term(self, scores):
    ...         return keras.ops.exp(-scores)
    >>> scores = keras.ops.zeros((4, 1))
    >>> float(Exponential().discriminator_loss(scores, scores))
    2.0
    """

    paired = False
    threshold = 0.0
    fake_weight = 1.0

    def __init__(self, *, fake_weight: float = 1.0):
        self.fake_weight = amount(
            "fake_weight, the weight of the error on fake samples relative to that on real ones,",
            fake_weight,
            above=0,
        )
        if fake_weight != 1:
            self.threshold = None

    def real_term(self, scores):
        """What a real sample of this score costs the discriminator, elementwise."""
        raise NotImplementedError

    def fake_term(self, scores):
        """What a fake sample of this score costs the discriminator, elementwise."""
        raise NotImplementedError

    def generator_term(self, scores):
        """What a fake sample of this score costs the generator, elementwise."""
        raise NotImplementedError

    def encoder_term(self, scores):
        """What a real pair of this score costs an encoder, elementwise.

        That is `fake_term`, as if labels were flipped, unless overridden: a game that is zero-sum
        has −`real_term` here, as it has −`fake_term` for the generator.
        """
        return self.fake_term(scores)

    def discriminator_loss(self, real_scores, fake_scores):
        """The scalar that the discriminator minimises.

        Args:
            real_scores: D(x), `(batch, 1)`.
            fake_scores: D(G(z)), `(batch, 1)`.
        """
        real = ops.mean(self.real_term(at_least_float32(real_scores)))
        fake = ops.mean(self.fake_term(at_least_float32(fake_scores)))
        return real + (fake if self.fake_weight == 1 else self.fake_weight * fake)

    def generator_loss(self, fake_scores, real_scores=None):
        """The scalar that the generator minimises.

        Args:
            fake_scores: D(G(z)), `(batch, 1)`.
            real_scores: D(x), `(batch, 1)`; given when the objective is `paired`.
        """
        return ops.mean(self.generator_term(at_least_float32(fake_scores)))

    def joint_generator_loss(self, fake_scores, real_scores):
        """The scalar that generator and encoder minimise together, as in `kg.BiGAN`.

        Args:
            fake_scores: D(G(z), z), `(batch, 1)`.
            real_scores: D(x, E(x)), `(batch, 1)`.
        """
        if self.paired:
            return self.generator_loss(fake_scores, real_scores)
        fake = ops.mean(self.generator_term(at_least_float32(fake_scores)))
        real = ops.mean(self.encoder_term(at_least_float32(real_scores)))
        return real + (fake if self.fake_weight == 1 else self.fake_weight * fake)

    def estimates(self, discriminator_loss) -> dict:
        """What the discriminator's loss says about the distance of model and data.

        Args:
            discriminator_loss: A value of `discriminator_loss`, or a mean of such.

        Returns:
            A dict from names to values in the units of the distance; empty where the loss estimates
            none, as it does with λ other than 1.
        """
        return {}

    @property
    def estimate_names(self) -> tuple[str, ...]:
        """The names that `estimates` returns."""
        return tuple(self.estimates(0.0))

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {"fake_weight": self.fake_weight}
