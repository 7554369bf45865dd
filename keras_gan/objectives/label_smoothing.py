"""One-sided label smoothing, for the objectives that have labels."""

from keras_gan.arguments import amount
from keras_gan.objectives.objective import Objective


class LabelSmoothing(Objective):
    """An objective whose discriminator is asked for 1 − ε instead of 1 on real samples.

    Only the discriminator's target on real samples moves: smoothing that on fakes would reward the
    model where it is wrong, and the generator keeps the target 1.

    Args:
        label_smoothing: ε in [0, 0.5). Defaults to 0; the reference takes 0.1.
        fake_weight: As in `Objective`.

    Raises:
        ValueError: For an ε outside [0, 0.5), where the labels would change sides.

    Reference: Salimans et al. 2016, Improved Techniques for Training GANs, arXiv 1606.03498,
    section 3.4.

    Example:

    >>> from keras_gan.objectives import LeastSquares
    >>> LeastSquares(label_smoothing=0.1)
    LeastSquares(label_smoothing=0.1)
    """

    label_smoothing = 0.0

    def __init__(self, *, label_smoothing: float = 0.0, fake_weight: float = 1.0):
        super().__init__(fake_weight=fake_weight)
        self.label_smoothing = amount(
            "label_smoothing, which leaves real samples the larger label,",
            label_smoothing,
            least=0,
            below=0.5,
        )

        # what the best D answers where data and model are alike
        self.threshold = self.score_of((1.0 - self.label_smoothing) / (1.0 + self.fake_weight))

    def score_of(self, label: float) -> float:
        """The score that stands for a label in (0, 1)."""
        raise NotImplementedError

    def get_config(self) -> dict:
        """ε and λ."""
        return {"label_smoothing": self.label_smoothing, **super().get_config()}
