"""The base of objectives, penalties and distributions: config, printed form, registered name."""

import inspect

import keras


class Configured:
    """An object that its constructor's arguments describe completely.

    A subclass with arguments returns them from `get_config`; `from_config` and `repr` follow.

    Example:

    >>> class Power(Configured):
    ...     def __init__(self, exponent=2.0):
    ...         self.exponent = exponent
    ...     def get_config(self):
    ...         return {"exponent": self.exponent}
    >>> Power(3.0), Power()
    (Power(exponent=3.0), Power())
    """

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {}

    @classmethod
    def from_config(cls, config: dict):
        """Builds the object from what `get_config` returned."""
        return cls(**config)

    def __repr__(self):
        parameters = inspect.signature(type(self)).parameters
        given = {name: getattr(self, name) for name in self.get_config()}
        shown = [
            f"{name}={value!r}"
            for name, value in given.items()
            if name not in parameters or parameters[name].default != value
        ]
        return f"{type(self).__name__}({', '.join(shown)})"


def register(kind: type) -> type:
    """Makes a class loadable from `.keras` files under the package's name."""
    return keras.saving.register_keras_serializable(package="keras_gan")(kind)
