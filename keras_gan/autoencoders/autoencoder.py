"""The autoencoder, plain or denoising."""

import re

import keras
import numpy as np
from keras import ops

from keras_gan.autoencoders.checks import check_corruption
from keras_gan.autoencoders.latent import LatentAutoencoder
from keras_gan.distributions import likelihoods
from keras_gan.distributions.likelihoods import SquaredError
from keras_gan.networks.class_labels import with_labels
from keras_gan.parallel.random_numbers import Draws


@keras.saving.register_keras_serializable(package="keras_gan")
class Autoencoder(LatentAutoencoder):
    """An autoencoder: an encoder E to codes, and a decoder D that makes the samples again.

        loss = E_x ‖x − D(E(x))‖²,   or   −E_x log p(x|D(E(x))) with a likelihood

    With a corruption C it is the denoising autoencoder: E sees C(x), the loss compares with x, so
    that the network cannot merely copy its input. `fit` logs `loss` and `reconstruction_loss`.

    Args:
        encoder: A built `keras.Model` from samples to codes, `(batch, latent_dim)`.
        decoder: A built `keras.Model` from codes to samples, or to the likelihood's parameters.
        likelihood: `None`, the default, for the squared error, summed over components; or a
            `kg.likelihoods.Likelihood` or its name, such as `"bernoulli"` for a decoder of logits.
        corruption: A Keras layer that changes the encoder's input in training alone, such as
            `kg.layers.GaussianNoise(0.5)`, `kg.layers.MaskingNoise(0.3)` or
            `kg.layers.SaltAndPepper(0.1)`, whose noise belongs to the global batch. It keeps the
            shape of samples, and is not trained. `None`, the default, for none.
        average: Decay of the averaged networks, e.g. 0.999; `None`, the default, for no average.
        seed: Integer from which every random number of the model follows.
        name: The model's name.

    Raises:
        ValueError: For networks that do not fit each other, or a corruption that is no layer,
            makes samples of another shape, or has weights to train.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> encoder = kg.networks.mlp_encoder((3,), latent_dim=2, width=16)
    >>> decoder = kg.networks.mlp_decoder((3,), latent_dim=2, width=16)
    >>> model = kg.Autoencoder(encoder, decoder, corruption=kg.layers.GaussianNoise(0.1), seed=0)
    >>> model.compile(optimizer="adam")
    >>> x = np.random.default_rng(0).normal(size=(256, 3))
    >>> history = model.fit(x, batch_size=64, verbose=0)
    >>> model.encode(x).shape, model.reconstruct(x).shape, model.anomaly_score(x).shape
    ((256, 2), (256, 3), (256,))

    Reference: Hinton and Salakhutdinov 2006, Reducing the Dimensionality of Data with Neural
    Networks, Science 313; Vincent et al. 2010, Stacked Denoising Autoencoders, JMLR 11.
    """

    def __init__(
        self,
        encoder: keras.Model,
        decoder: keras.Model,
        *,
        likelihood=None,
        corruption: keras.layers.Layer | None = None,
        average: float | None = None,
        seed: int | None = None,
        name: str | None = None,
    ):
        likelihood = likelihoods.of_autoencoder(likelihood)
        super().__init__(encoder, decoder, likelihood, average=average, seed=seed, name=name)
        check_corruption(corruption, self.sample_shape)
        self.corruption = corruption
        self.begin()

    def latents(
        self, n: int, seed: int | None = None, truncation: float | None = None
    ) -> np.ndarray:
        """Refused: no distribution of codes is learned.

        Raises:
            ValueError: Always.
        """
        raise ValueError(
            "An autoencoder learns no distribution of codes, from which samples could be "
            "generated: decode or interpolate codes of samples, or train a kg.VAE."
        )

    def term_names(self) -> list[str]:
        """The name of the one term."""
        return ["reconstruction_loss"]

    def losses(self, minibatch, draws: Draws, training: bool) -> tuple[dict, dict]:
        """`reconstruction_loss`."""
        x, labels = self.labelled(minibatch)
        target = self.likelihood.observed(x, draws.uniform)
        seen = x if self.corruption is None else self.corruption(x, training=training)
        code = self.encoder(with_labels(seen, labels), training=training)
        made = self.decoder(with_labels(code, labels), training=training)
        return {"reconstruction_loss": -ops.mean(self.likelihood.log_density(target, made))}, {}

    def call(self, x, training: bool = False):
        """D(E(x)), so that `predict` reconstructs samples; or of pairs [x, labels]."""
        x, labels = self.called_with(x)
        code = self.encoder(with_labels(x, labels), training=training)
        made = self.decoder(with_labels(code, labels), training=training)
        return self.likelihood.mean(made)

    def anomaly_score(
        self, x, average: bool = True, batch_size: int = 256, *, labels=None
    ) -> np.ndarray:
        """‖x − D(E(x))‖² of each sample: large for samples unlike those of the training.

        Args:
            x: Array `(n, ...)` of the samples' shape.
            average: Whether the averaged networks score, where there are any.
            batch_size: How many at a time.
            labels: As in `encode`.

        Returns:
            float32 array `(n,)`, in squared units of the data, summed over components.

        Raises:
            ValueError: As `encode`.
        """

        def score(x, *labels):
            made = self.decoded(self.codes(x, *labels), *labels)
            return -SquaredError().log_density(x, made)

        given = self.given_with_labels(x, labels, "autoencoder")
        return self.computed(score, *given, batch_size=batch_size, average=average)

    def between(self, z0: np.ndarray, z1: np.ndarray, t: np.ndarray) -> np.ndarray:
        """The codes on the way of `interpolate`, a straight line: no prior gives them a norm."""
        return z0 + t[:, None] * (z1 - z0)

    def settings(self) -> dict:
        """The picks that make this model, besides networks and seed."""
        return {
            "likelihood": keras.saving.serialize_keras_object(self.likelihood),
            "corruption": _without_given_name(self.corruption),
            **super().settings(),
        }


def _without_given_name(layer: keras.layers.Layer | None) -> dict | None:
    """A layer, serialized, without a name that Keras numbered, which says nothing of it."""
    config = keras.saving.serialize_keras_object(layer)
    if layer is not None and re.sub(r"_\d+$", "", layer.name) == _snake(type(layer).__name__):
        config["config"].pop("name", None)
    return config


def _snake(name: str) -> str:
    """The name that Keras gives to the first layer of a class."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
