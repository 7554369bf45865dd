"""Runs of a variational autoencoder."""

import inspect
from typing import ClassVar

from keras_gan.families import likelihood
from keras_gan.families.entry import reference_of
from keras_gan.families.memory import within_memory
from keras_gan.families.sampling.entry import Sampling
from keras_gan.families.setting import Setting
from keras_gan.families.vae import score_texts
from keras_gan.families.vae.kind import VAEKind

LIKELIHOODS = ("bernoulli", "binarized", "gaussian")
ESTIMATORS = ("reparameterized", "doubly_reparameterized", "score_function")
SETTINGS = {
    **likelihood.SETTINGS,
    "likelihood": likelihood.LIKELIHOOD,
    "gradient": Setting(
        str,
        None,
        f"the encoder's gradient: {', '.join(ESTIMATORS)}",
        names=ESTIMATORS,
        chosen="reparameterized",
        decides="game",
    ),
}
BETA = {
    "beta": Setting(
        float, None, "weight of the KL term", above=0, chosen="by recipe", decides="game"
    ),
    "free_bits": Setting(
        float,
        None,
        "nats that the KL of each component of z counts as where it is smaller",
        least=0,
        chosen="0",
        decides="game",
    ),
}
SAMPLES = {
    "importance_samples": Setting(
        int, None, "samples of z in the bound", least=1, chosen="by recipe", decides="game"
    )
}
OURS = {"width": 200, "latent_dim": 50, "batch_size": 100, "steps_per_execution": 50}


class Vae(likelihood.Likelihood, Sampling):
    """An entry of a `kg.VAE`, on the fully connected networks of Burda et al. 2015.

    Args:
        name: As in `Entry`.
        model: As in `Entry`.
        summary: As in `Entry`.
        settings: Those of its arguments that not all of them take.
    """

    networks: ClassVar = {"mlp": Sampling.networks["mlp"]}
    preset = VAEKind

    def __init__(self, name: str, model: type | str, summary: str, settings: dict):
        super().__init__(name, model, summary, images={**OURS, "steps_per_epoch": 600})
        self.own = settings
        self.settings = {**SETTINGS, **settings}

    def check(self, settings):
        """Refuses a squared error, which is not a density.

        Raises:
            ValueError: See above.
        """
        likelihood.check_likelihood(settings, LIKELIHOODS)

    def defaults(self, settings, sample_shape):
        """The class's own, those of the data set, and the network of the paper."""
        from keras_gan.autoencoders import VAE

        arguments = inspect.signature(VAE).parameters | inspect.signature(self.model).parameters
        own = {name: arguments[name].default for name in ("gradient", *self.own)}
        grey = len(sample_shape) == 3 and sample_shape[-1] == 1
        chosen = {
            "learning_rate": self.learning_rate,
            "average": 0.0,
            "likelihood": "binarized" if grey else "gaussian",
        }
        return {**own, **chosen, **super().defaults(settings, sample_shape), "network": "mlp"}

    def game(self, settings, sample_shape, classes=None):
        """The compiled model that settings describe."""
        from keras_gan import networks
        from keras_gan.distributions.likelihoods import Bernoulli, Gaussian

        sizes = {
            "sample_shape": sample_shape,
            "latent_dim": settings.latent_dim,
            "width": settings.width,
            "classes": classes,
        }
        with within_memory():
            encoder = networks.mlp_encoder(**sizes, gaussian=True)
            decoder = networks.mlp_decoder(**sizes)
        is_binarized = settings.likelihood == "binarized"
        is_gaussian = settings.likelihood == "gaussian"
        model = self.model(
            encoder,
            decoder,
            likelihood=Gaussian("learned") if is_gaussian else Bernoulli(is_binarized),
            gradient=settings.gradient,
            average=settings.average or None,
            seed=settings.seed,
            **{name: getattr(settings, name) for name in self.own},
        )
        return self.compiled(model, settings)

    def build(self, settings, data):
        """The compiled model, whose decoder begins at the mean of the data."""
        model = super().build(settings, data)
        model.adapt(data.reference.first)
        return model

    def scores(self, model, settings, data, untrained):
        """Those of samples, and the likelihood of data that it was not trained on."""
        from keras_gan.families.vae import nats

        found = super().scores(model, settings, data, untrained)
        return {**found, "likelihood": nats.of_run(model, settings)}

    def table(self, scores):
        """The scores as text."""
        return "\n".join([super().table(scores), score_texts.sentence(scores["likelihood"])])

    def objective(self, model):
        """The class, its likelihood, and its papers."""
        parts = [repr(model.likelihood)]
        parts += [f"beta={model.beta:g}"] if model.beta != 1 else []
        k = model.importance_samples
        parts += [f"{k} importance samples"] if k > 1 else []
        return f"{type(model).__name__}: {', '.join(parts)}. {reference_of(type(model))}"
