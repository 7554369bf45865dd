"""Where the ActNorms of a flow begin."""

import numpy as np

from keras_gan.data.checks import check_start, in_numpy
from keras_gan.flows.dequantization import dequantized, noise_by

MOST = 1024  # samples, of more that are at hand


class Starting:
    """The part of a `kg.Flow` that starts its bijection at data, where it has not started."""

    def look_at(self, x, y=None, schedule=None, batch_size=None, later=False):
        """Looks at data before the first step, where ActNorms start, if they have not yet."""
        looked_at = super().look_at(x, y, schedule, batch_size, later)
        if schedule is not None and looked_at is not None and self.bijection.needs_start():
            parts = looked_at if self.conditional else (looked_at, None)
            self._start(*(None if part is None else in_numpy(_some(part)) for part in parts))
        return looked_at

    def adapt(self, x, labels=None) -> None:
        """Starts every ActNorm at data: what it makes of them has mean 0 and variance 1.

        `fit` does so by itself, at the first data of a flow that has not started.

        Args:
            x: Samples, array `(n, ...)`; some hundreds are enough.
            labels: For a conditional flow, their classes, integers `(n,)`.

        Raises:
            ValueError: For no samples, some of another shape or not finite, or labels that are
                missing or not taken.

        Reference: Kingma and Dhariwal 2018, Glow, arXiv 1807.03039, section 3.1.
        """
        x, *given = self.given_with_labels(x, labels, "flow")
        check_start(x)
        self._start(x, *given)

    def _start(self, x, labels=None) -> None:
        """Starts the bijection at arrays."""
        x = np.asarray(x, "float32")
        if self.dequantize:
            x = dequantized(x, noise_by("start", self.seed, x.shape))
        self.bijection.start(x, self.condition(labels))


def _some(samples):
    """At most `MOST` samples from everywhere, for data may be in an order."""
    step = -(-len(samples) // MOST) or 1
    return samples[step // 2 :: step]
