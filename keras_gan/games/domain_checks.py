"""What is wrong with the data of two domains, before anything is trained."""

import dataclasses

import keras

from keras_gan.backend.shapes import made_shape, shapes_agree
from keras_gan.data.checks import check_data, check_finite, check_samples, first_batch, in_numpy
from keras_gan.models.translating import of_domain


@dataclasses.dataclass(frozen=True)
class PairChecks:
    """The checks of pairs (x, y), in the words of a game.

    Args:
        game: Who trains on them, with an article.
        unequal: What is wrong where a batch has {x} samples of x and {y} of y, and what to do;
            {least} is the smaller number and {most} the larger one.
    """

    game: str
    unequal: str

    def check(self, x, y, shapes: tuple, schedule=None, batch_size: int | None = None):
        """Looks at training data of two domains, as `check_data` does at samples of one.

        Args:
            x: The first argument of `fit`: samples of domain x, or a data set of pairs of batches.
            y: The second: the samples of domain y, where x is an array.
            shapes: The shapes of a sample of x and of one of y.
            schedule: As in `check_data`.
            batch_size: As in `check_data`.

        Returns:
            The pair of batches that was checked, or `None` if there is none.

        Raises:
            ValueError: As `check_data`, for either domain, and if one is missing or has another
                number of samples.
        """
        if x is not None and y is None and (hasattr(x, "shape") or isinstance(x, (tuple, list))):
            raise ValueError(
                f"{self.game} trains on two domains: pass both, gan.fit(x, y), or a data set of "
                f"pairs of batches (x, y)."
            )
        with of_domain("x"):
            first = check_data(x, shapes[0], schedule, batch_size)
        if first is None:
            return None
        second = self.pair_of((x, y) if y is not None else first_batch(x))[1]
        with of_domain("y"):
            check_samples(second, shapes[1])
            check_finite(in_numpy(second))
        self.check_lengths(len(first), len(second))
        return first, second

    def pair_of(self, data) -> tuple:
        """The batches of both domains among what Keras hands over.

        Raises:
            ValueError: For anything but a tuple of two.
        """
        pair = tuple(data) if isinstance(data, (tuple, list)) else (data,)
        if any(part is not None for part in pair[2:]):
            raise ValueError(
                "This game takes pairs of batches (x, y); received weights or other parts beside "
                "them: leave that out, in a data set by dataset.map(lambda x, y, *rest: (x, y))."
            )
        pair = pair[:2]
        if len(pair) < 2 or not all(hasattr(each, "dtype") for each in pair):
            raise ValueError(
                f"{self.game} trains on pairs of batches, one of either domain: gan.fit(x, y) with "
                f"two arrays, or a data set whose batches are tuples (x, y)."
            )
        return pair

    def check_batch(self, pair: tuple, shapes: tuple) -> None:
        """Checks dtypes and shapes of a pair of batches, also of symbolic ones.

        Raises:
            ValueError: For integers, samples of other shapes, or batches of different size.
        """
        for domain, samples, shape in zip("xy", pair, shapes, strict=True):
            with of_domain(domain):
                check_samples(samples, shape)
        self.check_lengths(*(samples.shape[0] for samples in pair))

    def check_lengths(self, x: int | None, y: int | None) -> None:
        """Refuses domains of which a batch has different numbers of samples, where known."""
        if None not in (x, y) and x != y:
            raise ValueError(self.unequal.format(x=x, y=y, least=min(x, y), most=max(x, y)))


def check_translated(generator: keras.Model, role: str, to: str, pair: tuple) -> None:
    """Refuses domains of a size that a generator does not make of the other's samples.

    Args:
        generator: The network from the other domain.
        role: What it is called in the message.
        to: The domain whose samples it makes.
        pair: The batches of both domains that were looked at.
    """
    x, y = (tuple(samples.shape[1:]) for samples in pair)
    given, expected = (x, y) if to == "y" else (y, x)
    made = made_shape(generator, given)
    if not shapes_agree(made, expected):
        raise ValueError(
            f"The {role} makes samples of shape {made} of those of shape {given}, and the data of "
            f"domain {to} have {expected}: bring both domains to sizes that fit."
        )
