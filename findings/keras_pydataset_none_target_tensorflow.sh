#!/usr/bin/env bash
# keras==3.15.1, tensorflow==2.21.0, jax==0.10.2, numpy==2.4.6; Python 3.11, Linux, CPU
#
# Fits a model without targets to a PyDataset whose batches are (x, None), on two backends.
# A good guess: None for "no targets" is taken on both, as (x, None) of a generator of arrays is.
# What happens: JAX trains; TensorFlow raises from within tf.data that the generator yielded an element
# that did not match the expected structure. Return (x,) or x instead.
#
# Output seen:
#   jax: trained
#   tensorflow: InvalidArgumentError, did not match the expected structure
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet keras==3.15.1 tensorflow==2.21.0 jax==0.10.2 numpy==2.4.6
cd "$folder"
 "$folder/venv/bin/python" - > output <<'PYTHON'
import os
import subprocess
import sys

PROGRAM = """
import keras
import numpy as np


class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return np.ones((4, 2), "float32"), None


class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)

    def call(self, x):
        return self.dense(x)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return keras.ops.mean(y_pred)


model = Own()
model.compile("sgd")
try:
    model.fit(Batches(), verbose=0)
    print("trained")
except Exception as error:
    phrase = "did not match the expected structure"
    print(f"{type(error).__name__}, {phrase if phrase in str(error) else error}")
"""
for backend in ("jax", "tensorflow"):
    environment = {**os.environ, "KERAS_BACKEND": backend, "CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM]
    result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
    print(f"{backend}: {result.stdout.strip()}")
PYTHON
cat output
diff output - <<'EXPECTED'
jax: trained
tensorflow: InvalidArgumentError, did not match the expected structure
EXPECTED
