#!/usr/bin/env bash
# keras==3.15.1, jax==0.10.2, numpy==2.4.6; Python 3.11, Linux, CPU
#
# Subclasses Conv1D, Conv2D and Conv3D by a mixin that overrides convolution_op, the method that
# keras.layers documents for a custom convolution, and counts its calls.
# A good guess: all three call it, since they share their base class.
# What happens: Conv2D and Conv3D do, Conv1D does not: it has a call of its own, for causal padding,
# which goes to keras.ops.conv directly, also with other paddings.
#
# Output seen:
#   Conv1D: convolution_op was called 0 times
#   Conv2D: convolution_op was called 1 times
#   Conv3D: convolution_op was called 1 times
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet keras==3.15.1 jax==0.10.2 numpy==2.4.6
cd "$folder"
KERAS_BACKEND=jax "$folder/venv/bin/python" -W ignore - > output <<'PYTHON'
import keras
import numpy as np


class Counted:
    calls = 0

    def convolution_op(self, inputs, kernel):
        self.calls += 1
        return super().convolution_op(inputs, kernel)


for rank in (1, 2, 3):
    name = f"Conv{rank}D"
    layer = type(name, (Counted, getattr(keras.layers, name)), {})(2, 3)
    shape = (1, *(5,) * rank, 1)
    layer.build(shape)
    layer(np.ones(shape, "float32"))
    print(f"{name}: convolution_op was called {layer.calls} times")
PYTHON
cat output
diff output - <<'EXPECTED'
Conv1D: convolution_op was called 0 times
Conv2D: convolution_op was called 1 times
Conv3D: convolution_op was called 1 times
EXPECTED
