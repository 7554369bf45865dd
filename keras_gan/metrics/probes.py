"""Probes: how well features that were learnt without labels separate classes."""

import warnings

import numpy as np

from keras_gan.metrics.checks import checked_pair

MOST_DISTANCES = 2**24  # at a time: 128 MiB of float64
MOST_ITERATIONS = 1000


def nearest_neighbour_accuracy(features, labels, test_features, test_labels) -> float:
    """The fraction of test samples whose nearest neighbour has the same class.

        accuracy = mean over i of  [labels[argmin_j ‖test_features_i − features_j‖] = test_labels_i]

    with Euclidean distances. Nothing is trained, so it measures the geometry of the features
    themselves: scaling a component changes it.

    Args:
        features: Array `(n, d)` of features of labelled samples.
        labels: Integers `(n,)`, their classes.
        test_features: Array `(m, d)` of features of other samples.
        test_labels: Integers `(m,)`, their classes.

    Returns:
        The accuracy, in [0, 1].

    Raises:
        ValueError: For features that are not finite vectors of one length, or labels other than one
            whole number per vector.

    Example:

    >>> nearest_neighbour_accuracy([[0.0], [9.0]], [0, 1], [[1.0], [2.0], [8.0]], [0, 1, 1])
    0.666...

    Reference: Donahue, Krähenbühl and Darrell 2016, Adversarial Feature Learning, arXiv 1605.09782,
    section 4.2.
    """
    known, labels, tests, test_labels = _checked(features, labels, test_features, test_labels)
    centre = known.mean(axis=0)  # so that squares lose no digits to a common shift
    known, tests = known - centre, tests - centre
    squares = np.sum(known**2, axis=1)
    rows = max(1, MOST_DISTANCES // len(known))
    nearest = [
        np.argmin(squares - 2.0 * tests[i : i + rows] @ known.T, axis=1)
        for i in range(0, len(tests), rows)
    ]
    return float(np.mean(labels[np.concatenate(nearest)] == test_labels))


def linear_probe_accuracy(features, labels, test_features, test_labels, seed: int = 0) -> float:
    """The accuracy, on test samples, of a linear classifier trained on features.

    The classifier is a logistic regression with scikit-learn's L2 penalty. The features are
    standardised by the mean and standard deviation of the training samples.

    Args:
        features: Array `(n, d)` of features of the training samples.
        labels: Integers `(n,)`, their classes, at least two different ones.
        test_features: Array `(m, d)` of features of other samples.
        test_labels: Integers `(m,)`, their classes.
        seed: Integer for scikit-learn. Defaults to 0.

    Returns:
        The accuracy, in [0, 1].

    Raises:
        ValueError: As `nearest_neighbour_accuracy`, and for training labels of a single class.

    Warns:
        UserWarning: If the regression has not converged after 1,000 iterations.

    Example:

    >>> linear_probe_accuracy([[0.0], [1.0], [8.0], [9.0]], [0, 0, 1, 1], [[2.0], [7.0]], [0, 1])
    1.0

    Reference: Alain and Bengio 2016, Understanding intermediate layers using linear classifier
    probes, arXiv 1610.01644.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    known, labels, tests, test_labels = _checked(features, labels, test_features, test_labels)
    if len(np.unique(labels)) < 2:
        raise ValueError(
            f"A linear probe separates classes, so labels must have at least two different "
            f"values; all {len(labels)} are {labels[0]}."
        )
    regression = LogisticRegression(max_iter=MOST_ITERATIONS, random_state=seed)
    probe = make_pipeline(StandardScaler(), regression)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # our own warning follows
        probe.fit(known, labels)
    if np.max(regression.n_iter_) >= MOST_ITERATIONS:
        warnings.warn(
            f"The linear probe has not converged after {MOST_ITERATIONS:,} iterations, so its "
            f"accuracy may be too low: use features with fewer components.",
            stacklevel=2,
        )
    return float(np.mean(probe.predict(tests) == test_labels))


def _checked(features, labels, test_features, test_labels) -> tuple[np.ndarray, ...]:
    """Checks features and labels, and returns all as arrays, the features in float64."""
    known, tests = checked_pair(features, test_features, ("features", "test_features"))
    return (
        known,
        _checked_classes(labels, known, "labels", "features"),
        tests,
        _checked_classes(test_labels, tests, "test_labels", "test_features"),
    )


def _checked_classes(labels, features: np.ndarray, name: str, beside: str) -> np.ndarray:
    """Checks labels, and returns them as an array of whole numbers, one per feature vector."""
    labels = np.asarray(labels)
    if labels.shape != (len(features),) or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"{name} must be whole numbers, one for each of the {len(features)} rows of {beside}; "
            f"received shape {labels.shape} of type {labels.dtype}."
        )
    return labels
