"""What a preset's `config.json` says: which networks, by name and arguments, and which prior."""

import dataclasses
import json
import os

from keras_gan.distributions.priors import PRIORS
from keras_gan.networks.registry import Origin
from keras_gan.zoo.trust import object_in, refusal

FORMAT = 1
KINDS = {  # what a preset is, by the roles of its networks
    ("generator",): "generator",
    ("generator", "encoder"): "generator",
    ("generator_xy", "generator_yx"): "translator",
}
FOREIGN = {  # how the names of network functions end that cannot play a role
    "generator": ("_discriminator", "_encoder"),
    "encoder": ("_discriminator",),
    "generator_xy": ("_discriminator", "_encoder"),
    "generator_yx": ("_discriminator", "_encoder"),
}


@dataclasses.dataclass(frozen=True)
class Description:
    """The networks of a preset without their weights.

    Args:
        networks: Which network, by name and arguments, plays each role; the roles in the order of
            `KINDS`.
        prior: The name of the distribution of z, one of `kg.priors.PRIORS`; `None` for a
            translator, which has no z.
    """

    networks: dict[str, Origin]
    prior: str | None = None

    @property
    def kind(self) -> str:
        """What the networks are together, one of `KINDS`."""
        return KINDS[tuple(self.networks)]

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
    roles = roles_in(folder, config.get("networks"))
    of_latents = KINDS[roles] == "generator"
    names = ("format", "networks", "prior") if of_latents else ("format", "networks")
    entries(folder, config, "config.json", names)
    networks = {role: origin_in(folder, role, config["networks"][role]) for role in roles}
    prior = config.get("prior")
    if of_latents and (not isinstance(prior, str) or prior not in PRIORS):
        raise refusal(folder, f"its prior is {prior!r}; known are {', '.join(PRIORS)}")
    return Description(networks, prior)


def roles_in(folder, found) -> tuple[str, ...]:
    """The roles of the networks, once they are known to be those of one kind of preset."""
    have = set(found) if isinstance(found, dict) else None
    roles = next((roles for roles in KINDS if set(roles) == have), None)
    if roles is None:
        known = "; or ".join(", ".join(roles) for roles in KINDS)
        have = type(found).__name__ if have is None else sorted(have)
        raise refusal(folder, f"networks must have {known}, and nothing else; it is {have}")
    return roles


def origin_in(folder, role: str, found) -> Origin:
    """The name and the arguments of the network in a role."""
    network = entries(folder, found, role, ("network", "arguments"))
    name, arguments = network["network"], network["arguments"]
    if not isinstance(name, str) or not isinstance(arguments, dict):
        raise refusal(folder, "config.json must name a network and have an object of its arguments")
    if name.endswith(FOREIGN[role]):
        raise refusal(folder, f"its {role} is {name[:80]!r}")
    return Origin(name, arguments)


def entries(folder, found, what: str, names: tuple[str, ...]) -> dict:
    """A JSON object, once it is known to have these names and no others."""
    if not isinstance(found, dict) or set(found) != set(names):
        have = sorted(found) if isinstance(found, dict) else type(found).__name__
        raise refusal(folder, f"{what} must have {', '.join(names)} and nothing else; it is {have}")
    return found
