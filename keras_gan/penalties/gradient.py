"""Penalties on the discriminator's gradient with respect to its input."""

import keras
from keras import ops
from keras.optimizers.schedules import LearningRateSchedule

from keras_gan.arguments import amount, unknown_name
from keras_gan.backend.precision import at_least_float32
from keras_gan.parallel.global_batch import standard_deviation
from keras_gan.penalties.judge import slope_of
from keras_gan.penalties.penalty import Penalty

NAMES = {
    "between": "gradient_penalty",
    "around_real": "gradient_penalty",
    "real": "r1_penalty",
    "fake": "r2_penalty",
}


@keras.saving.register_keras_serializable(package="keras_gan")
class GradientPenalty(Penalty):
    """A penalty on the distance of the discriminator's gradient norm from a target.

        λ E (‖∇D(x̂)‖ − k)²          or, one-sided,   λ E max(0, ‖∇D(x̂)‖ − k)²

    with the norm taken over all components of one sample, and x̂, by `at`,

        "between"      ε x + (1 − ε) G(z),  ε ~ U[0, 1), one per sample            (WGAN-GP)
        "around_real"  x + α ½ σ u,  α ~ U[0, 1), one per sample, u ~ U[0, 1), one
                       per component, σ the standard deviation of all components
                       of the minibatch together                                    (DRAGAN)
        "real"         x                                                            (R1, with k = 0)
        "fake"         G(z)                                                         (R2, with k = 0)

    The perturbation of `"around_real"` is that of the authors' code; their paper writes N(0, cI).
    The best critic (objective `"wasserstein"`) is steeper than k, by W₁ / 2λ on average between
    real and fake samples, because the penalty costs it less than it gains. So E D(x) − E D(G(z)),
    the logged `wasserstein_estimate`, tends to k W₁ + W₁² / 2λ, or to more if the slope varies. For
    the best critic the penalty is half of the excess, so that

        W₁ = (E D(x) − E D(G(z)) − 2 penalty) / k,

    which `compile(diagnostics=True)` logs as `corrected_wasserstein_estimate` for `"between"` and
    k > 0. The formula is exact on a line and correct to first order in 1/λ elsewhere, where the
    one-sided value is at least W₁. For any other critic it is not a bound; a flat critic gives
    −2 λ k.

    For k = 0 the penalty is λ E ‖∇D‖², without a root. Otherwise 10⁻¹² inside the root keeps its
    derivative finite where the gradient vanishes. The penalty is computed in float32 at least.

    Args:
        weight: λ, a number or a schedule of it, see `Penalty`. Defaults to 10.
        at: Where the gradient is taken, see above. Defaults to `"between"`.
        target: The norm k, at least 0. Defaults to 1.
        one_sided: Whether norms below k are not penalised. Defaults to `False`.
        every: n, to compute the penalty every n-th discriminator step, see `Penalty`. Defaults to
            1.
        name: The logged name. Defaults to `"gradient_penalty"`, at `"real"` to `"r1_penalty"` and
            at `"fake"` to `"r2_penalty"`.

    Raises:
        ValueError: For an unknown `at`, a negative weight or target. When a game is built with it:
            if the discriminator normalizes the minibatch, gives one score for several samples, or
            has a layer whose second derivative is wrong, missing or not finite. On TensorFlow these
            are Keras's own layer and group normalization, and layers of yours with `ops.moments`.
            Samples may depend on each other otherwise, as by a standard deviation of the minibatch;
            the gradient is then that of the sum of the minibatch's scores.

    Example, where every gradient is (3, 4):

    >>> from keras_gan.parallel.random_numbers import Draws
    >>> x = keras.ops.ones((4, 2))
    >>> penalty = GradientPenalty(weight=10.0, target=1.0)
    >>> slope = keras.ops.convert_to_tensor([[3.0], [4.0]])
    >>> print(f"{penalty(lambda x: x @ slope, x, -x, Draws(0)):.3f}")
    160.000

    Reference:
        Gulrajani et al. 2017, Improved Training of Wasserstein GANs, arXiv 1704.00028; Kodali et
        al. 2017, On Convergence and Stability of GANs, arXiv 1705.07215; Mescheder, Geiger and
        Nowozin 2018, Which Training Methods for GANs do actually Converge?, arXiv 1801.04406;
        Petzka, Fischer and Lukovnikov 2017, On the Regularization of Wasserstein GANs, arXiv
        1709.08894 (one-sided).
    """

    takes_features = False  # its gradient is that of the scores alone

    def __init__(
        self,
        weight: float | LearningRateSchedule = 10.0,
        at: str = "between",
        target: float = 1.0,
        one_sided: bool = False,
        every: int = 1,
        name: str | None = None,
    ):
        if not isinstance(at, str) or at not in NAMES:
            raise unknown_name("place of a gradient penalty", at, NAMES)
        super().__init__(weight, name or NAMES[at], every)
        self.at = at
        self.target = amount("target", target, least=0)
        self.one_sided = one_sided

    @property
    def held_slope(self) -> float | None:
        """k if the gradient is taken between real and fake samples, otherwise `None`."""
        return self.target if self.at == "between" and self.target > 0 else None

    @property
    def slope_at(self) -> str | None:
        """`"real"` or `"fake"` if the gradient is taken there."""
        return self.at if self.at in ("real", "fake") else None

    def points(self, real, fake, draws):
        """Returns x̂, `(batch, ...)`."""
        fake = ops.cast(fake, real.dtype)
        if self.at == "real":
            return real
        if self.at == "fake":
            return fake
        shape = ops.shape(real)
        fraction = draws.uniform((shape[0],) + (1,) * (len(shape) - 1), dtype=real.dtype)
        if self.at == "between":
            return fraction * real + (1.0 - fraction) * fake
        return real + fraction * 0.5 * standard_deviation(real) * draws.uniform(
            shape, dtype=real.dtype
        )

    def value(self, discriminator, points):
        """E (‖∇D(x̂)‖ − k)², a scalar."""
        gradient = at_least_float32(slope_of(discriminator, points))
        squares = ops.sum(ops.square(gradient), axis=tuple(range(1, len(gradient.shape))))
        if self.target == 0:
            return ops.mean(squares)
        excess = ops.sqrt(squares + 1e-12) - self.target
        return ops.mean(ops.square(ops.relu(excess) if self.one_sided else excess))

    def check(self, discriminator):
        """Refuses layers whose second derivatives are wrong."""
        from keras_gan.penalties.second_order import check_second_order

        check_second_order(discriminator)

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        own = {"at": self.at, "target": self.target, "one_sided": self.one_sided}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable(package="keras_gan")
class R1(GradientPenalty):
    """Half the expected squared gradient norm at real samples.

        ½ γ E_x ‖∇D(x)‖²

    Args:
        weight: γ, a number or a schedule of it, see `Penalty`. Defaults to 10, as in the paper.
        every: n, to compute the penalty every n-th discriminator step, see `Penalty`. Defaults to
            1.
        name: The logged name. Defaults to `"r1_penalty"`.

    Raises:
        ValueError: As `GradientPenalty`.

    Example, where every gradient is (3, 4):

    >>> x = keras.ops.ones((4, 2))
    >>> slope = keras.ops.convert_to_tensor([[3.0], [4.0]])
    >>> float(R1(weight=2.0)(lambda x: x @ slope, x, -x, draws=None))
    25.0

    Reference:
        Mescheder, Geiger and Nowozin 2018, Which Training Methods for GANs do actually Converge?,
        arXiv 1801.04406.
    """

    place = "real"

    def __init__(
        self, weight: float | LearningRateSchedule = 10.0, every: int = 1, name: str | None = None
    ):
        super().__init__(weight, at=self.place, target=0.0, every=every, name=name)

    def value(self, discriminator, points):
        """½ E ‖∇D‖², a scalar."""
        return 0.5 * super().value(discriminator, points)

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return Penalty.get_config(self)


@keras.saving.register_keras_serializable(package="keras_gan")
class R2(R1):
    """Half the expected squared gradient norm at fake samples.

        ½ γ E_z ‖∇D(G(z))‖²

    Args:
        weight: γ, a number or a schedule of it, see `Penalty`. Defaults to 10, as in the paper.
        every: n, to compute the penalty every n-th discriminator step, see `Penalty`. Defaults to
            1.
        name: The logged name. Defaults to `"r2_penalty"`.

    Raises:
        ValueError: As `GradientPenalty`.

    Example, where every gradient is (3, 4):

    >>> x = keras.ops.ones((4, 2))
    >>> slope = keras.ops.convert_to_tensor([[3.0], [4.0]])
    >>> float(R2(weight=2.0)(lambda x: x @ slope, x, -x, draws=None))
    25.0

    Reference:
        Mescheder, Geiger and Nowozin 2018, Which Training Methods for GANs do actually Converge?,
        arXiv 1801.04406.
    """

    place = "fake"
