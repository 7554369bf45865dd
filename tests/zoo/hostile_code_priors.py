"""What an attacker makes of the preset of a prior of codes: mutants of its `config.json`."""

from tests.zoo import hostile
from tests.zoo.hostile_roles import ARGUMENTS, NAMES, above, network, only, roles

ONE, TWO = "one level", "two levels"  # the good presets
ROLES = {
    ONE: ("encoder", "decoder", "prior"),
    TWO: ("top_encoder", "bottom_encoder", "decoder", "top_prior", "bottom_prior"),
}
NUMBERS = (0, -1, 10**6, 10**9, 10**400, 65_536, 2.0, 1e300, True, None, "8", [8], {"a": 8})
IMAGES = (
    *([8] * 10, [8, 8], [], [0, 0, 1], [-8, -8, 1], [8.0, 8.0, 1], [True, True, True], "881", 8),
    *(None, [[8], [8], [1]], [8, 16, 1], [8, 8, 0], [65_536, 65_536, 1], [10**9, 10**9, 1]),
    *([16, 16, 1], [8, 8, 3], [4, 4, 1]),
)
GRIDS = (
    *([], [4], [4, 4, 4], [0, 4], [-4, 4], [4.0, 4], [True, 4], "44", 4, None, [[4], 4], [2, 8]),
    *([8, 8], [3, 3], [65_536, 65_536], [10**9, 4], [1448, 1448]),
)
LIKELIHOODS = (
    *(None, 1, "squared_error", [], {}, {"likelihood": "squared_error"}),
    *({"likelihood": each, "arguments": {}} for each in ("eval", "", None, 1, [], "SquaredError")),
    {"likelihood": "squared_error", "arguments": {"stddev": 1.0}},
    {"likelihood": "squared_error", "arguments": None},
    {"likelihood": "squared_error", "arguments": {}, "more": 1},
    {"likelihood": "gaussian", "arguments": {"stddev": "learned"}},
    {"likelihood": "gaussian", "arguments": {"stddev": -1.0}},
)


def every(arguments):
    """The change of arguments in all networks that have them."""

    def mutate(config):
        for entry in config["networks"].values():
            own = {name: n for name, n in arguments.items() if name in entry["arguments"]}
            entry["arguments"] |= own

    return mutate


MUTANTS = [
    *((ONE, network(role, network=name)) for role in ROLES[ONE] for name in NAMES),
    *((ONE, network(role, arguments=value)) for role in ROLES[ONE] for value in ARGUMENTS),
    *(
        (ONE, network(role, arguments={name: value}))
        for role in ROLES[ONE]
        for name in ("width", "name", "more", "__class__")
        for value in (0, -1, 10**6, 10**400, 65_536, True, [8], {"a": 8}, hostile.REGISTERED)
    ),
    *((TWO, network(role, network="os.system")) for role in ROLES[TWO]),
    *((TWO, network(role, arguments={"width": 65_536})) for role in ROLES[TWO]),
    *((each, network(role, more=1)) for each in ROLES for role in ROLES[each]),
    # sizes of the networks
    *(
        (ONE, network(role, arguments={name: value}))
        for role, names in {
            "encoder": ("code_dim", "halvings", "blocks"),
            "decoder": ("code_dim", "halvings", "blocks"),
            "prior": ("codes", "depth", "kernel", "dropout", "classes", "condition_codes"),
        }.items()
        for name in names
        for value in NUMBERS
        if (name, value) not in [("dropout", 0), ("classes", None), ("condition_codes", None)]
    ),
    *((ONE, network("prior", arguments={"classes": value})) for value in (1, 3)),
    *((ONE, network(r, arguments={"image_shape": s})) for r in ROLES[ONE][:2] for s in IMAGES),
    *((ONE, network("prior", arguments={"code_shape": shape})) for shape in GRIDS),
    *((ONE, network("prior", arguments={"condition_shape": s})) for s in GRIDS if s is not None),
    *(
        (TWO, network("bottom_prior", arguments={"condition_shape": s}))
        for s in (None, [4, 4], [8])
    ),
    *((TWO, network("bottom_prior", arguments={"condition_codes": n})) for n in (1, 65_536)),
    *((TWO, network("top_prior", arguments={"codes": n})) for n in (2, 5, 65_536)),
    # all of them fit each other, but not the file: more codes, longer vectors, larger grids
    *((ONE, every(change)) for change in ({"codes": 7}, {"codes": 65_536}, {"code_dim": 3})),
    (ONE, every({"codes": 65_536, "code_dim": 65_536})),
    (ONE, every({"image_shape": [2896, 2896, 1], "code_shape": [1448, 1448], "codes": 8})),
    (ONE, every({"image_shape": [4096, 4096, 1], "code_shape": [2048, 2048]})),
    # codes and grids that do not meet
    *((ONE, network("prior", arguments={"codes": n})) for n in (2, 5, 7)),
    *((ONE, network("encoder", arguments={"code_dim": n})) for n in (1, 3)),
    *((ONE, network(role, arguments={"halvings": 2})) for role in ("encoder", "decoder")),
    # roles that are swapped, doubled, missing or of another kind
    (ONE, roles(encoder="decoder", decoder="encoder")),
    (ONE, roles(encoder="prior")),
    (ONE, roles(prior="encoder")),
    (ONE, roles(prior="decoder")),
    (ONE, roles(decoder="prior")),
    *((ONE, roles(**{role: None})) for role in ("encoder", "decoder")),
    (ONE, roles(top_prior="prior")),
    (ONE, roles(codebook="prior")),
    (TWO, roles(top_prior="bottom_prior")),
    (TWO, roles(bottom_prior="top_prior")),
    (TWO, roles(top_encoder="bottom_encoder")),
    (TWO, roles(bottom_encoder="top_encoder")),
    *((TWO, roles(**{role: None})) for role in ROLES[TWO]),
    *((each, only(found)) for each in ROLES for found in (None, 1, "prior", [], {}, ["prior"])),
    # what stands beside the networks
    *((each, above(likelihood=value)) for each in ROLES for value in LIKELIHOODS),
    *((each, above(prior=value)) for each in ROLES for value in (None, "normal", 1, {})),
    *((each, above(codebook=[[0.0]])) for each in ROLES),
]
