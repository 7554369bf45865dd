"""`sample_shape`, the one name for the shape of a sample, beside a builder's own spelling of it."""

import inspect
from typing import Any

SPELLINGS = {  # what a builder may call it: how many axes it has, and how they are written
    "data_dim": (1, "(d,), the dimensions of a point"),
    "image_shape": (3, "(height, width, channels), the shape of an image"),
}


def own_spelling(signature: inspect.Signature) -> str | None:
    """The argument of a builder that `sample_shape` stands for; `None` if there is none.

    A builder with a `sample_shape` of its own, or with `**options` that may take it, needs no
    other.

    Args:
        signature: Of the builder.

    Example:

    >>> own_spelling(inspect.signature(lambda data_dim, width: None))
    'data_dim'
    """
    parameters = signature.parameters
    if "sample_shape" in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return None
    return next((name for name in SPELLINGS if name in parameters), None)


def shown(signature: inspect.Signature) -> inspect.Signature:
    """The signature that `help` shows: `sample_shape=` at the end, where it is accepted."""
    if own_spelling(signature) is None:
        return signature
    added = inspect.Parameter(
        "sample_shape",
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=tuple[int, ...] | None,
    )
    return signature.replace(parameters=[*signature.parameters.values(), added])


def respelled(builder: str, signature: inspect.Signature, args: tuple, kwargs: dict) -> dict:
    """The keyword arguments of a builder with `sample_shape` as the builder itself spells it.

    Args:
        builder: The builder's name, for messages.
        signature: Of the builder.
        args: What it is called with by position.
        kwargs: What it is called with by keyword.

    Raises:
        ValueError: For both spellings at once, or a shape that the builder cannot take.

    Example:

    >>> def linear(data_dim=2): ...
    >>> respelled("linear", inspect.signature(linear), (), {"sample_shape": (3,)})
    {'data_dim': 3}
    """
    own = own_spelling(signature)
    if own is None or kwargs.get("sample_shape") is None:
        return kwargs if own is None else _without(kwargs)
    shape, others = kwargs["sample_shape"], _without(kwargs)
    given = signature.bind_partial(*args, **others).arguments
    if own in given:
        raise ValueError(
            f"{builder} takes sample_shape or {own}, not both; received sample_shape={shape!r} "
            f"and {own}={given[own]!r}."
        )
    axes, meaning = SPELLINGS[own]
    is_shape = isinstance(shape, (tuple, list)) and all(type(n) is int and n > 0 for n in shape)
    if not is_shape or len(shape) != axes:
        raise ValueError(
            f"sample_shape of {builder} must be {meaning}, in whole numbers of at least 1; "
            f"received {shape!r}."
        )
    return others | {own: shape[0] if axes == 1 else tuple(shape)}


def _without(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kwargs.items() if name != "sample_shape"}
