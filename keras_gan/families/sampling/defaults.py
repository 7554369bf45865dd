"""Defaults of models that make samples, by data set."""

from keras_gan.data.names import PLANE

IMAGES = {
    "width": 64,
    "latent_dim": 128,
    "epochs": 20,
    "steps_per_epoch": 1000,
    "batch_size": 64,
    "steps_per_execution": 1,
}
POINTS = {
    "width": 128,
    "latent_dim": 8,
    "epochs": 20,
    "steps_per_epoch": 500,
    "batch_size": 256,
    "steps_per_execution": 50,
}
SERIES = {**IMAGES, "width": 32, "latent_dim": 64, "steps_per_epoch": 500}
VOLUMES = {**IMAGES, "width": 16, "latent_dim": 64, "steps_per_epoch": 500, "batch_size": 32}
BY_RANK = {1: POINTS, 2: SERIES, 3: IMAGES, 4: VOLUMES}  # axes of one sample
BY_DATASET = {
    "digits": {**IMAGES, "width": 48, "latent_dim": 64, "steps_per_epoch": 300},
    "stacked_digits": {**IMAGES, "latent_dim": 64},
    **dict.fromkeys(PLANE, POINTS),
}
