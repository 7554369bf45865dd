"""What is wrong with the networks of an InfoGAN."""

import keras

from keras_gan.backend.shapes import shapes_agree, shapes_of, single_shape
from keras_gan.distributions.coded import Coded
from keras_gan.games.infogan.posterior import Posterior
from keras_gan.networks.analysis.unused_parts import check_inputs, check_one_output
from keras_gan.networks.checks import check_built
from keras_gan.networks.infogan import infogan_recognition


def check_room(prior: Coded, latent_dim: int) -> None:
    """Refuses codes for which the generator's latent vectors have no room.

    Args:
        prior: The distribution of latent vectors.
        latent_dim: How many components they have.

    Raises:
        ValueError: Says how many components the codes take.
    """
    if latent_dim < prior.size:
        raise ValueError(
            f"The codes {prior.codes} take {prior.size} components of z, one for each class and "
            f"each continuous code; the generator takes {latent_dim}: build it with a latent_dim "
            f"of at least {prior.size}, and more for the noise beside them."
        )


def recognition_of(given, seeing: keras.Model, posterior: Posterior) -> keras.Model:
    """The recognition network, made or checked.

    Args:
        given: What the user gave, or `None`.
        seeing: The discriminator with its features as second output.
        posterior: Q, whose parameters the network must return.

    Raises:
        ValueError: For a network that does not fit the discriminator's features and the codes, or
            features of no fixed shape.
    """
    features, wanted = shapes_of(seeing.output_shape)[1][1:], posterior.parameters
    if given is None:
        if None in features:
            raise ValueError(
                f"The discriminator's last layer sees features of shape {tuple(features)}, for "
                f"which no recognition network can be made: give one, or build the discriminator "
                f"for one size."
            )
        return infogan_recognition(tuple(features), wanted)
    check_built("recognition network", given)
    check_one_output("recognition network", given, "the parameters of Q(c|x)")
    check_inputs("recognition network", given)
    taken, made = shapes_of(given.input_shape), single_shape(given.output_shape)
    if len(taken) != 1 or not shapes_agree(taken[0], (None, *features)):
        raise ValueError(
            f"The recognition network must take what the discriminator's last layer sees, shape "
            f"{tuple(features)}; its input shape is {given.input_shape}: build it for that shape."
        )
    if tuple(made[1:]) != (wanted,):
        raise ValueError(
            f"The recognition network must return the {wanted} parameters of Q(c|x) for the codes "
            f"{posterior.prior.codes} with variance={posterior.variance!r}; its output shape is "
            f"{made}: end it with keras.layers.Dense({wanted})."
        )
    return given
