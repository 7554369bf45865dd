"""The relativistic objective: a fake is judged against a real sample, not on its own."""

from keras import ops

from keras_gan.backend.configured import register
from keras_gan.backend.precision import at_least_float32
from keras_gan.objectives.objective import Objective


@register
class Relativistic(Objective):
    """The relativistic pairing: the probability that a real sample is more real than a fake one.

        discriminator_loss = E softplus(−(D(x) − D(G(z))))
        generator_loss     = E softplus(−(D(G(z)) − D(x)))

    over pairs of a real and a fake sample: the i-th of one batch with the i-th of the other. A
    constant added to all scores changes nothing. Fakes are compared with real samples from every
    mode of the data, so that a generator cannot win by leaving a mode out. With a gradient penalty
    on real and on fake samples the game converges locally (R3GAN).

    Example:

    >>> from keras import ops
    >>> v = ops.ones((8, 1))
    >>> round(float(Relativistic().generator_loss(fake_scores=v, real_scores=v)), 4)  # log 2
    0.6931

    Reference:
        Jolicoeur-Martineau 2018, The relativistic discriminator, arXiv 1807.00734; Huang, Gokaslan,
        Kuleshov and Tompkin 2025, The GAN is dead; long live the GAN!, arXiv 2501.05441.
    """

    paired = True
    threshold = None

    def __init__(self):
        super().__init__()

    def discriminator_loss(self, real_scores, fake_scores):
        """E softplus(v_fake − v_real); both scores `(batch, 1)`."""
        difference = at_least_float32(real_scores) - at_least_float32(fake_scores)
        return ops.mean(ops.softplus(-difference))

    def generator_loss(self, fake_scores, real_scores=None):
        """E softplus(v_real − v_fake); both scores `(batch, 1)`.

        Raises:
            ValueError: If the real scores are missing.
        """
        if real_scores is None:
            raise ValueError(
                "The relativistic generator loss compares fake with real scores: pass real_scores, "
                "D(x) of shape (batch, 1)."
            )
        return self.discriminator_loss(real_scores=fake_scores, fake_scores=real_scores)

    def log_ratio(self, scores):
        """v: the best D(x) − D(y) is log p(x)q(y)/q(x)p(y), the logit that x is the real one."""
        return scores

    def generator_terms(self, fake_scores, real_scores=None):
        """softplus(v_real − v_fake) of each pair."""
        return ops.softplus(at_least_float32(real_scores) - at_least_float32(fake_scores))

    def get_config(self) -> dict:
        """Returns an empty dict: the objective takes no arguments."""
        return {}
