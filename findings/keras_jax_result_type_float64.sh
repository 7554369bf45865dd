#!/usr/bin/env bash
# keras==3.15.1, jax==0.10.2, numpy==2.4.6; Python 3.11, Linux, CPU
#
# Asks what dtype a float64 and a float32 tensor have together, on Keras's JAX backend with
# jax_enable_x64 set.
# A good guess: float64, as JAX and NumPy themselves say, and as an addition of the two gives.
# What happens: keras.backend.result_type says float32, while keras.ops.add of the two is float64.
# Whoever casts to result_type before an operation rounds to float32 without a word.
#
# Output seen:
#   jax.numpy.promote_types: float64
#   keras.ops.add:           float64
#   keras result_type:       float32
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet keras==3.15.1 jax==0.10.2 numpy==2.4.6
cd "$folder"
KERAS_BACKEND=jax JAX_PLATFORMS=cpu "$folder/venv/bin/python" - > output <<'PYTHON'
import jax

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import keras

a, b = keras.ops.ones(2, "float64"), keras.ops.ones(2, "float32")
print("jax.numpy.promote_types:", jnp.promote_types("float64", "float32"))
print("keras.ops.add:          ", keras.ops.add(a, b).dtype)
print("keras result_type:      ", keras.backend.result_type("float64", "float32"))
PYTHON
cat output
diff output - <<'EXPECTED'
jax.numpy.promote_types: float64
keras.ops.add:           float64
keras result_type:       float32
EXPECTED
