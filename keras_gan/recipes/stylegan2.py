"""StyleGAN2: lazy R1, mixed styles, and a generator that moves images evenly."""

import dataclasses

import keras
from keras import ops

from keras_gan.arguments import amount
from keras_gan.games.gan.gan import GAN
from keras_gan.networks.analysis.styles import PARTS, missing_parts
from keras_gan.networks.class_labels import with_labels
from keras_gan.penalties import R1
from keras_gan.penalties.listed import refuse_generator_terms
from keras_gan.recipes.path_length import PathLength
from keras_gan.recipes.recipe import Recipe

OWN = ("style_mixing", "path_length_weight", "path_length_every")


@keras.saving.register_keras_serializable(package="keras_gan")
class StyleGAN2(Recipe):
    """The game of StyleGAN2: non-saturating, with lazy R1, style mixing and path lengths.

        discriminator: −E log σ(D(x)) − E log(1 − σ(D(G(z)))) + ½ γ E ‖∇D(x)‖², every 16th step
        generator:     −E log σ(D(G(z))) + λ E (‖Jᵀ y‖ − a)², every 4th step

    with J the derivative of the image by the styles w, y ~ N(0, I / pixels), and a the running mean
    of ‖Jᵀ y‖; both penalties are multiplied by the number of steps between. The path length is
    taken of as many new samples as a minibatch has, there of half as many. With probability
    `style_mixing` the layers of the synthesis from a random one on are styled by a second w.

    Picks: objective `"non_saturating"`, `R1(γ, every=16)`, alternating single steps, an averaged
    generator (decay 0.999), Adam(2.5e-3, β₁ = 0, β₂ = 0.99) with ε = 10⁻⁸ for both players, for
    layers with an equalized learning rate. Here each sample has a mixing layer of its own, there a
    minibatch has one. There a lazy penalty has a step of Adam for itself, and rate and betas are
    adjusted to that; here it is added to the loss of its step.

    Args:
        generator: Of `kg.networks.stylegan2_generator`, or another with such parts: a model
            `"mapping"` from z, or [z, label], to w; a layer `"mean_of_w"`; and a model
            `"synthesis"` from the w of each layer, (batch, layers, d), to samples.
        discriminator: As in `GAN`, without batch normalization.
        penalty_weight: γ, a number or a schedule of it, see `Penalty`. Defaults to 10; the authors'
            rule of thumb is 0.0002 · pixels / batch size, 0.003 for 32 x 32 pixels and 64 samples.
        penalty_every: How often R1 is computed. Defaults to 16.
        style_mixing: The probability that a sample has two styles, in [0, 1]. Defaults to 0.9; the
            authors have 0 for CIFAR-10.
        path_length_weight: λ; 0 leaves the penalty out, as the authors do for CIFAR-10. Defaults
            to 2.
        path_length_every: How often it is computed. Defaults to 4.
        average: Decay of the averaged generator. Defaults to 0.999.
        **options: `schedule`, `prior`, `seed`, … as in `GAN`.

    Raises:
        ValueError: For a generator without these parts, a number out of range, and as `GAN` and
            `GradientPenalty`.

    Example:

    >>> import keras_gan as kg
    >>> generator = kg.networks.stylegan2_generator((8, 8, 1), latent_dim=4, width=4)
    >>> gan = kg.StyleGAN2(generator, kg.networks.stylegan2_discriminator((8, 8, 1), width=4))
    >>> gan.loss_names("generator")
    ['generator_loss', 'path_length_penalty']

    Reference: Karras et al. 2020, Analyzing and Improving the Image Quality of StyleGAN,
    arXiv 1912.04958, and the code of Karras et al. 2020, arXiv 2006.06676.
    """

    def __init__(
        self,
        generator,
        discriminator,
        *,
        penalty_weight=10.0,
        penalty_every: int = 16,
        style_mixing: float = 0.9,
        path_length_weight: float = 2.0,
        path_length_every: int = 4,
        average=0.999,
        **options,
    ):
        _check_parts(generator)
        super().__init__(
            generator,
            discriminator,
            options,
            objective="non_saturating",
            penalties=[R1(penalty_weight, every=penalty_every)],
            average=average,
        )
        refuse_generator_terms(self.penalties, "StyleGAN2")
        self._take(style_mixing, path_length_weight, path_length_every)

    def _take(self, style_mixing, path_length_weight, path_length_every) -> None:
        """Keeps what `GAN` has no argument for."""
        self.style_mixing = amount("style_mixing", style_mixing, least=0, most=1)
        self.path_length = PathLength(path_length_weight, path_length_every)

    def make_players(self):
        """The players of `GAN`; the generator's loss has a term more."""
        judge, maker = super().make_players()
        if self.path_length.weight:
            names = [*maker.loss_names, "path_length_penalty"]
            maker = dataclasses.replace(maker, loss_names=names)
        return [judge, maker]

    def generator_losses(self, real, labels, draws, training):
        """`generator_loss` and `path_length_penalty`."""
        losses, seen = super().generator_losses(real, labels, draws, training)
        if self.path_length.weight:
            losses["path_length_penalty"] = self.path_length.penalty(
                lambda styles: self.part("synthesis")(styles, training=training),
                lambda: self.styles(ops.shape(real)[0], labels, draws, training),
                draws,
                self.optimizer_of("generator").iterations,
                training,
            )
        return losses, seen

    def made(self, real, labels, draws, training: bool) -> tuple:
        """As many samples as `real` has, in training of mixed styles; they have no neighbours."""
        styles = self.styles(ops.shape(real)[0], labels, draws, training)
        return self.part("synthesis")(styles, training=training), None

    def styles(self, count, labels, draws, training: bool):
        """w for each sample and layer, `(count, layers, d)`.

        Args:
            count: How many samples.
            labels: Integers `(count,)`, or `None`.
            draws: The random numbers to use.
            training: Whether styles are mixed, and the mean of w moves.
        """

        def mapped():
            z = draws.draw(self.prior, (count, self.latent_dim))
            return self.part("mapping")(with_labels(z, labels), training=training)

        w = self.part("mean_of_w")(mapped(), training=training)[:, None]
        layers = self.part("synthesis").input_shape[1]
        one_style = ops.repeat(w, layers, axis=1)
        if not (training and self.style_mixing):
            return one_style
        # the second w begins at layer 1, …, layers − 1, each as likely; of unmixed samples nowhere
        is_mixed = draws.uniform((count, 1, 1)) < self.style_mixing
        first = 1 + ops.cast(draws.uniform((count, 1, 1)) * (layers - 1), "int32")
        number = ops.reshape(ops.arange(layers, dtype="int32"), (1, layers, 1))
        is_second = ops.logical_and(is_mixed, number >= first)
        return ops.where(is_second, mapped()[:, None], one_style)

    def part(self, name: str):
        """A part of the generator, by its name."""
        return self.generator.get_layer(name)

    def settings(self) -> dict:
        """The picks of a `GAN`, mixing and path lengths."""
        own = {
            "style_mixing": self.style_mixing,
            "path_length_weight": self.path_length.weight,
            "path_length_every": self.path_length.every,
        }
        return {**own, **super().settings()}

    @classmethod
    def from_config(cls, config: dict, custom_objects=None) -> "StyleGAN2":
        """Builds the recipe from the picks that `get_config` returned."""
        own = {name: config[name] for name in OWN}
        rest = {name: value for name, value in config.items() if name not in OWN}
        gan = cls.__new__(cls)
        GAN.__init__(gan, **GAN.restored(rest, custom_objects))
        gan._take(**own)
        return gan

    def default_optimizer(self, player):
        """Adam(2.5e-3, β₁ = 0, β₂ = 0.99) with ε = 10⁻⁸."""
        return keras.optimizers.Adam(2.5e-3, beta_1=0.0, beta_2=0.99, epsilon=1e-8)


def _check_parts(generator) -> None:
    """Refuses a generator that does not consist of a mapping and a synthesis."""
    missing = missing_parts(generator)
    if missing:
        raise ValueError(
            f"StyleGAN2 mixes styles and penalises path lengths, for which the generator must have "
            f"the parts {', '.join(PARTS)}; it has no {' and no '.join(missing)}: build it with "
            f"kg.networks.stylegan2_generator, or play with kg.GAN(generator, discriminator, "
            f"penalties=[kg.penalties.R1(every=16)])."
        )
