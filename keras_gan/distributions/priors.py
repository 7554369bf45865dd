"""The distributions of latent vectors."""

import keras

from keras_gan.arguments import unknown_name
from keras_gan.distributions.distribution import Distribution
from keras_gan.distributions.normal import Normal
from keras_gan.distributions.uniform import Uniform


@keras.saving.register_keras_serializable(package="keras_gan", name="normal_prior")
def normal(shape, seed):
    """Draws z, standard normal in every component.

    Args:
        shape: `(batch, latent_dim)`.
        seed: Integer or `keras.random.SeedGenerator`.

    Example:

    >>> tuple(normal((4, 2), seed=0).shape)
    (4, 2)
    """
    return Normal().sample(shape, seed)


@keras.saving.register_keras_serializable(package="keras_gan", name="uniform_prior")
def uniform(shape, seed):
    """Draws z, uniform on [-1, 1] in every component.

    Args:
        shape: `(batch, latent_dim)`.
        seed: Integer or `keras.random.SeedGenerator`.

    Example:

    >>> tuple(uniform((4, 2), seed=0).shape)
    (4, 2)
    """
    return Uniform().sample(shape, seed)


PRIORS = {"normal": normal, "uniform": uniform}


def distribution_of(prior) -> Distribution | None:
    """Returns a prior as a distribution with a density; `None` for a user's own function.

    Args:
        prior: A prior as `get` returns it.

    Example:

    >>> distribution_of(uniform)
    Uniform(low=-1.0, high=1.0)
    """
    known = {normal: Normal(), uniform: Uniform()}
    return prior if isinstance(prior, Distribution) else known.get(prior)


def name_of(prior) -> str:
    """Returns the name of a prior, for messages."""
    return repr(prior) if isinstance(prior, Distribution) else prior.__name__


def of_game(prior, generator):
    """Returns the prior of a game: the given one, or else the generator's own, or `"normal"`.

    Args:
        prior: As in `get`, or `None`.
        generator: A `keras.Model`; a `kg.Generator` has a prior.

    Raises:
        ValueError: If a `kg.Generator` was trained with another prior.

    Example:

    >>> of_game(None, keras.Sequential([])) is normal
    True
    """
    own = getattr(generator, "prior", None)
    chosen = get("normal" if own is None else own) if prior is None else get(prior)
    if own is not None and chosen is not own and repr(chosen) != repr(own):
        raise ValueError(
            f"This generator was trained with the prior {name_of(own)}; received prior={prior!r}: "
            f"leave prior out."
        )
    return chosen


def get(prior):
    """Returns the prior of a name, or the distribution or function that it is given.

    Args:
        prior: `"normal"`, `"uniform"`, a `kg.distributions.Distribution`, or a function
            `(shape, seed) -> tensor` registered with Keras.

    Raises:
        ValueError: For an unknown name, or a function that is not registered.

    Example:

    >>> get("uniform") is uniform
    True
    """
    if isinstance(prior, Distribution):
        return prior
    if callable(prior):
        registered = keras.saving.get_registered_object(keras.saving.get_registered_name(prior))
        if registered is not prior:
            raise ValueError(
                f"A function used as prior must be registered, so that a saved game can load it; "
                f"received {prior!r}. Decorate it with "
                f"@keras.saving.register_keras_serializable()."
            )
        return prior
    if prior not in PRIORS:
        raise unknown_name("prior", prior, PRIORS)
    return PRIORS[prior]
