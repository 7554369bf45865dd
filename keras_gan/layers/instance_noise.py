"""Noise on the discriminator's inputs, which fades during training."""

import random

import keras
from keras import ops

from keras_gan.arguments import amount, whole
from keras_gan.parallel.random_numbers import Draws


@keras.saving.register_keras_serializable(package="keras_gan")
class InstanceNoise(keras.layers.Layer):
    """Adds Gaussian noise to a discriminator's inputs, real and fake, in training only.

        y = x + σ_t n,   n ~ N(0, I),   σ_t = stddev · max(0, 1 − t / anneal_steps)

    With noise on both, data and model overlap even if their supports do not, and the divergence
    between them is finite and smooth. Use it as the first layer of a discriminator. The step t
    counts the training steps of the model, each of which ends with a generator move, and is saved
    with the layer. Outside of a model, t changes only when `on_step_end()` is called.

    Args:
        stddev: The standard deviation at the start, at least 0, in the units of the data.
        anneal_steps: Generator steps until the noise is gone. Defaults to `None`: the noise stays.
        seed: Integer that decides the noise. Defaults to `None`, a random one.
        **options: `name`, `dtype` of `keras.layers.Layer`.

    Raises:
        ValueError: For a negative `stddev`, or `anneal_steps` other than a whole number above 0.

    Example:

    >>> noise = InstanceNoise(0.5, anneal_steps=10, seed=0)
    >>> for _ in range(4):
    ...     noise.on_step_end()
    >>> print(f"{noise.present_stddev():.1f}")
    0.3

    Reference:
        Sønderby et al. 2016, Amortised MAP Inference for Image Super-resolution, arXiv 1610.04490;
        Arjovsky and Bottou 2017, Towards Principled Methods for Training Generative Adversarial
        Networks, arXiv 1701.04862.

    Experiments: docs/results/principled_methods.md, noise_bound.md.
    """

    def __init__(
        self, stddev: float, anneal_steps: int | None = None, seed: int | None = None, **options
    ):
        super().__init__(**options)
        self.stddev = amount("stddev", stddev, least=0)
        self.anneal_steps = None if anneal_steps is None else whole("anneal_steps", anneal_steps)
        self.seed = seed
        self.draws = Draws(random.randrange(2**31) if seed is None else seed, "instance noise")
        self.step = self.add_weight(
            shape=(),
            dtype="int32",
            initializer="zeros",
            trainable=False,
            name="step",
            aggregation="only_first_replica",
        )
        self.supports_masking = True
        self.built = True

    def call(self, inputs, training: bool = False):
        """Returns the inputs, `(batch, ...)`, in training with noise."""
        if not training:
            return inputs
        noise = self.draws.normal(ops.shape(inputs), dtype=inputs.dtype)
        return inputs + ops.cast(self.present_stddev(), inputs.dtype) * noise

    def present_stddev(self):
        """Returns σ_t, a float32 scalar."""
        if self.anneal_steps is None:
            return ops.convert_to_tensor(self.stddev, "float32")
        done = ops.cast(self.step, "float32") / self.anneal_steps
        return self.stddev * ops.maximum(0.0, 1.0 - done)

    def on_step_end(self) -> None:
        """Counts a training step; the model calls it after the last move of each."""
        self.step.assign_add(1)

    def compute_output_shape(self, input_shape):
        """The shape of the inputs."""
        return input_shape

    def get_config(self) -> dict:
        """The constructor's arguments."""
        own = {"stddev": self.stddev, "anneal_steps": self.anneal_steps, "seed": self.seed}
        return {**super().get_config(), **own}


def advance(model: keras.Model) -> None:
    """Calls `on_step_end()` once on every layer of a model that has it."""
    for layer in model._flatten_layers():
        if hasattr(layer, "on_step_end"):
            layer.on_step_end()
