"""Estimators of the gradient of a bound by the encoder's weights.

Each returns a value that is the bound itself, and whose derivative is the estimate.
"""

import math

from keras import ops

from keras_gan.parallel.global_batch import gathered

ESTIMATORS = ("reparameterized", "doubly_reparameterized", "score_function")


def importance_weighted(log_weights):
    """The importance-weighted bound, log (1/k) Σⱼ wⱼ, computed stably.

    Args:
        log_weights: log wⱼ = log p(x, zⱼ) − log q(zⱼ|x), `(batch, k)`.

    Returns:
        Tensor `(batch,)`.

    Reference: Burda, Grosse and Salakhutdinov 2015, Importance Weighted Autoencoders, arXiv
    1509.00519, equation 8.
    """
    return ops.logsumexp(log_weights, axis=1) - math.log(log_weights.shape[1])


def with_score(values, log_q, advantages):
    """The values, with the derivative Σ (value − baseline) ∂ log q beside their own.

        ∂ E_q f = E_q [∂f + (f − b) ∂ log q],   for every b that does not depend on z

    Args:
        values: Tensor `(batch,)`.
        log_q: log q(z|x) of fixed z, `(batch,)`, or `(batch, k)`, whose terms are summed.
        advantages: f − b, of the shape of `log_q`; no derivative goes through them.

    Reference: Williams 1992, Simple Statistical Gradient-Following Algorithms for Connectionist
    Reinforcement Learning, Machine Learning 8.
    """
    score = ops.stop_gradient(advantages) * (log_q - ops.stop_gradient(log_q))
    return values + (ops.sum(score, axis=1) if len(score.shape) == 2 else score)


def less_others_mean(values):
    """Each value less the mean of the other samples' values, a baseline free of its own z.

    Args:
        values: Tensor `(batch,)`, of this replica's part of the minibatch. A minibatch of one
            sample has no others: its value is returned as it is.

    Example:

    >>> ops.convert_to_numpy(less_others_mean(ops.convert_to_tensor([1.0, 2.0, 6.0]))).tolist()
    [-3.0, -1.5, 4.5]
    """
    values = ops.stop_gradient(values)
    of_all = gathered(values)
    others = ops.maximum(ops.cast(ops.shape(of_all)[0], values.dtype) - 1.0, 1.0)
    return values - (ops.sum(of_all) - values) / others


def less_others_bound(log_weights):
    """The bound less that in which sample j has the geometric mean of the others' weights.

        L − log (1/k) (Σ_{i≠j} wᵢ + exp (1/(k−1) Σ_{i≠j} log wᵢ)),   for every j

    Args:
        log_weights: Tensor `(batch, k)`, k at least 2.

    Returns:
        Tensor `(batch, k)`.

    Reference: Mnih and Rezende 2016, Variational Inference for Monte Carlo Objectives (VIMCO),
    arXiv 1602.06725, equation 10.
    """
    log_weights = ops.stop_gradient(log_weights)
    k = log_weights.shape[1]
    total = ops.sum(log_weights, axis=1, keepdims=True)
    others = (total - log_weights) / (k - 1)
    own = ops.eye(k, dtype=log_weights.dtype)
    replaced = log_weights[:, None, :] * (1.0 - own) + others[:, :, None] * own
    without = ops.logsumexp(replaced, axis=2) - math.log(k)
    return importance_weighted(log_weights)[:, None] - without


def rescaled(z):
    """z, and two zeros for each, by whose weights in a loss the derivative by z is scaled.

        (z, a, b) ↦ derivative by z · (derivative by a / derivative by b)

    The scale of a derivative can thereby be computed of what z makes.

    Args:
        z: Tensor `(batch, k, latent_dim)`.

    Returns:
        Tensors `(batch, k, latent_dim)`, `(batch, k)`, `(batch, k)`.
    """

    @ops.custom_gradient
    def scaled(z):
        zeros = ops.zeros_like(z[..., 0])

        def gradient(*args, upstream=None):
            given = args if upstream is None else upstream
            by_z, by_a, by_b = given if len(given) == 3 else given[0]
            factor = by_a / ops.where(by_b == 0, ops.ones_like(by_b), by_b)
            return by_z * factor[..., None]

        return (z, zeros, zeros + 0.0), gradient

    return scaled(z)


def doubly_reparameterized(log_weights, a, b):
    """The bound, with the doubly reparameterized derivative by the encoder's weights.

        Σⱼ w̃ⱼ² (∂ log wⱼ / ∂zⱼ) (∂zⱼ / ∂φ),   w̃ⱼ = wⱼ / Σᵢ wᵢ

    and the usual one, Σⱼ w̃ⱼ ∂ log p(x, zⱼ), by the decoder's.

    Args:
        log_weights: Tensor `(batch, k)`, of the z that `rescaled` returned and a log q(z|x) with
            mean and variance held fixed.
        a: The first zeros of `rescaled`.
        b: The second.

    Returns:
        Tensor `(batch,)`.

    Reference: Tucker et al. 2018, Doubly Reparameterized Gradient Estimators for Monte Carlo
    Objectives, arXiv 1810.04152, equation 8.
    """
    bound = importance_weighted(log_weights)
    total = ops.logsumexp(log_weights, axis=1, keepdims=True)
    shares = ops.stop_gradient(ops.exp(log_weights - total))
    return bound + ops.sum(shares * a + b, axis=1)
