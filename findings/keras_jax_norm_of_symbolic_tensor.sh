#!/usr/bin/env bash
# keras==3.15.1, jax==0.10.2, numpy==2.4.6; Python 3.11, Linux, CPU
#
# Builds a functional network with keras.ops.norm along one axis and calls it on the JAX backend.
# A good guess: what builds from a symbolic tensor also computes, as it does of a real one.
# What happens: the network builds, and every call of it fails, for the operation keeps its axis as
# a list, which JAX's compiled norm does not take as a static argument. Called on a real tensor,
# keras.ops.norm works.
#
# Output seen:
#   of a tensor: (2, 1)
#   built: (None, 1)
#   called: unhashable
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet keras==3.15.1 jax==0.10.2 numpy==2.4.6
cd "$folder"
KERAS_BACKEND=jax JAX_PLATFORMS=cpu "$folder/venv/bin/python" - > output <<'PYTHON'
import keras
import numpy as np

x = np.ones((2, 4), "float32")
print("of a tensor:", keras.ops.norm(x, axis=-1, keepdims=True).shape)
inputs = keras.Input((4,))
network = keras.Model(inputs, keras.ops.norm(inputs, axis=-1, keepdims=True))
print("built:", network.output_shape)
try:
    print("called:", network(x).shape)
except Exception as error:
    print("called:", "unhashable" if "unhashable" in str(error) else error)
PYTHON
cat output
diff output - <<'EXPECTED'
of a tensor: (2, 1)
built: (None, 1)
called: unhashable
EXPECTED
