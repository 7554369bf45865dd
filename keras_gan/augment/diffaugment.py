"""Differentiable augmentation: color, translation and cutout, by the names of their policy."""

from keras import ops

from keras_gan.arguments import in_short, unknown_name
from keras_gan.augment.positions import moved, whole_up_to
from keras_gan.augment.transform import Transform, along, check_positions
from keras_gan.backend.configured import register


class _Brightness(Transform):
    """x + b, b ~ U[−½, ½]."""

    def check(self, sample_shape):
        """Refuses points."""
        check_positions(self, sample_shape, sized=False)

    def draw(self, shape, draws, strength):
        """b, `(batch,)`."""
        return strength * (draws.uniform((shape[0],), dtype="float32") - 0.5)

    def apply(self, x, drawn):
        """x + b."""
        return x + along(drawn, x)


class _Saturation(_Brightness):
    """m + f (x − m) with m the mean over the channels of a position, f ~ U[0, 2]."""

    def draw(self, shape, draws, strength):
        """f − 1, `(batch,)`."""
        return 2.0 * super().draw(shape, draws, strength)

    def apply(self, x, drawn):
        """x + (f − 1) (x − m)."""
        return x + along(drawn, x) * (x - self.mean(x))

    def mean(self, x):
        """m."""
        return ops.mean(x, axis=-1, keepdims=True)


class _Contrast(_Saturation):
    """m + f (x − m) with m the mean of the sample, f ~ U[½, 3/2]."""

    def draw(self, shape, draws, strength):
        """f − 1, `(batch,)`."""
        return _Brightness.draw(self, shape, draws, strength)

    def mean(self, x):
        """m."""
        return ops.mean(x, axis=tuple(range(1, len(x.shape))), keepdims=True)


class _Translation(Transform):
    """Moved by up to an eighth of every axis, to either side; what comes in is 0."""

    def check(self, sample_shape):
        """Refuses points, and unknown sizes."""
        check_positions(self, sample_shape)

    def draw(self, shape, draws, strength):
        """The shifts, `(batch,)` for each axis."""
        shifts = []
        for size in shape[1:-1]:
            most = _share(size, 0.125 * strength)
            u = draws.uniform((shape[0],), dtype="float32")
            shifts.append(whole_up_to(u, 2 * most) - most)
        return shifts

    def apply(self, x, drawn):
        """The moved samples."""
        return moved(x, drawn)


class _Cutout(_Translation):
    """A box of half of every axis, its middle anywhere, becomes 0."""

    def draw(self, shape, draws, strength):
        """The first position in the box and the first behind it, `(batch,)` for each axis."""
        boxes = []
        for size in shape[1:-1]:
            length = _share(size, 0.5 * strength)
            u = draws.uniform((shape[0],), dtype="float32")
            first = whole_up_to(u, size - length % 2) - length // 2
            boxes.append((first, first + length))
        return boxes

    def apply(self, x, drawn):
        """The samples, 0 in the box."""
        inside = True
        for axis, (first, behind) in enumerate(drawn, start=1):
            i = [1] * len(x.shape)
            i[axis] = x.shape[axis]
            i = ops.reshape(ops.arange(x.shape[axis], dtype="int32"), i)
            inside &= (i >= along(first, x, "int32")) & (i < along(behind, x, "int32"))
        return ops.where(inside, ops.zeros((), x.dtype), x)


class _Flip(Transform):
    """Half of the samples are mirrored along their last axis of positions."""

    def check(self, sample_shape):
        """Refuses points."""
        check_positions(self, sample_shape, sized=False)

    def draw(self, shape, draws, strength):
        """Whether each is mirrored, `(batch,)`."""
        return draws.uniform((shape[0],), dtype="float32") < 0.5 * strength

    def apply(self, x, drawn):
        """The samples or their mirror images."""
        return ops.where(along(drawn, x, "bool"), ops.flip(x, axis=-2), x)


