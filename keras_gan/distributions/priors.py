"""The distributions of latent vectors."""

import keras

from keras_gan.arguments import unknown_name
from keras_gan.distributions.distribution import Distribution
from keras_gan.distributions.normal import Normal
from keras_gan.distributions.uniform import Uniform


@keras.saving.register_keras_serializable(package="keras_gan", name="normal_prior")
def normal(shape, seed):
    """z standard normal in every component.

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
    """z uniform on [-1, 1] in every component.

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
    """The distribution with a density that a prior is; `None` for a function of one's own.

    Args:
        prior: What `get` returned.

    Example:

    >>> distribution_of(uniform)
    Uniform(low=-1.0, high=1.0)
    """
    known = {normal: Normal(), uniform: Uniform()}
    return prior if isinstance(prior, Distribution) else known.get(prior)


def name_of(prior) -> str:
    """A prior as a message calls it."""
    return repr(prior) if isinstance(prior, Distribution) else prior.__name__


def of_game(prior, generator):
    """The prior of a game: the one that was asked for, the generator's own, or `"normal"`.

    Args:
        prior: As in `get`, or `None`.
        generator: A `keras.Model`; a `kg.Generator` has a prior.

    Raises:
        ValueError: For another prior than the one that a `kg.Generator` has.

    Example:

    >>> of_game(None, keras.Sequential([])) is normal
    True
    """
    own = getattr(generator, "prior", None)
    chosen = get("normal" if own is None else own) if prior is None else get(prior)
    if own is not None and chosen is not own and repr(chosen) != repr(own):
        raise ValueError(
            f"This generator was trained on latent vectors of the prior {name_of(own)}; received "
            f"prior={prior!r}: leave that out."
        )
    return chosen


def get(prior):
    """The prior of that name, or the distribution or function itself.

    Args:
        prior: `"normal"`, `"uniform"`, a `kg.distributions.Distribution`, or a function
            `(shape, seed) -> tensor` registered with Keras.

    Raises:
        ValueError: For an unknown name.

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
                f"A prior must be registered, so that a saved game finds it again; received "
                f"{prior!r}. Decorate it with @keras.saving.register_keras_serializable()."
            )
        return prior
    if prior not in PRIORS:
        raise unknown_name("prior", prior, PRIORS)
    return PRIORS[prior]
