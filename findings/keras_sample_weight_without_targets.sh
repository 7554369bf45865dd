#!/usr/bin/env bash
# keras==3.15.1, jax==0.10.2, numpy==2.4.6; Python 3.11, Linux, CPU
#
# Trains a model that has a loss of its own and no targets, as autoencoders have, with fit(x,
# sample_weight=w), and evaluates it so.
# A good guess: compute_loss gets the weights, or fit refuses them without targets.
# What happens: they are dropped without a word, by fit and by evaluate: batches of arrays are cut off
# at the first None, and y=None stands before the weights. With any y they arrive.
#
# Output seen:
#   fit without y: no weights
#   evaluate without y: no weights
#   fit with y: weights
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet keras==3.15.1 jax==0.10.2 numpy==2.4.6
cd "$folder"
KERAS_BACKEND=jax JAX_PLATFORMS=cpu "$folder/venv/bin/python" -W ignore - > output <<'PYTHON'
import keras
import numpy as np


class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)
        self.heard = []

    def call(self, x):
        return self.dense(x)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        self.heard.append("no weights" if sample_weight is None else "weights")
        return keras.ops.mean(y_pred)


x, w = np.ones((4, 2), "float32"), np.ones(4, "float32")
model = Own()
model.compile("sgd", run_eagerly=True)
for name, method, options in (
    ("fit without y", model.fit, {}),
    ("evaluate without y", model.evaluate, {}),
    ("fit with y", model.fit, {"y": x}),
):
    method(x, sample_weight=w, verbose=0, **options)
    print(f"{name}: {model.heard[-1]}")
PYTHON
cat output
diff output - <<'EXPECTED'
fit without y: no weights
evaluate without y: no weights
fit with y: weights
EXPECTED
