"""Train a GAN on a folder of your own colour photographs, at 64 x 64 pixels, with flips.

    pip install .    # in a clone of this repository
    python colour_photographs.py photographs                    # .jpg, .png, … in any sub-folders
    python colour_photographs.py photographs --labels           # a class per sub-folder
    python colour_photographs.py photographs --size 48x64       # rectangles, of even sides

Photographs of any size are cropped in the middle and resized. Half of them are flipped from left to
right, anew in every epoch, which is twice as much data where left and right do not matter. What the
discriminator sees, real or made, is also shifted and changes its colours (DiffAugment, Zhao et al.
2020, arXiv 2006.10738), which helps with few hundreds of photographs: leave it out for tens of
thousands. After every epoch there is a picture in the folder; the scores at the end are Fréchet
distances in features of photographs, beside that between two halves of your own.

The same at the command line, where flips are those of the discriminator's inputs:

    keras-gan train --dataset photographs --image-size 64 --augment flip,translation,color

Reference: Miyato et al. 2018, arXiv 1802.05957.
"""

import argparse
import pathlib

import keras

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("photographs", help="the folder")
parser.add_argument("--labels", action="store_true", help="a class per sub-folder")
parser.add_argument("--size", default="64", help="pixels, or HEIGHTxWIDTH")
parser.add_argument("--epochs", type=int, default=50)
parser.add_argument("--steps-per-epoch", type=int, default=500)
parser.add_argument("--batch-size", type=int, default=32)
parser.add_argument("--width", type=int, default=64, help="channels of the finest hidden grid")
parser.add_argument("--samples", type=int, default=1000, help="most samples a side for the scores")
parser.add_argument("--features", default="imagenet", help="in which scores compare them")
parser.add_argument("--folder", default="colour_photographs", help="for pictures and the game")
parser.add_argument("--seed", type=int, default=0)
arguments = parser.parse_args()
keras.utils.set_random_seed(arguments.seed)
folder = pathlib.Path(arguments.folder)

size = [int(side) for side in arguments.size.split("x")] * 2
height, width = size[:2]
photographs = kg.data.load(
    arguments.photographs, image_size=(height, width), labels=arguments.labels
)
names, classes = kg.data.class_names(arguments.photographs), None
if arguments.labels:
    classes = 1 + max(int(label) for _, label in photographs.as_numpy_iterator())
print(f"{len(photographs)} photographs, {height} x {width}; classes: {names or 'not named'}")

batches = kg.data.batches(
    photographs,
    arguments.batch_size,
    seed=arguments.seed,
    augment=keras.layers.RandomFlip("horizontal", seed=arguments.seed),
).repeat()

gan = kg.SNGAN(
    kg.networks.dcgan_generator((height, width, 3), width=arguments.width, classes=classes),
    kg.networks.dcgan_discriminator(
        (height, width, 3), arguments.width, normalization="spectral", classes=classes
    ),
    average=0.999,
    augment="color,translation",
    seed=arguments.seed,
)
gan.compile()
gan.fit(
    batches,
    epochs=arguments.epochs,
    steps_per_epoch=arguments.steps_per_epoch,
    callbacks=[kg.callbacks.Health(), kg.callbacks.Samples(folder)],
    verbose=2,
)
gan.save(folder / "gan.keras")

real = photographs.map(lambda x, label: x) if arguments.labels else photographs
half = min(arguments.samples, len(photographs) // 2)
first, second = (next(iter(part.batch(half))) for part in (real.take(half), real.skip(half)))
seen = kg.metrics.features.get(arguments.features)
scores = {
    "samples": kg.metrics.frechet_distance(seen(gan.generate(half, seed=0)), seen(second)),
    "real": kg.metrics.frechet_distance(seen(first), seen(second)),
}
for name, distance in scores.items():
    print(f"Fréchet distance of {half} {name} to {half} real ones: {distance:.4g}")
print(f"{folder}: a picture of samples after every epoch, and gan.keras")
