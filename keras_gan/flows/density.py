"""The density of samples under a flow."""

import numpy as np

from keras_gan.bijections.bijection import Bijection
from keras_gan.bijections.ode import ODE
from keras_gan.bijections.trace import OfSamples, noise_from
from keras_gan.data.checks import chosen_seed
from keras_gan.flows.dequantization import bits, check_levels, dequantized, noise_by


class FlowDensity:
    """The part of a `kg.Flow` that says how likely samples are, by its `log_density`."""

    def log_prob(
        self, x, average: bool = True, batch_size: int = 256, *, labels=None, seed: int = 0
    ) -> np.ndarray:
        """log p(x) of each sample, in nats.

        Args:
            x: Array `(n, ...)` of the samples' shape. Images of a flow with `dequantize` get noise
                first, by the seed: the value, log p(y) − log q(u|x), is then a lower bound, in
                expectation, on the log density of the image's levels, that is of its probability
                divided by (2/256)^d. A trace that `ODE` estimates takes noise from it, too.
            average: Whether the averaged weights serve, where there are any.
            batch_size: How many at a time.
            labels: For a conditional flow: the class of each sample, integers `(n,)`, or one for
                all.
            seed: Integer that fixes the noise. Defaults to 0.

        Returns:
            float32 array `(n,)`.

        Raises:
            ValueError: For samples of another shape, images of levels that are not in [-1, 1], or
                labels that are missing or not taken.
        """
        x, *labels = self.given_with_labels(x, labels, "flow")
        seed, drawn = chosen_seed(seed), {}
        if self.dequantize:
            drawn["levels"] = noise_by("dequantize", seed, x.shape)
        if estimates_traces(self.bijection):
            drawn["traces"] = noise_by("traces", seed, (len(x), self.latent_dim))

        def density(x, *given):
            noise = dict(zip(drawn, given, strict=False))
            labels = given[len(drawn) :]
            with noise_from(OfSamples(noise["traces"]) if "traces" in noise else None):
                if "levels" in noise:
                    return self.log_density_of_levels(x, noise["levels"], *labels)
                return self.log_density(x, *labels)

        key = (*drawn, len(labels))
        function = self.compiled_densities.of(key, density, self._read(), len(x), batch_size)
        given = *drawn.values(), *labels
        return self.computed(function, x, *given, batch_size=batch_size, average=average)

    def _read(self) -> list:
        """All weights that a density needs."""
        return [v for name in self.network_names for v in getattr(self, name).variables]

    def given(self, samples) -> np.ndarray:
        """Samples in float32, once their shape is known to be right; images of levels, their range.

        Raises:
            ValueError: For others.
        """
        samples = super().given(samples)
        if self.dequantize:
            check_levels(samples)
        return samples

    def log_density_of_levels(self, x, noise, labels=None, training: bool = False):
        """log p(y) − log q(u|x) of images with noise, `(batch,)`, in nats.

        Args:
            x: Images, `(batch, ...)`.
            noise: Uniform on [0, 1), of the same shape.
            labels: As in `log_density`.
            training: Likewise.
        """
        log_det = 0.0
        if self.dequantizer is not None:
            noise, log_det = self.dequantizer.forward_and_log_det(noise, x, training)
        return self.log_density(dequantized(x, noise), labels, training) + log_det

    def bits_per_dim(
        self, x, average: bool = True, batch_size: int = 256, *, labels=None, seed: int = 0
    ) -> np.ndarray:
        """An upper bound, in expectation, of the bits per component of images of 256 levels.

            −(log p(x) + d log(2/256)) / (d log 2)

        Args:
            x: Images in [-1, 1], as in `log_prob`.
            average: Likewise.
            batch_size: Likewise.
            labels: Likewise.
            seed: Likewise.

        Returns:
            float32 array `(n,)`.

        Raises:
            ValueError: As `log_prob`, and for a flow without `dequantize`.
        """
        if not self.dequantize:
            raise ValueError(
                "Bits per dimension belong to images of 256 levels, and this flow has "
                "dequantize=False: log_prob gives its density in nats."
            )
        nats = self.log_prob(x, average, batch_size, labels=labels, seed=seed)
        return bits(nats, self.latent_dim)


def estimates_traces(bijection: Bijection) -> bool:
    """Whether an equation in a bijection estimates its trace outside of training."""
    equations = (each for each in bijection._flatten_layers() if isinstance(each, ODE))
    return not all(each.is_exact(each.built_for, False) for each in equations)
