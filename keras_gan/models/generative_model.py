"""What all generative models share, whether one player trains them or several."""

import keras

from keras_gan.backend.precision import in_float16, precision_of
from keras_gan.data.checks import check_data, check_samples, chosen_seed, first_batch, samples_of
from keras_gan.data.value_ranges import checked_value_range
from keras_gan.labels.checks import check_parts
from keras_gan.models.checks import check_scope, check_strategy, check_trainable
from keras_gan.models.fitting import Fitting
from keras_gan.models.player import Player
from keras_gan.models.printed import printed_model
from keras_gan.networks.analysis.unused_parts import check_weights
from keras_gan.parallel import processes
from keras_gan.parallel.random_numbers import Draws
from keras_gan.parallel.replicas import replica_count, strategy_scope
from keras_gan.training import optimizers
from keras_gan.training.averaging import Average
from keras_gan.training.backends import Steps
from keras_gan.training.compile_checks import check_precision, fused_steps
from keras_gan.training.serialization import Serialization
from keras_gan.training.serialization_checks import check_apart, check_loads, check_registered
from keras_gan.training.step import TrainingStep

PARTS = (
    "objective",
    "penalties",
    "constraint",
    "augment",
    "prior",
    "schedule",
    "likelihood",
    "top_k",
)


class GenerativeModel(Fitting, Serialization, TrainingStep, Steps):
    """A `keras.Model` that learns to make data: its construction, its data, its `compile`.

    `kg.AdversarialModel` is one of several players and their schedule, `kg.LikelihoodModel` one of
    a single player. A subclass of either sets its networks as attributes, lists their names in
    `network_names`, calls `begin()`, and says its `sample_shape` and who its players are.

    Args:
        average: The decay β of the averaged networks, e.g. 0.999, `kg.averages.Power([0.05, 0.1])`
            for averages of which others can be made afterwards, or `None` for no average.
        seed: Integer from which every random number of the model follows; `None` takes a random
            one.
        name: The model's name.
    """

    averaged_networks: tuple[str, ...] = ("generator",)
    could_take_labels = False  # whether other networks would make a model with labels of it
    heads = 0  # outputs of a discriminator that count beside its scores
    fused_updates = True  # whether Adam updates each weight in one kernel where there is one

    def __init__(self, *, average=None, seed: int | None = None, name=None):
        check_strategy()
        # each network casts by its own policy; that of a model would cast codebooks within `call`
        super().__init__(name=name, dtype=keras.config.dtype_policy().variable_dtype)
        self.decay = average
        self.has_own_seed = seed is not None  # a Checkpoint may set another
        self.seed = chosen_seed(seed)
        processes.check_agreement({"seed": self.seed})
        self.draws = Draws(self.seed)
        self.evaluation_draws = Draws(self.seed, "evaluation")

    def begin(self) -> None:
        """Completes the construction once the networks are there.

        Raises:
            ValueError: For a model that could not be loaded once it is saved: of networks that
                share a layer, or with parts whose classes or functions are not registered.
        """
        check_registered(self)
        check_apart({name: getattr(self, name) for name in self.network_names})
        for part in (*self.network_names, *PARTS):
            check_loads(part, getattr(self, part, None))
        networks = [getattr(self, name) for name in self.averaged_networks]
        check_weights(self, getattr(self, "penalties", ()))
        self.average = None if self.decay is None else Average(networks, self.decay)
        self.built = True

    def __repr__(self):
        try:
            return printed_model(self)
        except Exception:  # half made, as a debugger may find it
            return f"<{type(self).__name__}, not made yet>"

    def make_players(self) -> list[Player]:
        """The players, each with its networks, losses and default optimizer."""
        raise NotImplementedError

    @property
    def players(self) -> dict[str, Player]:
        """The players by name."""
        return {player.name: player for player in self.make_players()}

    @property
    def sample_shape(self) -> tuple:
        """The shape of one sample, such as (height, width, channels), as its networks take it."""
        return self._sample_shape

    @property
    def sample_dtype(self) -> str:
        """The precision of samples in a step: float32, or float64 where networks compute in it."""
        return precision_of([getattr(self, name) for name in self.network_names])

    def networks_of(self, player: str) -> list[keras.Model]:
        """The networks whose weights a player moves."""
        return list(self.players[player].networks)

    def variables_of(self, player: str) -> list[keras.Variable]:
        """The trainable variables that a player moves."""
        return [v for network in self.networks_of(player) for v in network.trainable_variables]

    def loss_names(self, player: str) -> list[str]:
        """The names of a player's losses."""
        return list(self.players[player].loss_names)

    def observation_names(self, player: str) -> list[str]:
        """The names of what else a player logs when diagnostics are on."""
        return list(self.players[player].observation_names)

    def losses_of(self, player: str, minibatch, draws: Draws, training: bool) -> tuple[dict, dict]:
        """A player's losses, whose sum it minimises, and its observations, scalars by name.

        Args:
            player: A name of the schedule.
            minibatch: What the schedule dealt.
            draws: The random numbers to use.
            training: Whether the networks run in training mode.
        """
        return self.players[player].losses(minibatch, draws, training)

    def default_optimizer(self, player: str) -> keras.optimizers.Optimizer:
        """What `compile` takes for a player when given none: Adam(2e-4, β₁ = 0.5) of DCGAN.

        A `Player` may name another one.
        """
        return self.players[player].optimizer()

    def optimizer_argument(self, player: str) -> str:
        """The argument of `compile` that gives a player its optimizer."""
        return f"{player}_optimizer"

    def optimizer_of(self, player: str) -> keras.optimizers.Optimizer:
        """A player's optimizer, once the model is compiled."""
        return self.optimizers_by_player()[player]

    def optimizers_by_player(self) -> dict[str, keras.optimizers.Optimizer]:
        """The optimizers of all players, once the model is compiled."""
        raise NotImplementedError

    def combined(self, chosen: dict) -> keras.optimizers.Optimizer:
        """The one optimizer that Keras is shown, of those of all players."""
        raise NotImplementedError

    def compile_players(
        self,
        chosen: dict,
        *,
        diagnostics: bool,
        run_eagerly: bool,
        steps_per_execution: int,
        jit_compile,
        value_range,
    ) -> None:
        """What `compile` of every model does, once it knows which optimizer is whose.

        Args:
            chosen: A dict from player to its optimizer; `None` takes its default.
            diagnostics: As in `compile`, like all others.
            run_eagerly: Likewise.
            steps_per_execution: Likewise.
            jit_compile: Likewise.
            value_range: Likewise.
        """
        self.value_range = checked_value_range(value_range)
        with strategy_scope(self):
            check_strategy()
            check_scope(self.variables)
            players = {p: o or self.default_optimizer(p) for p, o in chosen.items()}
            variables = {player: self.variables_of(player) for player in players}
            check_trainable(variables)
            check_precision(variables)
            check_loads("game", self.settings())
            for player, optimizer in players.items():
                check_loads(self.optimizer_argument(player), optimizer)
                if in_float16(self.networks_of(player)):
                    players[player] = optimizers.scaled(optimizer)
            steps_per_execution, jit_compile = fused_steps(
                replica_count(), steps_per_execution, jit_compile
            )
            super().compile(
                optimizer=self.combined(players),
                run_eagerly=run_eagerly,
                steps_per_execution=steps_per_execution,
                jit_compile=jit_compile,
                auto_scale_loss=False,
            )
            for player, optimizer in players.items():
                optimizers.build(optimizer, variables[player], fused=self.fused_updates)
            self.optimizer.built = True
            self.given_rates = optimizers.rates(players)  # before any step
            self.diagnostics = diagnostics
            self.jit_compile_argument = jit_compile
            self.make_means()

    def check_data(self, x, y=None, schedule=None, batch_size: int | None = None):
        """Looks at data before the first step.

        Args:
            x: The first argument of `fit`.
            y: The second, such as labels.
            schedule: The `Schedule` that will cut the batches; `None` where none does.
            batch_size: That of arrays.

        Returns:
            A minibatch as the players see it, for callbacks to look at; `None` where there is none.

        Raises:
            ValueError: For data that this model cannot train on.
        """
        samples = check_data(x, self.sample_shape, schedule, batch_size)
        if samples is not None:
            batch = (x, y) if y is not None else first_batch(x)
            check_parts(batch, labelled=False, buildable=self.could_take_labels)
        return samples

    def unpack(self, data):
        """What the players see of a batch as Keras hands it over: the samples, without labels."""
        labelled = getattr(self, "conditional", False)
        check_parts(data, labelled, buildable=self.could_take_labels)
        samples = samples_of(data)
        check_samples(samples, self.sample_shape)
        return keras.ops.cast(samples, self.sample_dtype)
