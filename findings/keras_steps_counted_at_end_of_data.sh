#!/usr/bin/env bash
# keras==3.15.1, tensorflow==2.21.0, numpy==2.4.6; Python 3.11, Linux, CPU
#
# Fits two epochs of two batches from a tf.data set whose length tf.data does not know (a filter is
# enough), with Keras's defaults but jit_compile=False.
# A good guess: the optimizer has counted four steps, as with a set of known length.
# What happens: six. Keras finds the end of such data by asking for one batch more; TensorFlow runs
# the operations of that step which depend on no batch before the end is noticed, so that
# optimizer.iterations and the seeds of Dropout move once more an epoch. A schedule of the learning
# rate drifts from the steps. With jit_compile=True four are counted.
#
# Output seen:
#   known length, jit_compile=False: 4 steps, seed moved 4 times
#   filtered, jit_compile=False: 6 steps, seed moved 6 times
#   filtered, jit_compile=True: 4 steps, seed moved 4 times
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet keras==3.15.1 tensorflow==2.21.0 numpy==2.4.6
cd "$folder"
KERAS_BACKEND=tensorflow TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES='' \
  "$folder/venv/bin/python" -W ignore - > output <<'PYTHON'
import keras
import numpy as np
import tensorflow as tf

x, y = np.ones((8, 2), "float32"), np.ones((8, 1), "float32")
known = tf.data.Dataset.from_tensor_slices((x, y)).batch(4)
filtered = known.filter(lambda x, y: True)
for name, data, compiled in (
    ("known length", known, False),
    ("filtered", filtered, False),
    ("filtered", filtered, True),
):
    layers = keras.layers
    model = keras.Sequential([keras.Input((2,)), layers.Dropout(0.5), layers.Dense(1)])
    model.compile("adam", "mse", jit_compile=compiled)
    start = int(model.layers[0].seed_generator.state[1])
    model.fit(data, epochs=2, verbose=0)
    moved = int(model.layers[0].seed_generator.state[1]) - start
    steps = int(model.optimizer.iterations)
    print(f"{name}, jit_compile={compiled}: {steps} steps, seed moved {moved} times")
PYTHON
cat output
diff output - <<'EXPECTED'
known length, jit_compile=False: 4 steps, seed moved 4 times
filtered, jit_compile=False: 6 steps, seed moved 6 times
filtered, jit_compile=True: 4 steps, seed moved 4 times
EXPECTED
