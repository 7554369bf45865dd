"""What the entries of models of one player have in common: one optimizer and its rate."""

from collections.abc import Iterable
from typing import ClassVar

from keras_gan.families import adversarial
from keras_gan.families.entry import Entry
from keras_gan.families.setting import Setting

SETTINGS = {
    "learning_rate": Setting(
        float, None, "the learning rate", above=0, chosen="by recipe", decides="optimizer"
    ),
    "average": adversarial.SETTINGS["average"],
}
DEPTH = Setting(
    int,
    None,
    "gated layers of the pixelcnn, or hidden layers of the networks in a flow",
    least=1,
    chosen="by recipe",
    decides="networks",
)
NAMES = ("bernoulli", "binarized", "gaussian", "squared_error")
LIKELIHOOD = Setting(
    str,
    None,
    "p(x|z): bernoulli, of grey pixels as they are; binarized, of pixels drawn black or white "
    "anew at every use; gaussian, with a standard deviation that is learned, for VAEs; "
    "squared_error in its place, for autoencoders",
    names=NAMES,
    chosen="of VAEs binarized for grey images, else gaussian; of autoencoders squared_error",
    decides="game",
)


def check_likelihood(settings, known: Iterable[str]) -> None:
    """Refuses a likelihood that a recipe does not have.

    Args:
        settings: The run's settings, with `likelihood` `None` where none was chosen.
        known: Those that it has, by name.

    Raises:
        ValueError: See above.
    """
    if settings.likelihood is not None and settings.likelihood not in known:
        raise ValueError(
            f"--likelihood {settings.likelihood} is not for --recipe {settings.recipe}: take "
            f"{' or '.join(known)}."
        )


class Likelihood(Entry):
    """The part of an entry that compiles a model of one player, such as a `kg.VAE`."""

    learning_rate: ClassVar[float] = 1e-3  # that of the classes

    def compiled(self, model, settings):
        """The model, compiled as settings say."""
        from keras_gan.families.optimizers import adjusted

        optimizer = adjusted(model.model_optimizer(), settings, settings.learning_rate)
        model.compile(optimizer, steps_per_execution=settings.steps_per_execution)
        return model
