"""One-sided label smoothing, for the objectives with target labels."""

from keras_gan.arguments import amount
from keras_gan.objectives.objective import Objective


class LabelSmoothing(Objective):
    """An objective whose discriminator has the target 1 − ε instead of 1 on real samples.

    Only the discriminator's target on real samples changes: a smoothed target on fakes would reward
    the model where it is wrong. The generator keeps the target 1.

    Args:
        label_smoothing: ε in [0, 0.5). Defaults to 0; the paper uses 0.1.
        fake_weight: As in `Objective`.

    Raises:
        ValueError: If ε is outside [0, 0.5): from 0.5 on, the target of real samples would not be
            the larger one.

    Example:

    >>> from keras_gan.objectives import LeastSquares
    >>> LeastSquares(label_smoothing=0.1)
    LeastSquares(label_smoothing=0.1)

    Reference:
        Salimans et al. 2016, Improved Techniques for Training GANs, arXiv 1606.03498, section 3.4.
    """

    label_smoothing = 0.0

    def __init__(self, *, label_smoothing: float = 0.0, fake_weight: float = 1.0):
        super().__init__(fake_weight=fake_weight)
        self.label_smoothing = amount(
            "label_smoothing",
            label_smoothing,
            least=0,
            below=0.5,
        )

        # the best D's output where data and model have equal densities
        self.threshold = self.score_of((1.0 - self.label_smoothing) / (1.0 + self.fake_weight))

    def score_of(self, label: float) -> float:
        """Returns the score that corresponds to a label in (0, 1)."""
        raise NotImplementedError

    def get_config(self) -> dict:
        """Returns ε and λ."""
        return {"label_smoothing": self.label_smoothing, **super().get_config()}
