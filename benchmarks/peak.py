"""What the machine computes at most, in float32 and bfloat16, and what instructions it has."""

import pathlib
import time

import keras
import numpy as np

from keras_gan.backend.compiling import compiled

INSTRUCTIONS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "avx512_fp16")


def instructions() -> list[str]:
    """Those of `INSTRUCTIONS` that the processor has, as Linux names them."""
    file = pathlib.Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.exists() else []
    flags = next((line.split() for line in lines if line.startswith("flags")), [])
    return [name for name in INSTRUCTIONS if name in flags]


def peaks() -> list[str]:
    """Rows of 10⁹ operations a second, of a product of matrices and of a convolution."""
    rows = []
    for dtype in ("float32", "bfloat16"):
        a = keras.ops.ones((2048, 2048), dtype)
        x, kernel = (
            keras.ops.ones((64, 16, 16, 128), dtype),
            keras.ops.ones((5, 5, 128, 256), dtype),
        )
        computed = {
            "product": (2 * 2048**3, keras.ops.matmul, (a, a)),
            "convolution": (
                2 * 64 * 8 * 8 * 25 * 128 * 256,
                lambda x, kernel: keras.ops.conv(x, kernel, 2, "same"),
                (x, kernel),
            ),
        }
        for name, (operations, function, inputs) in computed.items():
            function, times = compiled(function), []
            for _ in range(30):
                start = time.perf_counter()
                np.asarray(function(*inputs)[:1])  # waits
                times.append(time.perf_counter() - start)
            rows.append(f"| {name} | {dtype} | {operations / min(times) / 1e9:.0f} |")
    return rows
