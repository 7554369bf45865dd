"""What a step costs on JAX, against the same step written by hand in plain JAX.

    python benchmarks/gpu.py                                 # on a GPU: SN-GAN, WGAN-GP, 32×32
    python benchmarks/gpu.py --networks mlp --width 128 --batch-sizes 64 256 --fused 50   # on a CPU

It needs JAX, Keras and NumPy, no TensorFlow. Both train networks of the same shapes in the same
process, by turns, on batches that lie on the device. By hand means: parameters in dicts, `jax.grad`
and one `jax.jit` a step; Adam, spectral normalization, gradient penalty, batch normalization and
averaged weights in a few lines each; the same work as in ours, with `jax.random` for the noise.

Printed are images per second of our step; the ratio of our time to that by hand, the median over
rounds with its quartiles (below 1, ours is faster); the share of `fit`'s time that is the step,
when it trains on an array in host memory; and, on a GPU, the peak memory of either, each in a
process of its own.
"""

import argparse
import functools
import itertools
import os
import subprocess
import sys
import time

os.environ["KERAS_BACKEND"] = "jax"
os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # processes beside it need some

import jax
import jax.numpy as jnp
import keras
import numpy as np
from jax import lax

import keras_gan as kg

LATENT, IMAGE, STEPS = 128, (32, 32, 3), {"SNGAN": 1, "WGANGP": 5}
RATE = {"SNGAN": (2e-4, 0.5, 0.999), "WGANGP": (1e-4, 0.0, 0.9)}


# ------------------------------------------------------------------------------- by hand


def dense(p, x, dtype):
    y = x.astype(dtype) @ p["w"].astype(dtype)
    return y + p["b"].astype(dtype) if "b" in p else y


def convolution(p, x, dtype, transposed=False):
    operation = lax.conv_transpose if transposed else lax.conv_general_dilated
    numbers = ("NHWC", "HWIO", "NHWC")
    y = operation(x.astype(dtype), p["w"].astype(dtype), (2, 2), "SAME", dimension_numbers=numbers)
    return y + p["b"].astype(dtype) if "b" in p else y


def batch_normalized(p, x):
    x32 = x.astype("float32")
    mean = x32.mean((0, 1, 2))
    variance = jnp.square(x32 - mean).mean((0, 1, 2))
    y = p["gamma"] * (x32 - mean) * lax.rsqrt(variance + 1e-5) + p["beta"]
    moved = {"mean": 0.9 * p["mean"] + 0.1 * mean, "variance": 0.9 * p["variance"] + 0.1 * variance}
    return y.astype(x.dtype), moved


def generator(params, fixed, z, dtype):
    """Samples, and the moved statistics of the normalizations."""
    h, moved = z, {}
    if "conv" not in next(iter(params)):
        *hidden, last = params
        for name in hidden:
            h = jax.nn.relu(dense(params[name], h, dtype))
        return dense(params[last], h, "float32"), moved
    *hidden, last = [name for name in params if name != "conv0_dense"]
    h = dense(params["conv0_dense"], h, dtype).reshape(len(z), 4, 4, -1)
    for name in [*hidden, last]:
        p = {**params[name], **fixed[name]}
        h, moved[name] = batch_normalized(p, h)
        h = convolution(p, jax.nn.relu(h), dtype, transposed=True)
    return jnp.tanh(h.astype("float32")), moved


def normalized(params, vectors, iterate):
    """Weights over their largest singular values, and the moved vectors."""
    result, moved = {}, {}
    for name, p in params.items():
        w = p["w"].reshape(-1, p["w"].shape[-1])
        u = vectors[name]
        if iterate:
            still = lax.stop_gradient(w)
            v = still @ u
            v = v / jnp.linalg.norm(v)
            u = still.T @ v
            u = u / jnp.linalg.norm(u)
        result[name], moved[name] = {**p, "w": p["w"] / jnp.linalg.norm(w @ u)}, u
    return result, moved


def discriminator(params, x, dtype):
    *hidden, last = params
    h = x
    for name in hidden:
        layer = convolution if "conv" in name else dense
        h = jax.nn.leaky_relu(layer(params[name], h, dtype), 0.2)
    return dense(params[last], h.reshape(len(x), -1), "float32")


