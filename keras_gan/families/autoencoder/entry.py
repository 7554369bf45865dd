"""Runs of an autoencoder, plain or denoising."""

from typing import ClassVar

from keras_gan.families import likelihood
from keras_gan.families.autoencoder.amounts import AMOUNTS, NONE
from keras_gan.families.memory import within_memory
from keras_gan.families.reconstructing import Reconstructing
from keras_gan.families.sampling.defaults import BY_DATASET, IMAGES, POINTS
from keras_gan.families.setting import Setting

LIKELIHOODS = ("squared_error", "bernoulli", "binarized")
CORRUPTIONS = (NONE, *AMOUNTS)
SETTINGS = {
    **likelihood.SETTINGS,
    "likelihood": likelihood.LIKELIHOOD,
    "corruption": Setting(
        str,
        None,
        f"what the encoder sees in training: {', '.join(CORRUPTIONS)}",
        names=CORRUPTIONS,
        chosen=NONE,
        decides="game",
    ),
    "corruption_amount": Setting(
        float,
        None,
        "standard deviation of gaussian noise in units of the data, or the share of components "
        "that masking and salt_and_pepper change",
        least=0,
        chosen=", ".join(f"{amount} for {name}" for name, amount in AMOUNTS.items()),
        decides="game",
    ),
}
OURS = {"width": 256, "latent_dim": 50, "batch_size": 100, "steps_per_execution": 50}


class Plain(Reconstructing):
    """An entry of a `kg.Autoencoder`, on fully connected networks."""

    settings: ClassVar = SETTINGS
    networks: ClassVar = {"mlp": "fully connected, for points and small images"}

    def check(self, settings):
        """Refuses an amount without a corruption, and likelihoods for VAEs alone.

        Raises:
            ValueError: See above.
        """
        likelihood.check_likelihood(settings, LIKELIHOODS)
        if settings.corruption_amount is not None and settings.corruption in (None, NONE):
            raise ValueError(
                f"--corruption-amount needs a --corruption, one of {', '.join(AMOUNTS)}: add one, "
                f"or leave it out."
            )

    def defaults(self, settings, sample_shape):
        """Those of the data set, with networks of their own for images."""
        is_points = len(sample_shape) == 1
        budget = BY_DATASET.get(settings.dataset, POINTS if is_points else IMAGES)
        kind = settings.corruption or NONE
        return {
            "learning_rate": self.learning_rate,
            "average": 0.0,
            "likelihood": "squared_error",
            "corruption": NONE,
            "corruption_amount": AMOUNTS.get(kind, 0.0),
            **budget,
            **({"latent_dim": 1} if is_points else {**OURS, "steps_per_epoch": 600}),
            "network": "mlp",
        }

    def shown_defaults(self):
        """Those for images that differ from the data set's."""
        return f"for images width {OURS['width']}, latent dim {OURS['latent_dim']}, batch size 100"

    def build(self, settings, data):
        """Builds and compiles the model."""
        from keras_gan import networks
        from keras_gan.distributions.likelihoods import Bernoulli
        from keras_gan.families.autoencoder.corruptions import corruption

        sizes = {
            "sample_shape": data.shape,
            "latent_dim": settings.latent_dim,
            "width": settings.width,
            "activation": "relu",
        }
        is_bounded = settings.likelihood == "squared_error" and len(data.shape) == 3
        with within_memory():
            encoder = networks.mlp_encoder(**sizes)
            decoder = networks.mlp_decoder(
                **sizes, output_activation="tanh" if is_bounded else "linear"
            )
        is_density = settings.likelihood != "squared_error"
        given = settings.corruption, settings.corruption_amount, data.shape, settings.seed
        model = self.model(
            encoder,
            decoder,
            likelihood=Bernoulli(settings.likelihood == "binarized") if is_density else None,
            corruption=corruption(*given),
            average=settings.average or None,
            seed=settings.seed,
        )
        return self.compiled(model, settings)

    def seen(self, x, settings):
        """Samples with noise, of a denoising one."""
        from keras_gan.families.autoencoder.corruptions import corrupted

        return corrupted(x, settings)

    def scores(self, model, settings, data, untrained):
        """The error of reconstructions beside that of the mean."""
        from keras_gan.families.autoencoder import scores as scoring

        return scoring.errors(model, settings, data.reference.first.mean(axis=0))

    def table(self, scores):
        """The scores as text."""
        from keras_gan.families.autoencoder import scores as scoring

        return scoring.table(scores)

    def instead_of_preset(self, run):
        """Says how to use it without a preset."""
        return f'has no kind of preset: kg.load_model("{run}/model.keras") loads its model.'
