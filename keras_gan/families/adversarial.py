"""What the entries of all games share: two players, their optimizers, the average."""

from keras_gan.families.entry import Entry, reference_of
from keras_gan.families.setting import Setting

NORMALIZATIONS = ("none", "spectral", "layer", "batch", "instance")
PLAYERS = ("generator", "discriminator")


class Policies:
    """Names of augmentations, of which several may be joined by commas.

    Example:

    >>> "flip,translation,color" in Policies(), "flip,colour" in Policies(), "ada" in Policies()
    (True, False, True)
    """

    joined = ("color", "cutout", "flip", "translation")
    alone = ("ada", "none")

    def __contains__(self, text: str) -> bool:
        names = [name.strip() for name in text.split(",")]
        return text.strip() in self.alone or all(name in self.joined for name in names)

    def __iter__(self):
        return iter((*self.alone, *self.joined))


SETTINGS = {
    "discriminator_width": Setting(
        int,
        None,
        "the --width of the discriminator, if different",
        least=1,
        chosen="--width",
        decides="networks",
    ),
    "discriminator_normalization": Setting(
        str,
        None,
        f"the discriminator's normalization: {', '.join(NORMALIZATIONS)}",
        names=NORMALIZATIONS,
        chosen="by recipe",
        decides="networks",
    ),
    "discriminator_steps": Setting(
        int,
        None,
        "discriminator steps per generator step, each on its own samples",
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
    "augment": Setting(
        str,
        None,
        "what the discriminator sees real and generated images through: some of color, "
        "translation, cutout, flip, joined by commas, or ada, which adapts, or none",
        names=Policies(),
        chosen="by recipe",
        decides="game",
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
    """The part of an entry that builds a game from networks.

    Args:
        name: As in `Entry`.
        model: As in `Entry`.
        summary: As in `Entry`.
        rate: The default learning rate of both players: that of the class, unless a comment says
            why not; likewise the next two.
        steps: The default number of discriminator steps. Defaults to 1.
        average: The default decay of the averaged generator. Defaults to 0: none.
        normalization: The discriminator's default normalization.
        **further: Arguments of the other base classes.
    """

    def __init__(
        self,
        name: str,
        model: type | str,
        summary: str,
        *,
        rate: float,
        steps: int = 1,
        average: float = 0.0,
        normalization: str | None = None,
        **further,
    ):
        super().__init__(name, model, summary, **further)
        self.rate, self.steps, self.average = rate, steps, average
        self.normalization = normalization

    @property
    def picks(self) -> dict:
        """The defaults of rates, steps and average."""
        return {
            **{f"{player}_learning_rate": self.rate for player in PLAYERS},
            "discriminator_steps": self.steps,
            "average": self.average,
        }

    def defaults(self, settings, sample_shape):
        """As in `Entry`: rates, steps, average, and the discriminator's normalization."""
        own = {**self.picks, "discriminator_normalization": self.normalization or "none"}
        return own | super().defaults(settings, sample_shape)

    def shown_defaults(self):
        """Rate, average and steps, and the defaults of the other base classes."""
        own = (
            f"learning rates {self.rate}, average {self.average}, discriminator steps {self.steps}"
        )
        return "\n".join(filter(None, [own, super().shown_defaults()]))

    def compiled(self, game, settings):
        """Compiles a game according to settings."""
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
        """The game, its objective and penalties, and its papers."""
        parts = [_called(type(e).__name__, e.get_config()) for e in _terms_of(model)]
        return f"{type(model).__name__}: {' and '.join(parts)}. {reference_of(type(model))}"


def _terms_of(game) -> tuple:
    """The objective and the penalties of a game."""
    return (game.objective, *game.penalties)


def of_discriminator(settings) -> dict:
    """The discriminator's width and normalization, as arguments of its builder."""
    normalization = settings.discriminator_normalization
    return {
        "width": settings.discriminator_width or settings.width,
        "normalization": None if normalization == "none" else normalization,
    }


def optimizer(game, player: str, settings, steps: int):
    """A player's optimizer: the recipe's own, with rate, schedule and betas from the settings.

    Args:
        game: The game.
        player: `"generator"` or `"discriminator"`.
        settings: The run's settings.
        steps: The moves of the player in one step of the game.

    Raises:
        ValueError: For betas, if the recipe's optimizer is not Adam.
    """
    from keras_gan.families.optimizers import adjusted

    default = game.default_optimizer(player)
    return adjusted(default, settings, getattr(settings, f"{player}_learning_rate"), steps)


def augmentation(settings):
    """What a game takes as `augment`."""
    return None if settings.augment == "none" else settings.augment


def _called(name: str, config: dict) -> str:
    """An object as the call that makes it, also for serialized objects among its arguments."""

    def value(given):
        serialized = isinstance(given, dict) and "class_name" in given
        return _called(given["class_name"], given["config"]) if serialized else given

    return f"{name}({', '.join(f'{key}={value(given)}' for key, given in config.items())})"
