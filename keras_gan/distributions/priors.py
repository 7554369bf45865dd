"""The distributions of latent vectors."""

import keras
import numpy as np
from keras import ops

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
    """Returns the prior of a model: the given one, or else the generator's own, or `"normal"`.

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
    if own is not None and not _are_equal(chosen, own):
        raise ValueError(
            f"This generator was trained with the prior {name_of(own)}; received prior={prior!r}: "
            f"leave prior out."
        )
    return chosen


def check_draw(prior, latent_dim: int) -> None:
    """Refuses a prior that draws no latent vectors, before a model trains with it.

    Args:
        prior: A prior as `get` returns it; a user's own function may know other seeds alone, so
            that what it raises is no reason to refuse it.
        latent_dim: The number of components of z.

    Raises:
        ValueError: For draws of another shape, or that are not finite.
    """
    if prior in PRIORS.values():
        return
    wanted = (2, latent_dim)
    begun = f"The prior {name_of(prior)} must draw latent vectors of shape {wanted} when asked to"
    try:
        z = ops.convert_to_numpy(prior(wanted, seed=0))
    except Exception as error:
        if isinstance(prior, Distribution):
            raise ValueError(f"{begun}; its parameters have another shape.") from error
        return
    if z.shape != wanted:
        raise ValueError(f"{begun}; it draws {z.shape}.")
    if not np.isfinite(z.astype("float32")).all():
        raise ValueError(f"{begun}, all of them finite; it draws NaN or infinities.")


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
                f"A function used as prior must be registered, so that a saved model can load it; "
                f"received {prior!r}. Decorate it with "
                f"@keras.saving.register_keras_serializable()."
            )
        return prior
    if not isinstance(prior, str) or prior not in PRIORS:
        raise unknown_name("prior", prior, PRIORS)
    return PRIORS[prior]


def _are_equal(one, other) -> bool:
    """Whether two priors are the same function, or distributions of the same parameters."""
    if not (isinstance(one, Distribution) and isinstance(other, Distribution)):
        return one is other
    return type(one) is type(other) and one.get_config() == other.get_config()
