"""Runs of a generator against a discriminator."""

import inspect

from keras_gan.families.adversarial import SETTINGS, Adversarial, augmentation
from keras_gan.families.conditions import CONDITIONS
from keras_gan.families.gan.networks import NETWORK_SETTINGS, SHAPED, check_choices, pair
from keras_gan.families.loss_terms import penalties_of
from keras_gan.families.memory import within_memory
from keras_gan.families.sampling.entry import Sampling
from keras_gan.families.setting import Setting

DIVERGENCES = (
    "total_variation",
    "kl",
    "reverse_kl",
    "pearson",
    "neyman",
    "squared_hellinger",
    "jeffrey",
    "jensen_shannon",
    "weighted_jensen_shannon",
    "gan",
    "alpha",
)
DIVERGENCE = {
    "divergence": Setting(
        str,
        None,
        f"the divergence that fgan minimises, only for that recipe: {', '.join(DIVERGENCES)}",
        names=DIVERGENCES,
        chosen="gan",
        decides="game",
    )
}
PENALTY_WEIGHT = {
    "penalty_weight": Setting(
        float,
        None,
        "weight of the gradient penalty, for recipes with one",
        above=0,
        chosen="by recipe",
        decides="game",
    )
}
PENALTY_EVERY = {
    "penalty_every": Setting(
        int,
        None,
        "compute the gradient penalty every so many steps, only for r3gan and stylegan2",
        least=1,
        chosen="by recipe",
        decides="game",
    )
}
SHORT = {"squared_hellinger": "hellinger"}  # in names of presets
CONDITIONAL = (
    "On labels: Mirza and Osindero 2014, Conditional Generative Adversarial Nets, arXiv 1411.1784."
)


class Gan(Adversarial, Sampling):
    """An entry of a `kg.GAN` or a recipe.

    Args:
        name: As in `Entry`.
        model: As in `Entry`; the class takes the recipe's own settings as arguments.
        summary: As in `Entry`.
        options: Further arguments of the class.
        settings: The names of the settings that not all games have.
        discriminator: Further arguments of the discriminator's builder.
        labelled: Whether the game needs class labels. Defaults to `False`.
        augment: The default augmentation. Defaults to `None`: none.
        **further: As in `Adversarial` and `Sampling`.
    """

    def __init__(
        self,
        name: str,
        model: type | str,
        summary: str,
        *,
        options: dict | None = None,
        settings: dict | None = None,
        discriminator: dict | None = None,
        labelled: bool = False,
        augment: str | None = None,
        **further,
    ):
        super().__init__(name, model, summary, **further)
        self.own = settings or {}
        self.settings = {**SETTINGS, **NETWORK_SETTINGS, **self.own}
        if type(self) is Gan and not labelled:
            self.settings |= CONDITIONS
        self.options, self.discriminator = options or {}, discriminator or {}
        self.labelled, self.augment = labelled, augment

    @property
    def picks(self):
        """The defaults of all games and the augmentation; the game's own are those of the class."""
        arguments = inspect.signature(self.model).parameters
        own = [name for name in self.own if name in arguments]
        found = {name: arguments[name].default for name in own}
        found |= {name: value for name, value in self.options.items() if name in self.own}
        found |= {"penalty": "none"} if "penalty" in self.own else {}
        augment = {} if self.augment is None else {"augment": self.augment}
        return super().picks | augment | found

    def defaults(self, settings, sample_shape):
        """As in the base classes, and tanh for the networks with a last activation to choose."""
        found = super().defaults(settings, sample_shape)
        shaped = (settings.network or found["network"]) in SHAPED
        return {**found, **({"output_activation": "tanh"} if shaped else {})}

    def check(self, settings):
        """Refuses choices of networks that others do not have."""
        super().check(settings)
        check_choices(settings)
        if settings.conditions is not None and settings.labels:
            raise ValueError(
                "--conditions and --labels both say what samples show: leave one of them out."
            )

    def own_arguments(self, settings) -> dict:
        """The arguments of the class that the settings not all games have make."""
        given = {name: getattr(settings, name) for name in self.own if name != "penalty"}
        return given | ({"penalties": penalties_of(settings)} if "penalty" in self.own else {})

    def networks_for(self, settings, sample_shape, classes) -> tuple:
        """Builds the networks, in the order of the class's arguments.

        Raises:
            ValueError: Without labels, if the game needs some.
        """
        if self.labelled and classes is None:
            raise ValueError(
                f"--recipe {self.name} classifies samples: add --labels, for data that have them."
            )
        return pair(settings, sample_shape, classes, self.discriminator)

    def game(self, settings, sample_shape, classes=None):
        """Builds and compiles the game."""
        with within_memory():
            networks = self.networks_for(settings, sample_shape, classes)
        arguments = inspect.signature(self.model).parameters
        steps = "discriminator_steps" if "discriminator_steps" in arguments else "schedule"
        game = self.model(
            *networks,
            average=settings.average or None,
            augment=augmentation(settings),
            seed=settings.seed,
            **{steps: settings.discriminator_steps},
            **{**self.options, **self.own_arguments(settings)},
        )
        return self.compiled(game, settings)

    def title(self, settings):
        """With an f-GAN's divergence, and a c in front for a game that labels make conditional."""
        if self.labelled:
            return self.name
        divergence = settings.divergence if "divergence" in self.own else None
        of = "" if divergence is None else f"_{SHORT.get(divergence, divergence)}"
        return f"{super().title(settings)}{of}"

    def objective(self, model):
        """As for all games, with the paper on labels if there are labels."""
        text = super().objective(model)
        if not getattr(model, "conditional", False):
            return text
        name = type(model).__name__
        on = "class labels" if model.condition_dim is None else "condition vectors"
        return f"{text.replace(f'{name}:', f'{name} on {on}:', 1)} {CONDITIONAL}"
