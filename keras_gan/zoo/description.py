"""A preset's `config.json`: its networks, by name and arguments, and its prior."""

import dataclasses
import inspect
import json
import os
from collections.abc import Sequence

from keras_gan.distributions.likelihoods import Likelihood
from keras_gan.networks.registry import Origin
from keras_gan.zoo import kind_registry
from keras_gan.zoo.trust import object_in, refusal

FORMAT = 1


@dataclasses.dataclass(frozen=True)
class Description:
    """The networks of a preset without their weights.

    Args:
        networks: The name and arguments of the network in each role, in the order of the kind.
        prior: The name of the distribution of z, one of `kg.priors.PRIORS`; `None` without z.
        likelihood: p(x|z) of decoders that make its parameters; `None` if they make samples.
    """

    networks: dict[str, Origin]
    prior: str | None = None
    likelihood: Likelihood | None = None

    @property
    def kind(self) -> str:
        """The kind of preset, a key of `keras_gan.zoo.kind_registry.CLASSES`."""
        return kind_registry.class_of(self.networks).kind

    def content(self) -> bytes:
        """The file `config.json`."""
        networks = {role: dataclasses.asdict(origin) for role, origin in self.networks.items()}
        prior = {} if self.prior is None else {"prior": self.prior}
        known = kind_registry.class_of(self.networks).likelihoods
        likelihood = (
            {} if self.likelihood is None else {"likelihood": _named(self.likelihood, known)}
        )
        config = {"format": FORMAT, "networks": networks, **prior, **likelihood}
        return (json.dumps(config, indent=2) + "\n").encode()


def parse(content: bytes, folder: str | os.PathLike) -> Description:
    """Parses a `config.json`, without building anything.

    Args:
        content: The bytes of the file.
        folder: The preset's folder, for the message.

    Raises:
        UntrustedPresetError: For anything but names and plain arguments.
    """
    config = object_in(folder, "config.json", content)
    if type(config.get("format")) is not int or config["format"] != FORMAT:  # True is 1, too
        raise refusal(
            folder,
            f"its format is {config.get('format')!r}, but this version of keras_gan reads {FORMAT}",
        )
    cls = _class_in(folder, config.get("networks"))
    names = ["format", "networks"]
    names += ["prior"] if cls.has_prior else []
    names += ["likelihood"] if cls.has_likelihood else []
    _entries(folder, config, "config.json", names)
    networks = {
        role: _origin_in(folder, cls, role, config["networks"][role])
        for role in kind_registry.ordered(cls, config["networks"])
    }
    prior = config.get("prior")
    if cls.has_prior and (not isinstance(prior, str) or prior not in cls.priors):
        raise refusal(folder, f"its prior is {prior!r}; known are {', '.join(cls.priors)}")
    likelihood = None
    if cls.has_likelihood:
        likelihood = _likelihood_in(folder, config["likelihood"], cls.likelihoods)
    return Description(networks, prior, likelihood)


def _named(likelihood: Likelihood, known: dict[str, type]) -> dict:
    """A likelihood by its name and arguments.

    Args:
        likelihood: The likelihood.
        known: Those that a preset of its kind may name.

    Raises:
        ValueError: For one of a user's own, which is code.
    """
    names = {each: name for name, each in known.items()}
    if type(likelihood) not in names:
        raise ValueError(
            f"a preset names its likelihood, one of {', '.join(known)}, and this is {likelihood!r}"
        )
    return {"likelihood": names[type(likelihood)], "arguments": likelihood.get_config()}


def _likelihood_in(folder, found, known: dict[str, type]) -> Likelihood:
    """The known likelihood of a name and arguments, which are numbers and truth values."""
    given = _entries(folder, found, "likelihood", ("likelihood", "arguments"))
    name, arguments = given["likelihood"], given["arguments"]
    if not isinstance(name, str) or name not in known or not isinstance(arguments, dict):
        raise refusal(folder, f"its likelihood is {str(name)[:80]!r}; known are {', '.join(known)}")
    taken = inspect.signature(known[name]).parameters
    for key, value in arguments.items():
        if key not in taken or type(value) not in (bool, int, float):
            raise refusal(folder, f"its likelihood has the argument {key[:80]!r}")
    try:
        return known[name](**arguments)
    except ValueError as error:
        raise refusal(folder, str(error)) from error


def _class_in(folder, found) -> type:
    """The class of presets with these networks; refuses unknown roles."""
    cls = kind_registry.class_of(found) if isinstance(found, dict) else None
    if cls is None:
        known = "; or ".join(
            ", ".join(roles) for each in kind_registry.CLASSES.values() for roles in each.roles
        )
        have = sorted(found) if isinstance(found, dict) else type(found).__name__
        raise refusal(folder, f"networks must have {known}, and nothing else; it is {have}")
    return cls


def _origin_in(folder, cls: type, role: str, found) -> Origin:
    """The name and arguments of the network in a role; refuses anything else."""
    network = _entries(folder, found, role, ("network", "arguments"))
    name, arguments = network["network"], network["arguments"]
    if not isinstance(name, str) or not isinstance(arguments, dict):
        raise refusal(folder, "config.json must name each network and give its arguments")
    if name.endswith(cls.foreign[role]):
        raise refusal(folder, f"its {role} must not be {name[:80]!r}")
    return Origin(name, arguments)


def _entries(folder, found, what: str, names: Sequence[str]) -> dict:
    """The values of a JSON object with these names; refuses missing and other names."""
    if not isinstance(found, dict) or set(found) != set(names):
        have = sorted(found) if isinstance(found, dict) else type(found).__name__
        raise refusal(folder, f"{what} must have {', '.join(names)} and nothing else; it is {have}")
    return found
