#!/usr/bin/env bash
# keras==3.15.1, jax==0.10.2, numpy==2.4.6; Python 3.11, Linux, CPU
#
# Makes preprocessing layers without a seed and asks each for its configuration.
# A good guess: "seed" is None in all of them, so that copies made from the configuration draw for
# themselves.
# What happens: RandomCrop alone puts in the number that it drew, so that every copy of it, such as
# that of a saved and loaded model, crops alike, and two configurations of equal layers differ.
#
# Output seen:
#   RandomFlip: None
#   RandomRotation: None
#   RandomErasing: None
#   Dropout: None
#   RandomCrop: a number
#   two layers have the same configuration: False
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet keras==3.15.1 jax==0.10.2 numpy==2.4.6
cd "$folder"
KERAS_BACKEND=jax JAX_PLATFORMS=cpu "$folder/venv/bin/python" - > output <<'PYTHON'
import keras

layers = keras.layers
for layer in (
    layers.RandomFlip(),
    layers.RandomRotation(0.1),
    layers.RandomErasing(),
    layers.Dropout(0.1),
    layers.RandomCrop(4, 4),
):
    seed = layer.get_config()["seed"]
    print(f"{type(layer).__name__}: {'a number' if isinstance(seed, int) else seed}")
one, other = (layers.RandomCrop(4, 4, name="crop").get_config() for _ in range(2))
print(f"two layers have the same configuration: {one == other}")
PYTHON
cat output
diff output - <<'EXPECTED'
RandomFlip: None
RandomRotation: None
RandomErasing: None
Dropout: None
RandomCrop: a number
two layers have the same configuration: False
EXPECTED
