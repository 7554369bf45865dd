"""The extractor of the original FID beside the programs that compute FIDs, with the same weights.

    pip install torch torchvision pytorch-fid==0.3.0 clean-fid==0.1.35 torch-fidelity==0.4.0 \
        "scipy<1.18"
    python benchmarks/inception_2015.py                  # some minutes on two cores
    python benchmarks/inception_2015.py --count 8 --store tests/metrics/inception_2015.json

The published weights are not needed: random ones of a seed are put into the networks of all four.
Each program reads the same PNG files by its own code, resizes them by its own code, and computes
features; one set is smaller than 299 x 299 pixels and one larger. The features of this library must
be the same to 1e-4. The distance of both sets is of as many features as images allow, of all from
`--count 2049` on, since the others' matrix root of a singular matrix is not exact, and must be the
same to a relative 1e-3. That of random vectors must be the same to 1e-6.

`--store` writes what the test without PyTorch compares with: a few of their numbers.
"""

import argparse
import importlib.metadata
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

SEED = 0
RANK = (1000, 128)  # vectors and numbers in each, for the distance of features of full rank
PROGRAMS = {  # with the rule of this library that is theirs
    "torch-fidelity": "original",
    "clean-fid": "clean",
    "clean-fid, legacy_pytorch": "pytorch",
    "pytorch-fid": "pytorch",
}


def state(seed=SEED):
    """Weights under the names of PyTorch's file, float32, whose features are of the order of 1."""
    from keras_gan.metrics.inception_2015 import network

    rng, found, built = np.random.default_rng(seed), {}, network.build()
    for name in network.names_in_graph():
        height, width, into, filters = built.get_layer(name).kernel.shape
        size = filters, into, height, width
        scale = np.sqrt(2 / (into * height * width))
        found[f"{name}.conv.weight"] = rng.normal(0, scale, size)
        found[f"{name}.bn.weight"] = rng.uniform(0.8, 1.2, filters)
        found[f"{name}.bn.bias"] = rng.normal(0, 0.1, filters)
        found[f"{name}.bn.running_mean"] = rng.normal(0, 0.1, filters)
        found[f"{name}.bn.running_var"] = rng.uniform(0.8, 1.2, filters)
    found["fc.weight"] = rng.normal(0, 0.02, (network.CLASSES, network.DIM))
    found["fc.bias"] = rng.normal(0, 0.02, network.CLASSES)
    return {name: array.astype("float32") for name, array in found.items()}


