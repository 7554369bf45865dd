"""The profiles of averages: how much each step of a training counts."""

import numbers
from collections.abc import Iterable

import numpy as np
from keras import ops

from keras_gan.arguments import amount, is_finite
from keras_gan.backend.configured import Configured, register

LONGEST = 12**-0.5  # the relative length of the plain mean, γ = 0
MOST = 8  # averages at once


@register
class Exponential(Configured):
    """An exponential moving average, which soon forgets the initial weights.

        a ← a + r_t (w − a),    1 − r_t = min(β, t / (t + 10)),    t = 0, 1, 2, …

    `average=β` of a model is short for it.

    Args:
        decay: β, in [0, 1).

    Raises:
        ValueError: For a decay outside [0, 1).

    Example:

    >>> [round(float(Exponential(0.9).rates(t)[0]), 3) for t in (0, 10, 1000)]
    [1.0, 0.5, 0.1]

    Reference: Yazıcı et al. 2018, The Unusual Effectiveness of Averaging in GAN Training,
    arXiv 1806.04498.
    """

    def __init__(self, decay: float):
        if not (isinstance(decay, numbers.Real) and 0 <= decay < 1):
            raise ValueError(
                f"average must be a decay in [0, 1), such as 0.999; received {decay!r}."
            )
        self.decay = float(decay)

    def rates(self, updates) -> list:
        """r_t of the only average, in a list.

        Args:
            updates: t, the number of updates so far, an integer scalar.
        """
        warm_up = 10.0 / (ops.cast(updates, "float32") + 10.0)
        return [ops.maximum(1.0 - self.decay, warm_up)]

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {"decay": self.decay}


@register
class Power(Configured):
    """Several averages at once, in which the weights of step τ count by a power of τ.

        a(t) = a(t−1) + r_t (w(t) − a(t−1)),    r_t = 1 − (1 − 1/t)^(γ+1),    t = 1, 2, 3, …

    In a(t) the weights of step τ then count by (τ^(γ+1) − (τ−1)^(γ+1)) / t^(γ+1): the integral from
    τ − 1 to τ of the profile (γ+1) τ^γ / t^(γ+1). An average of this kind forgets at the pace at
    which training goes on, so that its width is a fixed part of the whole of it. The relative
    length is the profile's standard deviation over t,

        σ_rel = √((γ+1) / ((γ+2)² (γ+3))).

    Two of them, at several moments, are enough to make any other afterwards: keep snapshots with
    `kg.callbacks.AverageSnapshots`, and see `kg.averages.reconstructed`. Each costs as much memory
    as the networks that are averaged. `generate` and all else that uses averaged weights take the
    first.

    Args:
        lengths: σ_rel of each average, a list, an array or another sequence, or of the only one:
            at most 8 numbers from 0.0001 to 0.2886, where 12^(−½) = 0.2887 would be the mean of all
            steps. Defaults to `(0.05, 0.1)`, as in the paper.

    Raises:
        ValueError: For no number, more than 8, equal ones, or one out of range.

    Example:

    >>> import keras_gan as kg
    >>> networks = kg.networks.mlp_generator(), kg.networks.mlp_discriminator()
    >>> gan = kg.GAN(*networks, average=kg.averages.Power([0.05, 0.1]))
    >>> gan.average.decay
    Power(lengths=[0.05, 0.1])

    Reference:
        Karras, Aittala, Lehtinen, Hellsten, Aila and Laine 2024, Analyzing and Improving the
        Training Dynamics of Diffusion Models, arXiv 2312.02696, section 3.1.
    """

    def __init__(self, lengths: float | Iterable[float] = (0.05, 0.1)):
        given = lengths.tolist() if isinstance(lengths, np.ndarray) else lengths
        several = isinstance(given, Iterable) and not isinstance(given, str)
        self.lengths = [checked_length(each) for each in (given if several else [given])]
        if not 1 <= len(self.lengths) <= MOST or len(set(self.lengths)) < len(self.lengths):
            raise ValueError(
                f"lengths must be 1 to {MOST} different numbers, such as [0.05, 0.1]; received "
                f"{self.lengths}."
            )

    @property
    def exponents(self) -> list[float]:
        """γ of each average."""
        return [exponent(each) for each in self.lengths]

    def rates(self, updates) -> list:
        """r_t of each average, float32 scalars.

        Args:
            updates: t − 1, the number of updates so far, an integer scalar.
        """
        step = ops.cast(updates, "float32") + 1.0
        log = ops.log1p(-1.0 / step)  # of 1 − 1/t, exact where that is nearly 1
        return [-ops.expm1((each + 1.0) * log) for each in self.exponents]

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {"lengths": self.lengths}


def profile_of(average) -> Exponential | Power:
    """The profile that a model was given as its `average`.

    Args:
        average: β, an `Exponential` or a `Power`.

    Raises:
        ValueError: For anything else.
    """
    if isinstance(average, (Exponential, Power)):
        return average
    if isinstance(average, (int, float, np.number)) and not isinstance(average, bool):
        return Exponential(average)
    raise ValueError(
        f"average must be a decay in [0, 1), such as 0.999, or kg.averages.Power([0.05, 0.1]); "
        f"received {average!r}."
    )


def relative_length(exponent: float) -> float:
    """σ_rel = √((γ+1) / ((γ+2)² (γ+3))), the width of a profile as a part of the training.

    Args:
        exponent: γ, greater than −1.

    Raises:
        ValueError: For a smaller one.

    Example:

    >>> print(f"{relative_length(0.0):.4f} {relative_length(6.94):.4f}")
    0.2887 0.1000
    """
    g = amount("exponent", exponent, above=-1)
    return ((g + 1.0) / ((g + 2.0) ** 2 * (g + 3.0))) ** 0.5


def exponent(length: float) -> float:
    """γ of a relative length: the greatest root of (γ+2)² (γ+3) = (γ+1) / σ_rel².

    Args:
        length: σ_rel, from 0.0001 to 0.2886.

    Raises:
        ValueError: For another number.

    Example:

    >>> print(f"{exponent(0.05):.2f} {exponent(0.1):.2f}")
    16.97 6.94
    """
    inverse = checked_length(length) ** -2
    roots = np.roots([1.0, 7.0, 16.0 - inverse, 12.0 - inverse])
    return float(roots.real.max())


def checked_length(length) -> float:
    """σ_rel, once it is known to be one.

    Raises:
        ValueError: For anything but a number from 0.0001 to 0.2886.
    """
    is_number = isinstance(length, numbers.Real) and not isinstance(length, bool)
    if not (is_number and is_finite(length) and 1e-4 <= length < LONGEST):
        raise ValueError(
            f"A relative length must be a number from 0.0001 to 0.2886, such as 0.1; received "
            f"{length!r}."
        )
    return float(length)
