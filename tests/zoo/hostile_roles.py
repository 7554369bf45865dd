"""What an attacker makes of presets of several networks: each mutant by the preset it is made of.

The good presets are the files of `tests.zoo.test_roles.GOOD`; a mutant changes the object in one's
`config.json` in place, and its checksums are made anew.
"""

import copy
import json

from tests.zoo import hostile


def network(role, **change):
    """The change of one network's entry; of its arguments where they are an object."""

    def mutate(config):
        entry, arguments = config["networks"][role], change.get("arguments")
        if isinstance(arguments, dict):
            arguments = {**entry["arguments"], **arguments}
        entry.update({**change, **({} if arguments is None else {"arguments": arguments})})

    return mutate


def roles(**change):
    """The change of whole roles: `None` takes one away, a name is the entry of that role."""

    def mutate(config):
        old = copy.deepcopy(config["networks"])
        for role, value in change.items():
            if value is None:
                del config["networks"][role]
            else:
                config["networks"][role] = old[value] if isinstance(value, str) else value

    return mutate


def above(**change):
    """The change of what stands beside the networks."""
    return lambda config: config.update(change)


def only(found):
    """The networks are something else altogether."""
    return lambda config: config.update(networks=found)


MLP = {"network": "mlp_generator", "arguments": {"latent_dim": 3, "width": 7, "depth": 1}}
NAMES = ("os.system", "mlp_discriminator", "", "\0", "x" * 50_000, None, 1, [], {}, "keras.Model")
ARGUMENTS = (None, 3, "width", [], hostile.DEEP, hostile.FOREIGN, hostile.REGISTERED)
ROLES = ("encoder", "generator_xy", "generator_yx")
HOME = {"encoder": "encoded", "generator_xy": "translator", "generator_yx": "translator"}
MUTANTS = [
    *((HOME[role], network(role, network=name)) for role in ROLES for name in NAMES),
    *((HOME[role], network(role, arguments=value)) for role in ROLES for value in ARGUMENTS),
    *(
        (HOME[role], network(role, arguments={name: value}))
        for role in ROLES
        for name in ("width", "name", "more", "__class__")
        for value in (0, -1, 10**6, 10**400, 65_536, True, [8], {"a": 8}, hostile.REGISTERED)
    ),
    *((HOME[role], network(role, more=1)) for role in ROLES),
    *((HOME[role], roles(**{role: value})) for role in ROLES for value in ({}, [], 1, MLP)),
    *(("judged", network("discriminator", network=n)) for n in NAMES if n != "mlp_discriminator"),
    *(("judged", network("discriminator", arguments=value)) for value in ARGUMENTS),
    ("judged", network("discriminator", arguments={"data_dim": 3})),
    ("judged", roles(discriminator="generator")),
    ("judged", roles(encoder="discriminator")),
    ("judged", roles(discriminator=None)),
    # shapes that do not meet
    *(("encoded", network("encoder", arguments={"data_dim": n})) for n in (1, 3, 784)),
    *(("encoded", network("encoder", arguments={"latent_dim": n})) for n in (1, 2, 4, 65_536)),
    *(("translator", network("generator_xy", arguments={"from_dim": n})) for n in (1, 3)),
    *(("translator", network("generator_xy", arguments={"to_dim": n})) for n in (1, 2, 4)),
    *(("translator", network("generator_yx", arguments={"from_dim": n})) for n in (1, 2)),
    *(("translator", network("generator_yx", arguments={"to_dim": n})) for n in (1, 3)),
    ("translator", roles(generator_xy={**MLP, "arguments": {"classes": 3}})),
    # roles that are swapped, doubled, missing or of another kind
    ("encoded", roles(generator="encoder", encoder="generator")),
    ("encoded", roles(generator="encoder")),
    ("encoded", roles(encoder="generator")),
    ("encoded", roles(encoder=None)),
    ("encoded", roles(generator=None)),
    ("translator", roles(generator_xy="generator_yx", generator_yx="generator_xy")),
    ("translator", roles(generator_xy="generator_yx")),
    ("translator", roles(generator_yx=None)),
    ("translator", roles(generator=MLP)),
    ("translator", roles(encoder=MLP)),
    ("alone", roles(encoder=MLP)),
    ("alone", roles(discriminator=MLP)),
    ("alone", roles(generator_xy=MLP)),
    *(
        (preset, roles(**{name: MLP}))
        for preset in ("encoded", "translator")
        for name in ("discriminator", "Encoder", "encoder ", "\u0435ncoder", "__class__", "", "\0")
    ),
    *(
        (preset, only(found))
        for preset in ("alone", "encoded", "translator")
        for found in (None, 1, True, "generator", [], ["generator"], {}, [["generator", MLP]])
    ),
    # priors
    *(("encoded", above(prior=value)) for value in (None, 1, "Normal", [], {})),
    *(("translator", above(prior=value)) for value in (None, "normal", "Normal", [], {})),
    *((preset, above(kind="generator")) for preset in ("alone", "encoded", "translator")),
    # numbers of classes
    *(
        ("labelled", network("generator", arguments={"classes": value}))
        for value in (
            *(None, 0, 1, 2, 4, -3, True, 3.0, 65_536, 10**9, 10**400, "3", [3]),
            {"a": 3},
        )
    ),
    ("alone", network("generator", arguments={"classes": 3})),
    ("encoded", network("generator", arguments={"classes": 3})),
]


def configured(old: bytes, mutate) -> bytes:
    """A `config.json` after a change."""
    config = json.loads(old)
    mutate(config)
    return json.dumps(config).encode()
