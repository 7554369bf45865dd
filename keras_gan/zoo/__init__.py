"""The zoo: trained models as folders of plain files, which are checked before use.

`CLASSES` has the classes of what presets hold by their kind; each is an attribute of this module by
its own name, too.
"""

from keras_gan.zoo.kind_registry import CLASSES
from keras_gan.zoo.trust import UntrustedPresetError

__all__ = ["CLASSES", "UntrustedPresetError"]


def __getattr__(name: str) -> type:
    for cls in CLASSES.values():
        if cls.__name__ == name:
            return cls
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *(cls.__name__ for cls in CLASSES.values())])
