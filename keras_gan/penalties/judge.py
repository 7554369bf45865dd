"""What a discriminator says of real and fake samples, each computed once."""

from collections.abc import Callable, Sequence

from keras import ops

from keras_gan.augment.augmentation import Augmentation
from keras_gan.backend import autodiff
from keras_gan.networks.analysis.scores import scores_of, with_mean_scores
from keras_gan.penalties.penalty import Penalty


class Judge:
    """A discriminator, with its scores of real and of fake samples, and the slopes of these.

    Penalties take it for the discriminator: it is a function of samples. Where a penalty asks for
    the gradient at the real or the fake samples themselves, the scores that the loss has are
    differentiated, and no forward pass is run twice. Of several scores a sample, such as one per
    patch, penalties see the mean.

    Args:
        outputs: What D returns, `(batch, 1)` or `(batch, …, 1)` scores or a sequence that begins
            with them, as a function of samples.
        real: Samples of the data, `(batch, ...)`.
        fake: As many of the generator.
        penalties: Those that will look at it.
        augmented: By what real and by what fake samples are augmented before D sees them, a pair of
            functions of samples. Defaults to `None`: they are not.
        neighbours: From a standard deviation σ to G(z + Δ), Δ ~ N(0, σ² I), of the z of `fake`.
            Defaults to `None`: there is no such z.
        drawn: From an `Augmentation`, the shape of the samples and random numbers to a function of
            samples that it transforms, as `Augmentation.drawn`, which is the default. With packing
            D takes several samples as one, of which each is transformed by itself.

    Attributes:
        real, fake: The samples, of one dtype: those that penalties are to be given.
        real_scores, fake_scores: D(x) and D(G(z)), unbounded.

    Example:

    >>> from keras_gan.penalties import R1
    >>> x = ops.convert_to_tensor([[3.0], [5.0]])
    >>> judge = Judge(lambda x: x**2, x, -x, penalties=[R1()])
    >>> ops.convert_to_numpy(slope_of(judge, judge.real)).tolist()
    [[6.0], [10.0]]
    """

    def __init__(
        self,
        outputs: Callable,
        real,
        fake,
        penalties: Sequence[Penalty] = (),
        *,
        augmented: tuple[Callable, Callable] | None = None,
        neighbours: Callable | None = None,
        drawn: Callable | None = None,
    ):
        self.outputs = outputs
        self.augmented = dict(zip(("real", "fake"), augmented or (_same, _same), strict=True))
        self.real, self.fake = real, ops.cast(fake, real.dtype)
        self.neighbours, self.drawn = neighbours, drawn or Augmentation.drawn
        self.known, self.slopes = {}, {}
        wanted = {penalty.slope_at for penalty in penalties}
        self.real_scores = self._scored("real", self.real, wanted)
        self.fake_scores = self._scored("fake", self.fake, wanted)

    def __call__(self, samples):
        """What penalties see of D at samples, which are augmented as `beside` says."""
        return self.beside(samples)(samples)

    def beside(self, points) -> Callable:
        """What penalties see of D near points, a function of samples that augments all of them
        alike: the i-th as the i-th fake for `fake`, otherwise as the i-th real one.

        Args:
            points: `real` or `fake`, or others.
        """
        augmented = self.augmented["fake" if points is self.fake else "real"]
        return lambda samples: with_mean_scores(self.outputs(augmented(samples)))

    def known_slope(self, points) -> Callable | None:
        """What computes ∇D at points of the scores that are known, or `None` if they are not.

        Args:
            points: `real` or `fake`, or others.
        """
        known = (slope for name, slope in self.slopes.items() if points is getattr(self, name))
        return next(known, None)

    def known_outputs(self, points):
        """What penalties see of D at points, if the loss has it; `None` otherwise.

        Args:
            points: `real` or `fake`, or others.
        """
        known = (outputs for name, outputs in self.known.items() if points is getattr(self, name))
        outputs = next(known, None)
        return None if outputs is None else with_mean_scores(outputs)

    def _scored(self, name: str, samples, wanted):
        """The scores of samples, whose slope is kept if it is wanted."""
        augmented = self.augmented[name]
        if name not in wanted:
            self.known[name] = self.outputs(augmented(samples))
            return scores_of(self.known[name])

        def function(samples):  # what the loss sees, and the scores that penalties see
            outputs = self.outputs(augmented(samples))
            return outputs, scores_of(with_mean_scores(outputs))

        self.known[name], self.slopes[name] = autodiff.with_slope(function, samples)
        return scores_of(self.known[name])


def scores_at(discriminator: Callable, points):
    """D at points, `(batch, 1)`.

    Args:
        discriminator: A function from samples to scores. A `Judge` does not score `real` and `fake`
            again.
        points: Tensor `(batch, ...)`.

    Example:

    >>> judge = Judge(lambda x: x**2, ops.ones((2, 1)), -ops.ones((2, 1)))
    >>> scores_at(judge, judge.real) is judge.real_scores
    True
    """
    known = discriminator.known_outputs(points) if isinstance(discriminator, Judge) else None
    return scores_of(discriminator(points) if known is None else known)


def beside(discriminator: Callable, points) -> Callable:
    """The discriminator near points, a function of samples that augments them as these are.

    Args:
        discriminator: A function from samples to scores, which itself is returned, or a `Judge`.
        points: As in `Judge.beside`.

    Example:

    >>> def square(x):
    ...     return x**2
    >>> beside(square, ops.ones((2, 1))) is square
    True
    """
    return discriminator.beside(points) if isinstance(discriminator, Judge) else discriminator


def slope_of(discriminator: Callable, points):
    """∇D at points, `(batch, ...)`, each score's by its sample.

    Args:
        discriminator: A function from samples to scores. A `Judge` does not score `real` and `fake`
            again.
        points: Tensor `(batch, ...)`.
    """
    known = discriminator.known_slope(points) if isinstance(discriminator, Judge) else None
    if known is not None:
        return known()
    near = beside(discriminator, points)
    return autodiff.input_gradient(lambda x: scores_of(near(x)), points)


def _same(samples):
    """The samples."""
    return samples
