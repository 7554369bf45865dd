"""The zero-sum game in which the generator's loss also contains the term of real samples."""

from keras_gan.backend.configured import register
from keras_gan.objectives.classical import Minimax


@register
class Saddle(Minimax):
    """The minimax game whose value is the generator's loss, with both terms.

        generator_loss = −discriminator_loss = E_x log D(x) + E_z log(1 − D(G(z)))

    In a GAN the generator moves as with `Minimax`, since E_x log D(x) does not depend on it. In an
    `UnrolledGAN` it does, through the discriminator's answer to the generator.

    Args:
        label_smoothing: As in `Minimax`.
        fake_weight: As in `Minimax`.

    Example:

    >>> from keras import ops
    >>> v = ops.zeros((8, 1))
    >>> round(float(Saddle().generator_loss(v, real_scores=v)), 4)  # −log 4
    -1.3863

    Reference:
        Goodfellow et al. 2014, Generative Adversarial Networks, arXiv 1406.2661; Metz et al. 2016,
        Unrolled Generative Adversarial Networks, arXiv 1611.02163, section 2.1.
    """

    paired = True

    def generator_loss(self, fake_scores, real_scores=None):
        """−discriminator_loss, which is no mean over fake samples alone: it has no terms."""
        return -self.discriminator_loss(real_scores, fake_scores)
