"""What the entries of all games have in common: two players, their optimizers, their averages."""

import functools
import random

import keras

from keras_gan.families.entry import Entry, reference_of
from keras_gan.families.optimizers import adjusted, rate_of
from keras_gan.families.setting import Setting

NORMALIZATIONS = ("none", "spectral", "layer", "batch", "instance")
PLAYERS = ("generator", "discriminator")
SETTINGS = {
    "discriminator_width": Setting(
        int,
        None,
        "the --width of the discriminator alone",
        least=1,
        chosen="--width",
        decides="networks",
    ),
    "discriminator_normalization": Setting(
        str,
        None,
        f"what the discriminator normalizes: {', '.join(NORMALIZATIONS)}",
        names=NORMALIZATIONS,
        chosen="by recipe",
        decides="networks",
    ),
    "discriminator_steps": Setting(
        int,
        None,
        "discriminator steps a generator step, each on samples of its own",
        least=1,
        chosen="by recipe",
        decides="game",
    ),
    "generator_learning_rate": Setting(
        float,
        None,
        "the generator's learning rate",
        above=0,
        chosen="by recipe",
        decides="optimizer",
    ),
    "discriminator_learning_rate": Setting(
        float,
        None,
        "the discriminator's learning rate",
        above=0,
        chosen="by recipe",
        decides="optimizer",
    ),
    "average": Setting(
        float,
        None,
        "decay of the averaged generator; 0 for none",
        least=0,
        below=1,
        chosen="by recipe",
        decides="game",
    ),
}


class Adversarial(Entry):
    """The part of an entry that makes a game of networks.

    What a game picks itself is the default here: rates, discriminator steps, average. They are read
    from a game on the smallest networks.

    Args:
        name: As in `Entry`.
        model: As in `Entry`.
        summary: As in `Entry`.
        normalization: The discriminator's.
        differing: Settings in which the command line differs from the class on purpose.
        **further: As the classes beside this one take them.
    """

    def __init__(
        self,
        name: str,
        model: type,
        summary: str,
        *,
        normalization: str | None = None,
        differing: dict | None = None,
        **further,
    ):
        super().__init__(name, model, summary, **further)
        self.normalization, self.differing = normalization, differing or {}

    def smallest(self):
        """A game of this class on networks as small as they come; it is not trained."""
        raise NotImplementedError

    @functools.cached_property
    def picks(self) -> dict:
        """The settings that the class chooses, in which the command line may differ on purpose."""
        state = random.getstate()  # from which Keras draws the seeds of weights
        try:
            game = self.smallest()
        finally:
            random.setstate(state)
        return {**self.picked_by(game), **self.differing}

    def picked_by(self, game) -> dict:
        """The settings of a game that nothing was said to."""
        rates = {f"{p}_learning_rate": rate_of(game.default_optimizer(p)) for p in PLAYERS}
        return {
            **rates,
            "discriminator_steps": game.schedule.moves.count(("discriminator",)),
            "average": game.decay or 0.0,
        }

    def defaults(self, settings, sample_shape):
        """As `Entry`: what the class picks, and the normalization of its discriminator."""
        own = {**self.picks, "discriminator_normalization": self.normalization or "none"}
        return own | super().defaults(settings, sample_shape)

    def shown_defaults(self):
        """Rates, average and steps, and what the other parts of the entry say."""
        rates = " and ".join(dict.fromkeys(str(self.picks[f"{p}_learning_rate"]) for p in PLAYERS))
        own = (
            f"learning rates {rates}, average {self.picks['average']}, "
            f"discriminator steps {self.picks['discriminator_steps']}"
        )
        return "\n".join(filter(None, [own, super().shown_defaults()]))

    def compiled(self, game, settings):
        """The game, compiled as settings say."""
        steps = {"generator": 1, "discriminator": settings.discriminator_steps}
        game.compile(
            **{
                f"{player}_optimizer": optimizer(game, player, settings, k)
                for player, k in steps.items()
            },
            steps_per_execution=settings.steps_per_execution,
        )
        return game

    def objective(self, model):
        """The game, its objective and penalties as they are called, and its papers."""
        parts = [called(type(e).__name__, e.get_config()) for e in terms_of(model)]
        return f"{type(model).__name__}: {' and '.join(parts)}. {reference_of(type(model))}"


def terms_of(game) -> tuple:
    """The objective and the penalties of a game."""
    return (game.objective, *game.penalties)


def of_discriminator(settings) -> dict:
    """The discriminator's width and normalization, as its function takes them."""
    normalization = settings.discriminator_normalization
    return {
        "width": settings.discriminator_width or settings.width,
        "normalization": None if normalization == "none" else normalization,
    }


def optimizer(game, player: str, settings, steps: int) -> keras.optimizers.Optimizer:
    """A player's optimizer: the recipe's own, with the settings' rate, schedule and betas.

    Args:
        game: The game.
        player: `"generator"` or `"discriminator"`.
        settings: The run's.
        steps: How often the player moves in one step of the game.

    Raises:
        ValueError: For betas where the recipe's optimizer is not Adam.
    """
    default = game.default_optimizer(player)
    return adjusted(default, settings, getattr(settings, f"{player}_learning_rate"), steps)


def called(name: str, config: dict) -> str:
    """An object as it is called, with what Keras has serialized among its arguments likewise."""

    def value(given):
        serialized = isinstance(given, dict) and "class_name" in given
        return called(given["class_name"], given["config"]) if serialized else given

    return f"{name}({', '.join(f'{key}={value(given)}' for key, given in config.items())})"
