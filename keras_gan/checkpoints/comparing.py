"""Compares the training of a checkpoint with the program that continues it."""

import dataclasses
import warnings
from collections.abc import Callable, Iterable, Iterator

from keras_gan.texts import in_short as cut
from keras_gan.texts import one_line

OVERRIDES = ("data", "game", "networks", "optimizer", "seed")  # may differ on purpose
MOST_SHOWN = 8


@dataclasses.dataclass(frozen=True)
class Difference:
    """One difference.

    Args:
        kind: One of `OVERRIDES`, or `"class"` or `"state"`, which always prevent a restore; a
            difference of the state follows from others.
        name: What differs.
        there: The value in the checkpoint, as code.
        here: The value in the program, as code.
    """

    kind: str
    name: str
    there: str
    here: str


def check(
    differences: Iterable[Difference],
    source: str,
    override: Iterable[str] = (),
    permit: Callable[[tuple[str, ...]], str] | None = None,
) -> None:
    """Refuses to continue another training.

    Args:
        differences: All differences.
        source: The path of the checkpoint.
        override: The kinds that are permitted.
        permit: From kinds to the code that permits them; `None` if nothing can.

    Raises:
        ValueError: Names all differences that are not permitted.
    """
    found = [each for each in differences if each.kind not in override]
    explained = [each for each in found if each.kind != "state"]
    named = explained or found
    if not named:
        return
    there = ", ".join(f"{each.name}{each.there}" for each in named[:MOST_SHOWN])
    here = ", ".join(f"{each.name}{each.here}" for each in named[:MOST_SHOWN])
    more = f", and {len(named) - MOST_SHOWN} more" if len(named) > MOST_SHOWN else ""
    remedy = "restore the model, data and settings as they were, or use another folder"
    kinds = tuple(sorted({each.kind for each in found}))
    if permit is not None and set(kinds) <= set(OVERRIDES):
        remedy += f", or permit the change with {permit(kinds)}"
    raise ValueError(
        one_line(
            f"{source} belongs to another training: it has {there}, here {here}{more}: {remedy}."
        )
    )


def model_differences(saved: dict, present: dict) -> Iterator[Difference]:
    """The differences in a model, its networks and its optimizers.

    Args:
        saved: The header of a checkpoint.
        present: What `describe` returns for the model.
    """
    yield from _game_differences(saved, present)
    yield from _part_differences(saved, present)


def _game_differences(saved: dict, present: dict) -> Iterator[Difference]:
    """The differences in the class, losses, settings and state of a model.

    If the versions of this library differ, settings that only one of them has do not count.

    Args:
        saved: The header of a checkpoint.
        present: What `describe` returns for the model.
    """
    for kind, key, name in (("class", "game", "the model "), ("state", "losses", "losses named ")):
        if saved[key] != present[key]:
            yield Difference(kind, name, str(saved[key]), str(present[key]))
    there, here = saved["settings"], present["settings"]
    same = saved.get("versions") == present["versions"]
    for name in {**there, **here} if same else [each for each in there if each in here]:
        if any(unlike(there.get(name), here.get(name), same)):
            yield Difference("game", f"{name}=", _shown(there.get(name)), _shown(here.get(name)))
    yield from _state_differences(saved["variables"], present["variables"])


def _state_differences(there: list, here: list) -> Iterator[Difference]:
    """The first variable that differs, or the number of variables."""
    if len(there) != len(here):
        yield Difference("state", "", f"{len(there)} variables", f"{len(here)} variables")
        return
    for i, (old, new) in enumerate(zip(there, here, strict=True)):
        if old != new:
            (group, name, shape, dtype), (_, new_name, new_shape, new_dtype) = old, new
            what = f"as variable {i} of the {group} "
            yield Difference(
                "state",
                what,
                f"{name} {tuple(shape)} {dtype}",
                f"{new_name} {tuple(new_shape)} {new_dtype}",
            )
            return


