"""Losses of a classifier beside the scores of a discriminator."""

from keras import ops

from keras_gan.backend.precision import at_least_float32
from keras_gan.parallel.global_batch import gathered


def cross_entropy(logits, labels):
    """The cross-entropy of a classifier, in nats a sample.

        −E log softmax(logits)_y

    Computed in float32 at least.

    Args:
        logits: `(batch, classes)`.
        labels: y, integers `(batch,)`.

    Example:

    >>> print(f"{float(cross_entropy(ops.zeros((2, 4)), ops.arange(2))):.4f}")
    1.3863
    """
    logits = at_least_float32(logits)
    wanted = ops.one_hot(labels, logits.shape[-1], dtype=logits.dtype)
    return -ops.mean(ops.sum(wanted * ops.log_softmax(logits, axis=-1), axis=-1))


def data_to_data_cross_entropy(
    cosines,
    embeddings,
    labels,
    temperature: float = 0.5,
    positive_margin: float = 0.98,
    negative_margin: float = 0.02,
):
    """The data-to-data cross-entropy (D2D-CE) of a minibatch, in nats a sample.

        −E log  e^(a_i) / (e^(a_i) + Σ_{j: y_j ≠ y_i} e^(b_ij)),
        a_i = min(0, ⟨f_i, w_{y_i}⟩ − m_p) / τ,   b_ij = max(0, ⟨f_i, f_j⟩ − m_n) / τ

    with f_i the unit embedding of sample i and w_c the unit proxy of class c. A sample is drawn to
    the proxy of its class until it is as near as m_p, and from the samples of other classes until
    they are as far as m_n. With m_p = 1 and m_n = −1 nothing is cut off; where every class is there
    once and its sample lies at its proxy, the loss is then the cross-entropy of logits ⟨f, w_c⟩ /
    τ, raised by 2 / τ for all classes but the sample's own.

    The sum is over the global minibatch, on any number of replicas. The authors' code has m_n =
    1 − m_p, and subtracts the greatest b_ij of a sample from all its b_ij but not from a_i, so that
    its loss is another one; here it is that of the paper. Computed in float32 at least.

    Args:
        cosines: ⟨f, w_c⟩, `(batch, classes)`.
        embeddings: f, unit vectors `(batch, d)`.
        labels: y, integers `(batch,)`.
        temperature: τ > 0. Defaults to 0.5, the authors' for CIFAR-10, like the others.
        positive_margin: m_p, in [-1, 1]. Defaults to 0.98.
        negative_margin: m_n, in [-1, 1]. Defaults to 0.02.

    Example, of two classes whose samples are their proxies, at right angles:

    >>> f = ops.eye(2)
    >>> print(f"{float(data_to_data_cross_entropy(f, f, ops.arange(2))):.4f}")
    0.6931

    Reference:
        Kang, Shim, Cho and Park 2021, Rebooting ACGAN: Auxiliary Classifier GANs with Stable
        Training, arXiv 2111.01118, equation 5.
    """
    cosines, embeddings = at_least_float32(cosines), at_least_float32(embeddings)
    own = ops.one_hot(labels, cosines.shape[-1], dtype=cosines.dtype)
    to_proxy = ops.sum(own * cosines, axis=-1, keepdims=True)
    attraction = ops.minimum(to_proxy - positive_margin, 0.0) / temperature
    to_others = embeddings @ ops.transpose(gathered(embeddings))
    repulsion = ops.maximum(to_others - negative_margin, 0.0) / temperature
    of_own_class = own @ ops.transpose(gathered(own)) > 0.5  # itself among them
    repulsion = ops.where(of_own_class, -1e9, repulsion)
    terms = ops.concatenate([attraction, repulsion], axis=-1)
    return ops.mean(ops.logsumexp(terms, axis=-1) - attraction[:, 0])


def accuracy(logits, labels):
    """The share of samples whose greatest logit is that of their class, a float32 scalar.

    Args:
        logits: `(batch, classes)`, or other numbers that are greater the likelier a class is.
        labels: Integers `(batch,)`.

    Example:

    >>> float(accuracy(ops.eye(2), ops.convert_to_tensor([0, 0])))
    0.5
    """
    right = ops.equal(ops.argmax(logits, axis=-1), ops.cast(labels, "int32"))
    return ops.mean(ops.cast(right, "float32"))
