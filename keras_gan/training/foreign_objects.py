"""Finds user code in the configs that Keras serializes."""

from collections.abc import Iterator

CODE = "__lambda__"


def foreign_parts(config) -> Iterator[dict]:
    """The layers and other objects in a config that are, or contain, user code."""
    if isinstance(config, (list, tuple)):
        for each in config:
            yield from foreign_parts(each)
    elif isinstance(config, dict):
        inner = config.get("config")
        holds_layers = isinstance(inner, dict) and ("layers" in inner or "network" in inner)
        if "class_name" not in config or (holds_layers and not is_foreign(config)):
            yield from foreign_parts(list(config.values()))
        elif any(map(is_foreign, nodes_of(config))):
            yield config


def nodes_of(config) -> Iterator[dict]:
    """All dicts in a config, including itself."""
    if isinstance(config, dict):
        yield config
    for each in config.values() if isinstance(config, dict) else config:
        if isinstance(each, (dict, list, tuple)):
            yield from nodes_of(each)


def is_foreign(config: dict) -> bool:
    """Whether a config is of a class or function from outside Keras and this library."""
    if "class_name" not in config:  # Keras's config of a lambda as activation
        return set(config) == {"value"} and isinstance(config["value"], (list, tuple))
    if config["class_name"] in ("function", CODE):
        return not str(config["config"]).startswith("keras_gan>")
    package = (config.get("module") or "").split(".")[0]
    return "registered_name" in config and package not in ("keras", "keras_gan")


def name_of(config: dict) -> str | None:
    """The name by which Keras finds a class or function; `None` for a lambda.

    Args:
        config: The config of one object.
    """
    if config.get("class_name") in (None, CODE):
        return None
    return config["config" if config["class_name"] == "function" else "registered_name"]


def label_of(config: dict) -> str:
    """The name of a config's object, or else of its class."""
    own = config["config"].get("name") if isinstance(config["config"], dict) else None
    return own or config["class_name"]
