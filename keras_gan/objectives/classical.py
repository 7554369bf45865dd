"""The classical objectives: each is three elementwise functions of the score v."""

import math

from keras import ops

from keras_gan.backend.configured import register
from keras_gan.objectives.label_smoothing import LabelSmoothing
from keras_gan.objectives.objective import Objective


@register
class Minimax(LabelSmoothing):
    """The zero-sum game of the first GAN, on logits v with D(x) = sigmoid(v).

        max_D min_G  E_x log D(x) + E_z log(1 − D(G(z)))

    computed in a stable form: the discriminator minimises E softplus(−v_real) + E softplus(v_fake),
    the generator minimises E log(1 − D(G(z))) = −E softplus(v_fake). At the optimal discriminator
    the discriminator's loss is log 4 − 2 JSD(data‖model). The generator's gradient vanishes
    where the discriminator recognises every fake; `NonSaturating` avoids that.

    Args:
        label_smoothing: ε in [0, 0.5): the target of D(x) on real samples is 1 − ε. Defaults to 0.
        fake_weight: The weight λ > 0 of the error on fake samples. Defaults to 1.

    Raises:
        ValueError: If ε or λ is out of range.

    Example:

    >>> from keras import ops
    >>> v = ops.zeros((8, 1))
    >>> round(float(Minimax().discriminator_loss(v, v)), 4)  # log 4
    1.3863

    Reference:
        Goodfellow et al. 2014, Generative Adversarial Networks, arXiv 1406.2661.
    """

    def score_of(self, label: float) -> float:
        """Returns the logit of a probability."""
        return math.log(label / (1.0 - label))

    def real_term(self, scores):
        """−(1 − ε) log D(x) − ε log(1 − D(x)) = softplus(−v) + εv."""
        return ops.softplus(-scores) + self.label_smoothing * scores

    def fake_term(self, scores):
        """−log(1 − D(x)) = softplus(v)."""
        return ops.softplus(scores)

    def generator_term(self, scores):
        """log(1 − D(x)) = −softplus(v)."""
        return -ops.softplus(scores)

    def encoder_term(self, scores):
        """−`real_term`, since the game is zero-sum."""
        return -self.real_term(scores)

    def log_ratio(self, scores):
        """v, the logit of p / (p + λq), up to log λ; `None` with label smoothing."""
        return None if self.label_smoothing else scores

    def estimates(self, discriminator_loss) -> dict:
        """`jensen_shannon_estimate`, log 2 − ½ loss ≤ JSD(data‖model), at λ = 1 and ε = 0."""
        if self.fake_weight != 1 or self.label_smoothing:
            return {}
        return {"jensen_shannon_estimate": math.log(2) - 0.5 * discriminator_loss}


@register
class NonSaturating(Minimax):
    """The minimax discriminator with the generator that maximises log D(G(z)).

        generator_loss = −E_z log D(G(z)) = E softplus(−v_fake)

    It has the fixed points of `Minimax`, but its gradient is of order one where the discriminator
    recognises every fake.

    Args:
        label_smoothing: As in `Minimax`.
        fake_weight: As in `Minimax`.

    Example:

    >>> from keras import ops
    >>> round(float(NonSaturating().generator_loss(ops.zeros((8, 1)))), 4)  # log 2
    0.6931

    Reference:
        Goodfellow et al. 2014, Generative Adversarial Networks, arXiv 1406.2661, section 3.

    Experiment: docs/results/generator_gradients.md.
    """

    def generator_term(self, scores):
        """−log D(x) = softplus(−v)."""
        return ops.softplus(-scores)

    def encoder_term(self, scores):
        """−log(1 − D(x)) = softplus(v)."""
        return self.fake_term(scores)


