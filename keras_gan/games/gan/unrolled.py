"""The GAN whose generator foresees how the discriminator will answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import keras
from keras import ops

from keras_gan.arguments import whole
from keras_gan.backend import autodiff
from keras_gan.backend.precision import sum_of
from keras_gan.games.gan.gan import GAN
from keras_gan.games.gan.virtual_updates import check_differentiable, hypothetical, step
from keras_gan.layers.spectral_normalization import one_kernel
from keras_gan.parallel.global_batch import present_part
from keras_gan.parallel.random_numbers import Draws, random_states
from keras_gan.training.optimizers import gradients_of_all_replicas
from keras_gan.training.regularization import regularized


@keras.saving.register_keras_serializable(package="keras_gan")
class UnrolledGAN(GAN):
    """A `GAN` whose generator plays against the discriminator of k steps later.

        G minimises  f_G(θ_G, θ_D^k(θ_G)),   θ_D^0 = θ_D,
                     θ_D^{i+1} = update(θ_D^i, ∇_{θ_D} L_D(θ_G, θ_D^i))
        D minimises  L_D(θ_G, θ_D), one step at a time, as in a GAN

    f_G and L_D are the losses of the objective, L_D with penalties and regularization. The
    generator's gradient is the whole one: that of f_G at θ_D^k, and through θ_D^k that of the k
    updates, which answer to θ_G; what layers hold constant, such as u of
    `kg.layers.SpectralNormalization`, is held constant here too. The update is that of the
    discriminator's own optimizer from its present state, moments included, as in the authors' code.

    As there, the k updates and f_G see one and the same x, the minibatch of the generator's move,
    and one and the same z: θ_D^k is then the answer to the very samples that f_G judges, G is run
    once a move, and its gradient differs from that of a GAN by unrolling alone. What is random in D
    and in penalties is drawn afresh for each update.

    The k updates are hypothetical. Weights, optimizer and statistics of D are afterwards what they
    were; so are the vectors u of `kg.layers.SpectralNormalization`, which follow the hypothetical
    weights by their power iteration and here, other than in a GAN, move for good with D's own steps
    alone. Only the random streams go on. An evaluation shows f_G(θ_G, θ_D).

    The authors' f_G is −L_D, with the term of the real samples, which depends on θ_G through θ_D^k:
    `objective="saddle"`. Their code runs both updates as one joint step, on one minibatch, without
    an order between them (`schedule="simultaneous"`, with z of its own for each player here, there
    with one), by Adam with β₁ = 0.5 and the rates 1e-4 for D and 1e-3 for G (here 2e-4 for both
    unless `compile` is told).

    A move of G costs about k + 1 times as much as in a GAN, in time and in memory.

    Args:
        generator: As in `GAN`.
        discriminator: As in `GAN`; without layers whose second derivatives are wrong or missing,
            as Keras's own batch, layer and group normalization on TensorFlow.
        unroll: k, not negative. Defaults to 5. With 0 it is the GAN. At most
            `UnrolledGAN.most_unroll`, 100, for each step is compiled and held in memory by itself;
            set that higher to foresee more.
        **options: `objective`, `penalties`, `schedule`, `average`, `seed`, … as in `GAN`.

    Raises:
        ValueError: For a k that is not a whole number of at least 0, or more than that, a
            discriminator through whose gradient one cannot differentiate; in `compile`, a
            `discriminator_optimizer` that accumulates gradients or overwrites weights with their
            average; and as `GAN`.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> networks = kg.networks.mlp_generator(), kg.networks.mlp_discriminator()
    >>> gan = kg.UnrolledGAN(*networks, unroll=2, objective="saddle", seed=0)
    >>> gan.compile()
    >>> history = gan.fit(np.random.normal(size=(128, 2)), batch_size=64, verbose=0)
    >>> gan.generate(3, seed=0).shape
    (3, 2)

    Reference: Metz, Poole, Pfau and Sohl-Dickstein 2016, Unrolled Generative Adversarial Networks,
    arXiv 1611.02163.

    Experiment: docs/results/minimax_dynamics.md.
    """

    most_unroll = 100

    def __init__(self, generator, discriminator, *, unroll: int = 5, **options):
        from keras_gan.penalties.second_order import check_mixed_derivatives

        unroll = whole("unroll, the number of discriminator steps foreseen,", unroll, least=0)
        if unroll > self.most_unroll:
            raise ValueError(
                f"unroll must be at most {self.most_unroll:,}, for each step foreseen is compiled "
                f"by itself; received {unroll:,}: set kg.UnrolledGAN.most_unroll higher if you "
                f"mean it."
            )
        super().__init__(generator, discriminator, **options)
        self.unroll = unroll
        self.fused_updates = not unroll  # steps taken are rounded as those that are foreseen
        if unroll:
            check_mixed_derivatives(discriminator)

    def compile_players(self, chosen: dict, **arguments) -> None:
        """As every game's, once the discriminator's updates are known to have a derivative."""
        if self.unroll:
            check_differentiable(chosen["discriminator"])
        super().compile_players(chosen, **arguments)

    def generator_losses(self, real, labels, draws: Draws, training: bool) -> tuple[dict, dict]:
        """`generator_loss`, in training against the discriminator of k steps later."""
        if not (training and self.unroll):
            return super().generator_losses(real, labels, draws, training)
        fake, near = self.made(real, labels, draws, training)
        with self.unrolled(real, fake, labels, draws, near), one_kernel(anew=True):
            losses, observations = self.generator_losses_on(real, fake, labels, training)
        return {**losses, **self.generator_terms(fake, near)}, observations

    @contextmanager
    def unrolled(
        self, real, fake, labels, draws: Draws, neighbours: Callable | None = None
    ) -> Iterator[None]:
        """A scope in which the discriminator is the one of k steps on these samples later.

        Args:
            real: The minibatch of this replica.
            fake: G(z), as many; what is differentiated by later may flow through it.
            labels: Of both, or `None`.
            draws: The random numbers for penalties.
            neighbours: As in `GAN.losses_on`.
        """
        weights = self.variables_of("discriminator")
        optimizer = self.optimizer_of("discriminator")
        part = present_part()

        def scaled_loss():
            losses, _ = regularized(
                "discriminator",
                self.networks_of("discriminator"),
                lambda: self.losses_on(real, fake, labels, draws, True, neighbours),
            )
            total = sum_of(losses.values())
            if part is not None:
                total = total * ops.cast(part.weight, total.dtype)
            return optimizer.scale_loss(total), None

        with hypothetical(weights, kept=random_states(self)):
            for _ in range(self.unroll):
                with one_kernel(anew=True):
                    gradients, _ = autodiff.gradients(scaled_loss, weights)
                step(optimizer, gradients_of_all_replicas(gradients))
            yield

    def settings(self) -> dict:
        """k and the picks of a `GAN`."""
        return {"unroll": self.unroll, **super().settings()}
