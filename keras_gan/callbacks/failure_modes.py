"""The known ways in which games fail: when each counts as seen, and what to try."""

import math

import keras

from keras_gan.callbacks.diagnosis import examine, spread
from keras_gan.games.gan.gan import GAN
from keras_gan.penalties.listed import by_name

SAMPLES = 64  # that are compared
LEAST_SPREAD, LEAST_SLOPE, LEAST_GRADIENT, LARGEST_PENALTY = 0.05, 0.01, 0.01, 1000.0
LEAST_NATS = 0.01  # about a sample in a component of z
RECOGNISED = 0.9  # of the pairs: beyond it a small gradient means that the generator learns nothing
ADVICE = {
    "collapse": "Generator diversity collapse: samples of different z spread only {:.2g} times as "
    "far as {}. Try smaller learning rates, or a penalty such as kg.penalties.R1(1.0).",
    "saturation": "Discriminator saturation: its loss depends on its scores only {:.2g} times as "
    "much as where all scores are equal, because it tells real from fake almost perfectly. Try a "
    "smaller learning rate or fewer steps for it, kg.layers.InstanceNoise, or kg.SNGAN or "
    "kg.WGANGP.",
    "vanishing": "Vanishing generator gradient: its norm is {:.2g} times the largest so far, while "
    "the discriminator tells real from fake. Try objective='non_saturating' or 'wasserstein', or a "
    "weaker discriminator.",
    "posterior": "Posterior collapse: {0} of the {1} components of z carry less than 0.01 nats "
    "about a sample, so the decoder ignores them. Fewer components would do as well. If all of "
    "them collapse, try free_bits=0.1, a smaller beta, or a decoder with fewer layers.",
    "imbalance": "Penalty out of balance: {1} is {0:.2g} times as large as the "
    "discriminator_loss and outweighs it. Try a smaller weight for it.",
}


class FailureModes:
    """Looks for the failure modes that `Health` describes, in one model during one `fit`.

    Args:
        model: The model, compiled.
    """

    def __init__(self, model: keras.Model):
        self.model = model
        self.penalties = list(by_name(getattr(model, "penalties", [])))
        self.largest_spread = self.largest_gradient = self.largest_loss = 0.0

    def look(self, real, logs) -> dict[str, tuple | None]:
        """Figures for the advice on each condition, by name; `None` where all is well.

        Args:
            real: Samples of the data, or pairs with labels; `None` if the data cannot be read.
            logs: The running means of the losses.
        """
        figures = {"imbalance": self.imbalance(logs)}
        if isinstance(self.model, GAN):
            figures |= self.of_generator() if real is None else self.of_both(real)
        if hasattr(self.model, "kl_per_component") and real is not None:
            figures["posterior"] = self.posterior(real)
        return figures

    def of_generator(self) -> dict[str, tuple | None]:
        """What the generator alone shows, without real samples."""
        samples = self.model.generate(SAMPLES, seed=0, average=False)
        return {"collapse": self.collapse(spread(samples), None)}

    def of_both(self, real) -> dict[str, tuple | None]:
        """What an examination of generator and discriminator shows."""
        found = examine(self.model, real)
        norm = found.gradient_norm
        if math.isfinite(norm):  # it may overflow at the present loss scale
            self.largest_gradient = max(self.largest_gradient, norm)
        ratio = norm / (self.largest_gradient or 1.0) if math.isfinite(norm) else 1.0
        vanishing = ratio < LEAST_GRADIENT and found.told_apart > RECOGNISED
        return {
            "collapse": self.collapse(found.spread, spread(self.model.labelled(real)[0])),
            "saturation": (found.slope,) if found.slope < LEAST_SLOPE else None,
            "vanishing": (ratio,) if vanishing else None,
        }

    def posterior(self, real) -> tuple | None:
        """How many components of z carry almost nothing about the samples, and of how many."""
        x, labels = real if isinstance(real, tuple) else (real, None)
        carried = self.model.kl_per_component(x, labels=labels)
        count = int((carried < LEAST_NATS).sum())
        return (count, len(carried)) if count else None

    def collapse(self, found: float, of_data: float | None) -> tuple | None:
        """The spread relative to that of the data, or to the largest so far if unknown."""
        self.largest_spread = max(self.largest_spread, found)
        usual, name = of_data, "the data"
        if of_data is None:
            usual, name = self.largest_spread, "at their widest so far"
        ratio = found / usual if usual else float(of_data is not None)
        return (ratio, name) if ratio < LEAST_SPREAD else None

    def imbalance(self, logs) -> tuple | None:
        """The largest penalty relative to the rest of the discriminator's losses, with its name."""
        penalties = {n: abs(logs[n]) for n in self.penalties if n in logs}
        if not penalties:
            return None
        name = max(penalties, key=penalties.get)
        # a critic's loss passes through 0
        self.largest_loss = max(self.largest_loss, abs(logs["discriminator_loss"]), 1e-12)
        ratio = penalties[name] / self.largest_loss
        return (ratio, name) if ratio > LARGEST_PENALTY else None
