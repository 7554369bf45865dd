"""FastGAN: a hinge GAN whose discriminator must be able to reconstruct what it sees."""

import dataclasses

import keras
from keras import ops

from keras_gan.arguments import amount, unknown_name
from keras_gan.backend.shapes import shapes_agree, shapes_of, single_shape
from keras_gan.networks.analysis.unused_parts import check_inputs, check_one_output
from keras_gan.networks.checks import check_built, check_generator
from keras_gan.networks.fastgan_decoder import MULTIPLES, fastgan_decoder
from keras_gan.recipes.recipe import Recipe, refuse_packing
from keras_gan.recipes.reconstruction import DISTANCES, quarters, shrunk
from keras_gan.training import schedules

PARTS = ("whole", "part")  # what is reconstructed, and the names of the decoders


@keras.saving.register_keras_serializable(package="keras_gan")
class FastGAN(Recipe):
    """A hinge GAN whose discriminator also learns to reconstruct real images: FastGAN.

        discriminator: E max(0, 1 − D(x)) + E max(0, 1 + D(G(z)))
                       + λ E d(R₁(f₁(x)), small(x)) + λ E d(R₂(crop f₂(x)), small(crop x))
        generator:     −E D(G(z))

    with f₁ and f₂ the two coarsest grids of the discriminator, R₁ and R₂ small decoders that train
    with it, and crop a random quarter of each image. A discriminator that has to keep what images
    are made of learns more from few of them. The distance d compares what a frozen network sees in
    both, see below, or pixels. What D sees augmented is to be reconstructed as D sees it. The terms
    are logged as `whole_reconstruction_loss` and `part_reconstruction_loss`.

    Picks: objective `"hinge"` of each patch, that self-supervision, the augmentation below,
    alternating single steps, an averaged generator (decay 0.999), Adam(2e-4, β₁ = 0.5) for both
    players, as in the authors' code. There the hinge has random margins in [0.8, 1]; a third
    decoder is that of the second path for 128 pixels, which `kg.networks.fastgan_discriminator` has
    not; d is LPIPS, which weights the channels of a VGG by people's judgements, where ours has no
    weights and EfficientNet-Lite0; d is summed over a minibatch of 8, which is λ = 8 here; one
    quarter is drawn for all images of a minibatch; and images are made small by dropping pixels,
    here by means. Decoded images have half the sides of the data, at most 16 times those of the
    grids, which is 128 x 128 there, too.

    Args:
        generator: As in `GAN`, also with labels.
        discriminator: From images, or [images, labels], to [scores, coarsest grid, next grid], as
            `kg.networks.fastgan_discriminator` with `grids=True`.
        whole_decoder: R₁, a built `keras.Model` from the coarsest grid to a small image, whose
            sides divide those of the data. `None`, the default, is `kg.networks.fastgan_decoder`.
        part_decoder: R₂, likewise from a quarter of the next grid to that of the image.
        reconstruction: d: `"features"`, the distance of the unit vectors of channels of a frozen
            EfficientNet-Lite0, for images of one or three channels, or `"l1"`, the mean of
            |x − y| over pixels, which needs no such network and a fraction of the time. Defaults to
            `"features"`.
        reconstruction_weight: λ, at least 0. Defaults to 1, as in the paper.
        objective: As in `GAN`. Defaults to `"hinge"`.
        discriminator_steps: Discriminator steps per generator step. Defaults to 1.
        average: Decay of the averaged generator. Defaults to 0.999.
        augment: As in `GAN`. Defaults to `"color,translation"`, as the authors have it.
        **options: `penalties`, `prior`, `seed`, … as in `GAN`, without `packing`.

    Raises:
        ValueError: For a discriminator without grids, decoders that do not fit, an unknown
            distance, a negative weight, and as `GAN`.

    Example:

    >>> import keras_gan as kg
    >>> generator = kg.networks.fastgan_generator((16, 16, 1), latent_dim=4, width=2)
    >>> discriminator = kg.networks.fastgan_discriminator((16, 16, 1), width=2, grids=True)
    >>> gan = kg.FastGAN(generator, discriminator, reconstruction="l1")
    >>> gan.loss_names("discriminator")
    ['discriminator_loss', 'whole_reconstruction_loss', 'part_reconstruction_loss']

    Reference: Liu, Zhu, Song and Elgammal 2021, Towards Faster and Stabilized GAN Training for
    High-fidelity Few-shot Image Synthesis, arXiv 2101.04775.
    """

    heads = 2
    network_names = ("generator", "discriminator", "whole_decoder", "part_decoder")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        whole_decoder: keras.Model | None = None,
        part_decoder: keras.Model | None = None,
        *,
        reconstruction: str = "features",
        reconstruction_weight: float = 1.0,
        objective="hinge",
        discriminator_steps: int = 1,
        average=0.999,
        augment="color,translation",
        **options,
    ):
        if reconstruction not in DISTANCES:
            raise unknown_name("reconstruction", reconstruction, DISTANCES)
        refuse_packing("FastGAN", options, "reconstructs one image at a time")
        decoders = _decoders(generator, discriminator, whole_decoder, part_decoder)
        options.setdefault("schedule", schedules.alternating(discriminator_steps))
        picks = {"objective": objective, "average": average, "augment": augment}
        super().__init__(generator, discriminator, options, **picks)
        self.reconstruction = reconstruction
        self.reconstruction_weight = amount("reconstruction_weight", reconstruction_weight, least=0)
        self.whole_decoder, self.part_decoder = decoders
        # no attribute that Keras tracks: a frozen network is neither saved nor moved
        object.__setattr__(self, "distances", [self._distance(each) for each in decoders])
        self.begin()

    def _distance(self, decoder: keras.Model):
        """d of the images that a decoder makes."""
        return DISTANCES[self.reconstruction](single_shape(decoder.output_shape)[1:])

    def begin(self) -> None:
        """As every game's, once the decoders are there, too."""
        if hasattr(self, "part_decoder"):
            super().begin()

    def make_players(self):
        """The discriminator and the decoders, which move together; the generator."""
        judge, maker = super().make_players()
        networks = [self.discriminator, self.whole_decoder, self.part_decoder]
        names = [*judge.loss_names, *(f"{part}_reconstruction_loss" for part in PARTS)]
        return [dataclasses.replace(judge, networks=networks, loss_names=names), maker]

    def further_losses(self, judge, labels, draws, training) -> tuple[dict, dict]:
        """The weighted distances of real images, as D sees them, from their reconstructions."""
        _, coarse, fine = judge.known_outputs(judge.real)
        image = judge.augmented["real"](judge.real)
        u = draws.uniform((ops.shape(image)[0],), dtype="float32")
        number = ops.cast(ops.floor(4.0 * u), "int32")
        pairs = {
            "whole": (self.whole_decoder, coarse, image),
            "part": (self.part_decoder, quarters(fine, number), quarters(image, number)),
        }
        losses = {}
        for distance, (part, (decoder, grid, wanted)) in zip(
            self.distances, pairs.items(), strict=True
        ):
            made = decoder(grid, training=training)
            value = distance(made, ops.stop_gradient(shrunk(wanted, tuple(made.shape[1:]))))
            losses[f"{part}_reconstruction_loss"] = self.reconstruction_weight * value
        return losses, {}

    def settings(self) -> dict:
        """The picks of a `GAN`, and the distance and its weight."""
        return {
            "augment": None,  # unless there is one
            **super().settings(),
            "reconstruction": self.reconstruction,
            "reconstruction_weight": self.reconstruction_weight,
        }

    @classmethod
    def from_config(cls, config: dict, custom_objects=None) -> "FastGAN":
        """Builds the recipe from the picks that `get_config` returned."""
        return cls(**cls.restored(config, custom_objects))


