"""R1 and R2 by differences of scores instead of derivatives."""

import keras
from keras import ops
from keras.optimizers.schedules import LearningRateSchedule

from keras_gan.arguments import amount
from keras_gan.backend.precision import at_least_float32, widest
from keras_gan.parallel.random_numbers import random_states
from keras_gan.penalties.judge import beside, scores_at
from keras_gan.penalties.penalty import Penalty


@keras.saving.register_keras_serializable(package="keras_gan")
class FiniteDifferenceR1(Penalty):
    """R1 by one more forward pass instead of a second derivative.

        ½ γ E_x ((D(x + h v) − D(x)) / h)²,   v ~ N(0, I), one per sample

    D(x) is the score that the loss has. For any g, E (g·v)² = ‖g‖², so that this tends to
    `R1(γ)`, ½ γ E ‖∇D(x)‖², as h → 0. Its mean over v differs from it, for a smooth D with the
    Hessian matrix H and the Laplacian ΔD = tr H, by

        ½ γ h² E_x [¼ (ΔD)² + ½ ‖H‖² + ⟨∇D, ∇ΔD⟩] + O(h⁴),   ‖H‖² = Σᵢⱼ Hᵢⱼ²,

    and one draw by O(h). The variance of one draw at one sample is ½ γ² ‖∇D‖⁴ + O(h), twice the
    square of what it estimates; a minibatch of n samples divides that by n. Rounding adds about
    γ (ε D(x) / h)², with ε = 6·10⁻⁸ for a discriminator in float32, 4·10⁻³ in bfloat16, 5·10⁻⁴ in
    float16, so that the step should be well above ε: in half precision 0.1.

    No derivative by samples is taken, so that layers without a second derivative may stand in the
    discriminator, such as bilinear resizing or Keras's own layer normalization on TensorFlow, and
    batch normalization: where samples depend on each other, the penalty is of the derivatives of
    each score by all samples, Σⱼ ‖∂D(xᵢ)/∂xⱼ‖², each score a function of the minibatch.

    Where it differs from its source: there the difference is not divided by h, so that the weight
    there is λ = γ / (2 h²).

    Args:
        weight: γ, a number or a schedule of it, see `Penalty`. Defaults to 10, as in `R1`.
        step: h, the standard deviation of the noise, in the units of the samples. Defaults to 0.01.
        every: n, to compute the penalty every n-th discriminator step, see `Penalty`. Defaults to
            1.
        name: The logged name. Defaults to `"finite_difference_r1"`.

    Raises:
        ValueError: For a negative weight or a step that is not above 0. When a game is built with
            it: if the discriminator draws random numbers, as by dropout, since two passes would
            then differ by its noise, divided by h.

    Example, where every gradient is (3, 4), so that R1(2) is 25:

    >>> from keras_gan.parallel.random_numbers import Draws
    >>> x = keras.ops.ones((100_000, 2))
    >>> slope = keras.ops.convert_to_tensor([[3.0], [4.0]])
    >>> found = FiniteDifferenceR1(weight=2.0)(lambda x: x @ slope, x, -x, Draws(0))
    >>> print(f"{float(found) / 25.0:.1f}")
    1.0

    Reference:
        Lin et al. 2025, Diffusion Adversarial Post-Training for One-Step Video Generation,
        arXiv 2501.08316; Mescheder, Geiger and Nowozin 2018, arXiv 1801.04406.
    """

    takes_features = False
    differentiates = False
    place, kind = "real", "r1"

    def __init__(
        self,
        weight: float | LearningRateSchedule = 10.0,
        step: float = 0.01,
        every: int = 1,
        name: str | None = None,
    ):
        super().__init__(weight, name or f"finite_difference_{self.kind}", every)
        self.step = amount("step", step, above=0)

    def points(self, real, fake, draws):
        """Returns x and x + h v, both `(batch, ...)`."""
        x = real if self.place == "real" else ops.cast(fake, real.dtype)
        noise = draws.normal(ops.shape(x), dtype=widest(x.dtype))
        return x, x + ops.cast(self.step * noise, x.dtype)

    def value(self, discriminator, points):
        """½ E ((D(x + h v) − D(x)) / h)², a scalar."""
        x, moved = points
        before = at_least_float32(scores_at(discriminator, x))
        after = at_least_float32(scores_at(beside(discriminator, x), moved))  # augmented as x is
        return 0.5 * ops.mean(ops.square((after - before) / self.step))

    def check(self, discriminator):
        """Refuses a discriminator that draws random numbers."""
        states = random_states(discriminator)
        if states:
            raise ValueError(
                f"{type(self).__name__} compares two passes of the discriminator, but this one "
                f"draws random numbers ({states[0].path!r}), by which any two passes differ: "
                f"leave dropout and noise out, or take kg.penalties.{self.kind.upper()}, which "
                f"differentiates one pass."
            )

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {**super().get_config(), "step": self.step}


@keras.saving.register_keras_serializable(package="keras_gan")
class FiniteDifferenceR2(FiniteDifferenceR1):
    """R2 by one more forward pass instead of a second derivative.

        ½ γ E_z ((D(G(z) + h v) − D(G(z))) / h)²,   v ~ N(0, I), one per sample

    It tends to `R2(γ)` as h → 0; its bias and its variance are those of `FiniteDifferenceR1` at
    fake samples.

    Args:
        weight: γ, a number or a schedule of it, see `Penalty`. Defaults to 10, as in `R2`.
        step: h, the standard deviation of the noise, in the units of the samples. Defaults to 0.01.
        every: n, to compute the penalty every n-th discriminator step, see `Penalty`. Defaults to
            1.
        name: The logged name. Defaults to `"finite_difference_r2"`.

    Raises:
        ValueError: As `FiniteDifferenceR1`.

    Example, where a draw of v gives a score that is 2 h larger:

    >>> class Ones:
    ...     def normal(self, shape, dtype):
    ...         return keras.ops.ones(shape, dtype)
    >>> x = keras.ops.ones((4, 2))
    >>> penalty = FiniteDifferenceR2(weight=1.0, step=0.5)
    >>> float(penalty(lambda x: keras.ops.sum(x, axis=1, keepdims=True), x, -x, Ones()))
    2.0

    Reference:
        Lin et al. 2025, Diffusion Adversarial Post-Training for One-Step Video Generation,
        arXiv 2501.08316; Mescheder, Geiger and Nowozin 2018, arXiv 1801.04406.
    """

    place, kind = "fake", "r2"
