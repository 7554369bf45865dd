"""The normalizing flow: a bijection and a base distribution."""

import math

import keras
from keras import ops

from keras_gan.arguments import unknown_name, whole, whole_shape
from keras_gan.bijections.bijection import Bijection, check_bijection
from keras_gan.bijections.trace import noise_from
from keras_gan.distributions import Distribution, Logistic, Normal, Uniform
from keras_gan.flows.conditions import check_condition
from keras_gan.flows.density import FlowDensity
from keras_gan.flows.dequantization import MIDDLE, bits, chosen_noise, dequantized
from keras_gan.flows.sampling import FlowSampling
from keras_gan.flows.starting import Starting
from keras_gan.models.class_conditioning import ClassConditioning
from keras_gan.models.compiled_batches import CompiledBatches
from keras_gan.models.encoding import Encoding
from keras_gan.models.likelihood_model import LikelihoodModel
from keras_gan.models.preset_loading import PresetLoading
from keras_gan.parallel.random_numbers import Draws

BASES = {"normal": Normal, "logistic": Logistic, "uniform": lambda: Uniform(0.0, 1.0)}


@keras.saving.register_keras_serializable(package="keras_gan")
class Flow(
    Starting, FlowDensity, FlowSampling, ClassConditioning, Encoding, PresetLoading, LikelihoodModel
):
    """A normalizing flow: data x are mapped to z = f(x), which the base distribution describes.

        log p(x) = log p_Z(f(x)) + log |det ∂f/∂x|,   x = f⁻¹(z) with z ~ p_Z
        loss = −E_x log p(x)

    `fit` logs `loss`, in nats per sample, and `log_likelihood_estimate`; of dequantized images also
    `bits_per_dim_estimate`.

    Args:
        bijection: f, a `kg.bijections.Bijection`.
        base: p_Z: `"normal"`, the default, `"logistic"`, `"uniform"` on [0, 1], or a
            `kg.distributions.Distribution`.
        sample_shape: The shape of one x, such as `(2,)` or `(28, 28, 1)`. Needed unless the
            bijection was built.
        classes: How many class labels y the flow is conditional on, p(x|y), with a bijection that
            was built with `condition_dim=classes`; `fit` then takes pairs (x, y). `None`, the
            default, for none.
        dequantize: Whether x are images of 256 levels in [-1, 1], each of which gets noise of its
            level's width, so that p is a lower bound on the probability of the image: `True` or
            `"uniform"` for uniform noise (Theis et al. 2016, arXiv 1511.01844); `"variational"` for
            noise that is learned beside the flow (Ho et al. 2019, arXiv 1902.00275), of 4
            couplings of width 32, or a `kg.bijections.Dequantize` of one's own. Codes are those of
            the middles of levels, and samples lie within them. Defaults to `False`.
        average: Decay of the averaged weights, e.g. 0.999; `None`, the default, for no average.
        seed: Integer from which every random number follows, as in `kg.GAN`.
        name: The model's name.

    Raises:
        ValueError: For anything that is not a bijection, a bijection that does not take such
            samples, or a condition of as many classes; an unknown base or noise; or a missing
            sample shape.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> layers = [kg.bijections.AffineCoupling(swap=i % 2 == 1, width=16) for i in range(4)]
    >>> flow = kg.Flow(kg.bijections.Chain(layers), sample_shape=(2,), seed=0)
    >>> flow.compile(optimizer=keras.optimizers.Adam(1e-3))
    >>> x = np.random.default_rng(0).normal(size=(256, 2))
    >>> history = flow.fit(x, batch_size=64, verbose=0)
    >>> flow.log_prob(x).shape, flow.encode(x).shape, flow.generate(5, seed=0).shape
    ((256,), (256, 2), (5, 2))

    Reference: Rezende and Mohamed 2015, Variational Inference with Normalizing Flows, arXiv
    1505.05770; Papamakarios et al. 2021, Normalizing Flows for Probabilistic Modeling and
    Inference, arXiv 1912.02762.
    """

    network_names = ("bijection",)
    averaged_networks = ("bijection",)
    dequantizer = None  # the learned noise of images, where there is one

    def __init__(
        self,
        bijection: Bijection,
        base="normal",
        *,
        sample_shape: tuple[int, ...] | None = None,
        classes: int | None = None,
        dequantize=False,
        average: float | None = None,
        seed: int | None = None,
        name: str | None = None,
    ):
        check_bijection(bijection)
        if isinstance(base, str):
            if base not in BASES:
                raise unknown_name("base", base, BASES)
            base = BASES[base]()
        if not isinstance(base, Distribution):
            raise ValueError(
                f"base must be one of {', '.join(map(repr, BASES))} or a "
                f"kg.distributions.Distribution; received {base!r}."
            )
        if sample_shape is None and not bijection.built:
            raise ValueError(
                "This bijection has not seen data yet, so the shape of a sample is unknown: pass "
                "sample_shape=, such as (2,) or (28, 28, 1)."
            )
        shape = bijection.built_for if sample_shape is None else sample_shape
        shape = whole_shape("sample_shape", shape)
        super().__init__(average=average, seed=seed, name=name)
        bijection._build_for(shape)
        self._sample_shape, self.bijection, self.prior = shape, bijection, base
        self.latent_shape = tuple(bijection.latent_shape(shape))
        self.classes = None if classes is None else whole("classes", classes, least=2)
        check_condition(bijection, self.classes)
        self.compiled_densities = CompiledBatches()
        self.conditional, self.label_limit = self.classes is not None, self.classes
        noise = chosen_noise(dequantize, shape)
        self.dequantize = noise is not None
        if self.dequantize and noise.bijection is not None:
            self.dequantizer = noise
            self.network_names = self.averaged_networks = ("bijection", "dequantizer")
        self.begin()

    @property
    def base(self) -> Distribution:
        """The base distribution p_Z."""
        return self.prior

    @property
    def latent_dim(self) -> int:
        """The number of components of z, those of x."""
        return math.prod(self.latent_shape)

    @property
    def encoder(self) -> Bijection:
        """The bijection f, from samples to latent vectors."""
        return self.bijection

    def term_names(self) -> list[str]:
        """The name of the one term."""
        return ["negative_log_likelihood"]

    def losses(self, minibatch, draws: Draws, training: bool) -> tuple[dict, dict]:
        """`negative_log_likelihood`, in nats per sample."""
        x, labels = self.labelled(minibatch)
        function, given = self.log_density, [x]
        if self.dequantize:
            function = self.log_density_of_levels
            given = [x, draws.uniform(ops.shape(x))]
        with noise_from(draws):
            density = function(*given, labels, training)
        return {"negative_log_likelihood": -ops.mean(density)}, {}

    def estimates(self, means: dict) -> dict:
        """`loss`; the log-likelihood; of dequantized images bits per dimension."""
        found = super().estimates(means)
        nats = -means["negative_log_likelihood"]
        found["log_likelihood_estimate"] = nats
        if self.dequantize:
            found["bits_per_dim_estimate"] = bits(nats, self.latent_dim)
        return found

    def log_density(self, x, labels=None, training: bool = False):
        """log p(x) of tensors, `(batch,)`, in nats.

        Args:
            x: Samples, `(batch, ...)`.
            labels: Integers `(batch,)`, or `None`.
            training: Whether this is a step of training.
        """
        z, log_det = self.bijection.forward_and_log_det(x, self.condition(labels), training)
        return self.base.log_prob(ops.reshape(z, (-1, self.latent_dim))) + log_det

    def condition(self, labels):
        """The unit vectors of labels, or `None`."""
        return None if labels is None else ops.one_hot(labels, self.classes, dtype="float32")

    def codes(self, x, labels=None):
        """z = f(x) of tensors of samples, `(batch, latent_dim)`, of images at their middles."""
        if self.dequantize:
            x = dequantized(x, MIDDLE)
        z = self.bijection.forward(x, self.condition(labels))
        return ops.reshape(z, (-1, self.latent_dim))

    def call(self, x, training: bool = False):
        """z = f(x), so that `predict` encodes samples; or of pairs [x, labels]."""
        x, labels = self.called_with(x)
        return self.codes(x, labels)

    def get_config(self) -> dict:
        """The constructor's arguments, learned noise as the one that is called `dequantize`."""
        config = super().get_config()
        learned = {"dequantize": config.pop("dequantizer")} if "dequantizer" in config else {}
        return {**config, **learned}

    def settings(self) -> dict:
        """All that makes this model, besides the bijection and the seed."""
        return {
            "base": keras.saving.serialize_keras_object(self.base),
            "sample_shape": list(self.sample_shape),
            "classes": self.classes,
            "dequantize": self.dequantize,
            **super().settings(),
        }
