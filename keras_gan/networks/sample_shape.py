"""`sample_shape`, the common name for the shape of a sample, beside each builder's own name."""

import inspect
from typing import Any

SPELLINGS = {  # what a builder may call it: how many axes it has, and how they are written
    "data_dim": (1, "(d,), the dimensions of a point"),
    "image_shape": (3, "(height, width, channels), the shape of an image"),
}


def _own_spelling(signature: inspect.Signature) -> str | None:
    """The argument of a builder that `sample_shape` stands for, or `None`.

    It is `None` for a builder that has a `sample_shape` of its own, or takes `**options`.

    Args:
        signature: Of the builder.

    Example:

    >>> _own_spelling(inspect.signature(lambda data_dim, width: None))
    'data_dim'
    """
    parameters = signature.parameters
    if "sample_shape" in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return None
    return next((name for name in SPELLINGS if name in parameters), None)


def shown(signature: inspect.Signature) -> inspect.Signature:
    """The signature that `help` shows: with `sample_shape=` at the end if it is accepted.

    Args:
        signature: Of the builder.
    """
    if _own_spelling(signature) is None:
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
        args: The positional arguments of the call.
        kwargs: The keyword arguments of the call.

    Raises:
        ValueError: If both names are given, or the builder cannot take the shape.

    Example:

    >>> def linear(data_dim=2): ...
    >>> respelled("linear", inspect.signature(linear), (), {"sample_shape": (3,)})
    {'data_dim': 3}
    """
    own = _own_spelling(signature)
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
            f"sample_shape of {builder} must be {meaning}, in positive integers; "
            f"received {shape!r}."
        )
    return others | {own: shape[0] if axes == 1 else tuple(shape)}


def _without(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kwargs.items() if name != "sample_shape"}
