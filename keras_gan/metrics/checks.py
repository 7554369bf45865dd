"""Checks of the features that distances compare."""

import numpy as np

LARGEST = 1e45  # of a feature: float64 can still hold its sixth power, in the cubic kernel


def checked_pair(
    a, b, names: tuple[str, str] = ("features_a", "features_b")
) -> tuple[np.ndarray, np.ndarray]:
    """Checks two sets of feature vectors, and returns both as `checked_features` does.

    Raises:
        ValueError: As `checked_features`, and for vectors of different lengths.
    """
    a, b = checked_features(a, names[0]), checked_features(b, names[1])
    if a.shape[1] != b.shape[1]:
        raise ValueError(
            f"Both sets need feature vectors of one length; received d = {a.shape[1]} in "
            f"{names[0]} and d = {b.shape[1]} in {names[1]}: use the same features for both."
        )
    return a, b


def checked_features(features, name: str) -> np.ndarray:
    """Checks features, and returns them as a float64 array `(n, d)`.

    Args:
        features: Array `(n, d)` of at least two vectors.
        name: The argument's name, for the message.

    Raises:
        ValueError: For another shape or type, NaN, infinities, or numbers above 1e45.
    """
    features = np.asarray(features)
    if features.dtype.kind not in "buif" and features.dtype.name != "bfloat16":
        raise ValueError(
            f"{name} must hold real numbers; received an array of {features.dtype}: pass floats."
        )
    features = features.astype("float64", copy=False)
    if features.ndim != 2:
        raise ValueError(
            f"{name} must be an array (n, d) of feature vectors; received shape {features.shape}. "
            f"Flatten images first: x.reshape(len(x), -1)."
        )
    if len(features) < 2 or features.shape[1] < 1:
        raise ValueError(
            f"{name} must hold at least two feature vectors, each of at least one number; received "
            f"shape {features.shape}."
        )
    check_finite(features, name)
    largest = max(features.max(), -features.min())
    if largest > LARGEST:
        raise ValueError(
            f"{name} has values up to {largest:.3g}, whose products overflow; at most {LARGEST:g} "
            f"is allowed: divide both sets by the same number."
        )
    return features


def check_finite(features: np.ndarray, name: str, within: str = "") -> None:
    """Refuses NaN and infinities, and names the first row that has one.

    Args:
        features: Array `(n, d)`.
        name: The argument's name, for the message.
        within: Where rows are counted, such as `" of the batch"`, for the message. Defaults to
            `""`.

    Raises:
        ValueError: If a value is NaN or infinite.
    """
    if not np.isfinite(features).all():
        bad = np.argwhere(~np.isfinite(features))[0]
        raise ValueError(
            f"{name} has NaN or infinite values, the first in row {bad[0]}{within}: clean or leave "
            f"out such samples."
        )
