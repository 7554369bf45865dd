"""The training step of all models: in each move, all gradients come before any update."""

import keras
from keras import ops

from keras_gan.backend import autodiff
from keras_gan.backend.precision import sum_of
from keras_gan.layers.instance_noise import advance
from keras_gan.layers.spectral_normalization import one_kernel
from keras_gan.networks.analysis.unused_parts import check_reached
from keras_gan.parallel.global_batch import (
    ReplicaPart,
    batch_size,
    common_statistics,
    holding,
    part_of_replica,
)
from keras_gan.parallel.random_numbers import Draws
from keras_gan.parallel.replicas import sum_over_replicas
from keras_gan.training import optimizers
from keras_gan.training.optimizers import gradients_of_all_replicas
from keras_gan.training.regularization import is_regularized, regularized
from keras_gan.training.running_means import RunningMeans, global_norm, mean_of_moves


class TrainingStep(keras.Model):
    """The part of a `GenerativeModel` that trains or evaluates on one batch.

    The model has `players` by name, a `schedule` of their moves, an `optimizer_of` each player, the
    random numbers `draws` and `evaluation_draws`, and an `average`, which may be `None`.
    """

    def train_step(self, data):
        """One step: in each move all its players compute gradients, then all are updated."""
        seen, batch = [], self.unpack(data)
        part = part_of_replica(batch_size(batch))
        moves = self.schedule.deal(batch, part, self.strict_batches)
        for (players, minibatch), dealt in zip(
            moves, self.schedule.replica_parts(part), strict=True
        ):
            with one_kernel():
                looks = {player: self.look(player, minibatch, dealt) for player in players}
            for player, (gradients, scalars) in looks.items():
                optimizers.move(self.optimizer_of(player), gradients, self.variables_of(player))
                seen.append(scalars)
        if self.average is not None:
            self.average.update()
        advance(self)
        self._clear_losses()  # layers hold tensors of the step's graph, which must not outlive it
        self.note_step()
        return self.report(seen, batch, part)

    def look(self, player: str, minibatch, part: ReplicaPart | None = None) -> tuple[list, dict]:
        """The gradients of a player's summed losses at the present weights, and scalars to log.

        Args:
            player: A name in the schedule.
            minibatch: The minibatch from the schedule, on this replica.
            part: The part of the global minibatch that it is. The gradients are those of the global
                minibatch, and the scalars are weighted so that their sums over replicas are the
                global means. Defaults to `None`: the whole minibatch.

        Returns:
            A list of gradients and a dict of scalars.
        """
        minibatch = minibatch if part is None else part.filled(minibatch)
        optimizer = self.optimizer_of(player)

        def scaled_loss():
            losses, observations = self.all_losses_of(player, minibatch, self.draws, training=True)
            total = sum_of(losses.values())
            if part is not None:
                total = total * ops.cast(part.weight, total.dtype)
            return optimizer.scale_loss(total), {**losses, **observations}

        with holding(part), common_statistics(self, part):
            gradients, scalars = autodiff.gradients(scaled_loss, self.variables_of(player))
            check_reached(self, player, gradients, scaled_loss)
        if part is not None:
            scalars = part.weighted(scalars)
            gradients = gradients_of_all_replicas(gradients)
        if self.diagnostics:
            norm = global_norm(gradients) / optimizer.scale_loss(ops.ones(()))
            scalars[f"{player}_gradient_norm"] = norm if part is None else norm * part.weight
        return gradients, scalars

    def test_step(self, data):
        """The losses of all players on one batch, in inference mode; no weight changes."""
        seen, batch = [], self.unpack(data)
        part = part_of_replica(batch_size(batch))
        minibatch = batch if part is None else part.filled(batch)
        for player in self.schedule.players:
            with holding(part):
                looked = self.all_losses_of(player, minibatch, self.evaluation_draws, False)
            seen += looked if part is None else map(part.weighted, looked)
        self._clear_losses()
        return self.report(seen, batch, part)

    def all_losses_of(self, player: str, minibatch, draws: Draws, training: bool) -> tuple:
        """A player's losses and observations, with the regularization of its networks."""
        return regularized(
            player,
            self.networks_of(player),
            lambda: self.losses_of(player, minibatch, draws, training),
        )

    def logged_names(self, player: str) -> list[str]:
        """The names of all scalars that `look` returns for a player."""
        names = list(self.loss_names(player))
        if player in self.regularized_players:
            names.append(f"{player}_regularization")
        if self.diagnostics:
            names += [f"{player}_gradient_norm", *self.observation_names(player)]
        return names

    def make_means(self) -> None:
        """Makes the running means of all logged scalars, once the model has its optimizers."""
        players = self.schedule.players
        self.regularized_players = {p for p in players if is_regularized(self.networks_of(p))}
        scaled = [p for p in players if optimizers.is_scaled(self.optimizer_of(p))]
        norms = {f"{player}_gradient_norm" for player in scaled}
        names = [name for player in players for name in self.logged_names(player)]
        self.means = RunningMeans(names, pass_over=[name for name in names if name in norms])

    def report(self, seen: list[dict], batch, part: ReplicaPart | None = None) -> dict:
        """Adds a step's scalars to their running means; returns the means and `estimates`."""
        scalars = mean_of_moves(seen)
        if part is not None:
            scalars = sum_over_replicas(scalars)
        size = batch_size(batch) if part is None else part.total
        self.means.update_state(scalars, weight=size)
        means = {name: mean for name, mean in self.means.result().items() if name in scalars}
        return {**means, **self.estimates(means)}

    def estimates(self, means: dict) -> dict:
        """Further quantities to log, computed from the means of the losses."""
        return {}

    @property
    def metrics(self) -> list:
        """The running means; Keras resets them at the start of each epoch."""
        return [self.means] if self.compiled else []
