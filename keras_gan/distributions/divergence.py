"""The Kullback-Leibler divergence of two distributions."""

import math
import random
from typing import Any, NamedTuple

import numpy as np
from keras import ops

from keras_gan.arguments import whole
from keras_gan.distributions.bernoulli import Bernoulli
from keras_gan.distributions.categorical import Categorical
from keras_gan.distributions.discretized_logistic import DiscretizedLogistic
from keras_gan.distributions.distribution import Distribution, common_dtype
from keras_gan.distributions.normal import Normal
from keras_gan.distributions.uniform import Uniform
from keras_gan.texts import in_short

SAMPLES = 10_000


class Divergence(NamedTuple):
    """A divergence in nats, and how far off it may be.

    Args:
        value: The divergence, or its estimate; a tensor `(batch,)`.
        standard_error: The standard error of an estimate; 0 where the value is exact, NaN where
            samples of p are such that the value is ∞. A tensor `(batch,)`.
    """

    value: Any
    standard_error: Any


def kl(
    p: Distribution,
    q: Distribution,
    shape: tuple | None = None,
    samples: int | None = None,
    seed: int | None = None,
) -> Divergence:
    """The Kullback-Leibler divergence KL(p‖q) of samples, in nats.

        KL(p‖q) = E_p [log p(x) − log q(x)],   summed over the components of a sample

    Two of a kind have it in closed form: normal, Bernoulli, categorical and uniform distributions,
    and discretized logistic ones with the same levels. Of others it is the mean over samples of p,
    with the standard error of that mean.

    Args:
        p: A `kg.distributions.Distribution`.
        q: Another one.
        shape: The shape of samples, `(batch, ...)`. `None`, the default, is that of the
            parameters, with axes of one in front until there are two: a mean `(d,)` is that of
            one sample of d components.
        samples: How many samples of p the estimate takes. `None`, the default, takes the closed
            form where there is one, otherwise 10,000; a number, of at least 2, always samples.
        seed: Integer that fixes the samples; `None` takes new ones at every call.

    Returns:
        A `Divergence`: `value` and `standard_error`, tensors `(batch,)`, float32 at least. The
        value is ∞ where p has samples that q excludes.

    Raises:
        ValueError: For what is no distribution, a number of samples below 2, or parameters that
            do not broadcast against each other or to the shape.

    Example:

    >>> exact = kl(Normal(1.0, 2.0), Normal())
    >>> float(exact.value[0]), float(exact.standard_error[0])  # ½ (4 + 1 − 1) − log 2
    (1.30685..., 0.0)
    >>> estimate = kl(Normal(1.0, 2.0), Normal(), samples=1000, seed=0)
    >>> bool(abs(estimate.value[0] - exact.value[0]) < 3 * estimate.standard_error[0])
    True
    """
    _check_shapes(p, q, shape)
    closed = None if samples is not None else _closed_form(p, q)
    if closed is None:
        count = SAMPLES if samples is None else whole("samples", samples, least=2)
        seed = random.randrange(2**31) if seed is None else whole("seed", seed, least=0)
        return _estimate(p, q, shape, count, seed)
    terms = closed if shape is None else ops.broadcast_to(closed, shape)
    for _ in range(2 - len(terms.shape)):
        terms = ops.expand_dims(terms, 0)
    value = ops.sum(ops.reshape(terms, (ops.shape(terms)[0], -1)), axis=1)
    return Divergence(value, ops.zeros_like(value))


