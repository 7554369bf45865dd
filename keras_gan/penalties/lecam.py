"""LeCam regularization: scores stay near the averages of the other side's scores."""

import math

import keras
from keras import ops
from keras.optimizers.schedules import LearningRateSchedule

from keras_gan.arguments import amount
from keras_gan.backend.precision import at_least_float32, widest
from keras_gan.parallel.global_batch import global_mean
from keras_gan.penalties.judge import scores_at
from keras_gan.penalties.penalty import Penalty


class ScoreAverages(keras.layers.Layer):
    """Exponential moving averages of the mean scores of real and of fake samples.

        α ← α + r_t (m − α),   r_t = (1 − γ) / (1 − γ^t),   t = 1, 2, 3, …

    with m the mean of a minibatch: the mean of all m so far, each weighted by γ to the power of its
    age. A minibatch whose means are not finite, as a step of float16 that its loss scale passes
    over, is passed over here, too.

    Args:
        decay: γ, in [0, 1).

    Example:

    >>> averages = ScoreAverages(0.5)
    >>> averages.update(3.0, -1.0)
    >>> averages.update(0.0, -1.0)
    >>> print(f"{float(averages.real):.2f} {float(averages.fake):.2f}")  # 3 weighs ½, 0 weighs 1
    1.00 -1.00
    """

    def __init__(self, decay: float):
        super().__init__(name="score_averages", trainable=False, dtype="float32")
        self.decay = decay
        options = {"shape": (), "initializer": "zeros", "trainable": False}
        options["aggregation"] = "only_first_replica"
        self.real = self.add_weight(name="real", **options)
        self.fake = self.add_weight(name="fake", **options)
        self.updates = self.add_weight(name="updates", dtype="int32", **options)
        self.built = True

    def update(self, real, fake) -> None:
        """Moves the averages towards the means of a minibatch, two scalars."""
        means = [ops.stop_gradient(ops.cast(mean, "float32")) for mean in (real, fake)]
        counts = ops.logical_and(*map(ops.isfinite, means))
        self.updates.assign_add(ops.cast(counts, "int32"))
        age = ops.maximum(ops.cast(self.updates, "float32"), 1.0)
        log_decay = math.log(self.decay) if self.decay else -math.inf
        rate = (1.0 - self.decay) / -ops.expm1(log_decay * age)
        for average, mean in zip((self.real, self.fake), means, strict=True):
            present = average.value
            average.assign(ops.where(counts, present + rate * (mean - present), present))

    def present(self, real, fake) -> tuple:
        """The averages; before the first update these means of a minibatch instead."""
        begun = ops.convert_to_tensor(self.updates) > 0
        pairs = ((self.real, real), (self.fake, fake))
        return tuple(
            ops.stop_gradient(ops.where(begun, average.value, ops.cast(mean, "float32")))
            for average, mean in pairs
        )


@keras.saving.register_keras_serializable(package="keras_gan")
class LeCam(Penalty):
    """A penalty on the distance of scores from the averages of the other side's scores.

        λ (E_x (D(x) − α_F)² + E_z (D(G(z)) − α_R)²)

    with α_R and α_F exponential moving averages of the mean scores of real and of fake minibatches,
    this one included, held constant. It keeps the discriminator of few data from telling the two
    sides ever further apart: for the Wasserstein objective the game is then one of the LeCam
    divergence, an f-divergence. One-sided, as in the authors' code, a score pays only for being on
    its own side of the other average,

        λ (E_x max(0, D(x) − α_F)² + E_z max(0, α_R − D(G(z)))²).

    The averages are those of the global minibatch, and part of the game: saved, restored by a
    `Checkpoint`, and left alone by an evaluation. As in the authors' TensorFlow code they have no
    bias towards 0. That code has this from the first step on, its PyTorch code after
    a number of steps: let the weight be a schedule for the latter. Outside of a game, which keeps
    them, the averages are the means of the minibatch itself.

    Args:
        weight: λ, a number or a schedule of it, see `Penalty`. Defaults to 0.3.
        decay: γ of the averages, in [0, 1). Defaults to 0.99.
        one_sided: Whether to penalise as the authors' code does. Defaults to `False`.
        name: The logged name. Defaults to `"lecam"`.

    Raises:
        ValueError: For a negative weight or a decay outside [0, 1).

    Example, with real scores of 2 and fake ones of −1:

    >>> x = keras.ops.ones((4, 1))
    >>> print(f"{LeCam(weight=1.0)(lambda x: x, 2.0 * x, -x, draws=None):.0f}")
    18

    Reference:
        Tseng, Jiang, Liu, Yang and Yang 2021, Regularizing Generative Adversarial Networks under
        Limited Data, arXiv 2104.03310, equation 3.
    """

    takes_features = False
    differentiates = False

    def __init__(
        self,
        weight: float | LearningRateSchedule = 0.3,
        decay: float = 0.99,
        one_sided: bool = False,
        name: str = "lecam",
    ):
        super().__init__(weight, name)
        self.decay = amount("decay", decay, least=0, below=1)
        self.one_sided = one_sided

    def make_state(self) -> ScoreAverages:
        """Makes the averages α_R and α_F of one discriminator."""
        return ScoreAverages(self.decay)

    def __call__(
        self, discriminator, real, fake, draws, step=None, training: bool = True, state=None
    ):
        """Returns the weighted penalty, a scalar in float32 at least.

        Args:
            discriminator: As in `Penalty`, like all others.
            real: Likewise.
            fake: Likewise.
            draws: Not used.
            step: Likewise.
            training: `False`, as in evaluation, leaves the averages as they are.
            state: The `ScoreAverages` of this discriminator; `None` outside of a game.
        """
        real_scores = at_least_float32(scores_at(discriminator, real))
        fake_scores = at_least_float32(scores_at(discriminator, fake))
        means = global_mean(real_scores), global_mean(fake_scores)
        if state is None:
            anchors = tuple(map(ops.stop_gradient, means))
        else:
            if training:
                state.update(*means)
            anchors = state.present(*means)
        dtype = widest(real_scores.dtype)
        real_anchor, fake_anchor = (ops.cast(anchor, dtype) for anchor in anchors)
        above, below = real_scores - fake_anchor, real_anchor - fake_scores
        if self.one_sided:
            above, below = ops.relu(above), ops.relu(below)
        value = ops.mean(ops.square(above)) + ops.mean(ops.square(below))
        return ops.cast(self.weight_at(step, dtype) * value, dtype)

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {**super().get_config(), "decay": self.decay, "one_sided": self.one_sided}
