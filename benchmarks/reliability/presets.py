"""Presets that are damaged or claim too much: names and the files of a folder."""

import json

from mutants import ABSURD, HDF5, WEIGHTS, damages, edited, flipped

TYPES = (None, True, -1, 0, 1.5, "8", [8], {"a": 8}, [[]], 10**400, "x" * 10_000)
NAMES = ("os.system", "mlp_discriminator", "", "Mlp_generator", "../mlp_generator", "\x1b[2J", 5)


def presets(good: dict[str, bytes]):
    """Presets with checksums of their own, but for those that have the old ones."""
    for name in ("config.json", WEIGHTS):
        for kind, content in damages(good[name], 6):
            yield f"{name}: {kind}", {**good, name: content}, False
    for seed in range(12):
        yield f"weights, bit {seed}", {**good, WEIGHTS: flipped(good[WEIGHTS], seed, 800)}, True
    config = json.loads(good["config.json"])

    def with_(network="mlp_generator", prior="normal", **arguments):
        given = config["networks"]["generator"]["arguments"] if network == "mlp_generator" else {}
        networks = {"generator": {"network": network, "arguments": {**given, **arguments}}}
        changed = {**config, "networks": networks, "prior": prior}
        return {**good, "config.json": json.dumps(changed).encode()}

    for value in (*TYPES, *ABSURD, 65_536):
        yield f"width {str(value)[:20]}", with_(width=value), True
    for value in (10**6, 65_536, -1, "1"):
        yield f"depth {value}", with_(depth=value), True
    for name in NAMES:
        yield f"network {name!r}", with_(name), True
    for size in (512, 2_048, 4_096, 65_536, 10**9):
        for network in ("dcgan_generator", "resnet_generator"):
            yield f"{network} of {size}", with_(network, image_shape=[size, size, 3], width=1), True
    yield "prior", with_(prior="eval"), True
    deep = b"[" * 100_000 + b"]" * 100_000
    yield "deep", {**good, "config.json": b'{"format": ' + deep + b"}"}, True
    yield "long", {**good, "config.json": good["config.json"] + b" " * 200_000}, True
    yield "a file of no preset", {**good, "model.keras": b"1"}, True
    for name, edit in HDF5.items():
        yield name, {**good, WEIGHTS: edited(good[WEIGHTS], edit)}, True
