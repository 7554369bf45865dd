"""What a preset's `config.json` says: which networks, by name and arguments, and which prior."""

import dataclasses
import json
import os

from keras_gan.networks.origin import Origin
from keras_gan.priors import PRIORS
from keras_gan.zoo.trust import object_in, refusal

FORMAT = 1


@dataclasses.dataclass(frozen=True)
class Description:
    """A generator without its weights.

    Args:
        generator: Which network, by name and arguments.
        prior: The name of the distribution of z, one of `kg.priors.PRIORS`.
    """

    generator: Origin
    prior: str

    def content(self) -> bytes:
        """The file `config.json`."""
        config = {
            "format": FORMAT,
            "networks": {"generator": dataclasses.asdict(self.generator)},
            "prior": self.prior,
        }
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
    entries(folder, config, "config.json", ("format", "networks", "prior"))
    networks = entries(folder, config["networks"], "networks", ("generator",))
    generator = entries(folder, networks["generator"], "generator", ("network", "arguments"))
    name, arguments, prior = generator["network"], generator["arguments"], config["prior"]
    if not isinstance(name, str) or not isinstance(arguments, dict):
        raise refusal(folder, "config.json must name a network and have an object of its arguments")
    if name.endswith("_discriminator"):
        raise refusal(folder, f"its generator is {name[:80]!r}")
    if not isinstance(prior, str) or prior not in PRIORS:
        raise refusal(folder, f"its prior is {prior!r}; known are {', '.join(PRIORS)}")
    return Description(Origin(name, arguments), prior)


def entries(folder, found, what: str, names: tuple[str, ...]) -> dict:
    """A JSON object, once it is known to have these names and no others."""
    if not isinstance(found, dict) or set(found) != set(names):
        have = sorted(found) if isinstance(found, dict) else type(found).__name__
        raise refusal(folder, f"{what} must have {', '.join(names)} and nothing else; it is {have}")
    return found
