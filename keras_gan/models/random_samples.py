"""Samples of a seed, whatever they are made of."""

import os
import pathlib
from collections.abc import Iterator

import keras
import numpy as np

from keras_gan.data.checks import check_counts
from keras_gan.models.conditioned import Conditioned
from keras_gan.models.prediction import Prediction, filled_up
from keras_gan.networks.analysis.memory import batch_size_of, check_room, parts_of
from keras_gan.plotting.samples import MOST_COLUMNS
from keras_gan.plotting.showing import check_shown, show


class RandomSamples(Conditioned, Prediction):
    """The ability of a model or a preset to make samples of random numbers.

    A subclass says which `drawn_inputs` belong to a seed, which network's outputs the samples are,
    and how samples are `_made` of arrays of inputs.
    """

    def sample_network(self) -> keras.Model:
        """The network whose outputs are samples, or the parameters of their distribution."""
        raise NotImplementedError

    def drawn_inputs(
        self, n: int, seed: int | None, labels, truncation: float | None = None
    ) -> list[np.ndarray]:
        """What n samples are made of: random numbers and, of a conditional model, their labels.

        Raises:
            ValueError: As `generate`, but for samples beyond memory.
        """
        raise NotImplementedError

    def checked_inputs(
        self, n: int, seed: int | None, labels, truncation: float | None = None
    ) -> list[np.ndarray]:
        """The `drawn_inputs` of n samples, once these are known to fit into memory.

        Raises:
            ValueError: As `generate`.
        """
        check_counts(n=n)
        check_room(self.sample_network(), n)
        return self.drawn_inputs(n, seed, labels, truncation)

    def generate(
        self,
        n: int,
        seed: int | None = None,
        average: bool = True,
        batch_size: int | None = None,
        *,
        labels=None,
        truncation: float | None = None,
    ) -> np.ndarray:
        """Samples of the model.

        Args:
            n: How many.
            seed: Integer that fixes them; `None` takes new ones at every call.
            average: Whether the averaged network makes them, where there is one.
            batch_size: How many are made at a time; it does not change which. By default as many
                as memory allows, at most 256.
            labels: For networks that take labels: the class of each sample, integers `(n,)`, or one
                for all. `None`, the default, takes all classes in turn, 0, 1, 2, …. For networks
                that take condition vectors: those of all samples, `(n, d)`, or one, `(d,)`, for
                all.
            truncation: ψ > 0, such as 0.7: components of z beyond it are drawn anew until they lie
                within, as in BigGAN. Samples are better and more alike. It counts in standard
                deviations of a normal prior and halves of the width of a uniform one, which it
                makes narrower. Where a network maps z to styles w, as StyleGAN2's, it takes
                w̄ + ψ (w − w̄) in place of w, with w̄ their running mean, and leaves z as it is.
                Defaults to `None`: the whole prior.

        Returns:
            float32 array `(n, ...)`; images lie in [-1, 1].

        Raises:
            ValueError: For a count below 1, a seed that is not an integer of at least 0, more
                samples than memory holds, labels that the networks do not know, or a truncation
                that is not positive or of another prior.

        Example:

        >>> import keras_gan as kg
        >>> generator = kg.Generator(kg.networks.mlp_generator(classes=3))
        >>> generator.generate(4, seed=0, labels=2).shape
        (4, 2)
        >>> generator.generate(4, seed=0, truncation=0.7).shape
        (4, 2)

        Reference: Brock, Donahue and Simonyan 2018, Large Scale GAN Training for High Fidelity
        Natural Image Synthesis, arXiv 1809.11096; of styles: Karras, Laine and Aila 2018, A
        Style-Based Generator Architecture for Generative Adversarial Networks, arXiv 1812.04948.
        """
        given = self.checked_inputs(n, seed, labels, truncation)
        further = self.truncating(truncation)
        return self._made(*given, batch_size=batch_size, average=average, **further)

    def truncating(self, truncation: float | None) -> dict:
        """What `_made` must know of a truncation that is not of the drawn inputs.

        Args:
            truncation: As in `generate`.
        """
        return {}

    def show(
        self,
        n: int = 64,
        seed: int | None = None,
        *,
        columns: int | None = None,
        path: str | os.PathLike | None = None,
        axes=None,
        **options,
    ) -> pathlib.Path | None:
        """Shows samples: a notebook displays their picture, another program writes it into a file.

        Args:
            n: How many. Defaults to 64.
            seed: As in `generate`.
            columns: Images per row. Defaults to ⌈√n⌉, or where classes come in turn to a column
                for each of up to 20.
            path: As in `kg.plotting.show`.
            axes: Likewise.
            **options: As in `generate`, such as `labels` and `truncation`.

        Returns:
            The path of the file, or `None` where no file was written.

        Raises:
            ValueError: As `generate`, and for samples of which there is no picture.

        Example:

        >>> import keras_gan as kg
        >>> path = kg.Generator(kg.networks.mlp_generator()).show(100, seed=0)
        Wrote the picture, 480 × 480 pixels, to ...png
        """
        check_shown(self.sample_shape, type(self).__name__)
        samples = self.generate(n, seed, **options)
        if columns is None and options.get("labels") is None and self.conditional:
            columns = self.classes if (self.classes or n) <= min(n, MOST_COLUMNS) else None
        return show(samples, columns, path=path, axes=axes)

    def generate_in_parts(
        self,
        n: int,
        seed: int | None = None,
        average: bool = True,
        *,
        labels=None,
        truncation: float | None = None,
    ) -> Iterator[np.ndarray]:
        """The samples of `generate`, a part at a time: all of them need not fit into memory.

        Args:
            n: How many.
            seed: As in `generate`.
            average: As in `generate`.
            labels: As in `generate`.
            truncation: As in `generate`.

        Yields:
            float32 arrays `(m, ...)`, n samples altogether.

        Raises:
            ValueError: As `generate`, except that all samples together need not fit into memory.
        """
        given = self.drawn_inputs(n, seed, labels, truncation)
        network = self.sample_network()
        size = batch_size_of(network)
        for rows in parts_of(n, network):
            part = [each[rows] for each in given]
            if rows.start:  # the last one, if it is short, as `generate` makes its last batch
                part = [filled_up(each, size) for each in part]
            made = self._made(*part, average=average, **self.truncating(truncation))
            yield made[: rows.stop - rows.start]
