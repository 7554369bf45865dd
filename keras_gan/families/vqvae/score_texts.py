"""What codes are worth, as tables and sentences: bits per image beside those of PNG."""

import math

CONTAINER = 57  # bytes of every PNG: signature, header, end, and the frame of the data


def rows(found: dict) -> list[tuple[str, float, float]]:
    """Of each way to write an image: its name, bits, mean squared error.

    Args:
        found: What `figures` of `compression.py` returned.
    """
    bits, error = found["bits"], found["mean_squared_error"]
    each = " and ".join(dict.fromkeys(f"{math.log2(one['codes']):.3g}" for one in found["levels"]))
    ways = [
        ("pixels, 8 bits each", bits["pixels"], 0.0),
        ("PNG", bits["png"], 0.0),
        (f"PNG without its {CONTAINER} bytes", bits["png_content"], 0.0),
        (f"codes, {each} bits each", bits["codes"], error),
    ]
    by_prior = [("codes by their prior", bits["prior"], error)] if "prior" in bits else []
    return ways + by_prior


def table(found: dict) -> str:
    """The figures of a run as text."""
    lines = [
        f"{_reconstruction(found)} {_codes(found)}",
        f"{'images as':<28}{'bits per image':>14}",
    ]
    lines += [f"  {name:<26}{bits:>14,.0f}" for name, bits, _ in rows(found)]
    return "\n".join(lines)


def sentences(found: dict) -> list[str]:
    """The figures on a card, in sentences."""
    ways = ", ".join(f"{name} {bits:,.0f}" for name, bits, _ in rows(found))
    return [_reconstruction(found), _codes(found), f"Bits per image: {ways}."]


def _reconstruction(found: dict) -> str:
    """The error, in a sentence."""
    return (
        f"The mean squared error of {found['images']:,} images of the {found['split']} split is "
        f"{found['mean_squared_error']:.4f}, of images in [0, 1]."
    )


def _codes(found: dict) -> str:
    """The codes in use, in a sentence."""
    levels = [
        f"{' × '.join(map(str, one['grid']))} codes of {one['codes']:,}, of which "
        f"{one['codes_used']:,} are in use, with perplexity {one['perplexity']:.1f}"
        for one in found["levels"]
    ]
    return f"An image has {'; and '.join(levels)}."
