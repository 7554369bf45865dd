"""A stop at the first NaN or infinity, and a warning of each known way in which games fail."""

import math
import warnings
from collections.abc import Iterator

import keras
import numpy as np

from keras_gan.arguments import whole
from keras_gan.backend.finite import broken_weights
from keras_gan.callbacks.diagnosis import examine, spread
from keras_gan.callbacks.health_advice import ADVICE
from keras_gan.checkpoints import Progress
from keras_gan.games.gan.gan import GAN
from keras_gan.penalties.penalty import by_name
from keras_gan.training.optimizers import is_scaled


class NotFiniteError(FloatingPointError):
    """Training has come to a NaN or an infinity; the message names term, weight and step."""


class HealthWarning(UserWarning):
    """Training goes on, yet shows a known way in which games fail."""


LEAST_SPREAD, LEAST_SLOPE, LEAST_GRADIENT, LARGEST_PENALTY = 0.05, 0.01, 0.01, 1000.0
KEPT = 64  # samples that are compared
RECOGNISED = 0.9  # of the pairs: beyond it a small gradient means that the generator learns nothing


class Health(keras.callbacks.Callback):
    """Stops training at a NaN or infinity and warns, once each, of four ways to fail.

    The logged losses are looked at after every step, or after every execution when
    `steps_per_execution` fuses several; all weights at every `every`-th step and at the end of an
    epoch. What is not finite raises `NotFiniteError`, which names the terms, the first bad weight,
    the step, and where it came from: the data, a layer, the precision, a derivative or a learning
    rate, found by trying the last finite state again, of which Health keeps a copy.
    Every `every` steps, 64 real samples of the first batch and 64 fakes of fixed latent vectors are
    compared. A condition that holds at `patience` looks in a row gives a `HealthWarning`:

        diversity collapse     spread of the samples < 0.05 · that of the data
        saturation             |∂ discriminator loss / ∂ scores| < 0.01 · that at a tie
        vanishing gradient     ‖∇ generator loss‖ < 0.01 · its largest so far, while real samples
                               have the higher score in more than 0.9 of all pairs
        penalty out of balance penalty > 1000 · the largest |discriminator_loss| so far, both
                               running means of the epoch

    The samples are those of the generator as trained, not of its average. Training with and without
    this callback goes through the same weights, bit for bit. Distributed data sets cannot be
    looked at: the spread is then compared with the largest so far, and saturation and vanishing
    gradients go unnoticed, as they do in games other than `GAN`.

    Args:
        every: Steps between two examinations. Defaults to 200.
        patience: How many examinations in a row must show a condition. Defaults to 3.

    Raises:
        ValueError: For an `every` or `patience` below 1.
        NotFiniteError: In `fit`, see above. What other callbacks do at the end of training is
            skipped; the model stays as it is.

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

    has_told_of_nan = True  # so that `fit` need not at its end, for it has stopped

    def __init__(self, every: int = 200, patience: int = 3):
        super().__init__()
        self.every, self.patience = whole("every", every), whole("patience", patience)
        self.real = None
        self.warned = set()

    def on_data(self, samples) -> None:
        """Keeps 64 of the samples that `fit` has looked at; `None` where it could not look."""
        self.real = samples
        if samples is not None:
            self.real = keras.tree.map_structure(lambda part: np.asarray(part[:KEPT]), samples)

    def on_train_begin(self, logs=None):
        """Forgets an earlier `fit`."""
        self.step, self.steps_of_epoch, self.epoch = 0, 0, 0
        self.resumed_at, self.looked = 0, False
        self.terms = [n for p in self.model.schedule.players for n in self.terms_of(p)]
        self.penalties = list(by_name(getattr(self.model, "penalties", [])))
        self.in_a_row = dict.fromkeys(ADVICE, 0)
        self.good, self.first_size, self.last_size = None, None, 0.0
        self.largest_spread = self.largest_gradient = self.largest_loss = 0.0

    def on_resume(self, progress: Progress) -> None:
        """Counts on from a checkpoint; `fit` calls it.

        Args:
            progress: Where the checkpoint stands.
        """
        self.step, self.resumed_at = progress.step, progress.step_in_epoch

    def on_epoch_begin(self, epoch, logs=None):
        """Counts the steps of the epoch; before the first, takes figures to compare with."""
        from keras_gan.training.nan_origin import good_state

        self.epoch, self.steps_of_epoch, self.resumed_at = epoch, self.resumed_at, 0
        if not self.looked:
            self.looked = True
            self.look_out({})
            self.good = good_state(self.model, self.step)

    def on_train_batch_end(self, batch, logs=None):
        """Looks at the losses, and now and then at everything."""
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
        """Looks at the weights, which the last step may have spoilt."""
        self.check_weights(logs)

    def terms_of(self, player: str) -> list[str]:
        """What a player logs that must be finite.

        A gradient norm may be infinite under loss scaling, whose optimizer then skips the step.
        """
        scaled = is_scaled(self.model.optimizer_of(player))
        names = self.model.logged_names(player)
        return [n for n in names if not (scaled and n == f"{player}_gradient_norm")]

    def check_weights(self, logs) -> None:
        """Stops when a weight is bad; remembers good ones, with which an origin is looked for."""
        from keras_gan.training.nan_origin import good_state

        self.model.settle()
        if next(_bad_weights(self.model), None) is not None:
            self.stop(logs)
        self.good = good_state(self.model, self.step)

    @property
    def growth(self) -> float:
        """How many times as large as at first the losses were when all were finite last."""
        return self.last_size / max(self.first_size or 0.0, 1e-3)

    def note_size(self, logs) -> None:
        """Notes how large the losses are, which are known to be finite."""
        self.last_size = max((abs(logs[name]) for name in self.terms), default=0.0)
        if self.first_size is None:
            self.first_size = self.last_size

    def stop(self, logs) -> None:
        """Raises the error that says what is not finite.

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
        """Examines the game, and warns of what has held for long enough."""
        self.model.settle()
        figures = {"imbalance": self.imbalance(logs)}
        if isinstance(self.model, GAN):
            figures.update(self.examined())
        for name, figure in figures.items():
            self.in_a_row[name] = 0 if figure is None else self.in_a_row[name] + 1
            if self.in_a_row[name] >= self.patience and name not in self.warned:
                self.warned.add(name)
                advice = ADVICE[name].format(*figure)
                warnings.warn(f"{advice} (step {self.step})", HealthWarning, stacklevel=2)

    def examined(self) -> dict:
        """What an examination finds: figures by condition, `None` where all is well."""
        game = self.model
        if self.real is None:
            samples = game.generate(KEPT, seed=0, average=False)
            return {"collapse": self.collapse(spread(samples), None)}
        findings = examine(game, self.real)
        norm = findings.gradient_norm
        if math.isfinite(norm):  # not so where it overflows at the present loss scale
            self.largest_gradient = max(self.largest_gradient, norm)
        share = norm / (self.largest_gradient or 1.0) if math.isfinite(norm) else 1.0
        vanishing = share < LEAST_GRADIENT and findings.told_apart > RECOGNISED
        return {
            "collapse": self.collapse(findings.spread, spread(game.labelled(self.real)[0])),
            "saturation": (findings.slope,) if findings.slope < LEAST_SLOPE else None,
            "vanishing": (share,) if vanishing else None,
        }

    def collapse(self, found: float, of_data: float | None) -> tuple | None:
        """The spread relative to the data's, or to the largest so far where they are unknown."""
        self.largest_spread = max(self.largest_spread, found)
        whole, name = (
            (self.largest_spread, "at most before") if of_data is None else (of_data, "the data")
        )
        share = found / whole if whole else float(of_data is not None)
        return (share, name) if share < LEAST_SPREAD else None

    def imbalance(self, logs) -> tuple | None:
        """The largest penalty relative to the rest of the discriminator's losses, with its name."""
        penalties = {n: abs(logs[n]) for n in self.penalties if n in logs}
        if not penalties:
            return None
        name = max(penalties, key=penalties.get)
        # a critic's loss passes through 0
        self.largest_loss = max(self.largest_loss, abs(logs["discriminator_loss"]), 1e-12)
        share = penalties[name] / self.largest_loss
        return (share, name) if share > LARGEST_PENALTY else None


def _bad_weights(game: keras.Model) -> Iterator[str]:
    """The weights of a game that hold a NaN or an infinity, each with the network that owns it.

    Args:
        game: An `AdversarialModel`.

    Example:

    >>> import keras_gan as kg
    >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator())
    >>> kernel = gan.generator.weights[0]
    >>> _ = kernel.assign(np.full(kernel.shape, np.nan))
    >>> len(list(_bad_weights(gan)))
    1
    """
    networks = [network for p in game.schedule.players for network in game.networks_of(p)]
    yield from broken_weights([*networks, *([game.average] if game.average is not None else [])])
