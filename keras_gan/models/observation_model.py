"""Models whose decoder gives the parameters of p(x|z), the observation model."""

import keras

from keras_gan.data.checks import in_numpy
from keras_gan.data.scale import Scale


class ObservationModel:
    """The part of a model whose `sample_network` makes the parameters of its `likelihood`."""

    def network_of_samples(self) -> keras.Model | None:
        """The decoder, unless it makes logits, of which the likelihood makes samples."""
        return None if self.likelihood.takes_logits else self.sample_network()

    def scales(self) -> list:
        """With [-1, 1] for points, which may else lie anywhere, of a likelihood that ends there."""
        first, *others = super().scales()
        if first is None and self.likelihood.is_bounded and self.value_range is not None:
            first = Scale(remedy="pass likelihood='gaussian'", signed=True)
        return [first, *others]

    def check_data(self, x, y=None, schedule=None, batch_size: int | None = None):
        """Looks at data before the first step, also for values that the likelihood excludes."""
        looked_at = super().check_data(x, y, schedule, batch_size)
        if looked_at is not None:
            samples = looked_at[0] if isinstance(looked_at, tuple) else looked_at
            self.likelihood.check_samples(in_numpy(samples))
        return looked_at
