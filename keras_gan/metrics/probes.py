"""What features know of classes that they were learnt without."""

import warnings

import numpy as np

from keras_gan.metrics.checks import checked_pair

MOST_DISTANCES = 2**24  # at a time: 128 MiB of float64
MOST_ITERATIONS = 1000


def nearest_neighbour_accuracy(features, labels, test_features, test_labels) -> float:
    """The share of test samples whose nearest neighbour is of their class.

        accuracy = mean over i of  [labels[argmin_j ‖test_features_i − features_j‖] = test_labels_i]

    with Euclidean distances. Nothing is trained, so that it measures the geometry of the features
    themselves; scaling one of their components changes it.

    Args:
        features: Array `(n, d)`, of the samples whose labels are known.
        labels: Integers `(n,)`, their classes.
        test_features: Array `(m, d)`, of other samples.
        test_labels: Integers `(m,)`, their classes.

    Returns:
        The accuracy, in [0, 1].

    Raises:
        ValueError: For features that are not finite arrays of vectors of one length, or labels that
            are not one whole number a vector.

    Reference: Donahue, Krähenbühl and Darrell 2016, Adversarial Feature Learning, arXiv 1605.09782,
    section 4.2.

    Example:

    >>> nearest_neighbour_accuracy([[0.0], [9.0]], [0, 1], [[1.0], [2.0], [8.0]], [0, 1, 1])
    0.666...
    """
    known, labels, tests, test_labels = checked(features, labels, test_features, test_labels)
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

    It is a logistic regression, with scikit-learn's L2 penalty, on features that are standardised:
    every component less its mean over its standard deviation, both of the training samples.

    Args:
        features: Array `(n, d)`, of the samples that it is trained on.
        labels: Integers `(n,)`, their classes, two at least.
        test_features: Array `(m, d)`, of other samples.
        test_labels: Integers `(m,)`, their classes.
        seed: Integer for scikit-learn. Defaults to 0.

    Returns:
        The accuracy, in [0, 1].

    Raises:
        ValueError: As `nearest_neighbour_accuracy`, and for training labels of one class.

    Warns:
        UserWarning: Where 1,000 iterations were not enough; the accuracy is that of the last one.

    Reference: Alain and Bengio 2016, Understanding intermediate layers using linear classifier
    probes, arXiv 1610.01644.

    Example:

    >>> linear_probe_accuracy([[0.0], [1.0], [8.0], [9.0]], [0, 0, 1, 1], [[2.0], [7.0]], [0, 1])
    1.0
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    known, labels, tests, test_labels = checked(features, labels, test_features, test_labels)
    if len(np.unique(labels)) < 2:
        raise ValueError(
            f"A linear probe tells classes apart, so labels must name two at least; all "
            f"{len(labels)} of them are {labels[0]}."
        )
    regression = LogisticRegression(max_iter=MOST_ITERATIONS, random_state=seed)
    probe = make_pipeline(StandardScaler(), regression)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it is said below, in our words
        probe.fit(known, labels)
    if np.max(regression.n_iter_) >= MOST_ITERATIONS:
        warnings.warn(
            f"The linear probe has not converged in {MOST_ITERATIONS:,} iterations: its accuracy "
            f"is that of the last one. Features with fewer components help.",
            stacklevel=2,
        )
    return float(np.mean(probe.predict(tests) == test_labels))


def checked(features, labels, test_features, test_labels) -> tuple[np.ndarray, ...]:
    """Features in float64 and labels as arrays, once they are known to belong together."""
    known, tests = checked_pair(features, test_features, ("features", "test_features"))
    return (
        known,
        _checked_classes(labels, known, "labels", "features"),
        tests,
        _checked_classes(test_labels, tests, "test_labels", "test_features"),
    )


def _checked_classes(labels, features: np.ndarray, name: str, beside: str) -> np.ndarray:
    """Labels as an array of whole numbers, one a feature vector."""
    labels = np.asarray(labels)
    if labels.shape != (len(features),) or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"{name} must be whole numbers, one for each of the {len(features)} rows of {beside}; "
            f"received shape {labels.shape} of type {labels.dtype}."
        )
    return labels
