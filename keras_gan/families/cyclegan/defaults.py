"""Defaults of runs between two sets of images, by the size of the images."""

TRANSLATION = {
    "network": "resnet",
    "width": 64,
    "epochs": 200,
    "steps_per_epoch": 1000,
    "batch_size": 1,
    "steps_per_execution": 1,
}
SMALL_TRANSLATION = {
    **TRANSLATION,
    "width": 32,
    "discriminator_width": 32,
    "epochs": 20,
    "steps_per_epoch": 200,
    "batch_size": 16,
}
SMALL = 64  # pixels: smaller images get small networks
