"""The interface of every objective: scores in, scalars out."""

from keras import ops

from keras_gan.arguments import amount
from keras_gan.backend.configured import Configured
from keras_gan.backend.precision import at_least_float32


class Objective(Configured):
    """The losses of discriminator and generator, as functions of scores.

    Most objectives are three elementwise functions of an unbounded score v; this class takes their
    means:

        discriminator_loss = E_x real_term(D(x)) + λ E_z fake_term(D(G(z)))
        generator_loss     = E_z generator_term(D(G(z)))

    A model that also encodes real samples trains its encoder so that the pairs (x, E(x)) look like
    fakes:

        joint_generator_loss = λ E_z generator_term(D(G(z), z)) + E_x encoder_term(D(x, E(x)))

    An objective that compares real with fake scores overrides `discriminator_loss` and
    `generator_loss` instead and sets `paired = True`, to get the real scores in both. A higher
    score always means "more like the data". Losses are computed in float32 at least.

    Args:
        fake_weight: The weight λ > 0 of the discriminator's error on fake samples relative to that
            on real ones. Defaults to 1.

    Attributes:
        paired: Whether `generator_loss` needs the scores of real samples too.
        of_features: Whether `generator_loss` also needs the features that the discriminator returns
            beside the scores, of fake and of real samples, as two more arguments.
        threshold: The best discriminator's score of a sample that is equally likely under data and
            model; the accuracies of `compile(diagnostics=True)` compare scores with it. `None` if
            only differences of scores count, or if λ changes the threshold and the objective does
            not compute it.

    Raises:
        ValueError: If λ is not positive.

    Example, an objective of your own:

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
    of_features = False
    threshold = 0.0
    fake_weight = 1.0

    def __init__(self, *, fake_weight: float = 1.0):
        self.fake_weight = amount(
            "fake_weight",
            fake_weight,
            above=0,
        )
        if fake_weight != 1:
            self.threshold = None

    def real_term(self, scores):
        """Returns the discriminator's loss on real samples of these scores, elementwise."""
        raise NotImplementedError

    def fake_term(self, scores):
        """Returns the discriminator's loss on fake samples of these scores, elementwise."""
        raise NotImplementedError

    def generator_term(self, scores):
        """Returns the generator's loss on fake samples of these scores, elementwise."""
        raise NotImplementedError

    def encoder_term(self, scores):
        """Returns the encoder's loss on real pairs of these scores, elementwise.

        By default it is `fake_term`, as if labels were flipped. A zero-sum game has −`real_term`
        here, as it has −`fake_term` for the generator.
        """
        return self.fake_term(scores)

    def discriminator_loss(self, real_scores, fake_scores):
        """Returns the scalar that the discriminator minimises.

        Args:
            real_scores: D(x), `(batch, 1)`.
            fake_scores: D(G(z)), `(batch, 1)`.
        """
        real = ops.mean(self.real_term(at_least_float32(real_scores)))
        fake = ops.mean(self.fake_term(at_least_float32(fake_scores)))
        return real + (fake if self.fake_weight == 1 else self.fake_weight * fake)

    def generator_loss(self, fake_scores, real_scores=None):
        """Returns the scalar that the generator minimises.

        Args:
            fake_scores: D(G(z)), `(batch, 1)`.
            real_scores: D(x), `(batch, 1)`; needed only if the objective is `paired`.
        """
        return ops.mean(self.generator_term(at_least_float32(fake_scores)))

    def generator_terms(self, fake_scores, real_scores=None):
        """Returns what each fake sample contributes to `generator_loss`, which is their mean.

        An objective with a `generator_loss` of its own has its own terms, too, or none: `top_k` of
        a game is then refused.

        Args:
            fake_scores: D(G(z)), `(batch, 1)`.
            real_scores: As in `generator_loss`.

        Raises:
            ValueError: For an objective whose loss is not a mean over fake samples.
        """
        if type(self).generator_loss is not Objective.generator_loss:
            raise ValueError(
                f"The generator's loss of {self!r} is no mean over fake samples, of which the best "
                f"could be chosen: take another objective, or leave top_k out."
            )
        return self.generator_term(at_least_float32(fake_scores))

    def joint_generator_loss(self, fake_scores, real_scores):
        """Returns the scalar that generator and encoder minimise together, as in `kg.BiGAN`.

        Args:
            fake_scores: D(G(z), z), `(batch, 1)`.
            real_scores: D(x, E(x)), `(batch, 1)`.
        """
        if self.paired:
            return self.generator_loss(fake_scores, real_scores)
        fake = ops.mean(self.generator_term(at_least_float32(fake_scores)))
        real = ops.mean(self.encoder_term(at_least_float32(real_scores)))
        return real + (fake if self.fake_weight == 1 else self.fake_weight * fake)

    def log_ratio(self, scores):
        """Returns log p(x)/q(x) of data and model at the best discriminator, up to a constant.

        Elementwise, from scores D(x). `None`, as here, if scores do not tell.
        """

    def estimates(self, discriminator_loss) -> dict:
        """Returns the distances of model and data that the discriminator's loss estimates.

        Args:
            discriminator_loss: A value of `discriminator_loss`, or a mean of several.

        Returns:
            A dict from names to values in the units of the distance; empty if the loss estimates no
            distance, for example if λ is not 1.
        """
        return {}

    @property
    def estimate_names(self) -> tuple[str, ...]:
        """The keys of what `estimates` returns."""
        return tuple(self.estimates(0.0))

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {"fake_weight": self.fake_weight}
