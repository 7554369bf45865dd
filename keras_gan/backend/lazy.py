"""Names of a package whose modules are loaded when a name is asked for."""

import importlib
import sys
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


class PutOff:
    """A package whose `__init__` runs in part, and once more, in full, when the rest is needed.

    So the help of the command line needs no Keras, and whoever needs the package gets all of it:
    Keras knows a class by its name only when the class was imported.

    Args:
        package: Its `__name__`.
        is_due: Whether its `__init__` is to run in part at first.
    """

    def __init__(self, package: str, is_due: bool):
        self.package, self.is_due = package, is_due

    def load(self) -> None:
        """Runs the whole `__init__`, unless that was done."""
        if not self.is_due:
            return
        self.is_due = False
        try:
            importlib.reload(sys.modules[self.package])
        except BaseException:
            self.is_due = True
            raise

    def get(self, name: str):
        """The `__getattr__` of the package: a folder alone, or a name for which all is loaded."""
        if name.startswith("_") or not self.is_due:
            raise AttributeError(f"module {self.package!r} has no attribute {name!r}")
        from importlib import util

        if util.find_spec(f"{self.package}.{name}") is not None:
            return importlib.import_module(f"{self.package}.{name}")
        self.load()
        return getattr(sys.modules[self.package], name)
