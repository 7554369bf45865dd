"""Schedules: which players move when in a training step."""

import itertools
import numbers
from collections import Counter

import keras
from keras import ops

from keras_gan.arguments import unknown_name, whole
from keras_gan.texts import in_short


@keras.saving.register_keras_serializable(package="keras_gan")
class Schedule:
    """The moves of one training step.

    A move is a tuple of player names. The players in a move compute their gradients at the same
    weights and on the same minibatch before any of them is updated; the next move uses the updated
    weights. Each further move of a player gets a fresh minibatch: the batch of a step is cut into
    as many equal parts as the player with the most moves has moves.

    Args:
        moves: Tuples of player names, in order, at most `Schedule.most_moves` = 1,000. Each move is
            compiled separately; set that attribute to allow more.

    Raises:
        ValueError: For an empty schedule, a move without players, anything but names in a move, or
            too many moves.

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
        given = moves
        try:
            moves = tuple(itertools.islice(moves, self.most_moves + 1))
            names = [name for move in moves for name in itertools.islice(move, self.most_moves)]
        except TypeError:  # a number instead of moves or of a move
            names = [None]
        if not all(isinstance(name, str) for name in names):
            raise ValueError(
                f"A schedule is a list of moves, each a tuple of names of players, such as "
                f"[('discriminator',), ('generator',)]; received {in_short(given)}."
            )
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
        """Divides a step's batch into minibatches, and pairs each move with one.

        Minibatch i has every `parts`-th sample from the i-th on. If each replica divides its slice
        of the batch, their minibatches together are those of the whole batch.

        Args:
            data: A tensor `(batch, ...)` or any structure of such tensors.
            part: The `ReplicaPart` of the batch that `data` is. Defaults to `None`: the whole
                batch.
            strict: Whether to refuse a batch that does not divide into `parts`. Pass `False` for
                the shorter last batch of a pass. Defaults to `True`.

        Returns:
            A list of pairs `(players, minibatch)`, one per move.

        Raises:
            ValueError: If the batch does not divide into `parts`. If its size is unknown until run
                time, or `strict` is `False`, it is divided as evenly as possible.
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
        """The replica's part of each move's minibatch; `None` for the whole minibatch.

        Args:
            part: The `ReplicaPart` of the batch; `None` for the whole batch.
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
    """The error for a schedule that would take hours to compile."""
    return ValueError(
        f"A schedule may have at most {Schedule.most_moves:,} moves, since each is compiled "
        f"separately; received {received}: set kg.Schedule.most_moves to allow more."
    )


def alternating(discriminator_steps: int = 1) -> Schedule:
    """k discriminator steps, each on its own minibatch, then one generator step.

    Args:
        discriminator_steps: k, at least 1. Defaults to 1.

    Raises:
        ValueError: If k is not a whole number of at least 1, or makes more moves than
            `Schedule.most_moves`.

    Example:

    >>> alternating()
    Schedule([('discriminator',), ('generator',)])

    Reference: Goodfellow et al. 2014, arXiv 1406.2661, algorithm 1.
    """
    discriminator_steps = whole("discriminator_steps", discriminator_steps)
    if discriminator_steps >= Schedule.most_moves:
        raise _too_many_moves(
            f"discriminator_steps={discriminator_steps:,} and one move of the generator"
        )
    return Schedule([("discriminator",)] * discriminator_steps + [("generator",)])


def simultaneous() -> Schedule:
    """Both players compute their gradients at the same weights, then both are updated.

    Example:

    >>> simultaneous()
    Schedule([('discriminator', 'generator')])

    Reference: Mescheder et al. 2017, The Numerics of GANs, arXiv 1705.10461, algorithm 1.
    """
    return Schedule([("discriminator", "generator")])


def get(schedule: "str | int | Schedule") -> Schedule:
    """The schedule of a name or a number of discriminator steps; a `Schedule` is returned as it is.

    Args:
        schedule: `"alternating"`, `"simultaneous"`, k for `alternating(k)`, or a `Schedule`.

    Raises:
        ValueError: For anything else.

    Example:

    >>> get(2).parts
    2
    """
    if isinstance(schedule, Schedule):
        return schedule
    if isinstance(schedule, numbers.Integral) and not isinstance(schedule, bool):
        return alternating(schedule)
    makers = {"alternating": alternating, "simultaneous": simultaneous}
    if not isinstance(schedule, str) or schedule not in makers:
        raise unknown_name("schedule", schedule, makers)
    return makers[schedule]()
