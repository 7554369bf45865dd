"""Runs of a GAN whose samples show codes."""

from keras_gan.families.gan.entry import Gan
from keras_gan.families.setting import Setting

CODES = {
    "categories": Setting(
        int,
        None,
        "classes of the categorical code, only for infogan; 0 for none",
        least=0,
        chosen="10",
        decides="game",
    ),
    "continuous_codes": Setting(
        int,
        None,
        "number of continuous codes, only for infogan",
        least=0,
        chosen="2",
        decides="game",
    ),
}


class Infogan(Gan):
    """An entry of a `kg.InfoGAN`, with a categorical code and continuous ones."""

    preset = None  # a preset can only name its prior
    GENERATOR_RATE = 1e-3  # of the class, too

    @property
    def picks(self):
        """The class's rates, steps and average, and the codes of the paper's MNIST."""
        own = {"categories": 10, "continuous_codes": 2}
        return super().picks | {"generator_learning_rate": self.GENERATOR_RATE} | own

    def shown_defaults(self):
        """With the generator's own rate."""
        text = super().shown_defaults()
        return text.replace(
            f"learning rates {self.rate}",
            f"learning rates {self.GENERATOR_RATE} and {self.rate} of the discriminator",
        )

    def own_arguments(self, settings):
        """The codes by name, objective and penalties.

        Raises:
            ValueError: For no codes at all, or a category of one class.
        """
        if settings.categories == 1 or not (settings.categories or settings.continuous_codes):
            raise ValueError(
                f"--recipe infogan needs a code: --categories of at least 2, or "
                f"--continuous-codes of at least 1; this run has --categories "
                f"{settings.categories} and --continuous-codes {settings.continuous_codes}."
            )
        codes = {"category": settings.categories} if settings.categories else {}
        numbers = {f"number_{i + 1}": "uniform" for i in range(settings.continuous_codes)}
        others = super().own_arguments(settings)
        return {k: v for k, v in others.items() if k not in CODES} | {"codes": codes | numbers}

    def instead_of_preset(self, run):
        """What to share instead."""
        return "has codes in its latent vectors, which no preset names: share its model.keras."
