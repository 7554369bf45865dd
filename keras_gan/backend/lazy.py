"""Names of a package whose modules are loaded when a name is asked for."""

import importlib
from collections.abc import Callable


def lazily(package: str, homes: dict[str, tuple[str, ...]]) -> tuple[Callable, Callable]:
    """The functions `__getattr__` and `__dir__` of a package with such names (PEP 562).

    Args:
        package: Its `__name__`.
        homes: The names by the module of the package that has them; a module without names is one
            itself. No name may be that of another module.

    Example:

    >>> get, _ = lazily("keras_gan.objectives", {"saddle": ("Saddle",)})
    >>> get("Saddle").__name__
    'Saddle'
    """
    home_of = {name: module for module, names in homes.items() for name in names}
    modules = [module for module, names in homes.items() if not names]

    def get(name: str):
        if name in modules:
            return importlib.import_module(f"{package}.{name}")
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(importlib.import_module(f"{package}.{home_of[name]}"), name)

    def names() -> list[str]:
        return sorted([*vars(importlib.import_module(package)), *home_of, *modules])

    return get, names


def named(place: str | type) -> type:
    """The class of a place such as `"keras_gan.games:GAN"`; a class itself stays as it is.

    Example:

    >>> named("keras_gan.objectives:Saddle").__name__
    'Saddle'
    """
    if not isinstance(place, str):
        return place
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)
