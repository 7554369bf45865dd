"""Examines both networks of a game at fixed points."""

import dataclasses

import keras
import numpy as np
from keras import ops

from keras_gan.backend import autodiff
from keras_gan.backend.precision import at_least_float32
from keras_gan.games.gan.gan import GAN
from keras_gan.metrics.results import Result
from keras_gan.networks.class_labels import with_labels
from keras_gan.parallel import processes
from keras_gan.training.running_means import global_norm


@dataclasses.dataclass(frozen=True, eq=False)
class Findings(Result):
    """The figures of one examination.

    Args:
        spread: The root mean square deviation of a component from its mean over the samples.
        gradient_norm: ‖∇ generator loss‖ over all weights of the generator.
        told_apart: The fraction of pairs (real, fake) in which the real sample scores higher.
        slope: The mean |∂ discriminator loss / ∂ score|, relative to that at equal scores; 0 if
            nothing is left to learn.
    """

    spread: float
    gradient_norm: float
    told_apart: float
    slope: float


def examine(game: GAN, real, seed: int = 0) -> Findings:
    """Examines a game at real samples and as many fakes of fixed latent vectors.

    The game does not change: the networks run in inference mode, and none of its random streams is
    used.

    Args:
        game: A compiled `GAN`.
        real: Samples of the data, `(n, ...)`, or a pair of samples and labels `(n,)`. With packing
            n must divide by it, and it is packs that are told apart.
        seed: Integer that determines the latent vectors. Defaults to 0.

    Returns:
        A `Findings`.

    Example:

    >>> import keras_gan as kg
    >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
    >>> gan.compile()
    >>> findings = examine(gan, np.random.default_rng(0).normal(size=(64, 2)))
    >>> 0 <= findings.told_apart <= 1, round(findings.slope, 1)
    (True, 1.0)
    """
    with processes.locally([*game.variables, *game.optimizer.variables]):
        return _examined(game, real, seed)


def _examined(game: GAN, real, seed: int) -> Findings:
    """The findings on one process, with the variables as they are."""
    real, labels = game.labelled(keras.tree.map_structure(ops.convert_to_tensor, real))
    z = game.prior((len(real), game.latent_dim), seed=seed)
    seen = game.packed(ops.cast(real, keras.config.floatx()))
    real_scores = at_least_float32(game.scores(with_labels(seen, labels)))
    optimizer = game.optimizer_of("generator")

    def generator_loss():
        fake = game.generator(with_labels(z, labels), training=False)
        fake_scores = game.scores(with_labels(game.packed(fake), labels))
        rivals = real_scores if game.objective.paired else None
        loss = game.objective.generator_loss(fake_scores, rivals)
        return optimizer.scale_loss(loss), (fake, at_least_float32(fake_scores))

    variables = game.variables_of("generator")
    gradients, (fake, fake_scores) = autodiff.gradients(generator_loss, variables)
    real_column, fake_row = ops.convert_to_numpy(real_scores), ops.convert_to_numpy(fake_scores).T
    return Findings(
        spread=spread(ops.convert_to_numpy(at_least_float32(fake))),
        gradient_norm=float(global_norm(gradients) / optimizer.scale_loss(ops.ones(()))),
        told_apart=float(np.mean(real_column > fake_row)),
        slope=_slope(game.objective, real_scores, fake_scores),
    )


def spread(samples: np.ndarray) -> float:
    """The root mean square deviation of a component from its mean over the samples.

    Args:
        samples: Array `(n, ...)`.

    Example:

    >>> spread(np.array([[0.0, 5.0], [2.0, 5.0]]))
    0.7071067811865476
    """
    samples = np.asarray(samples, "float64")  # where squares of float32 cannot overflow
    return float(np.sqrt(np.mean(np.square(samples - samples.mean(axis=0)))))


def _slope(objective, real_scores, fake_scores) -> float:
    """The mean |∂ discriminator loss / ∂ score|, relative to that at equal scores.

    Args:
        objective: An `Objective`.
        real_scores: `(n, 1)`.
        fake_scores: `(n, 1)`.
    """

    def steepness(scores):
        def loss(scores):
            real, fake = ops.split(scores, 2)
            return objective.discriminator_loss(real, fake)

        return float(ops.mean(ops.abs(autodiff.input_gradient(loss, scores))))

    scores = ops.concatenate([real_scores, fake_scores])
    tie = steepness(ops.full_like(scores, objective.threshold or 0.0))
    return steepness(scores) / tie