def _part_differences(saved: dict, present: dict) -> Iterator[Difference]:
    """The differences in networks and optimizers; none for a checkpoint of the first format.

    If versions of Keras or this library differ, options that only one of them has do not count. If
    versions of Python differ, lambdas do not count.

    Args:
        saved: The header of a checkpoint.
        present: What `describe` returns for the model.
    """
    same = saved.get("versions") == present["versions"]
    for kind, key, name in (
        ("networks", "networks", "{}"),
        ("optimizer", "optimizers", "{}'s optimizer"),
    ):
        there, here = saved.get(key, {}), present[key]
        if same and set(there) != set(here):
            yield Difference(kind, f"{key} ", *(cut(sorted(each)) for each in (there, here)))
        for part in there:
            if part in here:
                for where, old, new in unlike(there[part], here[part], same):
                    yield Difference(kind, f"{name.format(part)}{where}", old, new)


def unlike(there, here, strict: bool, where: str = "") -> Iterator[tuple[str, str, str]]:
    """Where two configs differ: the place in them and both values.

    Example:

    >>> list(unlike({"config": {"units": 2}}, {"config": {"units": 3}}, True))
    [('.units=', '2', '3')]
    """
    if there == here:
        return
    if isinstance(there, dict) and isinstance(here, dict):
        if there.get("class_name") != here.get("class_name"):
            yield f"{where}=", _shown(there), _shown(here)
            return
        # a registered class is the same one in whichever module a version of this library has it
        registered = there.get("registered_name") == here.get("registered_name") is not None
        for key in {**there, **here}:
            if key == "module" and registered:
                continue
            if key in there and key in here:
                deeper = where if key == "config" else f"{where}.{key}"
                yield from unlike(there[key], here[key], strict, deeper)
            elif strict:
                yield f"{where}.{key}=", *(_shown(each.get(key)) for each in (there, here))
    elif isinstance(there, list) and isinstance(here, list) and len(there) == len(here):
        for i, (old, new) in enumerate(zip(there, here, strict=True)):
            yield from unlike(old, new, strict, f"{where}[{i}]")
    elif isinstance(there, list) and isinstance(here, list):
        yield f"{where}: ", f"{len(there)} of them", f"{len(here)} of them"
    else:
        yield f"{where}=", _shown(there), _shown(here)


def seed_differences(saved: dict, seed: int | None) -> Iterator[Difference]:
    """The difference in the seed, if any.

    Args:
        saved: The header of a checkpoint.
        seed: The model's seed in the program; `None` if the program does not set one.
    """
    if seed is not None and saved["seed"] is not None and saved["seed"] != seed:
        yield Difference("seed", "seed=", str(saved["seed"]), str(seed))


def data_differences(saved: dict, present: dict) -> Iterator[Difference]:
    """The differences in the data and their batches.

    Args:
        saved: The fields of a checkpoint's progress.
        present: The present values of these fields, `None` if unknown.
    """
    if not saved["step"] or saved["steps_per_epoch"] is None:  # of no run, or of one not known
        return
    for name in ("steps_per_epoch", "batch_size", "elements"):
        if saved[name] != present[name]:
            yield Difference("data", f"{name}=", str(saved[name]), str(present[name]))
    there, here = saved.get("data") or {}, present["data"] or {}
    for name in there:
        if name in here and None not in (there[name], here[name]) and there[name] != here[name]:
            yield Difference("data", f"{name} ", str(there[name]), str(here[name]))


def warn_of_versions(saved: dict, present: dict, source: str) -> None:
    """Warns about other versions of the libraries, whose results may differ in the last bits."""
    there = saved.get("versions") or {"keras_gan": saved["keras_gan"]}
    other = [name for name in there if there[name] != present["versions"].get(name)]
    if other:
        told = [", ".join(f"{n} {v.get(n)}" for n in other) for v in (there, present["versions"])]
        warnings.warn(
            f"{one_line(source)} was written with {one_line(told[0])}, here is {told[1]}: training "
            f"continues, but results may differ in the last bits.",
            stacklevel=2,
        )


def _shown(setting) -> str:
    """A serialized setting as code, such as `R1(weight=10.0, name='r1')`."""
    if isinstance(setting, list):
        return f"[{', '.join(map(_shown, setting))}]"
    if not isinstance(setting, dict) or "class_name" not in setting:
        return repr(setting)
    config = setting.get("config")
    if not isinstance(config, dict):  # of a function: its name
        return str(config)
    return f"{setting['class_name']}({', '.join(f'{k}={_shown(v)}' for k, v in config.items())})"
