"""What all games share: players who minimise losses of their own, in turns."""

import random

import keras
from keras import ops

from keras_gan.backend import autodiff
from keras_gan.backend.precision import in_float16, precision_of, sum_of
from keras_gan.data.checks import check_data, check_samples, checked_seed, first_batch, samples_of
from keras_gan.data.scale import checked_value_range
from keras_gan.games import schedules
from keras_gan.labels.checks import check_parts
from keras_gan.layers.instance_noise import advance
from keras_gan.layers.spectral_normalization import one_kernel
from keras_gan.models.fitting import FittedGame
from keras_gan.networks.analysis.surplus import check_reached, check_weights
from keras_gan.networks.checks import check_scope, check_strategy, check_trainable
from keras_gan.parallel import processes
from keras_gan.parallel.global_batch import Share, batch_size, common_statistics, share_of, sharing
from keras_gan.parallel.random_numbers import Draws
from keras_gan.parallel.replicas import replica_count, strategy_scope, sum_over_replicas
from keras_gan.training.averaging import Average
from keras_gan.training.backends import Steps
from keras_gan.training.compile_checks import check_precision, fused_steps, optimizers_by_player
from keras_gan.training.optimizers import PlayerOptimizers, gradients_of_all_replicas
from keras_gan.training.regularization import is_regularized, regularized
from keras_gan.training.running_means import RunningMeans, global_norm, mean_of_moves
from keras_gan.training.serialization import StoredGame
from keras_gan.training.serialization_checks import check_apart, check_loads, check_registered

PARTS = ("objective", "penalties", "constraint", "prior", "schedule", "likelihood")


