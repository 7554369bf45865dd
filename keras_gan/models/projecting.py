"""The latent vectors of given samples."""

import numpy as np

from keras_gan.arguments import whole
from keras_gan.models.latent_search import LatentSearch


class Projecting:
    """The ability of a model or a preset that makes samples to find their latent vectors."""

    def project(
        self,
        x,
        *,
        labels=None,
        features=None,
        starts: int = 8,
        steps: int = 300,
        learning_rate: float = 0.1,
        seed: int = 0,
        average: bool = True,
        batch_size: int = 256,
    ) -> np.ndarray:
        """The latent vectors whose samples are nearest to given ones.

            z(x) = argmin over z of ‖φ(G(z)) − φ(x)‖²

        by Adam, from the nearest of random latent vectors, with steps whose length falls along half
        a cosine; the best z of all starts and steps counts. The search may end in a local minimum:
        more starts find a better one. z stays within the ends of a uniform prior.

        Args:
            x: Array `(n, ...)` of the samples' shape; images in [-1, 1].
            labels: For networks that take labels: the class of each sample, integers `(n,)`, or
                one for all.
            features: φ: a `keras.Model` or a function from tensors of samples to tensors, in
                `keras.ops`. Defaults to `None`: the samples themselves.
            starts: The number of starts of each sample. Defaults to 8.
            steps: The number of steps from each start. Defaults to 300.
            learning_rate: The length of the first steps, in components of z. Defaults to 0.1.
            seed: Integer that determines the starts. Defaults to 0.
            average: As in `generate`.
            batch_size: How many latent vectors at a time, all starts of a sample among them.
                Defaults to 256.

        Returns:
            float32 array `(n, latent_dim)`, for `samples_of`.

        Raises:
            ValueError: For samples of another shape, labels that are missing, out of range or not
                taken, or a number out of its range.

        Example:

        >>> import keras_gan as kg
        >>> generator = kg.Generator(kg.networks.mlp_generator(width=32, depth=2))
        >>> x = generator.generate(4, seed=1)
        >>> bool(abs(generator.samples_of(generator.project(x)) - x).max() < 0.01)
        True

        Reference: Creswell and Bharath 2016, Inverting The Generator Of A Generative Adversarial
        Network, arXiv 1611.05644; Lipton and Tripathi 2017, arXiv 1702.04782.
        """
        given = self.given_with_labels(x, labels, "generator")
        options = {"steps": steps, "learning_rate": learning_rate, "starts": starts, "seed": seed}
        search = LatentSearch(self, features, **options)
        return search(*given, batch_size=whole("batch_size", batch_size), average=average)
