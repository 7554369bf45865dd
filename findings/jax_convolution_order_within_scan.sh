#!/usr/bin/env bash
# jax==0.10.2, numpy==2.4.6; Python 3.11, Linux, CPU
#
# Compiles the gradient of a convolution by its kernel, once alone and once as the body of a
# jax.lax.scan, and looks at the order of axes of the convolutions in the compiled program.
# A good guess: the same instructions; a loop changes nothing about what is within it.
# What happens: alone, XLA's processor backend puts the axes in the one order for which it has fast
# code, b01f_01io->b01f, by transposing around it. Within the loop the convolution keeps the roles
# that differentiation gave its axes, f01b_i01o->01bf, for which there is only a plain loop nest:
# with 64 images of 14 x 14 x 32 and 64 filters of 4 x 4 it took 200 ms in place of 3.
#
# Output seen:
#   alone: b01f_01io->b01f
#   in a scan: f01b_i01o->01bf
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet jax==0.10.2 numpy==2.4.6
cd "$folder"
JAX_PLATFORMS=cpu "$folder/venv/bin/python" -W ignore - > output <<'PYTHON'
import jax
import jax.numpy as jnp

x, kernel, y = jnp.ones((8, 14, 14, 16)), jnp.ones((4, 4, 16, 32)), jnp.ones((8, 7, 7, 32))


def loss(kernel):
    order = ("NHWC", "HWIO", "NHWC")
    out = jax.lax.conv_general_dilated(x, kernel, (2, 2), "SAME", dimension_numbers=order)
    return jnp.vdot(out, y)


def step(kernel, _):
    return kernel - 0.1 * jax.grad(loss)(kernel), None


def scanned(kernel):
    return jax.lax.scan(step, kernel, None, length=3)[0]


for name, function in (("alone", jax.grad(loss)), ("in a scan", scanned)):
    text = jax.jit(function).lower(kernel).compile().as_text()
    orders = {part.split()[0].rstrip(",") for part in text.split("dim_labels=")[1:]}
    print(f"{name}: {', '.join(sorted(orders))}")
PYTHON
cat output
diff output - <<'EXPECTED'
alone: b01f_01io->b01f
in a scan: f01b_i01o->01bf
EXPECTED