class AdversarialModel(FittedGame, StoredGame, Steps):
    """A game between players; a subclass says which networks they own and what they minimise.

    One training step deals minibatches by the schedule. In each move the players look, that is they
    differentiate their losses at the present weights, and then they move. A player's loss is a
    dict of named terms, whose sum is minimised and each of which is logged. Where layers of a
    player's own networks have regularizers or add losses, `<player>_regularization` is one of them:
    each weight counts once, each activity in all calls of the move, penalties' included. What the
    opponent's layers add is no part of it, even where it depends on the player's samples.

    A subclass sets its networks as attributes and lists their names in `network_names`, calls
    `begin()`, and defines `sample_shape`, `networks_of`, `loss_names` and `losses_of`.

    Args:
        schedule: A `Schedule`, a name, or a number of discriminator steps.
        average: The decay β of the averaged generator, e.g. 0.999, or `None` for no average.
        seed: Integer from which every random number of the game follows; `None` takes a random one.
        name: The model's name.
    """

    averaged_networks = ("generator",)
    could_take_labels = False  # whether other networks would make a game with labels of it

    def __init__(self, *, schedule="alternating", average=None, seed=None, name=None):
        check_strategy()
        super().__init__(name=name)
        self.schedule = schedules.get(schedule)
        self.decay = average
        self.has_own_seed = seed is not None  # a Checkpoint may set another
        self.seed = random.randrange(2**31) if seed is None else checked_seed(seed)
        processes.check_agreement({"seed": self.seed})
        self.draws = Draws(self.seed)
        self.evaluation_draws = Draws(self.seed, "evaluation")

    def begin(self) -> None:
        """Completes the construction once the networks are there.

        Raises:
            ValueError: For a game that could not be loaded once it is saved: of networks that share
                a layer, or with parts whose classes or functions are not registered.
        """
        check_registered(self)
        check_apart({name: getattr(self, name) for name in self.network_names})
        for part in (*self.network_names, *PARTS):
            check_loads(part, getattr(self, part, None))
        networks = [getattr(self, name) for name in self.averaged_networks]
        check_weights(self, getattr(self, "penalties", ()))
        self.average = None if self.decay is None else Average(networks, self.decay)
        self.built = True

    @property
    def sample_shape(self) -> tuple:
        """The shape of one sample, such as (height, width, channels)."""
        raise NotImplementedError

    @property
    def sample_dtype(self) -> str:
        """The precision of samples in a step: float32, or float64 where networks compute in it."""
        return precision_of([getattr(self, name) for name in self.network_names])

    def networks_of(self, player: str) -> list[keras.Model]:
        """The networks whose weights a player moves."""
        raise NotImplementedError

    def loss_names(self, player: str) -> list[str]:
        """The names of the losses that `losses_of` returns."""
        raise NotImplementedError

    def observation_names(self, player: str) -> list[str]:
        """The names of the observations that `losses_of` returns when diagnostics are on."""
        return []

    def losses_of(self, player: str, minibatch, draws: Draws, training: bool) -> tuple[dict, dict]:
        """The named losses, scalars, whose sum a player minimises, and what else is to be logged.

        Args:
            player: A name of the schedule.
            minibatch: What the schedule dealt.
            draws: The random numbers to use.
            training: Whether the networks run in training mode.
        """
        raise NotImplementedError

    def all_losses_of(self, player: str, minibatch, draws: Draws, training: bool) -> tuple:
        """What `losses_of` returns, with the regularization of the player's networks."""
        return regularized(
            player,
            self.networks_of(player),
            lambda: self.losses_of(player, minibatch, draws, training),
        )

    def default_optimizer(self, player: str) -> keras.optimizers.Optimizer:
        """What `compile` takes for a player when given none: Adam(2e-4, β₁ = 0.5) of DCGAN."""
        return keras.optimizers.Adam(2e-4, beta_1=0.5)

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
            ValueError: For an argument that names no player, an optimizer that two players share,
                or networks that were made outside of the strategy's scope.
        """
        self.value_range = checked_value_range(value_range)
        with strategy_scope(self):
            self._compile(diagnostics, run_eagerly, steps_per_execution, jit_compile, optimizers)

    def _compile(
        self, diagnostics, run_eagerly, steps_per_execution, jit_compile, optimizers
    ) -> None:
        check_strategy()
        check_scope(self.variables)
        chosen = optimizers_by_player(optimizers, self.schedule.players)
        players = {p: o or self.default_optimizer(p) for p, o in chosen.items()}
        variables = {player: self.variables_of(player) for player in players}
        check_trainable(variables)
        check_precision(variables)
        check_loads("game", self.settings())
        for player, optimizer in players.items():
            check_loads(f"{player}_optimizer", optimizer)
        steps_per_execution, jit_compile = fused_steps(
            replica_count(), steps_per_execution, jit_compile
        )
        scaled = keras.optimizers.LossScaleOptimizer
        for player, optimizer in players.items():
            if in_float16(self.networks_of(player)) and not isinstance(optimizer, scaled):
                players[player] = scaled(optimizer)
        super().compile(
            optimizer=PlayerOptimizers(players),
            run_eagerly=run_eagerly,
            steps_per_execution=steps_per_execution,
            jit_compile=jit_compile,
            auto_scale_loss=False,
        )
        self.optimizer.build(variables)
        self.diagnostics = diagnostics
        self.regularized_players = {p for p in players if is_regularized(self.networks_of(p))}
        self.jit_compile_argument = jit_compile
        names = [name for player in self.schedule.players for name in self.logged_names(player)]
        norms = {
            f"{player}_gradient_norm" for player, o in players.items() if isinstance(o, scaled)
        }
        self.means = RunningMeans(names, pass_over=[name for name in names if name in norms])

    def logged_names(self, player: str) -> list[str]:
        """The names of all scalars that a player's look gives."""
        names = list(self.loss_names(player))
        if player in self.regularized_players:
            names.append(f"{player}_regularization")
        if self.diagnostics:
            names += [f"{player}_gradient_norm", *self.observation_names(player)]
        return names

    def variables_of(self, player: str) -> list[keras.Variable]:
        """The trainable variables that a player moves."""
        return [v for network in self.networks_of(player) for v in network.trainable_variables]

    def train_step(self, data):
        """One step of the game: in every move all its players look, then they move."""
        seen, batch = [], self.unpack(data)
        share = share_of(batch_size(batch))
        moves = self.schedule.deal(batch, share, self.strict_batches)
        for (players, minibatch), part in zip(moves, self.schedule.shares(share), strict=True):
            with one_kernel():
                looks = {player: self.look(player, minibatch, part) for player in players}
            for player, (gradients, scalars) in looks.items():
                self.optimizer.move(player, gradients, self.variables_of(player))
                seen.append(scalars)
        if self.average is not None:
            self.average.update()
        advance(self)
        self._clear_losses()  # of layers: tensors of the step's graph, which must not outlive it
        self.note_step()
        return self.report(seen, batch, share)

    def look(self, player: str, minibatch, share: Share | None = None) -> tuple[list, dict]:
        """The gradients of a player's summed losses at the present weights, and what to log.

        Args:
            player: A name of the schedule.
            minibatch: What the schedule dealt to this replica.
            share: Which part of the global minibatch that is; `None`, the default, for all of it.
                The gradients are then those of the global minibatch, and the scalars are weighted
                so that their sums over replicas are.
        """
        minibatch = minibatch if share is None else share.filled(minibatch)

        def scaled_loss():
            losses, observations = self.all_losses_of(player, minibatch, self.draws, training=True)
            total = sum_of(losses.values())
            if share is not None:
                total = total * ops.cast(share.weight, total.dtype)
            return self.optimizer[player].scale_loss(total), {**losses, **observations}

        with sharing(share), common_statistics(self, share):
            gradients, scalars = autodiff.gradients(scaled_loss, self.variables_of(player))
            check_reached(self, player, gradients, scaled_loss)
        if share is not None:
            scalars = share.weighted(scalars)
            gradients = gradients_of_all_replicas(gradients)
        if self.diagnostics:
            scale = self.optimizer[player].scale_loss(ops.ones(()))
            norm = global_norm(gradients) / scale
            scalars[f"{player}_gradient_norm"] = norm if share is None else norm * share.weight
        return gradients, scalars

    def test_step(self, data):
        """The losses of every player on one batch, in inference mode; nothing moves."""
        seen, batch = [], self.unpack(data)
        share = share_of(batch_size(batch))
        minibatch = batch if share is None else share.filled(batch)
        for player in self.schedule.players:
            with sharing(share):
                looked = self.all_losses_of(player, minibatch, self.evaluation_draws, False)
            seen += looked if share is None else map(share.weighted, looked)
        self._clear_losses()
        return self.report(seen, batch, share)

    def check_data(self, x, y=None, schedule=None, batch_size: int | None = None):
        """Looks at data before the first step, as `kg.validation.check_data` does.

        Args:
            x: The first argument of `fit`.
            y: The second, such as labels.
            schedule: The `Schedule` that will cut the batches; `None` where none does.
            batch_size: That of arrays.

        Returns:
            A minibatch as the players see it, for callbacks to look at; `None` where there is none.

        Raises:
            ValueError: For data that this game cannot train on.
        """
        samples = check_data(x, self.sample_shape, schedule, batch_size)
        if samples is not None:
            batch = (x, y) if y is not None else first_batch(x)
            check_parts(batch, labelled=False, buildable=self.could_take_labels)
        return samples

    def check_reach(self, looked_at) -> None:
        """Warns of a generator that can never make samples such as those that were looked at.

        Args:
            looked_at: What `check_data` returned.
        """
        from keras_gan.networks.analysis.reach import check_reach

        logits = getattr(getattr(self, "likelihood", None), "takes_logits", False)
        if "generator" in self.network_names and looked_at is not None and not logits:
            samples = looked_at[0] if isinstance(looked_at, tuple) else looked_at
            check_reach("generator", self.generator, samples)

    def unpack(self, data):
        """What the players see of a batch as Keras hands it over: the samples, without labels."""
        labelled = getattr(self, "conditional", False)
        check_parts(data, labelled, buildable=self.could_take_labels)
        samples = samples_of(data)
        check_samples(samples, self.sample_shape)
        return ops.cast(samples, self.sample_dtype)

    def report(self, seen: list[dict], batch, share: Share | None = None) -> dict:
        """Adds a step's scalars to their running means; returns these and what they estimate."""
        scalars = mean_of_moves(seen)
        if share is not None:
            scalars = sum_over_replicas(scalars)
        size = batch_size(batch) if share is None else share.total
        self.means.update_state(scalars, weight=size)
        means = {name: mean for name, mean in self.means.result().items() if name in scalars}
        return {**means, **self.estimates(means)}

    def estimates(self, means: dict) -> dict:
        """Further quantities to show that follow from the means of the losses."""
        return {}

    @property
    def metrics(self) -> list:
        """The running means, which Keras resets at the start of each epoch."""
        return [self.means] if self.compiled else []