def pictures(count, large, seed=SEED):
    """Random images with structure of all sizes, uint8: of 60 x 44 pixels, or 420 x 340."""
    shape = (340, 420) if large else (44, 60)
    rng = np.random.default_rng([seed, large])
    x = np.zeros((count, *shape, 3))
    for cells in (2, 5, 11, 40):
        rows, columns = (np.arange(n) * cells // n for n in shape)
        x += rng.normal(0, 40, (count, cells, cells, 3))[:, rows][:, :, columns]
    return np.clip(np.rint(128 + x), 0, 255).astype("uint8")


def ours(part, place):
    """This library's part, in a process of its own: TensorFlow and PyTorch do not share one."""
    options = [sys.executable, "-W", "ignore", __file__, "--part", part, "--place", str(place)]
    subprocess.run(options, check=True)
    with np.load(place / f"{part}.npz") as file:
        return dict(file)


def in_own_process(part, place):
    """Writes the weights, or features, logits of two images and distances of both sets."""
    if part == "weights":
        np.savez(place / "weights.npz", **state())
        return
    from keras_gan.metrics import frechet_distance, inception_2015

    found = {}
    with np.load(place / "sets.npz") as file:
        sets = dict(file)
    for rule in dict.fromkeys(PROGRAMS.values()):
        extractor = inception_2015.extractor(rule, place / "weights.pth")
        for size, levels in sets.items():
            x = levels.astype("float32") / np.float32(127.5) - np.float32(1)
            found[f"{rule} {size}"] = extractor(x)
            found[f"{rule} {size} logits"] = extractor._classify(x[:2])
        found[f"{rule} distance"] = frechet_distance(
            *(regular(found[f"{rule} {size}"]) for size in sets)
        )
    found["full rank"] = frechet_distance(*full_rank())
    np.savez(place / "features.npz", **found)


def of_torch_fidelity(torch, folder, path):
    """Its features of the files of a folder."""
    from PIL import Image
    from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

    network = FeatureExtractorInceptionV3(
        "inception-v3-compat", ["2048", "logits_unbiased"], feature_extractor_weights_path=path
    )
    images = np.stack([np.asarray(Image.open(file)) for file in sorted(folder.glob("*.png"))])
    with torch.no_grad():
        parts = [network(torch.from_numpy(x[None]).permute(0, 3, 1, 2)) for x in images]
    return tuple(np.concatenate([part[i].numpy() for part in parts]) for i in range(2))


def of_pytorch_fid(torch, folder, path):
    """Its features of the files of a folder."""
    from pytorch_fid import fid_score, inception

    inception.load_state_dict_from_url = lambda *_, **__: torch.load(path, weights_only=True)
    files = sorted(folder.glob("*.png"))
    network = inception.InceptionV3([3])
    return fid_score.get_activations(files, network, 4, 2048, "cpu", 0)


def of_clean_fid(torch, folder, path, mode):
    """Its features of the files of a folder, in one of its modes."""
    from cleanfid import fid, inception_pytorch
    from cleanfid.features import build_feature_extractor
    from cleanfid.inception_torchscript import InceptionV3W

    cpu = torch.device("cpu")
    if mode == "clean":
        with tempfile.TemporaryDirectory() as place:
            save_program(torch, path, pathlib.Path(place) / "inception-2015-12-05.pt")
            network = InceptionV3W(place, download=False)
    else:
        inception_pytorch.load_state_dict_from_url = lambda *_, **__: torch.load(
            path, weights_only=True
        )
        network = build_feature_extractor(mode, cpu, use_dataparallel=False)
    return fid.get_folder_features(
        str(folder), network, 0, batch_size=4, device=cpu, mode=mode, verbose=False
    )


def save_program(torch, path, file):
    """Saves the network as the TorchScript program that clean-fid loads: its layers alone."""
    from pytorch_fid import inception

    inception.load_state_dict_from_url = lambda *_, **__: torch.load(path, weights_only=True)

    class Program(torch.nn.Module):
        def __init__(self):
            super().__init__()
            network = inception.InceptionV3([3], resize_input=False, normalize_input=False)
            self.layers = torch.nn.Sequential(*network.blocks)

        def forward(self, x):
            return self.layers(x)

    program = torch.jit.trace(Program().eval(), torch.zeros(1, 3, 299, 299))
    torch.jit.save(program, str(file))


def distances(a, b):
    """Of two sets of features: pytorch-fid's and clean-fid's."""
    from cleanfid.fid import fid_from_feats
    from pytorch_fid.fid_score import calculate_frechet_distance

    moments = [(x.mean(axis=0), np.cov(x, rowvar=False)) for x in (a, b)]
    found = calculate_frechet_distance(*moments[0], *moments[1]), fid_from_feats(a, b)
    return {"pytorch-fid": float(np.real(found[0])), "clean-fid": float(np.real(found[1]))}


def regular(features):
    """As many of the features as have a covariance of full rank."""
    return features[:, : min(len(features) - 1, 64)] if len(features) <= 2048 else features


def full_rank(seed=SEED):
    """Two sets of vectors, more of them than numbers in each."""
    rng = np.random.default_rng(seed)
    a, b = (rng.normal(size=RANK) @ rng.normal(size=(RANK[1], RANK[1])) for _ in range(2))
    return a, 0.5 + b


def theirs(torch, name, folder, path):
    """A program's features of a folder, and its logits or `None`."""
    if name == "torch-fidelity":
        return of_torch_fidelity(torch, folder, path)
    if name == "pytorch-fid":
        return of_pytorch_fid(torch, folder, path), None
    mode = "legacy_pytorch" if "legacy" in name else "clean"
    return of_clean_fid(torch, folder, path, mode), None


def compared(torch, place, count):
    """Prints the table; returns what agrees, and the numbers to store."""
    from PIL import Image

    weights = {name: torch.from_numpy(x) for name, x in ours("weights", place).items()}
    path = str(place / "weights.pth")
    torch.save(weights, path)
    sets = {"small": pictures(count, False), "large": pictures(count, True)}
    np.savez(place / "sets.npz", **sets)
    for size, images in sets.items():
        (place / size).mkdir()
        for i, image in enumerate(images):
            Image.fromarray(image).save(place / size / f"{i:04}.png")
    mine, agree, stored = ours("features", place), {}, {}
    print(f"{'program':<28}{'features differ by':>20}{'its distance':>16}{'ours':>14}")
    for name, rule in PROGRAMS.items():
        found = {size: theirs(torch, name, place / size, path) for size in sets}
        gaps = [np.abs(found[s][0] - mine[f"{rule} {s}"]).max() for s in sets]
        stored[name] = {
            "rule": rule,
            "features": {s: found[s][0][:2, :6].tolist() for s in sets},
            "means": {s: found[s][0][:2].mean(axis=1).tolist() for s in sets},
        }
        if found["small"][1] is not None:
            gaps += [np.abs(found[s][1][:2] - mine[f"{rule} {s} logits"]).max() for s in sets]
            stored[name]["logits"] = {s: found[s][1][:2, :6].tolist() for s in sets}
        its = distances(*(regular(found[size][0]) for size in sets))[
            "clean-fid" if "clean-fid" in name else "pytorch-fid"
        ]
        here = float(mine[f"{rule} distance"])
        agree[name] = max(gaps) <= 1e-4 and abs(its - here) <= 1e-3 * here
        print(f"{name:<28}{max(gaps):>20.1e}{its:>16.5f}{here:>14.5f}")
    full, here = distances(*full_rank()), float(mine["full rank"])
    agree["full rank"] = all(abs(each - here) <= 1e-6 * here for each in full.values())
    for name, each in full.items():
        print(f"{f'{name}, {RANK[0]} x {RANK[1]}':<48}{each:>16.8f}{here:>14.8f}")
    return agree, stored | {"full_rank": full}


def main(line=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--count", type=int, default=24, help="images in each set (24)")
    parser.add_argument("--store", type=pathlib.Path, help="a file for the numbers of the test")
    parser.add_argument("--part", choices=("weights", "features"), help=argparse.SUPPRESS)
    parser.add_argument("--place", type=pathlib.Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args(line)
    if arguments.part:
        in_own_process(arguments.part, arguments.place)
        return 0
    import torch

    torch.set_num_threads(1)  # two stand still when anything else runs
    with tempfile.TemporaryDirectory() as place:
        agree, stored = compared(torch, pathlib.Path(place), arguments.count)
    if arguments.store:
        names = ("torch", "torchvision", "torch-fidelity", "clean-fid", "pytorch-fid", "scipy")
        versions = {name: importlib.metadata.version(name) for name in names}
        command = f"python benchmarks/inception_2015.py --count {arguments.count} --store FILE"
        made = {"command": command, "count": arguments.count, "seed": SEED, "versions": versions}
        arguments.store.write_text(json.dumps(made | stored, indent=1) + "\n")
    print(f"{sum(agree.values())} of {len(agree)} agree")
    return 0 if all(agree.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
