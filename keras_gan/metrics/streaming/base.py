"""The base class of streaming distances: a state in NumPy that can be merged and pickled."""

import keras

from keras_gan.arguments import whole


class Streaming(keras.metrics.Metric):
    """A distance between real and fake features, in float64 and fixed memory, that can be merged.

    The state consists of NumPy arrays, because Keras's variables would be float32 on some backends.
    So it cannot be updated in a compiled step.

    Args:
        dim: The length of a feature vector.
        name: The name of the metric.

    Attributes:
        STATE: The names of the attributes with the state, which `reset_state` makes.
    """

    STATE: tuple[str, ...]

    def __init__(self, dim: int, name: str):
        super().__init__(dtype="float64", name=name)
        self.dim = whole("dim", dim)
        self.reset_state()

    def get_config(self):
        """The constructor's arguments, without the state."""
        return {"name": self.name, "dim": self.dim}

    def __reduce__(self):
        seen = {name: vars(self)[name] for name in self.STATE}
        return restored, (type(self), self.get_config(), seen)

    def merge_state(self, metrics) -> None:
        """Adds the samples of other metrics.

        Args:
            metrics: Metrics of the same class and arguments, for example from other processes.

        Raises:
            ValueError: For other metrics.
        """
        metrics = list(metrics)
        for metric in metrics:
            mine, theirs = (
                {key: value for key, value in each.get_config().items() if key != "name"}
                for each in (self, metric)
            )
            if type(metric) is not type(self) or mine != theirs or metric is self:
                raise ValueError(
                    f"{type(self).__name__} with {mine} can be merged only with other metrics of "
                    f"the same class and arguments; received "
                    f"{'itself' if metric is self else f'{type(metric).__name__} with {theirs}'}."
                )
        for metric in metrics:
            self._merge(metric)

    def _enough(self, real: int, fake: int) -> None:
        if min(real, fake) < 2:
            raise ValueError(
                f"{self.name} needs at least two real and two fake feature vectors; received "
                f"{real} and {fake} so far: call update_state first."
            )


def restored(kind: type, config: dict, seen: dict) -> Streaming:
    """A metric of a class and configuration, with a given state."""
    metric = kind.from_config(config)
    vars(metric).update(seen)
    return metric


def refuse_weights(sample_weight) -> None:
    """Refuses sample weights, which Keras passes on from a data set."""
    if sample_weight is not None:
        raise ValueError("Distances between samples do not use sample_weight: leave it out.")