def adam(rate, beta_1, beta_2, params, gradients, slots):
    t = slots["t"] + 1
    m = jax.tree.map(lambda m, g: beta_1 * m + (1 - beta_1) * g, slots["m"], gradients)
    v = jax.tree.map(lambda v, g: beta_2 * v + (1 - beta_2) * g * g, slots["v"], gradients)
    step = rate * jnp.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    params = jax.tree.map(lambda p, m, v: p - step * m / (jnp.sqrt(v) + 1e-7), params, m, v)
    return params, {"t": t, "m": m, "v": v}


def loss_of_discriminator(d, u, x, fake, e, spectral, dtype):
    """The loss, and the moved vectors of the spectral normalization."""
    weights, moved = normalized(d, u, True) if spectral else (d, u)
    score = functools.partial(discriminator, weights, dtype=dtype)
    real, of_fake = score(x), score(fake)
    if spectral:
        return (jax.nn.softplus(-real) + jax.nn.softplus(of_fake)).mean(), moved
    slope = jax.grad(lambda x: score(x).sum())(e * x + (1 - e) * fake)
    norm = jnp.sqrt(jnp.square(slope).sum(range(1, x.ndim)))
    return (of_fake - real).mean() + 10 * jnp.square(norm - 1).mean(), moved


def loss_of_generator(g, fixed, d, u, z, spectral, dtype):
    """The loss, and the moved statistics and vectors."""
    fake, moved = generator(g, fixed, z, dtype)
    weights, moved_u = normalized(d, u, True) if spectral else (d, u)
    score = discriminator(weights, fake, dtype)
    return (jax.nn.softplus(-score) if spectral else -score).mean(), (moved, moved_u)


def updated(fixed, moved):
    return {**fixed, **{name: {**fixed[name], **values} for name, values in moved.items()}}


