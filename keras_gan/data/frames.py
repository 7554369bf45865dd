"""Tables of pandas as points: numbers alone."""

from __future__ import annotations

from typing import Any

import numpy as np


def is_frame(given: Any) -> bool:
    """Whether something is a table, such as a pandas `DataFrame`."""
    return all(hasattr(given, name) for name in ("columns", "dtypes", "to_numpy", "iloc"))


def numbers_of(frame) -> np.ndarray:
    """The rows of a table as points, float32 `(n, columns)`; booleans are 0 and 1.

    Args:
        frame: A pandas `DataFrame`.

    Raises:
        ValueError: For columns that hold anything but numbers, or with missing values; it names
            them.
    """
    kinds = {name: kind for name, kind in zip(frame.columns, frame.dtypes, strict=True)}
    others = [name for name, kind in kinds.items() if getattr(kind, "kind", "O") not in "fiub"]
    if others:
        listed = ", ".join(f"{name!r} ({kinds[name]})" for name in others[:8])
        listed += ", …" if len(others) > 8 else ""
        raise ValueError(
            f"Points are rows of numbers, and {len(others)} of {len(kinds)} columns hold something "
            f"else: {listed}. Leave them out with frame.drop(columns={others[:8]}), or make "
            f"columns of 0 and 1 of categories with pandas.get_dummies(frame, dtype=float), which "
            f"samples will come near to and not meet."
        )
    numbers = frame.to_numpy(dtype="float64", na_value=np.nan)
    missing = np.isnan(numbers).sum(axis=0)
    if missing.any():
        listed = ", ".join(
            f"{name!r} ({count:,})"
            for name, count in zip(frame.columns, missing.tolist(), strict=True)
            if count
        )
        raise ValueError(
            f"Values are missing in the columns {listed} of {len(numbers):,} rows: leave out those "
            f"rows with frame.dropna(), or fill them with frame.fillna(…)."
        )
    return numbers.astype(np.float32)
