"""The consistency term: two dropout passes over a real sample must agree."""

import keras
from keras import ops
from keras.optimizers.schedules import LearningRateSchedule

from keras_gan.arguments import amount
from keras_gan.backend.precision import at_least_float32
from keras_gan.networks.analysis.scores import check_features
from keras_gan.penalties.penalty import Penalty

DROPOUTS = (
    keras.layers.Dropout,  # and the spatial ones, its subclasses
    keras.layers.AlphaDropout,
    keras.layers.GaussianDropout,
)


@keras.saving.register_keras_serializable(package="keras_gan")
class ConsistencyTerm(Penalty):
    """A penalty on the difference between two dropout passes over the same real samples.

        λ E_x max(0, d(D(x′), D(x″)) + φ d(F(x′), F(x″)) − M)

    where D(x′), D(x″) are the scores and F(x′), F(x″) the features of two passes over the same x
    with independent dropout masks. As in the authors' code, d is the squared difference, averaged
    over the components of the features. It enforces the Lipschitz condition near the data, where a
    gradient penalty on interpolates has few points. In evaluation, without dropout, it is 0.

    Args:
        weight: λ, a number or a schedule of it, see `Penalty`. Defaults to 2.
        margin: M, the difference that is not penalised. Defaults to 0; the paper uses 0 to 0.2.
            The authors' code subtracts M after multiplying by λ: its M is λ times this one.
        feature_weight: φ. Defaults to 0.1.
        name: The logged name. Defaults to `"consistency_term"`.

    Raises:
        ValueError: For a negative argument. When a game is built with it: if the discriminator
            does not return `(scores, features)` or is without dropout.

    Example, with a discriminator that returns 1, then 3:

    >>> answers = iter([1.0, 3.0])
    >>> def discriminator(x):
    ...     answer = next(answers)
    ...     return answer * keras.ops.ones((4, 1)), answer * keras.ops.ones((4, 8))
    >>> x = keras.ops.ones((4, 2))
    >>> print(f"{ConsistencyTerm(weight=2.0)(discriminator, x, x, draws=None):.1f}")
    8.8

    Reference:
        Wei, Gong, Liu, Lu and Wang 2018, Improving the Improved Training of Wasserstein GANs: A
        Consistency Term and Its Dual Effect, arXiv 1803.01541.
    """

    differentiates = False

    def __init__(
        self,
        weight: float | LearningRateSchedule = 2.0,
        margin: float = 0.0,
        feature_weight: float = 0.1,
        name: str = "consistency_term",
    ):
        super().__init__(weight, name)
        self.margin = amount("margin", margin, least=0)
        self.feature_weight = amount("feature_weight", feature_weight, least=0)

    def value(self, discriminator, points):
        """E max(0, d(D(x′), D(x″)) + φ d(F(x′), F(x″)) − M), a scalar."""
        scores, features = discriminator(points)
        other_scores, other_features = discriminator(points)
        apart = _squared_distance(scores, other_scores)
        features_apart = _squared_distance(features, other_features)
        return ops.mean(ops.relu(apart + self.feature_weight * features_apart - self.margin))

    def check(self, discriminator):
        """Refuses a discriminator without features or without dropout."""
        check_features(discriminator, "A ConsistencyTerm")
        rates = [
            layer.rate for layer in discriminator._flatten_layers() if isinstance(layer, DROPOUTS)
        ]
        if not any(rates):
            found = f"only dropout rates {rates}" if rates else "no dropout layer"
            raise ValueError(
                f"A ConsistencyTerm compares two dropout passes, so the discriminator needs a "
                f"dropout layer with a rate above 0; found {found}. Add keras.layers.Dropout(0.5) "
                f"after its activations."
            )

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        own = {"margin": self.margin, "feature_weight": self.feature_weight}
        return {**super().get_config(), **own}


def _squared_distance(a, b):
    """The mean square of the components' differences, `(batch,)`: one number per sample."""
    difference = at_least_float32(a) - at_least_float32(b)
    return ops.mean(ops.square(difference), axis=tuple(range(1, len(difference.shape))))
