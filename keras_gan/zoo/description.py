"""What a preset's `config.json` says: which networks, by name and arguments, and which prior."""

import dataclasses
import json
import os

from keras_gan.distributions.priors import PRIORS
from keras_gan.networks.registry import Origin
from keras_gan.zoo import kinds
from keras_gan.zoo.trust import object_in, refusal

FORMAT = 1


@dataclasses.dataclass(frozen=True)
class Description:
    """The networks of a preset without their weights.

    Args:
        networks: Which network, by name and arguments, plays each role; the roles in the order of
            their kind.
        prior: The name of the distribution of z, one of `kg.priors.PRIORS`; `None` where there is
            no z.
    """

    networks: dict[str, Origin]
    prior: str | None = None

    @property
    def kind(self) -> str:
        """What the networks are together, one of `keras_gan.zoo.kinds.CLASSES`."""
        return kinds.class_of(self.networks).kind

    def content(self) -> bytes:
        """The file `config.json`."""
        networks = {role: dataclasses.asdict(origin) for role, origin in self.networks.items()}
        prior = {} if self.prior is None else {"prior": self.prior}
        config = {"format": FORMAT, "networks": networks, **prior}
        return (json.dumps(config, indent=2) + "\n").encode()


def parse(content: bytes, folder: str | os.PathLike) -> Description:
    """What a `config.json` describes; nothing is made of it yet.

    Args:
        content: The bytes of the file.
        folder: The preset's folder, for the message.

    Raises:
        UntrustedPresetError: For anything else than names and plain arguments.
    """
    config = object_in(folder, "config.json", content)
    if type(config.get("format")) is not int or config["format"] != FORMAT:  # True is 1, too
        raise refusal(
            folder,
            f"its format is {config.get('format')!r}, and this version of keras_gan reads {FORMAT}",
        )
    cls = class_in(folder, config.get("networks"))
    names = ("format", "networks", *(("prior",) if cls.has_prior else ()))
    entries(folder, config, "config.json", names)
    networks = {
        role: origin_in(folder, cls, role, config["networks"][role])
        for role in kinds.ordered(cls, config["networks"])
    }
    prior = config.get("prior")
    if cls.has_prior and (not isinstance(prior, str) or prior not in PRIORS):
        raise refusal(folder, f"its prior is {prior!r}; known are {', '.join(PRIORS)}")
    return Description(networks, prior)


def class_in(folder, found) -> type:
    """The class of presets of these networks, once their roles are known to be those of one."""
    cls = kinds.class_of(found) if isinstance(found, dict) else None
    if cls is None:
        known = "; or ".join(
            ", ".join(roles) for each in kinds.CLASSES.values() for roles in each.roles
        )
        have = sorted(found) if isinstance(found, dict) else type(found).__name__
        raise refusal(folder, f"networks must have {known}, and nothing else; it is {have}")
    return cls


def origin_in(folder, cls: type, role: str, found) -> Origin:
    """The name and the arguments of the network in a role."""
    network = entries(folder, found, role, ("network", "arguments"))
    name, arguments = network["network"], network["arguments"]
    if not isinstance(name, str) or not isinstance(arguments, dict):
        raise refusal(folder, "config.json must name a network and have an object of its arguments")
    if name.endswith(cls.foreign[role]):
        raise refusal(folder, f"its {role} is {name[:80]!r}")
    return Origin(name, arguments)


def entries(folder, found, what: str, names: tuple[str, ...]) -> dict:
    """A JSON object, once it is known to have these names and no others."""
    if not isinstance(found, dict) or set(found) != set(names):
        have = sorted(found) if isinstance(found, dict) else type(found).__name__
        raise refusal(folder, f"{what} must have {', '.join(names)} and nothing else; it is {have}")
    return found