@register
class Wasserstein(Objective):
    """The Kantorovich–Rubinstein dual of the Wasserstein-1 distance, on critic values D(x).

        W₁(data, model) = sup over 1-Lipschitz D of  E_x D(x) − E_z D(G(z))

    The discriminator minimises E D(G(z)) − E D(x), the generator −E D(G(z)). The objective does not
    bound the Lipschitz constant: combine it with weight clipping, a gradient penalty or spectral
    normalization.

    The logs contain `wasserstein_estimate`, E D(x) − E D(G(z)). It is at most K W₁ for a critic of
    Lipschitz constant K: at most W₁ under spectral normalization of dense layers, a multiple of W₁
    under clipping, and W₁ + W₁² / 2λ or more at the best critic under a gradient penalty, see
    `GradientPenalty`. It is negative if the critic has settled with the wrong sign.

    Args:
        fake_weight: The weight λ > 0 of the critic's term on fake samples. Defaults to 1.

    Example:

    >>> from keras import ops
    >>> float(Wasserstein().discriminator_loss(ops.ones((8, 1)), ops.zeros((8, 1))))
    -1.0

    Reference:
        Arjovsky, Chintala and Bottou 2017, Wasserstein GAN, arXiv 1701.07875.
    """

    threshold = None

    def real_term(self, scores):
        """−v: real samples should score high."""
        return -scores

    def fake_term(self, scores):
        """v: fake samples should score low."""
        return scores

    def generator_term(self, scores):
        """−v: the generator's samples should score high."""
        return -scores

    def estimates(self, discriminator_loss) -> dict:
        """`wasserstein_estimate`, E D(x) − E D(G(z)), at λ = 1."""
        return {"wasserstein_estimate": -discriminator_loss} if self.fake_weight == 1 else {}


@register
class Hinge(Objective):
    """The hinge loss: the discriminator gains nothing from scores beyond the margin ±1.

        discriminator_loss = E max(0, 1 − D(x)) + E max(0, 1 + D(G(z)))
        generator_loss     = −E D(G(z))

    Args:
        fake_weight: The weight λ of the error on fake samples. Defaults to 1.

    Example:

    >>> from keras import ops
    >>> float(Hinge().discriminator_loss(2 * ops.ones((8, 1)), ops.zeros((8, 1))))
    1.0

    Reference:
        Lim and Ye 2017, Geometric GAN, arXiv 1705.02894; Miyato et al. 2018, arXiv 1802.05957.
    """

    def real_term(self, scores):
        """max(0, 1 − v)."""
        return ops.relu(1.0 - scores)

    def fake_term(self, scores):
        """max(0, 1 + v)."""
        return ops.relu(1.0 + scores)

    def generator_term(self, scores):
        """−v: the generator's samples should score high."""
        return -scores

    def encoder_term(self, scores):
        """v: the encoder's real pairs should score low."""
        return scores


@register
class LeastSquares(LabelSmoothing):
    """Regression of the score on the labels 1 (real) and 0 (fake).

        discriminator_loss = ½ E (D(x) − 1)² + ½ E D(G(z))²
        generator_loss     = ½ E (D(G(z)) − 1)²

    Args:
        label_smoothing: ε in [0, 0.5): the label of real samples is 1 − ε for the discriminator.
            Defaults to 0.
        fake_weight: The weight λ of the error on fake samples. Defaults to 1.

    Example:

    >>> from keras import ops
    >>> float(LeastSquares().generator_loss(ops.zeros((8, 1))))
    0.5

    Reference:
        Mao et al. 2016, Least Squares Generative Adversarial Networks, arXiv 1611.04076, equation 9
        (a = 0, b = c = 1).
    """

    def score_of(self, label: float) -> float:
        """Returns the label itself."""
        return label

    def real_term(self, scores):
        """½ (v − (1 − ε))²."""
        return 0.5 * ops.square(scores - (1.0 - self.label_smoothing))

    def fake_term(self, scores):
        """½ v²."""
        return 0.5 * ops.square(scores)

    def generator_term(self, scores):
        """½ (v − 1)²."""
        return 0.5 * ops.square(scores - 1.0)