def step_by_hand(recipe, dtype, state, batch):
    """One step of the generator and all of the discriminator's before it."""
    spectral, steps = recipe == "SNGAN", STEPS[recipe]
    g, d, fixed, u = state["g"], state["d"], state["fixed"], state["u"]
    slots, key, losses = dict(state["slots"]), state["key"], []
    latent = g[next(iter(g))]["w"].shape[0]
    for i in range(steps):
        x = batch[i::steps]
        key, key_z, key_e = jax.random.split(key, 3)
        fake, moved = generator(g, fixed, jax.random.normal(key_z, (len(x), latent)), dtype)
        fixed = updated(fixed, moved)
        e = jax.random.uniform(key_e, (len(x), *[1] * (x.ndim - 1)))
        differentiated = jax.value_and_grad(loss_of_discriminator, has_aux=True)
        (loss, u), gradients = differentiated(d, u, x, fake, e, spectral, dtype)
        d, slots["d"] = adam(*RATE[recipe], d, gradients, slots["d"])
        losses.append(loss)
    key, key_z = jax.random.split(key)
    z = jax.random.normal(key_z, (len(batch) // steps, latent))
    differentiated = jax.value_and_grad(loss_of_generator, has_aux=True)
    (loss, (moved, u)), gradients = differentiated(g, fixed, d, u, z, spectral, dtype)
    fixed = updated(fixed, moved)
    g, slots["g"] = adam(*RATE[recipe], g, gradients, slots["g"])
    average = state["average"]
    if spectral:
        beta = jnp.minimum(0.999, slots["g"]["t"] / (slots["g"]["t"] + 10))
        average = jax.tree.map(lambda a, w: a + (1 - beta) * (w - a), average, (g, fixed))
    sums = state["sums"] + jnp.stack([sum(losses) / steps, loss, jnp.ones(())]) * len(batch)
    state = {"g": g, "d": d, "fixed": fixed, "u": u, "slots": slots, "key": key}
    return sums[:2] / sums[2], {**state, "average": average, "sums": sums}


def state_by_hand(recipe, networks, width):
    """Parameters and slots, of the shapes of `ours`."""
    rng = np.random.default_rng(0)

    def weights(*shape, bias=True):
        w = jnp.asarray(rng.normal(0, 0.02 if networks == "dcgan" else shape[0] ** -0.5, shape))
        p = {"w": w.astype("float32")}
        return {**p, "b": jnp.zeros(shape[-1])} if bias else p

    fixed = {}
    if networks == "mlp":
        sizes = [2, width, width, width]
        pairs = list(itertools.pairwise(sizes))
        g = {f"dense{i}": weights(*pair) for i, pair in enumerate([*pairs, (width, 2)])}
        d = {f"dense{i}": weights(*pair) for i, pair in enumerate([*pairs, (width, 1)])}
    else:
        g = {"conv0_dense": weights(LATENT, 16 * 4 * width, bias=False)}
        for i, (a, b) in enumerate([(4, 2), (2, 1), (1, 0)]):
            name, shape = f"conv{i + 1}", (4, 4, a * width, b * width or 3)
            g[name] = weights(*shape, bias=not b)
            g[name] |= {"gamma": jnp.ones(a * width), "beta": jnp.zeros(a * width)}
            fixed[name] = {"mean": jnp.zeros(a * width), "variance": jnp.ones(a * width)}
        d = {
            f"conv{i}": weights(4, 4, a, b * width)
            for i, (a, b) in enumerate([(3, 1), (width, 2), (2 * width, 4)])
        }
        d["score"] = weights(16 * 4 * width, 1)
    u = {k: jnp.asarray(rng.normal(size=p["w"].shape[-1]), "float32") for k, p in d.items()}
    zeros = functools.partial(jax.tree.map, jnp.zeros_like)
    slots = {k: {"t": jnp.zeros(()), "m": zeros(p), "v": zeros(p)} for k, p in (("g", g), ("d", d))}
    average = zeros((g, fixed)) if recipe == "SNGAN" else ()
    return {
        "g": g, "d": d, "fixed": fixed, "u": u if recipe == "SNGAN" else {}, "slots": slots,
        "key": jax.random.key(0), "average": average, "sums": jnp.zeros(3),
    }  # fmt: skip


def by_hand(recipe, networks, width, precision, fused):
    """A function that trains for `fused` steps on as many batches."""
    dtype = jnp.bfloat16 if precision == "mixed_bfloat16" else jnp.float32
    step = functools.partial(step_by_hand, recipe, dtype)
    state = state_by_hand(recipe, networks, width)
    single = jax.jit(step, donate_argnums=0)

    @functools.partial(jax.jit, donate_argnums=0)
    def several(state, batches):
        def body(state, batch):
            losses, state = step(state, batch)
            return state, losses

        state, losses = lax.scan(body, state, batches)
        return losses[-1], state

    def train(batches):
        nonlocal state
        if fused == 1:
            losses, state = single(state, batches[0])
        else:
            losses, state = several(state, jnp.stack(batches))
        return losses

    return train


# ------------------------------------------------------------------------------- ours


def ours(recipe, networks, width, precision, fused):
    """The same of `keras_gan`: the function that `fit` calls, and the game."""
    keras.config.set_dtype_policy(precision)
    keras.utils.set_random_seed(0)
    normalization = "spectral" if recipe == "SNGAN" else None
    if networks == "mlp":
        g = kg.networks.mlp_generator(width=width)
        d = kg.networks.mlp_discriminator(width=width, normalization=normalization)
    else:
        g = kg.networks.dcgan_generator(IMAGE, LATENT, width)
        d = kg.networks.dcgan_discriminator(IMAGE, width, normalization)
    gan = getattr(kg, recipe)(g, d, seed=0)
    gan.compile(steps_per_execution=fused)
    gan.make_train_function()
    state = gan._get_jax_state(
        trainable_variables=True,
        non_trainable_variables=True,
        optimizer_variables=True,
        metrics_variables=True,
        purge_model_variables=True,
    )

    def train(batches):
        nonlocal state
        logs, state = gan.train_function(state, iter(batches))
        return logs

    def settle():
        names = ("trainable", "non_trainable", "optimizer", "metrics")
        gan._jax_state = {f"{n}_variables": v for n, v in zip(names, state, strict=True)}
        gan._jax_state_synced = False
        gan.jax_state_sync()

    return train, gan, settle


def data(networks, count):
    shape = (2,) if networks == "mlp" else IMAGE
    return np.random.default_rng(0).uniform(-1, 1, (count, *shape)).astype("float32")


def seconds(train, batches, calls):
    start = time.perf_counter()
    for _ in range(calls):
        result = train(batches)
    jax.block_until_ready(result)
    return time.perf_counter() - start


def measure(recipe, batch, precision, a):
    """Seconds per step, ours and by hand, round by round; seconds per step in `fit`."""
    size = batch * STEPS[recipe]
    arguments = (recipe, a.networks, a.width, precision, a.fused)
    train, gan, settle = ours(*arguments)
    x = data(a.networks, size)
    batches = [jnp.asarray(x) for _ in range(a.fused)]
    contestants = {"ours": train, "by hand": by_hand(*arguments)}
    measured = []
    for i in range(a.rounds + 1):  # the first compiles
        order = sorted(contestants, reverse=bool(i % 2))
        times = {name: seconds(contestants[name], batches, a.calls) for name in order}
        measured.append([times["ours"], times["by hand"]])
    measured = np.array(measured[1:]) / (a.calls * a.fused)
    settle()
    steps = a.calls * a.fused
    x = data(a.networks, size * min(steps, 50))
    gan.fit(x, batch_size=size, verbose=0)  # compiles, if need be
    start = time.perf_counter()
    gan.fit(x, batch_size=size, epochs=max(steps // 50, 1), verbose=0)
    in_fit = (time.perf_counter() - start) / (max(steps // 50, 1) * min(steps, 50))
    return measured, in_fit


def peak_memory(side, recipe, batch, precision, a):
    """MB at most in use on the device while one side trains in a process of its own."""
    if jax.local_devices()[0].memory_stats() is None:
        return None
    options = ["--networks", a.networks, "--width", a.width, "--fused", a.fused]
    one = ["--recipes", recipe, "--batch-sizes", batch, "--precisions", precision]
    command = [sys.executable, __file__, "--memory-of", side, *options, *one]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    return float(done.stdout.split()[-1]) if done.returncode == 0 else None  # out of memory


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recipes", nargs="+", choices=STEPS, default=list(STEPS))
    parser.add_argument("--networks", choices=("dcgan", "mlp"), default="dcgan")
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[64, 512])
    parser.add_argument("--precisions", nargs="+", default=["float32", "mixed_bfloat16"])
    parser.add_argument("--fused", type=int, default=1, help="steps an execution")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--calls", type=int, default=50, help="executions of a round")
    parser.add_argument("--memory-of", choices=("ours", "by hand"), help=argparse.SUPPRESS)
    a = parser.parse_args()
    cases = [(r, b, p) for r in a.recipes for b in a.batch_sizes for p in a.precisions]
    if a.memory_of:
        ((recipe, batch, precision),) = cases
        arguments = (recipe, a.networks, a.width, precision, a.fused)
        train = ours(*arguments)[0] if a.memory_of == "ours" else by_hand(*arguments)
        batches = [jnp.asarray(data(a.networks, batch * STEPS[recipe]))] * a.fused
        seconds(train, batches, 5)
        print(jax.local_devices()[0].memory_stats()["peak_bytes_in_use"] / 1e6)
        return
    device = jax.local_devices()[0]
    print(f"{device.device_kind}, JAX {jax.__version__}, Keras {keras.__version__}\n")
    print("| recipe | batch | precision | images/s | ms per step | by hand | ratio | quartiles "
          "| share of fit | MB | MB by hand |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for recipe, batch, precision in cases:
        measured, in_fit = measure(recipe, batch, precision, a)
        own, hand = np.median(measured, axis=0)
        low, ratio, high = np.percentile(measured[:, 0] / measured[:, 1], [25, 50, 75])
        memory = [peak_memory(side, recipe, batch, precision, a) for side in ("ours", "by hand")]
        cells = [
            recipe, batch, precision, f"{batch * STEPS[recipe] / own:,.0f}", f"{1e3 * own:.3f}",
            f"{1e3 * hand:.3f}", f"{ratio:.2f}", f"{low:.2f}–{high:.2f}", f"{own / in_fit:.0%}",
            *("—" if each is None else f"{each:.0f}" for each in memory),
        ]  # fmt: skip
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


if __name__ == "__main__":
    main()
