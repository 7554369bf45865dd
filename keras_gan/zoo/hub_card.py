"""A preset's card as the model card of a hub: the page with a head in YAML."""

import json
import math

from keras_gan.texts import one_line
from keras_gan.zoo import cards
from keras_gan.zoo.kind_registry import CLASSES, kind_of
from keras_gan.zoo.names import checked_name

DATASETS = {"mnist": "ylecun/mnist", "cifar10": "uoft-cs/cifar10"}  # their names on the Hub
FILE = "README.md"


def content(card: dict, name: str, repository: str | None = None) -> bytes:
    """The file `README.md` of a preset, in the format of the Hugging Face Hub.

    Between two lines of three hyphens stands what the Hub reads: library, licence, task, tags, data
    sets and scores. Below is the page of the card. It is not one of the preset's checked files: it
    may be edited on the Hub.

    Args:
        card: The content of `card.json`.
        name: The preset's name.
        repository: `"user/repository"` on the Hub, by which the page then loads the preset.
            Defaults to `None`: by its name.

    Raises:
        ValueError: For an invalid name or an unknown kind.
    """
    name = checked_name(name)
    address = None if repository is None else f"hf://{repository}"
    head = "\n".join(_yaml(_head(card, name)))
    return f"---\n{head}\n---\n\n{cards.rendered(card, name, address)}".encode()


def _head(card: dict, name: str) -> dict:
    """The fields that the Hub knows, see huggingface.co/docs/hub/model-cards."""
    kind = kind_of(card)
    texts = CLASSES[kind].texts
    names = [card[key]["name"] for key in texts.data_rows]
    protocol = card["scores"]["protocol"]
    shape, space = protocol.get("sample_shape"), protocol.get("feature_space")
    seen = "" if space is None else f" in the features {space}"  # no FID: that has others
    is_of_images = shape is None or len(shape) == 3  # those of two domains say none
    data = [DATASETS[each] for each in names if each in DATASETS]
    task = {"type": texts.task if is_of_images else "other"}
    result = {
        "task": task,
        "dataset": {"type": DATASETS.get(names[-1], names[-1]), "name": names[-1]},
        "metrics": [
            {"type": score, "value": value, "name": f"{score.replace('_', ' ')}{seen}"}
            for score, value in texts.figures(card["scores"]).items()
            if math.isfinite(value)
        ],
    }
    return {
        "library_name": "keras-gan",
        "license": "apache-2.0",
        **({"pipeline_tag": texts.task} if is_of_images else {}),
        "tags": ["keras", "keras-gan", kind, card["training"]["configuration"]["recipe"]],
        **({"datasets": data} if data else {}),
        "model-index": [{"name": name, "results": [result]}],
    }


def _yaml(value, indent: str = "") -> list[str]:
    """Plain values as lines of YAML, with every text in double quotes.

    Args:
        value: A dict or a list of dicts, lists, texts and numbers.
        indent: What the lines begin with. Defaults to `""`.
    """
    lines = []
    pairs = value.items() if isinstance(value, dict) else ((None, each) for each in value)
    for key, each in pairs:
        begin = f"{indent}- " if key is None else f"{indent}{key}:"
        if not isinstance(each, (dict, list)):
            lines.append(f"{begin.rstrip()} {_scalar(each)}")
        elif key is None:
            inner = _yaml(each, f"{indent}  ")
            lines += [begin + inner[0].lstrip(), *inner[1:]]
        else:
            lines += [begin, *_yaml(each, f"{indent}  ")]
    return lines


def _scalar(value) -> str:
    """A text or a number as a scalar of YAML 1.1, in which 1e-05 is no number but 1.0e-05 is."""
    if isinstance(value, str):
        return json.dumps(one_line(value), ensure_ascii=False)
    text = json.dumps(value)
    return text.replace("e", ".0e") if "e" in text and "." not in text else text
