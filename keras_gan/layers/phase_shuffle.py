"""Random shifts of series, which hide the phase of a generator's artefacts."""

import random
from typing import Any

import keras
from keras import ops

from keras_gan.arguments import whole
from keras_gan.parallel.random_numbers import Draws, uniform


@keras.saving.register_keras_serializable(package="keras_gan")
class PhaseShuffle(keras.layers.Layer):
    """Shift each series by a few steps at random, in training only.

        y_t = x_(t − s),   s uniform on −n, …, n

    and mirrored at the ends, where x has no such step. Transposed convolutions of stride 4 leave
    periodic artefacts, always at the same phase; a discriminator behind this layer cannot tell fake
    from real by that phase. The authors' code draws one s for all series of a batch; here each has
    its own.

    Args:
        n: The largest shift in steps, fewer than the series have. Defaults to 2, the paper's.
        seed: Integer that decides the shifts. Defaults to `None`, a random one.
        **options: `name`, `dtype`, as in any Keras layer.

    Raises:
        ValueError: For n below 0, or at the first x, other than series `(batch, time, channels)` of
            more than n steps.

    Example:

    >>> x = keras.ops.reshape(keras.ops.arange(9, dtype="float32"), (1, 9, 1))
    >>> y = PhaseShuffle(2, seed=3)(x, training=True)
    >>> int(keras.ops.max(keras.ops.abs(y - x))) <= 2
    True

    Reference:
        Donahue, McAuley and Puckette, Adversarial Audio Synthesis, 2019, arXiv 1802.04208,
        section 3.3.
    """

    def __init__(self, n: int = 2, seed: int | None = None, **options: Any):
        super().__init__(**options)
        self.n, self.seed = whole("n", n, least=0), seed
        self.draws = Draws(random.randrange(2**31) if seed is None else seed, "phase shuffle")

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Checks that the series are long enough."""
        if len(input_shape) != 3 or input_shape[1] is None or input_shape[1] <= self.n:
            raise ValueError(
                f"PhaseShuffle({self.n}) takes series (batch, time, channels) of more than "
                f"{self.n} steps; received the shape {tuple(input_shape)}."
            )

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Returns the series, in training shifted."""
        if not training or not self.n:
            return inputs
        steps, choices = inputs.shape[1], 2 * self.n + 1
        mirrored = ops.pad(inputs, ((0, 0), (self.n, self.n), (0, 0)), mode="reflect")
        batch = ops.shape(inputs)[0]
        chosen = ops.floor(choices * self.draws.draw(uniform, (batch, 1, 1), dtype="float32"))
        # one of 2n + 1 slices: no gather, whose derivative adds up by place
        y = ops.zeros_like(inputs)
        for start in range(choices):
            y = ops.where(chosen == start, mirrored[:, start : start + steps], y)
        return y

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Returns the shape of the inputs."""
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments."""
        return {**super().get_config(), "n": self.n, "seed": self.seed}
