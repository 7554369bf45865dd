"""The results of `precision_recall` and `density_coverage`."""

import dataclasses

from keras_gan.metrics.results import Result


@dataclasses.dataclass(frozen=True, eq=False)
class PrecisionRecall(Result):
    """The result of `precision_recall`.

    Args:
        precision: The fraction, in [0, 1], of fake samples in a ball around a real one.
        recall: The fraction, in [0, 1], of real samples in a ball around a fake one.
        neighbors: k: a ball reaches to the k-th nearest neighbour of its centre.
        real_samples: The number of real samples.
        fake_samples: The number of fake samples.
    """

    precision: float
    recall: float
    neighbors: int
    real_samples: int
    fake_samples: int

    def __str__(self):
        return f"precision {self.precision:.3f}, recall {self.recall:.3f} {_circumstances(self)}"


@dataclasses.dataclass(frozen=True, eq=False)
class DensityCoverage(Result):
    """The result of `density_coverage`.

    Args:
        density: The mean number of balls around real samples that contain a fake sample, divided by
            k: about 1 for equal distributions, more if fake samples crowd in dense regions.
        coverage: The fraction, in [0, 1], of balls around real samples that contain a fake sample.
        neighbors: k: a ball reaches to the k-th nearest neighbour of its centre.
        real_samples: The number of real samples.
        fake_samples: The number of fake samples.
    """

    density: float
    coverage: float
    neighbors: int
    real_samples: int
    fake_samples: int

    def __str__(self):
        return f"density {self.density:.3f}, coverage {self.coverage:.3f} {_circumstances(self)}"


def _circumstances(found: PrecisionRecall | DensityCoverage) -> str:
    """The settings that a score depends on, in words."""
    return (
        f"({found.neighbors} neighbours, {found.real_samples} real and {found.fake_samples} fake "
        f"samples)"
    )