def _decoders(generator, discriminator, *given) -> list:
    """The decoders, made or checked.

    Args:
        generator: As in `FastGAN`, like the others.
        discriminator: Likewise.
        *given: The decoders of the whole and of a part, or `None` for each.

    Raises:
        ValueError: For a discriminator without grids, and decoders that do not fit them.
    """
    check_generator(generator)
    check_built("discriminator", discriminator)
    shapes = shapes_of(discriminator.output_shape)
    sides = single_shape(discriminator.input_shape)[1:]
    fits = len(shapes) == 3 and all(len(shape) == 4 for shape in shapes[1:]) and len(sides) == 3
    even = fits and None not in (*sides, *shapes[1][1:], *shapes[2][1:])
    if not even or any(side % 2 for side in (*sides[:2], *shapes[2][1:3])):
        raise ValueError(
            f"FastGAN needs a discriminator of images of even sides that returns [scores, grid, "
            f"grid], of which the second has even sides, too; this one goes from "
            f"{discriminator.input_shape} to {discriminator.output_shape}: build it with "
            f"kg.networks.fastgan_discriminator(…, grids=True)."
        )
    inputs = [len(shapes_of(each.input_shape)) for each in (generator, discriminator)]
    if len(set(inputs)) > 1:
        raise ValueError(
            f"FastGAN's networks both take labels or neither does; the generator takes "
            f"{generator.input_shape}, the discriminator {discriminator.input_shape}: build both "
            f"with classes=…, or condition_dim=…, or both without."
        )
    coarse, (height, width, channels) = shapes[1][1:], shapes[2][1:]
    grids = {"whole": coarse, "part": (height // 2, width // 2, channels)}
    wholes = {"whole": sides, "part": (sides[0] // 2, sides[1] // 2, sides[2])}
    found = []
    for part, decoder in zip(PARTS, given, strict=True):
        if decoder is None:
            times = min(sides[0] // 2 // grids[part][0], 2 ** len(MULTIPLES))
            small = (*(max(times, 1) * side for side in grids[part][:2]), sides[2])
            decoder = fastgan_decoder(small, tuple(grids[part]), name=f"{part}_decoder")
        found.append(_checked(f"{part} decoder", decoder, grids[part], wholes[part]))
    return found


def _checked(role: str, decoder, grid: tuple, image: tuple) -> keras.Model:
    """A decoder, once it is known to go from a grid to images whose sides divide the data's.

    Raises:
        ValueError: If it does not.
    """
    check_built(role, decoder)
    check_one_output(role, decoder, "images")
    check_inputs(role, decoder)
    taken, made = shapes_of(decoder.input_shape), tuple(single_shape(decoder.output_shape)[1:])
    sized = len(made) == 3 and None not in made and made[2] == image[2]
    divides = sized and all(m and not n % m for n, m in zip(image[:2], made[:2], strict=True))
    if len(taken) != 1 or not shapes_agree(taken[0], (None, *grid)) or not divides:
        raise ValueError(
            f"The {role} must go from grids of shape {tuple(grid)} to images of {image[2]} "
            f"channels whose sides divide {image[0]} x {image[1]}; it goes from "
            f"{decoder.input_shape} to {decoder.output_shape}: build it with "
            f"kg.networks.fastgan_decoder."
        )
    return decoder
