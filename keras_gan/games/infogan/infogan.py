"""The game whose generator must show its codes, so that a recognition network can read them."""

import dataclasses

import keras
import numpy as np

from keras_gan.arguments import amount
from keras_gan.distributions.coded import UNIFORM, Coded
from keras_gan.games.gan.gan import GAN
from keras_gan.games.infogan.checks import check_room, recognition_of
from keras_gan.games.infogan.coded_samples import CodedSamples
from keras_gan.games.infogan.posterior import Posterior
from keras_gan.models.player import Player
from keras_gan.networks.analysis.hidden import with_hidden
from keras_gan.networks.checks import check_generator, check_networks
from keras_gan.networks.class_labels import with_labels
from keras_gan.parallel.random_numbers import Draws
from keras_gan.penalties.judge import Judge


@keras.saving.register_keras_serializable(package="keras_gan")
class InfoGAN(CodedSamples, GAN):
    """A GAN whose samples show the codes they were made of, learnt without labels.

        z = (ε, c), noise and codes;   L_I = E log Q(c|G(z)) + H(c) ≤ I(c; G(z))
        D, Q minimise  objective.discriminator_loss(D(x), D(G(z))) + Σ penalties − λ L_I
        G    minimises objective.generator_loss(D(G(z))) − λ L_I

    Codes c are categories or numbers uniform on [-1, 1]. The recognition network Q(c|x) is the body
    of the discriminator and last layers of its own, which see what the discriminator's last layer
    sees; as in the authors' code they are one player with D. Q is a softmax of each category and an
    independent Gaussian of each continuous code. L_I is a bound of the mutual information in nats,
    exact for the best Q; H is log K of K categories and log 2 of a continuous code. λ differs for
    both kinds, and L_I of each code is logged as `mutual_information_<code>`, always that of the
    discriminator's moves.

    What differs from the authors' code: H(c) of continuous codes, a constant, is there that of a
    standard normal code at c; σ is exp(s/2) + 10⁻⁸, here exp(s) + 10⁻³. There λ is one for all
    codes, 1 with σ = 1 (`variance="unit"`) on MNIST, and the noise is uniform.

    Args:
        generator: As in `GAN`, of latent vectors that hold the noise and then the codes, a unit
            vector of each category: for `{"digit": 10, "slant": "uniform"}` and 62 numbers of
            noise, `latent_dim` is 62 + 10 + 1.
        discriminator: As in `GAN`. Its features are those of `gan.features`: what it returns beside
            its scores, or what its last layer sees.
        recognition: A built `keras.Model` from the features to the parameters of Q, in the order of
            the codes: a logit for each class; m and s of a continuous code, or m alone with
            `variance="unit"`. `None`, the default, is `kg.networks.infogan_recognition`.
        codes: The codes by name, numbers of classes or `"uniform"`, see `kg.distributions.Coded`.
        categorical_weight: λ of categorical codes. Defaults to 1, as in the paper.
        continuous_weight: λ of continuous codes. Defaults to 0.1: the paper has one smaller than 1,
            for which L_I is of the order of the losses.
        variance: `"learned"`, the default, as in the paper, or `"unit"`.
        prior: The distribution of the noise, as in `GAN`. `None`, the default, is `"normal"`.
        **options: `objective`, `penalties`, `schedule`, `average`, `augment`, `top_k`, `seed`, … as
            in `GAN`, without `packing`. What D sees augmented, Q does, too.

    Raises:
        ValueError: As `GAN`; for codes that are none, or for which the generator has no room, a
            recognition network that does not fit, and `packing`.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> networks = kg.networks.mlp_generator(latent_dim=8), kg.networks.mlp_discriminator()
    >>> gan = kg.InfoGAN(*networks, codes={"cluster": 3, "place": "uniform"}, seed=0)
    >>> gan.compile()
    >>> x = np.random.default_rng(0).normal(size=(128, 2))
    >>> history = gan.fit(x, batch_size=64, verbose=0).history
    >>> [name for name in history if name.startswith("mutual")]
    ['mutual_information_cluster', 'mutual_information_place']
    >>> gan.generate(4, seed=0, codes={"cluster": 2}).shape
    (4, 2)
    >>> {name: code.shape for name, code in gan.infer(x).items()}
    {'cluster': (128,), 'place': (128,)}

    Reference: Chen, Duan, Houthooft, Schulman, Sutskever and Abbeel 2016, InfoGAN: Interpretable
    Representation Learning by Information Maximizing Generative Adversarial Nets, arXiv 1606.03657.
    """

    network_names = ("generator", "discriminator", "recognition")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        recognition: keras.Model | None = None,
        *,
        codes,
        categorical_weight: float = 1.0,
        continuous_weight: float = 0.1,
        variance: str = "learned",
        prior=None,
        **options,
    ):
        if options.pop("packing", 1) != 1:
            raise ValueError(
                "InfoGAN takes no packing, since Q reads the codes of one sample at a time: leave "
                "packing out."
            )
        check_generator(generator)
        if prior is None:
            prior = getattr(getattr(generator, "prior", None), "noise", "normal")
        prior = Coded(codes, prior)
        check_room(prior, generator.inputs[0].shape[-1])
        check_networks(generator, discriminator)
        posterior, seeing = Posterior(prior, variance), with_hidden(discriminator)
        recognition = recognition_of(recognition, seeing, posterior)
        super().__init__(generator, discriminator, prior=prior, **options)
        self.posterior = posterior
        object.__setattr__(
            self, "seeing", seeing
        )  # Keras would save its layers, D's, a second time
        self.weights_of_kinds = {
            "categorical": amount("categorical_weight", categorical_weight, least=0),
            "continuous": amount("continuous_weight", continuous_weight, least=0),
        }
        self.recognition = recognition
        self.begin()

    def begin(self) -> None:
        """As every game's, once the third network is there, too."""
        if hasattr(self, "recognition"):
            super().begin()

    def make_players(self) -> list[Player]:
        """The discriminator and the recognition network, which move together; the generator.

        By default the former take Adam(2e-4), the latter Adam(1e-3), with β₁ = 0.5, as in the
        authors' code.
        """
        judge, maker = super().make_players()
        return [
            dataclasses.replace(
                judge,
                networks=[self.discriminator, self.recognition],
                loss_names=[*judge.loss_names, "information_loss"],
            ),
            dataclasses.replace(
                maker,
                loss_names=[*maker.loss_names, "information_loss_generator"],
                optimizer=lambda: keras.optimizers.Adam(1e-3, beta_1=0.5),
            ),
        ]

    def logged_names(self, player: str) -> list[str]:
        """As every game's, and the mutual information of each code."""
        own = map(_logged, self.prior.codes) if player == "discriminator" else ()
        return [*super().logged_names(player), *own]

    def discriminator_losses(self, real, labels, draws: Draws, training: bool) -> tuple[dict, dict]:
        """As a `GAN`'s, with `information_loss`, −λ L_I; L_I of each code beside the accuracies."""
        z = self.latents_for(real, draws)
        fake, near = self.made_of(z, labels, draws, training)
        judge = Judge(
            lambda samples: self.seeing(with_labels(samples, labels), training=training),
            real,
            fake,
            self.penalties,
            augmented=self.augmented(real, training),
            neighbours=near,
        )
        losses, observations = self.judged(judge, draws, training)
        found = self.information(judge.known_outputs(judge.fake)[1], z, training)
        losses["information_loss"] = self.information_loss(found)
        return losses, {**observations, **{_logged(name): each for name, each in found.items()}}

    def generator_losses(self, real, labels, draws: Draws, training: bool) -> tuple[dict, dict]:
        """As a `GAN`'s, with `information_loss_generator`, −λ L_I."""
        z = self.latents_for(real, draws)
        fake, near = self.made_of(z, labels, draws, training)
        of_real, of_fake = self.augmented(real, training)

        def outputs(samples):
            return self.seeing(with_labels(samples, labels), training=training)

        fakes = outputs(of_fake(fake))
        reals = outputs(of_real(real)) if self.objective.paired else None
        losses = {
            "generator_loss": self.generator_loss(fakes, reals, training),
            **self.generator_terms(fake, near),
            "information_loss_generator": self.information_loss(
                self.information(fakes[1], z, training)
            ),
        }
        return losses, {}

    def information(self, features, z, training: bool) -> dict:
        """L_I of each code by name, in nats.

        Args:
            features: What the discriminator's last layer sees of G(z).
            z: Latent vectors `(batch, latent_dim)`.
            training: Whether the recognition network runs in training mode.
        """
        return self.posterior.information(self.recognition(features, training=training), z)

    def information_loss(self, information: dict):
        """−Σ λ L_I over the codes, λ by their kinds."""
        kinds = {name: self.kind_of(name) for name in information}
        return -sum(self.weights_of_kinds[kinds[name]] * each for name, each in information.items())

    def kind_of(self, code: str) -> str:
        """`"continuous"` or `"categorical"`."""
        return "continuous" if self.prior.codes[code] == UNIFORM else "categorical"

    def infer(self, samples, batch_size: int = 256, *, labels=None) -> dict[str, np.ndarray]:
        """The codes that Q reads from samples, also from those of the data.

        Args:
            samples: Array `(n, ...)` of the data's shape; images in [-1, 1].
            batch_size: How many at a time.
            labels: As in `discriminate`.

        Returns:
            By name, the most likely class, int32 `(n,)`, and the mean of a continuous code, float32
            `(n,)`, such as `generate` takes.

        Raises:
            ValueError: As `discriminate`.
        """
        given = self.given_with_labels(samples, labels, "discriminator")

        def parameters(samples, labels=None):
            features = self.seeing(with_labels(samples, labels), training=False)[1]
            return self.recognition(features, training=False)

        found = self.computed(parameters, *given, batch_size=batch_size, average=False)
        return self.posterior.best(found)

    def settings(self) -> dict:
        """The codes, their weights and the picks of a `GAN`, with the distribution of the noise."""
        return {
            **super().settings(),
            "codes": self.prior.get_config()["codes"],
            "prior": keras.saving.serialize_keras_object(self.prior.noise),
            **{f"{kind}_weight": weight for kind, weight in self.weights_of_kinds.items()},
            "variance": self.posterior.variance,
        }


def _logged(code: str) -> str:
    """The name under which L_I of a code is logged."""
    return f"mutual_information_{code}"
