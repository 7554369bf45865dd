"""Random numbers that a test chooses."""

import numpy as np
from keras import ops


class Fixed:
    """Hands out given numbers instead of random ones, one array a call."""

    def __init__(self, *numbers):
        self.left = [np.asarray(each, "float32") for each in numbers]

    def next_of(self, shape, dtype=None):
        """The next array, broadcast to the shape."""
        found = self.left.pop(0)
        found = np.broadcast_to(found, tuple(int(n) for n in shape))
        return ops.convert_to_tensor(found.copy(), dtype or "float32")

    uniform = normal = next_of
