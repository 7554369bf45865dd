"""Several processes, on one host or many, that train one model together under JAX.

Every process runs the same program: it joins, hands its own shard of the data to `fit`, and holds
the same weights as all others at every step. The first process writes the files.

>>> process_count(), process_index()
(1, 0)
"""

from keras_gan.parallel.processes.communication import (
    alone,
    check_agreement,
    digest,
    is_first,
    locally,
    of_first,
    process_count,
    process_index,
    shard,
)
from keras_gan.parallel.processes.joining import join
from keras_gan.parallel.processes.watchdog import Watch, watched

STALLED_AFTER = 600.0  # seconds without a step, compilation and evaluation included

__all__ = [
    "STALLED_AFTER",
    "Watch",
    "alone",
    "check_agreement",
    "digest",
    "is_first",
    "join",
    "locally",
    "of_first",
    "process_count",
    "process_index",
    "shard",
    "watched",
]
