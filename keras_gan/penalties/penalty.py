"""The interface of every penalty, and how to compute one only every n-th step."""

from collections.abc import Callable

import keras
from keras import ops
from keras.optimizers.schedules import LearningRateSchedule

from keras_gan.arguments import amount, whole
from keras_gan.backend import autodiff
from keras_gan.backend.configured import Configured
from keras_gan.backend.precision import widest
from keras_gan.parallel.random_numbers import Draws


class Penalty(Configured):
    """A term of the discriminator's loss that depends on the shape of its score function.

        penalty = weight · value(D, points),   points drawn from real and fake samples

    A lazy penalty, `every = n > 1`, is computed every n-th discriminator step and multiplied by n,
    so that its mean over the steps stays the same, in the gradient and in the logs. The weight may
    follow a schedule over the discriminator's steps, as in R3GAN's training. A lazy penalty then
    uses the weight of its step for all n steps.
    A subclass defines `value`, and `points` unless these are the real samples.

    Args:
        weight: The factor, at least 0, or a
            `keras.optimizers.schedules.LearningRateSchedule` of it over discriminator steps.
        name: The logged name.
        every: n, at least 1. Defaults to 1.

    Attributes:
        held_slope: The slope that the penalty imposes on a critic everywhere between real and fake
            samples; `None`, the default, for a penalty that imposes no slope.
        slope_at: `"real"` or `"fake"` if `value` takes `kg.penalties.slope_of(discriminator,
            points)` at these very samples: a game then differentiates the scores that its loss has.
            `None`, the default, for other points.
        differentiates: Whether `value` differentiates scores by samples, so that layers and the
            `augment` of a game need second derivatives. Defaults to `True`; `False` allows an
            augmentation that has none.
        on_generator: Whether the generator pays for it, too, by a `generator_term`, as for
            `kg.penalties.ZCR`. Defaults to `False`.

    Raises:
        ValueError: For a negative weight, or an `every` other than a whole number of at least 1.

    Example, a penalty of your own, on the size of real scores:

    >>> import keras
    >>> from keras_gan.networks.analysis.scores import scores_of
    >>> @keras.saving.register_keras_serializable(package="mine")
    ... class Drift(Penalty):
    ...     def __init__(self, weight=0.001, name="drift"):
    ...         super().__init__(weight, name)
    ...     def value(self, discriminator, points):
    ...         return keras.ops.mean(keras.ops.square(scores_of(discriminator(points))))
    >>> x = keras.ops.ones((4, 2))
    >>> print(f"{Drift()(lambda x: 3.0 * x, x, x, draws=None):.3f}")
    0.009

    Reference:
        Lazy penalties: Karras et al. 2019, Analyzing and Improving the Image Quality of StyleGAN,
        arXiv 1912.04958, section 3.1.
    """

    held_slope = None
    slope_at = None
    differentiates = True
    on_generator = False

    def __init__(self, weight: float | LearningRateSchedule, name: str, every: int = 1):
        if isinstance(weight, dict):  # from a config
            weight = keras.optimizers.schedules.deserialize(weight)
        if callable(weight) and not isinstance(weight, LearningRateSchedule):
            raise ValueError(
                f"The weight of a penalty must be a number or a keras.optimizers.schedules."
                f"LearningRateSchedule, which can be saved; received {weight!r}."
            )
        is_schedule = isinstance(weight, LearningRateSchedule)
        self.weight = weight if is_schedule else amount("The weight of a penalty", weight, least=0)
        self.name = name
        self.every = whole("every", every)

    def __call__(
        self,
        discriminator: Callable,
        real,
        fake,
        draws: Draws,
        step=None,
        training: bool = True,
        state: keras.Layer | None = None,
    ):
        """Returns the weighted penalty, a scalar in float32, or in float64 if the points are.

        For float64 throughout, build the networks after `keras.config.set_floatx("float64")`: with
        the dtype policy "float64" alone Keras casts their inputs to float32. JAX also needs
        `jax.config.update("jax_enable_x64", True)`, and even then Keras's `tanh`, `sin`, `var` and
        `norm` round to float32.

        Args:
            discriminator: Maps `(batch, ...)` to scores, `(batch, 1)`, or `(scores, features)`.
            real: Samples of the data, `(batch, ...)`.
            fake: Samples of the generator, `(batch, ...)`.
            draws: The random numbers to use.
            step: The number of the discriminator's updates so far, on which a lazy penalty and a
                scheduled weight depend. `None` computes the penalty now, with the weight of step 0.
            training: `False`, as in evaluation, computes a lazy penalty now.
            state: What `make_state` made for this discriminator; `None` for a penalty that keeps
                nothing from step to step.
        """
        points = self.points(real, fake, draws)
        dtype = widest(*(each.dtype for each in keras.tree.flatten(points)))
        weight = self.weight_at(step, dtype)

        def paid(times):
            return ops.cast(times * weight * self.value(discriminator, points), dtype)

        if step is None or self.every == 1 or not training:
            return paid(1)
        return autodiff.when(
            ops.equal(step % self.every, 0), lambda: paid(self.every), lambda: ops.zeros((), dtype)
        )

    def weight_at(self, step, dtype: str):
        """Returns the weight at a step: a number, or a scalar of this type where it is scheduled.

        Args:
            step: As in `__call__`.
            dtype: The type of a scheduled weight.
        """
        if not isinstance(self.weight, LearningRateSchedule):
            return self.weight
        return ops.cast(self.weight(0 if step is None else step), dtype)

    def points(self, real, fake, draws: Draws):
        """Returns the points of the penalty, `(batch, ...)`: the real samples unless overridden.

        A structure of several tensors is handed on to `value` as it is.
        """
        return real

    def value(self, discriminator: Callable, points):
        """Returns the unweighted penalty, a scalar.

        Args:
            discriminator: As in `__call__`.
            points: The result of `points`, `(batch, ...)`.
        """
        raise NotImplementedError

    def generator_term(self, fake, neighbours: Callable):
        """Returns what the generator pays, a weighted scalar, if `on_generator`.

        Args:
            fake: G(z), `(batch, ...)`.
            neighbours: From a standard deviation σ to G(z + Δ), Δ ~ N(0, σ² I), of the same z.
        """
        raise NotImplementedError

    def make_state(self) -> keras.Layer | None:
        """Makes the variables that the penalty keeps from step to step, for one discriminator.

        A game makes them when it is built, saves them, and hands them back to `__call__`. By
        default there are none, and this returns `None`.
        """
        return None

    def check(self, discriminator: keras.Model) -> None:
        """Refuses, before training, a discriminator for which this penalty would be wrong.

        Args:
            discriminator: The built network.
        """

    def check_samples(self, shape: tuple) -> None:
        """Refuses, before training, samples that this penalty is not for.

        Args:
            shape: That of one sample that the discriminator judges, also where it takes packs, with
                `None` for an unknown axis.
        """

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        every = {"every": self.every} if self.every > 1 else {}
        weight = self.weight
        if isinstance(weight, LearningRateSchedule):
            weight = keras.optimizers.schedules.serialize(weight)
        return {"weight": weight, "name": self.name, **every}
