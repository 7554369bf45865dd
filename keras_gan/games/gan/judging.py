"""What a trained discriminator says of samples."""

import keras
import numpy as np
from keras import ops

from keras_gan.networks.analysis.hidden import hidden_of
from keras_gan.networks.analysis.scores import mean_scores
from keras_gan.networks.class_labels import with_labels


class Judging:
    """The ability of a game to score samples, and to show what its discriminator sees of them."""

    def discriminate(self, samples, batch_size: int = 256, *, labels=None) -> np.ndarray:
        """The scores D(x) of samples, float32 array `(n, 1)`; higher is more like the data.

        With `packing=m` they are of samples that follow each other, m at a time: `(n / m, 1)`.

        Args:
            samples: Array `(n, ...)` of the data's shape; images in [-1, 1].
            batch_size: How many are scored at a time.
            labels: Of what class each sample is said to be, integers `(n,)` or one for all; for
                networks that take labels.

        Raises:
            ValueError: For samples of another shape, or labels that are missing, out of range or
                not taken.
        """
        samples, *chosen = self.given_with_labels(samples, labels, "discriminator")
        samples = self.packed_rows(samples)

        def score(samples, labels=None):
            return mean_scores(self.scores(with_labels(samples, labels)))

        return self.computed(score, samples, *chosen, batch_size=batch_size, average=False)

    def features(self, samples, batch_size: int = 256, *, labels=None) -> np.ndarray:
        """What D's last layer sees of samples: its last hidden activations, float32 `(n, d)`.

        Of a discriminator that returns `(scores, features)` they are these; of another one the
        flattened input of the layer with a kernel that the scores come from, such as its last
        `Dense(1)` or `Conv2D(1, 4)`, also within a nested or subclassed network.

        Args:
            samples: As in `discriminate`.
            batch_size: How many at a time.
            labels: As in `discriminate`.

        Raises:
            ValueError: As `discriminate`, and for a discriminator without such a layer.

        Features for a linear classifier are from Radford et al. 2015, arXiv 1511.06434, section
        5.1, which takes other ones: those of all convolutional layers, max-pooled to 4 × 4 and
        concatenated.
        """
        samples, *chosen = self.given_with_labels(samples, labels, "discriminator")
        samples = self.packed_rows(samples)
        hidden = self.hidden()

        def function(x, labels=None):
            h = hidden(with_labels(x, labels), training=False)
            return ops.reshape(h, (ops.shape(h)[0], -1))

        return self.computed(function, samples, *chosen, batch_size=batch_size, average=False)

    def hidden(self) -> keras.Model:
        """The network from what D takes to what its last layer sees."""
        return hidden_of(self.discriminator)
