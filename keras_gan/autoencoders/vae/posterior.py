"""What a Gaussian posterior offers: codes, samples of them, and what each component carries."""

import numpy as np
from keras import ops

from keras_gan.arguments import whole
from keras_gan.autoencoders.latent import LatentAutoencoder
from keras_gan.backend.precision import at_least_float32
from keras_gan.data.checks import chosen_seed
from keras_gan.distributions import Normal
from keras_gan.networks.class_labels import with_labels
from keras_gan.parallel import random_numbers
from keras_gan.texts import in_short

LEAST_LOG_VARIANCE = -80.0  # whose σ = 4·10⁻¹⁸ has a square, and its inverse, in float32


class GaussianPosterior(LatentAutoencoder):
    """The part of a model whose `encoder` gives mean and log-variance of z, as `kg.VAE`.

    A log-variance below −80 counts as −80, with the slope of its own, so that no bound is infinite
    where float32 does not hold σ.
    """

    per_latent = 2

    @property
    def noise_dim(self) -> int:
        """The number of components of ε, those of z."""
        return self.latent_dim

    def posterior(self, x, labels=None, training: bool = False) -> Normal:
        """q(z|x) = N(μ(x), diag σ²(x)), of tensors `(batch, latent_dim)`."""
        output = at_least_float32(self.encoder(with_labels(x, labels), training=training))
        mean, log_variance = ops.split(output, 2, -1)
        lacking = ops.maximum(LEAST_LOG_VARIANCE - log_variance, 0.0)
        log_variance = log_variance + ops.stop_gradient(lacking)
        return Normal(mean, ops.exp(0.5 * log_variance))

    @staticmethod
    def kl_of(q: Normal):
        """KL(q ‖ N(0, I)) of each component, ½ (μ² + σ² − 1) − log σ, `(batch, latent_dim)`."""
        return 0.5 * (q.mean**2 + q.scale**2 - 1.0) - ops.log(q.scale)

    def codes(self, x, labels=None):
        """The means μ(x) of the posteriors of samples, in inference mode."""
        return self.posterior(x, labels).mean

    def encode(
        self,
        x,
        average: bool = True,
        batch_size: int = 256,
        *,
        labels=None,
        sample: bool = False,
        seed: int | None = None,
    ) -> np.ndarray:
        """The means μ(x) of the posteriors of samples, or one draw of z from each.

        Args:
            x: Array `(n, ...)` of the samples' shape; images in [-1, 1].
            average: Whether the averaged encoder makes them, where there is one.
            batch_size: How many at a time.
            labels: For networks that take labels: the class of each sample, integers `(n,)`, or
                one for all.
            sample: Whether z = μ + σ ε is returned instead of μ.
            seed: Integer that fixes ε; `None` takes a new one at every call.

        Returns:
            float32 array `(n, latent_dim)`.

        Raises:
            ValueError: For samples of another shape, or labels as in `generate`.
        """
        if not sample:
            return super().encode(x, average, batch_size, labels=labels)

        def drawn(x, noise, *labels):
            return self.posterior(x, *labels).at(noise)

        x, *labels = self.given_with_labels(x, labels, "encoder")
        noise = random_numbers.normal((len(x), self.latent_dim), seed=chosen_seed(seed))
        noise = ops.convert_to_numpy(noise)
        return self.computed(drawn, x, noise, *labels, batch_size=batch_size, average=average)

    def kl_per_component(self, x, batch_size: int = 256, *, labels=None) -> np.ndarray:
        """How many nats of samples each component of z carries: E_x KL(q(zᵢ|x) ‖ p(zᵢ)).

        A component near 0 has collapsed: its posterior is the prior, whatever x is, and the decoder
        does not use it.

        Args:
            x: Array `(n, ...)` of the samples' shape.
            batch_size: How many at a time.
            labels: As in `encode`.

        Returns:
            float32 array `(latent_dim,)`.

        Raises:
            ValueError: As `encode`, and for no samples.
        """

        def kl(x, *labels):
            return self.kl_of(self.posterior(x, *labels))

        given = self.given_with_labels(x, labels, "encoder")
        if not len(given[0]):
            raise ValueError("kl_per_component is a mean over samples; received none.")
        return self.computed(kl, *given, batch_size=batch_size, average=False).mean(axis=0)

    def traverse(
        self, z, components=None, values=(-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0), *, labels=None
    ) -> np.ndarray:
        """Samples along single components of z, all others held fixed.

        Args:
            z: The latent vector `(latent_dim,)` to start from, such as `encode(x[:1])[0]` or zeros.
            components: Which components, integers; `None`, the default, for all.
            values: What each is set to in turn, in the prior's standard deviations. Defaults to
                −3, …, 3.
            labels: The class, as in `interpolate`.

        Returns:
            float32 array `(components, values, ...)`.

        Raises:
            ValueError: For a z of another shape, components or values that are no lists, or a
                component that is out of range.
        """
        z, dim = np.asarray(z, "float32"), self.latent_dim
        chosen = range(dim) if components is None else components
        for name, given in (("components", chosen), ("values", values)):
            if np.ndim(given) != 1:
                raise ValueError(f"{name} must be a list of numbers; received {in_short(given)}.")
        chosen = [whole("components", each, least=0) for each in chosen]
        if z.shape != (dim,) or max(chosen, default=0) >= dim:
            raise ValueError(
                f"traverse starts from one latent vector of shape ({dim},), and sets components 0 "
                f"to {dim - 1}; received shape {z.shape} and components {chosen}."
            )
        points = np.tile(z, (len(chosen), len(values), 1))
        for row, component in enumerate(chosen):
            points[row, :, component] = values
        if self.conditional and labels is None:
            labels = 0
        made = self.samples_of(points.reshape(-1, dim), labels=labels)
        return made.reshape(len(chosen), len(values), *made.shape[1:])
