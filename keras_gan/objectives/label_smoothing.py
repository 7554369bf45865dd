"""One-sided label smoothing, for the objectives that have labels."""

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
        if not 0 <= label_smoothing < 0.5:
            raise ValueError(
                f"label_smoothing must lie in [0, 0.5), so that real samples keep the larger "
                f"label; received {label_smoothing}."
            )
        self.label_smoothing = float(label_smoothing)

    def get_config(self) -> dict:
        """ε and λ."""
        return {"label_smoothing": self.label_smoothing, **super().get_config()}