POLICIES = {
    "color": (_Brightness, _Saturation, _Contrast),
    "translation": (_Translation,),
    "cutout": (_Cutout,),
    "flip": (_Flip,),
}


def _share(size: int, ratio):
    """A share of an axis, rounded: ⌊size · ratio + ½⌋, a whole number or an int32 scalar."""
    if isinstance(ratio, float):
        return int(size * ratio + 0.5)
    return ops.cast(ops.floor(size * ratio + 0.5), "int32")


@register
class DiffAugment(Transform):
    """Differentiable augmentation of what a discriminator sees, by the names of a policy.

        color        x + b,  b ~ U[−½, ½];  then m + f (x − m) with m the mean over the channels of
                     each position, f ~ U[0, 2];  then the same with m the mean of the sample,
                     f ~ U[½, 3/2]
        translation  moved along every axis by t ~ U{−s, …, s}, s = ⌊size/8 + ½⌋; 0 comes in
        cutout       0 in a box of ⌊size/2 + ½⌋ along every axis, its middle anywhere
        flip         mirrored along the last axis of positions, with probability ½

    in the order of the names, drawn anew for every sample. Values are not clipped. The strength s
    multiplies the ranges: b in s [−½, ½], f in 1 + s [−1, 1] and 1 + s [−½, ½], s/8 and s/2 of the
    sizes, and s/2, at most 1, as the probability of `flip`. Images, series and volumes of any size
    will do.

    These are the authors' first three. `flip` is not among theirs: their programs mirror the data.

    Args:
        policy: Names, joined by commas. Defaults to `"color,translation,cutout"`.
        strength: s, a number of at least 0 or a schedule of it, see `Transform`. Defaults to 1.
        probability: That of each of these to be done to a sample, a number or a schedule. Defaults
            to 1.

    Raises:
        ValueError: For an unknown name, a negative strength or a probability outside [0, 1]. When a
            game is made with it: for points, which have no positions.

    Example:

    >>> import keras_gan as kg
    >>> gan = kg.SNGAN(
    ...     kg.networks.dcgan_generator((8, 8, 1), width=8),
    ...     kg.networks.dcgan_discriminator((8, 8, 1), width=8, normalization="spectral"),
    ...     augment=kg.augment.DiffAugment("color,translation,cutout"),
    ... )
    >>> gan.augment.transforms
    [DiffAugment()]

    Reference: Zhao, Liu, Lin, Zhu and Han 2020, Differentiable Augmentation for Data-Efficient GAN
    Training, arXiv 2006.10738, and the authors' code, mit-han-lab/data-efficient-gans.

    Experiment: docs/results/data_efficiency.md.
    """

    def __init__(self, policy: str = "color,translation,cutout", *, strength=1.0, probability=1.0):
        super().__init__(strength=strength, probability=probability)
        if not isinstance(policy, str):
            raise ValueError(
                f"policy must be names joined by commas, such as 'color,translation,cutout'; "
                f"received {in_short(policy)}."
            )
        self.policy = policy
        self.names = [name.strip() for name in policy.split(",") if name.strip()]
        for name in self.names:
            if name not in POLICIES:
                raise unknown_name("augmentation", name, POLICIES)

    def parts(self):
        """Returns the transforms of the policy, in their order."""
        options = {"strength": self.strength, "probability": self.probability}
        return [kind(**options) for name in self.names for kind in POLICIES[name]]

    def check(self, sample_shape):
        """Refuses points."""
        for part in self.parts():
            part.check(sample_shape)

    def draw(self, shape, draws, strength):
        """Returns the numbers of all parts."""
        return [part.draw(shape, draws, strength) for part in self.parts()]

    def apply(self, x, drawn):
        """Returns the samples, transformed by all parts."""
        for part, own in zip(self.parts(), drawn, strict=True):
            x = part.apply(x, own)
        return x

    def get_config(self):
        """Returns the constructor's arguments."""
        return {"policy": self.policy, **super().get_config()}
