"""Stops at the first NaN or infinity, and warns of each known way in which models fail."""

import math
import warnings
from collections.abc import Iterator

import keras
import numpy as np

from keras_gan.arguments import whole
from keras_gan.backend.finite import broken_weights
from keras_gan.callbacks.failure_modes import ADVICE, SAMPLES, FailureModes
from keras_gan.checkpoints import Progress
from keras_gan.training.optimizers import is_scaled


class NotFiniteError(FloatingPointError):
    """A NaN or infinity in training; the message names the term, the weight and the step."""


class HealthWarning(UserWarning):
    """A sign of a known way in which models fail; training continues."""


class Health(keras.callbacks.Callback):
    """Stops training at a NaN or infinity, and warns once of each of five ways to fail.

    It checks the logged losses after every step, or after every execution if `steps_per_execution`
    fuses several, and all weights at every `every`-th step and at the end of each epoch. A NaN or
    infinity raises `NotFiniteError`, which names the terms, the first bad weight, the step and the
    cause: the data, a layer, the precision, a derivative or a learning rate. To find the cause, it
    runs the last finite state again, of which it keeps a copy.

    Every `every` steps it compares 64 real samples of the first batch with 64 fakes of fixed latent
    vectors. A condition that holds in `patience` such examinations in a row gives a
    `HealthWarning`:

        diversity collapse     spread of the samples < 0.05 · that of the data
        saturation             |∂ discriminator loss / ∂ scores| < 0.01 · that at equal scores
        vanishing gradient     ‖∇ generator loss‖ < 0.01 · its largest so far, while real samples
                               have the higher score in more than 0.9 of all pairs
        penalty out of balance penalty > 1000 · the largest |discriminator_loss| so far, both
                               running means of the epoch
        posterior collapse     KL(q(zᵢ|x) ‖ p(zᵢ)) < 0.01 nats for a component of a `kg.VAE`

    The samples come from the generator as trained, not from its average. The callback does not
    change the training: the weights are the same, bit for bit, with and without it. A distributed
    data set cannot be read: the spread is then compared with the largest so far, and saturation and
    vanishing gradients are not detected, nor are they in models other than `GAN`.

    Args:
        every: Steps between examinations. Defaults to 200.
        patience: How many examinations in a row must show a condition. Defaults to 3.

    Raises:
        ValueError: For an `every` or `patience` below 1.
        NotFiniteError: In `fit`, see above. The model stays as it is, and other callbacks skip
            what they do at the end of training.

    Example:

    >>> import keras_gan as kg
    >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
    >>> gan.compile(generator_optimizer=keras.optimizers.SGD(1e38))
    >>> x = np.random.default_rng(0).normal(size=(256, 2))
    >>> gan.fit(x, batch_size=64, verbose=0, callbacks=[Health()])
    Traceback (most recent call last):
    ...
    keras_gan.callbacks.health.NotFiniteError: Training diverged at step ...
    """

    has_told_of_nan = True  # `fit` need not warn at its end

    def __init__(self, every: int = 200, patience: int = 3):
        super().__init__()
        self.every, self.patience = whole("every", every), whole("patience", patience)
        self.real = None
        self.warned = set()

    def on_data(self, samples) -> None:
        """Keeps 64 of the samples that `fit` has read; `None` if it could not read any."""
        self.real = samples
        if samples is not None:
            self.real = keras.tree.map_structure(lambda part: np.asarray(part[:SAMPLES]), samples)

    def on_train_begin(self, logs=None):
        """Forgets an earlier `fit`, and leaves out samples that make no whole pack."""
        if self.real is not None:
            n = len(keras.tree.flatten(self.real)[0])
            n -= n % getattr(self.model, "packing", 1)
            self.real = keras.tree.map_structure(lambda part: part[:n], self.real) if n else None
        self.step, self.steps_of_epoch, self.epoch = 0, 0, 0
        self.resumed_at, self.looked = 0, False
        self.terms = [n for p in self.model.schedule.players for n in self.terms_of(p)]
        self.failures = FailureModes(self.model)
        self.in_a_row = dict.fromkeys(ADVICE, 0)
        self.good, self.first_size, self.last_size = None, None, 0.0

    def on_resume(self, progress: Progress) -> None:
        """Continues counting from a checkpoint; `fit` calls it.

        Args:
            progress: The progress in the checkpoint.
        """
        self.step, self.resumed_at = progress.step, progress.step_in_epoch

    def on_epoch_begin(self, epoch, logs=None):
        """Starts to count the epoch's steps; before the first epoch it examines the model."""
        from keras_gan.training.snapshots import good_state

        self.epoch, self.steps_of_epoch, self.resumed_at = epoch, self.resumed_at, 0
        if not self.looked:
            self.looked = True
            self.look_out({})
            self.good = good_state(self.model, self.step)

    def on_train_batch_end(self, batch, logs=None):
        """Checks the losses, and every `every` steps the weights and the model."""
        before = self.step
        self.step += batch + 1 - self.steps_of_epoch
        self.steps_of_epoch = batch + 1
        if not all(math.isfinite(logs[name]) for name in self.terms):
            self.stop(logs)
        self.note_size(logs)
        if before // self.every < self.step // self.every:
            self.check_weights(logs)
            self.look_out(logs)

    def on_epoch_end(self, epoch, logs=None):
        """Checks the weights, which the last step may have spoilt."""
        self.check_weights(logs)

    def terms_of(self, player: str) -> list[str]:
        """The names of a player's logs that must be finite.

        Under loss scaling a gradient norm may be infinite: the optimizer then skips the step.
        """
        scaled = is_scaled(self.model.optimizer_of(player))
        names = self.model.logged_names(player)
        return [n for n in names if not (scaled and n == f"{player}_gradient_norm")]

    def check_weights(self, logs) -> None:
        """Stops if a weight is not finite; otherwise keeps the state, to find causes with later."""
        from keras_gan.training.snapshots import good_state

        self.model.settle()
        if next(_bad_weights(self.model), None) is not None:
            self.stop(logs)
        self.good = good_state(self.model, self.step)

    @property
    def growth(self) -> float:
        """By which factor the losses had grown since the start, when they were last finite."""
        return self.last_size / max(self.first_size or 0.0, 1e-3)

    def note_size(self, logs) -> None:
        """Records the size of the losses, which are known to be finite."""
        self.last_size = max((abs(logs[name]) for name in self.terms), default=0.0)
        if self.first_size is None:
            self.first_size = self.last_size

    def stop(self, logs) -> None:
        """Raises the error that says what is not finite, and why.

        Raises:
            NotFiniteError: Always.
        """
        from keras_gan.training.nan_origin import origin

        logs = logs or {}
        self.model.settle()
        terms = [f"{n} is {logs[n]}" for n in self.terms if not math.isfinite(logs.get(n, 0.0))]
        weight = next(_bad_weights(self.model), None)
        of_weights = (
            "every weight is finite" if weight is None else f"the first bad weight is {weight}"
        )
        raise NotFiniteError(
            f"Training diverged at step {self.step} (epoch {self.epoch + 1}): "
            f"{', '.join(terms) or 'every loss is finite'}; "
            f"{of_weights}. {origin(self.model, self.real, self.good, self.growth)}"
        )

    def look_out(self, logs) -> None:
        """Examines the model, and warns of conditions that have lasted."""
        self.model.settle()
        for name, figure in self.failures.look(self.real, logs).items():
            self.in_a_row[name] = 0 if figure is None else self.in_a_row[name] + 1
            if self.in_a_row[name] >= self.patience and name not in self.warned:
                self.warned.add(name)
                advice = ADVICE[name].format(*figure)
                warnings.warn(f"{advice} (step {self.step})", HealthWarning, stacklevel=2)


def _bad_weights(model: keras.Model) -> Iterator[str]:
    """The weights of a model that hold a NaN or an infinity, each with its network.

    Args:
        model: A `GenerativeModel`.

    Example:

    >>> import keras_gan as kg
    >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator())
    >>> kernel = gan.generator.weights[0]
    >>> _ = kernel.assign(np.full(kernel.shape, np.nan))
    >>> len(list(_bad_weights(gan)))
    1
    """
    networks = [network for p in model.schedule.players for network in model.networks_of(p)]
    yield from broken_weights([*networks, *([model.average] if model.average is not None else [])])
