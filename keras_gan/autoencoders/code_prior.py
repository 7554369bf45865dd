"""The prior of a VQ-VAE: an autoregressive network over its codes."""

import keras
from keras import ops

from keras_gan.autoencoders.autoregressive import (
    check_prior_networks,
    completed_networks,
    inputs_of,
    log_prob_of,
)
from keras_gan.autoencoders.code_sampling import CodeSampling
from keras_gan.autoencoders.quantized import QuantizedAutoencoder
from keras_gan.backend.shapes import shapes_of
from keras_gan.models.class_conditioning import ClassConditioning
from keras_gan.models.likelihood_model import ONLY, LikelihoodModel
from keras_gan.models.player import Player
from keras_gan.models.preset_loading import PresetLoading
from keras_gan.networks.class_labels import common_classes
from keras_gan.parallel.random_numbers import Draws


@keras.saving.register_keras_serializable(package="keras_gan")
class CodePrior(ClassConditioning, CodeSampling, PresetLoading, LikelihoodModel):
    """The distribution of the codes of a trained VQ-VAE, from which images can be generated.

        loss = −E_x log p(k(x)),   p(k) = Πᵢ p(kᵢ | k₁, …, kᵢ₋₁),   k(x): the codes of x

    in nats per sample, exactly. For a `kg.VQVAE2` it has one network per level, p(top) and
    p(bottom | top), and logs a loss of each. `fit` takes samples, which the VQ-VAE encodes; the
    VQ-VAE does not move.
    `CodePrior.from_preset(name)` loads what is published of such a prior and its VQ-VAE.

    Args:
        vqvae: A trained `kg.VQVAE` or `kg.VQVAE2`; where it has averaged networks, they serve.
        network: A built `keras.Model` from codes, `(batch, ...)` int32, or a list of them and class
            labels `(batch,)`, to logits `(batch, ..., codes)`, of which each may depend on the
            codes before it alone. `None`, the default, takes `kg.networks.pixelcnn` for the
            VQ-VAE's grid, which must have two axes.
        bottom_network: For a `kg.VQVAE2`, the network of the bottom codes, whose second input is
            the grid of top codes. `None`, the default, takes such a `kg.networks.pixelcnn`.
        average: Decay of the averaged networks, e.g. 0.999; `None`, the default, for no average.
        seed: Integer from which every random number of the model follows.
        name: The model's name.

    Raises:
        ValueError: For a network that does not fit the VQ-VAE's codes, or whose logits depend on
            the code that they predict or a later one.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> encoder = kg.networks.vqvae_encoder((8, 8, 1), code_dim=4, width=8)
    >>> decoder = kg.networks.vqvae_decoder((8, 8, 1), code_dim=4, width=8)
    >>> vqvae = kg.VQVAE(encoder, decoder, codes=16, seed=0)
    >>> x = np.random.default_rng(0).uniform(-1, 1, (64, 8, 8, 1)).astype("float32")
    >>> prior = kg.CodePrior(vqvae, kg.networks.pixelcnn((2, 2), codes=16, width=8, depth=2))
    >>> prior.compile(optimizer="adam")
    >>> history = prior.fit(x, batch_size=32, verbose=0)
    >>> prior.log_prob(vqvae.encode(x)).shape, prior.generate(3, seed=0).shape
    ((64,), (3, 8, 8, 1))

    Reference: van den Oord et al. 2017, arXiv 1711.00937; Razavi et al. 2019, arXiv 1906.00446.
    """

    could_take_labels = True
    without_labels = "This prior does not take labels: leave labels out."

    def __init__(
        self,
        vqvae: QuantizedAutoencoder,
        network: keras.Model | None = None,
        bottom_network: keras.Model | None = None,
        *,
        average: float | None = None,
        seed: int | None = None,
        name: str | None = None,
    ):
        networks = completed_networks(vqvae, network, bottom_network)
        check_prior_networks(networks, vqvae)
        super().__init__(average=average, seed=seed, name=name)
        self.vqvae = vqvae
        roles = ("network", "bottom_network")[: len(networks)]
        for role, each in zip(roles, networks, strict=True):
            setattr(self, role, each)
        self.network_names, self.averaged_networks = ("vqvae", *roles), roles
        self.conditional = len(shapes_of(networks[0].input_shape)) > 1
        self.classes = self.label_limit = common_classes(*networks)
        self.begin()

    @property
    def networks(self) -> list[keras.Model]:
        """The network of each level, the uppermost first."""
        return [getattr(self, role) for role in self.averaged_networks]

    @property
    def sample_shape(self) -> tuple:
        """The shape of one sample, as the VQ-VAE takes it."""
        return self.vqvae.sample_shape

    def network_of_samples(self) -> keras.Model | None:
        """That of the VQ-VAE."""
        return self.vqvae.network_of_samples()

    def check_reach(self, looked_at) -> None:
        """Does nothing: what the VQ-VAE can make is settled."""

    def term_names(self) -> list[str]:
        """−log p of the codes of each level."""
        return ["code_loss"] if len(self.networks) == 1 else ["top_loss", "bottom_loss"]

    def make_players(self) -> list[Player]:
        """The one player, who moves the networks of the prior."""
        names = self.term_names()
        return [Player(ONLY, self.networks, self.losses, names, optimizer=self.model_optimizer)]

    def losses(self, minibatch, draws: Draws, training: bool) -> tuple[dict, dict]:
        """−log p of the codes of each level, in nats per sample."""
        x, labels = self.labelled(minibatch)
        with self.vqvae.settled():
            levels = [level.codes for level in self.vqvae.quantized(x)]
        terms = self.level_log_probs(levels, labels, training)
        means = [-ops.mean(term) for term in terms]
        return dict(zip(self.term_names(), means, strict=True)), {}

    def level_log_probs(self, levels: list, labels=None, training: bool = False) -> list:
        """log p of each level's codes given those above it, tensors `(batch,)` in nats."""
        terms = []
        for i, (network, codes) in enumerate(zip(self.networks, levels, strict=True)):
            inputs = inputs_of(codes, levels[:i], labels)
            terms.append(log_prob_of(network(inputs, training=training), codes))
        return terms

    def call(self, x, training: bool = False):
        """log p(k(x)), `(batch,)`, so that `predict` scores samples; or of pairs [x, labels]."""
        x, labels = self.called_with(x)
        with self.vqvae.settled():
            levels = [level.codes for level in self.vqvae.quantized(x)]
        return sum(self.level_log_probs(levels, labels, training))

    def log_prob(self, codes, *, labels=None, average: bool = True, batch_size: int = 256):
        """The exact log-probability of codes.

        Args:
            codes: Whole numbers `(n, ...)`, as `vqvae.encode` returns them; of a `kg.VQVAE2` the
                pair of both levels.
            labels: For a network that takes labels: the class of each, integers `(n,)`, or one for
                all.
            average: Whether the averaged networks serve, where there are any.
            batch_size: How many at a time.

        Returns:
            float32 array `(n,)`, in nats; divided by −log 2 it is the number of bits that an ideal
            arithmetic coder needs for the codes.

        Raises:
            ValueError: For codes of another shape or out of range, or labels that do not fit.
        """
        shapes = self.vqvae.code_shapes
        given = self.vqvae.given_levels([codes] if len(shapes) == 1 else codes)
        chosen = self.labels_beside(labels, len(given[0]), "prior", "code")

        def function(*given):
            levels, labels = given[: len(shapes)], [*given[len(shapes) :], None][0]
            return sum(self.level_log_probs(list(levels), labels))

        return self.computed(function, *given, *chosen, batch_size=batch_size, average=average)
