#!/usr/bin/env bash
# keras==3.15.1, jax==0.10.2, numpy==2.4.6; Python 3.11, Linux, CPU
#
# Asks for a float32 metric under floatx float16 and adds a weight to it, as a subclass does.
# A good guess: the weight has the dtype that the metric was made with, float32.
# What happens: Metric.add_weight takes floatx unless it is told a dtype itself: the sum is float16,
# which stops counting at 2048. Pass dtype= to add_weight, too.
#
# Output seen:
#   metric: float32
#   its weight: float16
#   4096 times 1: 2048.0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet keras==3.15.1 jax==0.10.2 numpy==2.4.6
cd "$folder"
KERAS_BACKEND=jax JAX_PLATFORMS=cpu "$folder/venv/bin/python" - > output <<'PYTHON'
import keras

keras.config.set_floatx("float16")


class Count(keras.metrics.Metric):
    def __init__(self):
        super().__init__(name="count", dtype="float32")
        self.total = self.add_weight(name="total", initializer="zeros")

    def update_state(self, values):
        self.total.assign_add(keras.ops.cast(values, self.total.dtype))

    def result(self):
        return self.total


count = Count()
print("metric:", count.dtype)
print("its weight:", count.total.dtype)
for _ in range(4096):
    count.update_state(1.0)
print("4096 times 1:", float(count.result()))
PYTHON
cat output
diff output - <<'EXPECTED'
metric: float32
its weight: float16
4096 times 1: 2048.0
EXPECTED
