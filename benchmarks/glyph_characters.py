"""How many generated glyphs are read as the character that was asked for.

    keras-gan train --dataset glyphs --labels --image-size 32 --recipe sngan --out runs/glyphs
    python benchmarks/glyph_characters.py runs/glyphs

A convolutional classifier is trained on the real glyphs of the training split and judges as many
generated ones of each of the 62 characters; beside that stands its accuracy on the real glyphs of
families that it has not seen, which the figure should be compared with. Some pairs, such as I and l
or O and 0, are one picture in many fonts: the second row counts a character as right, too, where
such a twin was read. With a second argument, `glyphs/serif`, it judges by that part alone.
"""

import argparse

import numpy as np

import keras_gan as kg
from keras_gan.cli.models import trained_game

TWINS = ("0Oo", "1Il", "Cc", "Kk", "Pp", "Ss", "Uu", "Vv", "Ww", "Xx", "Yy", "Zz")


def kinds(characters: tuple[str, ...]) -> np.ndarray:
    """The number of each character's kind, which twins share."""
    kind = {each: twins[0] for twins in TWINS for each in twins}
    return np.array([characters.index(kind.get(each, each)) for each in characters])


def accuracies(
    model, data: str, sides, a_class: int, seed: int, steps: int
) -> dict[str, dict[str, float]]:
    """The part of glyphs that are read as what they are, exactly and but for twins.

    Args:
        model: What generates with `labels`, or `None` for real glyphs alone.
        data: The data set by name.
        sides: Its `image_size`.
        a_class: How many glyphs of each character are generated.
        seed: Of the classifier and of what is generated.
        steps: For how many the classifier is trained.
    """
    train, held_out = (kg.data.collection(data, split, sides) for split in ("train", "test"))
    kind = kinds(train.classes["character"])

    def signed(taken):
        return taken.images.astype("float32") / 127.5 - 1

    classify = kg.metrics.convolutional_classifier(
        signed(train), train.labels["character"], seed, most=len(train), steps=steps
    )[0]

    def read(x, asked):
        found = np.asarray(classify(x))
        return {
            "exactly": float(np.mean(found == asked)),
            "but for twins": float(np.mean(kind[found] == kind[asked])),
        }

    rows = {"real, of unseen families": read(signed(held_out), held_out.labels["character"])}
    if model is not None:
        asked = np.repeat(np.arange(len(kind)), a_class)
        rows["generated"] = read(model.generate(len(asked), seed=seed, labels=asked), asked)
    return rows


def main():
    """Prints the accuracies as a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", nargs="?", help="a run, a .keras file or a preset with classes")
    parser.add_argument("data", nargs="?", default="glyphs", help="the real glyphs")
    parser.add_argument("--image-size", type=int, default=32)
    parser.add_argument("--per-class", type=int, default=100, help="generated of each character")
    parser.add_argument("--steps", type=int, default=4000, help="of the classifier")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    model = None
    if given.model in kg.Generator.presets:
        model = kg.Generator.from_preset(given.model)
    elif given.model is not None:
        model = trained_game(given.model)
    found = accuracies(
        model, given.data, given.image_size, given.per_class, given.seed, given.steps
    )
    print("| glyphs | exactly | but for twins |\n|---|---|---|")
    for name, row in found.items():
        print(f"| {name} | {row['exactly']:.1%} | {row['but for twins']:.1%} |")


if __name__ == "__main__":
    main()
