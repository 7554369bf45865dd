"""What streaming distances have in common: a state in NumPy that is merged, copied and pickled."""

import keras

from keras_gan.arguments import whole


class Streaming(keras.metrics.Metric):
    """A distance between real and fake features, in float64 and fixed memory, that can be merged.

    The state is NumPy's: Keras's own would be float32 on some backends. So updates take place
    outside of compiled steps.

    Args:
        dim: Numbers in a feature vector.
        name: Name of the metric.

    Attributes:
        STATE: Names of the attributes that hold what the metric has seen; `reset_state` makes them.
    """

    STATE: tuple[str, ...]

    def __init__(self, dim: int, name: str):
        super().__init__(dtype="float64", name=name)
        self.dim = whole("dim", dim)
        self.reset_state()

    def get_config(self):
        """The arguments that make the metric again, without what it has seen."""
        return {"name": self.name, "dim": self.dim}

    def __reduce__(self):
        seen = {name: vars(self)[name] for name in self.STATE}
        return restored, (type(self), self.get_config(), seen)

    def merge_state(self, metrics) -> None:
        """Takes in all that other metrics have seen, as if it had come here.

        Args:
            metrics: Metrics of the same class and arguments, for example of other processes.

        Raises:
            ValueError: For others.
        """
        metrics = list(metrics)
        for metric in metrics:
            mine, theirs = (
                {key: value for key, value in each.get_config().items() if key != "name"}
                for each in (self, metric)
            )
            if type(metric) is not type(self) or mine != theirs or metric is self:
                raise ValueError(
                    f"Only other metrics of the same class and arguments can be merged into "
                    f"{type(self).__name__} with {mine}; received "
                    f"{'itself' if metric is self else f'{type(metric).__name__} with {theirs}'}."
                )
        for metric in metrics:
            self._merge(metric)

    def _enough(self, real: int, fake: int) -> None:
        if min(real, fake) < 2:
            raise ValueError(
                f"{self.name} needs at least two real and two fake feature vectors; so far it was "
                f"given {real} and {fake}: call update_state first."
            )


def restored(kind: type, config: dict, seen: dict) -> Streaming:
    """A metric of a class and configuration that has seen what another one had."""
    metric = kind.from_config(config)
    vars(metric).update(seen)
    return metric


def refuse_weights(sample_weight) -> None:
    """Refuses sample weights, which Keras hands over where a data set has them."""
    if sample_weight is not None:
        raise ValueError("Distances of samples take no sample_weight: leave it out.")
