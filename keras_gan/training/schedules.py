"""Who moves when, as data."""

import itertools
from collections import Counter

import keras
from keras import ops

from keras_gan.arguments import unknown_name, whole


@keras.saving.register_keras_serializable(package="keras_gan")
class Schedule:
    """The moves that one training step is made of.

    A move is a tuple of player names. Those who share a move look at the same networks and the same
    minibatch before any of them moves; the next move sees what they did. Every further move of
    a player gets a fresh minibatch: the batch that a step is handed is cut into as many equal parts
    as the busiest player has moves.

    Args:
        moves: Tuples of player names, in order. At most `Schedule.most_moves`, 1,000, for each is
            compiled by itself; set that higher to have more.

    Raises:
        ValueError: For an empty schedule, a move without players, or more moves than that.

    Example, two discriminator steps before each generator step:

    >>> import numpy as np
    >>> schedule = Schedule([("discriminator",), ("discriminator",), ("generator",)])
    >>> schedule.parts
    2
    >>> [(players, minibatch.tolist()) for players, minibatch in schedule.deal(np.arange(4))]
    [(('discriminator',), [0, 2]), (('discriminator',), [1, 3]), (('generator',), [0, 2])]
    """

    most_moves = 1_000

    def __init__(self, moves):
        moves = tuple(itertools.islice(moves, self.most_moves + 1))
        if len(moves) > self.most_moves:
            raise _too_many_moves(f"more than {self.most_moves:,}")
        self.moves = tuple(tuple(itertools.islice(move, self.most_moves)) for move in moves)
        if not self.moves or not all(self.moves):
            raise ValueError(
                f"A schedule needs at least one move and every move at least one player; "
                f"received moves={moves!r}. For example: [('discriminator',), ('generator',)]."
            )
        self.turns, moved = [], Counter()  # moves of each player so far
        for move in self.moves:
            self.turns.append(max(moved[player] for player in move))
            moved.update(set(move))

    @property
    def parts(self) -> int:
        """How many minibatches a step consumes."""
        return max(self.turns) + 1

    @property
    def players(self) -> tuple[str, ...]:
        """The players' names, each once, in the order of their first move."""
        return tuple(dict.fromkeys(player for move in self.moves for player in move))

    def deal(self, data, part=None, strict: bool = True) -> list:
        """Cuts a step's batch into minibatches and gives each move its own.

        Part i has every `parts`-th sample from the i-th on. Replicas that each cut their slice of
        the batch cut, together, what one replica cuts of the whole.

        Args:
            data: A tensor `(batch, ...)` or any structure of such tensors.
            part: The `ReplicaPart` of the batch that `data` is; `None`, the default, for all of it.
            strict: Whether a batch must divide by `parts`, so far as its size is known. `False` is
                for the short last one of a pass, where its size is known like any other's.

        Returns:
            A list of `(players, minibatch)`, a pair a move.

        Raises:
            ValueError: When the batch is known not to divide by `parts`. One whose size is known
                only at run time, or which need not divide, is cut as evenly as it goes.
        """
        minibatches = [
            keras.tree.map_structure(lambda x, i=i: self._cut(x, i, part, strict), data)
            for i in range(self.parts)
        ]
        return [
            (move, minibatches[turn]) for move, turn in zip(self.moves, self.turns, strict=True)
        ]

    def check_batch(self, batch: int) -> None:
        """Refuses a batch that does not divide into `parts`.

        Args:
            batch: The number of samples of one step.

        Raises:
            ValueError: Names the batch sizes to use instead.
        """
        if batch % self.parts:
            below, above = batch - batch % self.parts, batch + self.parts - batch % self.parts
            sizes = f"{below} or {above}" if below else f"{above}"
            raise ValueError(
                f"A batch of {batch} does not divide into {self.parts} minibatches, one for each "
                f"discriminator step: use a batch of {sizes}, for instance with "
                f"kg.data.batches(dataset, batch_size, discriminator_steps={self.parts})."
            )

    def replica_parts(self, part) -> list:
        """The replica's part of every move's minibatch; `None` where it has all of it.

        Args:
            part: The `ReplicaPart` of the batch, or `None`.
        """
        return [part and part.dealt(turn, self.parts) for turn in self.turns]

    def _cut(self, x, i, part, strict):
        if self.parts == 1:
            return x
        if part is not None:
            return x[(ops.minimum(i, part.total - 1) - part.start) % self.parts :: self.parts]
        if x.shape[0] is None:
            i = ops.minimum(i, ops.shape(x)[0] - 1)  # no part of a very short batch is empty
        elif strict:
            self.check_batch(x.shape[0])
        else:
            i = min(i, x.shape[0] - 1)
        return x[i :: self.parts]

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {"moves": [list(move) for move in self.moves]}

    @classmethod
    def from_config(cls, config: dict) -> "Schedule":
        """The schedule that `get_config` described."""
        return cls(**config)

    def __eq__(self, other):
        return isinstance(other, Schedule) and self.moves == other.moves

    def __hash__(self):
        return hash(self.moves)

    def __repr__(self):
        return f"Schedule({list(self.moves)})"


def _too_many_moves(received: str) -> ValueError:
    """The error for a schedule that would take hours to compile; the caller raises it."""
    return ValueError(
        f"A schedule has at most {Schedule.most_moves:,} moves, each of which is compiled by "
        f"itself; received {received}: set kg.Schedule.most_moves higher if you mean it."
    )


def alternating(discriminator_steps: int = 1) -> Schedule:
    """k discriminator steps, each on a minibatch of its own, then one generator step.

    Args:
        discriminator_steps: k, at least 1.

    Raises:
        ValueError: For k that is not a whole number of at least 1, or beyond
            `Schedule.most_moves`.

    Reference: Goodfellow et al. 2014, arXiv 1406.2661, algorithm 1.

    Example:

    >>> alternating()
    Schedule([('discriminator',), ('generator',)])
    """
    discriminator_steps = whole("discriminator_steps", discriminator_steps)
    if discriminator_steps >= Schedule.most_moves:
        raise _too_many_moves(
            f"discriminator_steps={discriminator_steps:,} and one of the generator"
        )
    return Schedule([("discriminator",)] * discriminator_steps + [("generator",)])


def simultaneous() -> Schedule:
    """Both players look at the same networks and the same minibatch, then both move.

    Reference: Mescheder et al. 2017, The Numerics of GANs, arXiv 1705.10461, algorithm 1.

    Example:

    >>> simultaneous()
    Schedule([('discriminator', 'generator')])
    """
    return Schedule([("discriminator", "generator")])


def get(schedule: "str | int | Schedule") -> Schedule:
    """The schedule itself, or the one of that name, or k discriminator steps.

    Args:
        schedule: A `Schedule`, `"alternating"`, `"simultaneous"`, or k for `alternating(k)`.

    Raises:
        ValueError: For anything else.

    Example:

    >>> get(2).parts
    2
    """
    if isinstance(schedule, Schedule):
        return schedule
    if isinstance(schedule, int) and not isinstance(schedule, bool):
        return alternating(schedule)
    makers = {"alternating": alternating, "simultaneous": simultaneous}
    if schedule not in makers:
        raise unknown_name("schedule", schedule, makers)
    return makers[schedule]()
