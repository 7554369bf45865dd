#!/usr/bin/env bash
# keras==3.15.1, jax==0.10.2, numpy==2.4.6; Python 3.11, Linux, CPU
#
# Calls a functional model of a layer that enlarges images and of batch normalization, without
# `training=`, on images that are 3 everywhere.
# A good guess: inference mode, in which the moving mean stays 0, however the image is enlarged.
# What happens: with keras.layers.Resizing the call trains, and the moving mean becomes 0.03. The
# layer's `call` has the default `training=True`, as all preprocessing layers of images have, and
# the default of the first layer becomes the mode of layers after it whose own default is None.
# `predict` is not affected, nor layers whose default is False, such as Dropout.
#
# Output seen:
#   Resizing: moving mean 0.03
#   UpSampling2D: moving mean 0.00
#   ops.image.resize: moving mean 0.00
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet keras==3.15.1 jax==0.10.2 numpy==2.4.6
cd "$folder"
KERAS_BACKEND=jax "$folder/venv/bin/python" -W ignore - > output <<'PYTHON'
import keras
import numpy as np
from keras import layers

images = np.full((4, 8, 8, 3), 3.0, "float32")
ways = {
    "Resizing": layers.Resizing(16, 16),
    "UpSampling2D": layers.UpSampling2D(2),
    "ops.image.resize": lambda x: keras.ops.image.resize(x, (16, 16)),
}
for name, enlarge in ways.items():
    x = keras.Input((8, 8, 3))
    normalization = layers.BatchNormalization()
    keras.Model(x, normalization(enlarge(x)))(images)
    print(f"{name}: moving mean {np.mean(normalization.moving_mean):.2f}")
PYTHON
cat output
diff output - <<'EXPECTED'
Resizing: moving mean 0.03
UpSampling2D: moving mean 0.00
ops.image.resize: moving mean 0.00
EXPECTED
