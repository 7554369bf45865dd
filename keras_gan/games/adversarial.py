"""What all games share: players who minimise losses of their own, in turns."""

import functools

import keras

from keras_gan.models.generative_model import GenerativeModel
from keras_gan.models.player import Player
from keras_gan.training import schedules
from keras_gan.training.callback_checks import REFUSED_BY_GAMES
from keras_gan.training.compile_checks import chosen_optimizers
from keras_gan.training.optimizers import PlayerOptimizers


class AdversarialModel(GenerativeModel):
    """A game between players; a subclass says who they are, which networks they own and what they
    minimise.

    One training step deals minibatches by the schedule. In each move the players look, that is they
    differentiate their losses at the present weights, and then they move. A player's loss is a
    dict of named terms, whose sum is minimised and each of which is logged. Where layers of a
    player's own networks have regularizers or add losses, `<player>_regularization` is one of them:
    each weight counts once, each activity in all calls of the move, penalties' included. What the
    opponent's layers add is not part of it, even where it depends on the player's samples.

    A subclass sets its networks as attributes and lists their names in `network_names`, calls
    `begin()`, and defines `sample_shape` and `make_players`, a list of `Player` objects. (Or, as in
    version 0.1, `networks_of`, `loss_names` and `losses_of`, functions of a player's name.)

    Args:
        schedule: A `Schedule`, a name, or a number of discriminator steps.
        average: The decay β of the averaged generator, e.g. 0.999, or `None` for no average.
        seed: Integer from which every random number of the game follows; `None` takes a random one.
        name: The model's name.
    """

    logs_loss = False  # but each player's terms
    refused_callbacks = REFUSED_BY_GAMES
    penalty_states = None  # what penalties keep, layers by the penalties' logged names

    def __init__(self, *, schedule="alternating", average=None, seed=None, name=None):
        super().__init__(average=average, seed=seed, name=name)
        self.schedule = schedules.get(schedule)

    def make_players(self) -> list[Player]:
        """The players of the schedule, made of the methods that a subclass has by their names."""
        if type(self).losses_of is AdversarialModel.losses_of:
            raise NotImplementedError(f"{type(self).__name__} must define make_players.")
        return [
            Player(
                name,
                self.networks_of(name),
                functools.partial(self.losses_of, name),
                self.loss_names(name),
            )
            for name in self.schedule.players
        ]

    def keep(self, states: dict[str, keras.Layer]) -> None:
        """Makes what penalties keep from step to step a part of the game, which is saved."""
        if states:
            self.penalty_states = states

    def kept_by(self, penalty: str) -> dict[str, keras.Layer]:
        """The argument `state` of a penalty that keeps something; `{}` for others.

        Args:
            penalty: Its logged name.
        """
        state = (self.penalty_states or {}).get(penalty)
        return {} if state is None else {"state": state}

    def optimizers_by_player(self) -> dict[str, keras.optimizers.Optimizer]:
        """The optimizers of all players, once the game is compiled."""
        return self.optimizer.of_player

    def combined(self, chosen: dict) -> keras.optimizers.Optimizer:
        """The one optimizer that Keras is shown, of those of all players."""
        return PlayerOptimizers(chosen)

    def compile(
        self,
        *,
        diagnostics: bool = False,
        run_eagerly=False,
        steps_per_execution=1,
        jit_compile="auto",
        value_range="auto",
        **optimizers,
    ) -> None:
        """Gives every player an optimizer and makes its variables.

        Args:
            diagnostics: Whether the norm of every player's gradient, `<player>_gradient_norm`, and
                the game's own observations are logged, such as the discriminator's accuracies and,
                under a gradient penalty, `corrected_wasserstein_estimate`. They cost a small
                network several per cent of its step. The mean of the norms passes over
                steps that a loss scale skips. Defaults to `False`.
            run_eagerly: As in `keras.Model.compile`.
            steps_per_execution: As in `keras.Model.compile`; 1, after a warning, on many replicas.
            jit_compile: As in `keras.Model.compile`; `False`, after a warning, on many replicas.
            value_range: Where the values of data must lie, which `fit`, `evaluate` and
                `train_on_batch` look at: a pair (low, high), `None` for anywhere, or `"auto"`, the
                default: points anywhere; series, images, volumes in [-1, 1], or anywhere of the
                order of 1 where the generator's outputs have no bound.
            **optimizers: `<player>_optimizer`: an optimizer or its Keras name; `None` takes the
                recipe's default.

        Raises:
            ValueError: For an argument that does not name a player, an optimizer that two players
                share, or networks that were made outside of the strategy's scope.
        """
        self.compile_players(
            chosen_optimizers(optimizers, self.schedule.players),
            diagnostics=diagnostics,
            run_eagerly=run_eagerly,
            steps_per_execution=steps_per_execution,
            jit_compile=jit_compile,
            value_range=value_range,
        )

    def optimizer_config(self) -> dict:
        """The players' optimizers, serialized."""
        return self.optimizer.get_config()

    def compile_from_config(self, config: dict) -> None:
        """Compiles as `get_compile_config` described, so that optimizer states can be loaded."""
        if not config:
            return
        config = dict(config)
        optimizers = PlayerOptimizers.from_config({"optimizers": config.pop("optimizers")})
        self.compile(**{f"{p}_optimizer": o for p, o in optimizers.of_player.items()}, **config)

    def settings(self) -> dict:
        """The picks that make this game besides networks and seed; a `Checkpoint` compares them."""
        return {
            "schedule": keras.saving.serialize_keras_object(self.schedule),
            **super().settings(),
        }