def _check_shapes(p, q, shape: tuple | None) -> None:
    """Refuses what are not two distributions of the same samples.

    Raises:
        ValueError: See above.
    """
    for each in (p, q):
        if not isinstance(each, Distribution):
            raise ValueError(f"kl takes two of kg.distributions; received {in_short(each)}.")
    shapes = p.parameter_shape(), q.parameter_shape()
    if not all(isinstance(n, int) for n in (*shapes[0], *shapes[1])):
        return  # of tensors of a graph, in which a dimension may be a tensor
    try:
        fits = shape is None or np.broadcast_shapes(shape, *shapes) == tuple(shape)
        np.broadcast_shapes(*shapes)
    except (TypeError, ValueError):
        fits = False
    if not fits:
        samples = "each other" if shape is None else f"samples of shape {in_short(shape)}"
        raise ValueError(
            f"The parameters of p and q, of shapes {shapes[0]} and {shapes[1]}, do not broadcast "
            f"against {samples}."
        )


def _closed_form(p, q):
    """The divergence of each component, a tensor; `None` where there is no closed form."""
    if type(p) is not type(q) or type(p) not in CLOSED_FORMS:
        return None
    return CLOSED_FORMS[type(p)](p, q)


def _estimate(p, q, shape, count: int, seed: int) -> Divergence:
    """The mean of log p − log q over samples of p, and its standard error."""
    if shape is None:
        shape = np.broadcast_shapes((1, 1), p.parameter_shape(), q.parameter_shape())
    x = p.sample((count, *shape), seed)
    differences = p.log_prob(x, batch_axes=2) - q.log_prob(x, batch_axes=2)
    error = ops.std(differences, axis=0) / math.sqrt(count - 1)
    return Divergence(ops.mean(differences, axis=0), error)


def _normal(p: Normal, q: Normal):
    """½ ((m_p − m_q)² + σ_p²) / σ_q² − ½ − log(σ_p / σ_q)."""
    p_mean, p_scale, q_mean, q_scale = _together(p.mean, p.scale, q.mean, q.scale)
    squares = ops.square((p_mean - q_mean) / q_scale) + ops.square(p_scale / q_scale)
    return 0.5 * (squares - 1.0) - ops.log(p_scale / q_scale)


def _bernoulli(p: Bernoulli, q: Bernoulli):
    """σ(l_p) (l_p − l_q) − log(1 + exp l_p) + log(1 + exp l_q)."""
    p_logits, q_logits = _together(p.logits, q.logits)
    expected = ops.sigmoid(p_logits) * (p_logits - q_logits)
    return expected - ops.softplus(p_logits) + ops.softplus(q_logits)


def _categorical(p: Categorical, q: Categorical):
    """Σₖ p_k (log p_k − log q_k)."""
    if p.categories != q.categories:
        raise ValueError(
            f"The divergence is that of two distributions of as many categories; received "
            f"{p.categories} and {q.categories}."
        )
    return _expected(p.log_probabilities(), q.log_probabilities())


def _discretized_logistic(p: DiscretizedLogistic, q: DiscretizedLogistic):
    """Σ p(x) (log p(x) − log q(x)) over the levels x; `None` if they have unlike levels."""
    return _expected(p.log_probabilities(), q.log_probabilities()) if p.levels == q.levels else None


def _expected(log_p, log_q):
    """Σ p (log p − log q) over the last axis, where p is not 0."""
    possible = log_p > -math.inf
    difference = ops.where(possible, log_p, 0.0) - ops.where(possible, log_q, 0.0)
    return ops.sum(ops.exp(log_p) * difference, axis=-1)


def _uniform(p: Uniform, q: Uniform):
    """log((high_q − low_q) / (high_p − low_p)), or ∞ where p is not within q."""
    within = q.low <= p.low and p.high <= q.high
    ratio = (q.high - q.low) / (p.high - p.low)
    return ops.convert_to_tensor(math.log(ratio) if within else math.inf, "float32")


def _together(*parameters) -> list:
    """Parameters as tensors of the widest of their precisions, float32 at least."""
    dtype = common_dtype(*parameters)
    return [ops.cast(p, dtype) for p in parameters]


CLOSED_FORMS = {
    Normal: _normal,
    Bernoulli: _bernoulli,
    Categorical: _categorical,
    DiscretizedLogistic: _discretized_logistic,
    Uniform: _uniform,
}
