"""The trainings as plain JAX: the mathematics in one `jax.jit`, Adam in a few lines."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

NUMBERS = ("NHWC", "HWIO", "NHWC")


def network(layers: tuple, shape: tuple, dtype) -> tuple:
    """`(call, weights, moving)`; `call(weights, moving, x, key)` gives the output and `moving`."""
    weights, moving = [], []

    def weight(given, index, shape, start=None):
        if given is None:
            scale = float(np.prod(shape[:-1], dtype="float64")) ** -0.5
            rng = np.random.default_rng(len(weights))
            value = rng.normal(0, scale, shape) if start is None else np.full(shape, start)
            weights.append(jnp.asarray(value, "float32"))
            return weights[-1].astype(dtype)
        return given[index].astype(dtype)

    def call(given, statistics, x, key):
        index, moved = 0, []
        h = x.astype(dtype)
        for i, (kind, *options) in enumerate(layers):
            if kind in ("dense", "conv", "transposed"):
                filters, kernel, bias, channels = (
                    options[0],
                    options[1],
                    options[-1],
                    h.shape[-1],
                )
                if kind == "dense":
                    h = h @ weight(given, index, (channels, filters))
                else:
                    w = weight(given, index, (kernel, kernel, channels, filters))
                    apply = lax.conv_general_dilated if kind == "conv" else lax.conv_transpose
                    strides = (options[2],) * 2 if kind == "conv" else (2, 2)
                    h = apply(h, w, strides, "SAME", dimension_numbers=NUMBERS)
                index += 1
                if bias:
                    h = h + weight(given, index, (filters,), 0.0)
                    index += 1
            elif kind == "batch":
                h = h.astype("float32")
                axes = tuple(range(h.ndim - 1))
                mean = h.mean(axes)
                variance = jnp.square(h - mean).mean(axes)
                if given is None:
                    moving.extend([mean, variance])
                    old = mean, variance
                else:
                    old = statistics[len(moved) : len(moved) + 2]
                moved += [o + 0.1 * (n - o) for o, n in zip(old, (mean, variance), strict=True)]
                gamma = weight(given, index, mean.shape, 1.0).astype("float32")
                beta = weight(given, index + 1, mean.shape, 0.0).astype("float32")
                h = (gamma * (h - mean) * lax.rsqrt(variance + 1e-5) + beta).astype(dtype)
                index += 2
            elif kind == "dropout":
                keep = jax.random.bernoulli(jax.random.fold_in(key, i), 1 - options[0], h.shape)
                h = jnp.where(keep, h / (1 - options[0]), 0)
            else:
                h = {
                    "leaky": lambda h, slope: jnp.where(h > 0, h, slope * h),
                    "relu": jax.nn.relu,
                    "tanh": jnp.tanh,
                    "reshape": lambda h, shape: h.reshape(-1, *shape),
                    "flatten": lambda h: h.reshape(len(h), -1),
                    "pad": lambda h, n: jnp.pad(h, [(0, 0), (n, n), (n, n), (0, 0)]),
                    "crop": lambda h, n: h[:, n:-n, n:-n],
                    "double": lambda h: jnp.repeat(jnp.repeat(h, 2, axis=1), 2, axis=2),
                }[kind](h, *options)
        return h.astype("float32"), moved

    call(None, None, jnp.zeros((2, *shape)), jax.random.key(0))
    return call, weights, moving


def adam(task, weights, gradients, slots):
    """Moved weights and slots."""
    t, m, v = slots
    t, b1, b2 = t + 1, task.beta_1, task.beta_2
    m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, m, gradients)
    v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, v, gradients)
    rate = task.rate * jnp.sqrt(1 - b2**t) / (1 - b1**t)
    moved = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + 1e-7), weights, m, v)
    return moved, (t, m, v)


class Loop:
    """A training by hand: `run(n)` takes n steps, `task.fused` in each call."""

    def __init__(self, task, data, bfloat16: bool = False):
        dtype = "bfloat16" if bfloat16 else "float32"
        self.task, self.data = task, data
        self.generator, g, moving = network(task.generator, (task.latent_dim,), dtype)
        self.discriminator, d, _ = network(task.discriminator, task.shape, dtype)
        slots = [(jnp.zeros(()), *[jax.tree.map(jnp.zeros_like, w)] * 2) for w in (g, d)]
        self.state = jax.tree.map(jnp.array, (g, d, moving, *slots, jax.random.key(0)))
        self.rng = np.random.default_rng(0)
        if len(task.shape) == 1:  # a loop in the program slows convolutions on processors
            self.steps = jax.jit(lambda s, b: lax.scan(self.step, s, b), donate_argnums=0)
        else:
            one = jax.jit(self.step, donate_argnums=0)
            self.steps = lambda s, b: functools.reduce(lambda s, x: one(s[0], x), b, (s, None))

    def score(self, d, x, key):
        """Scores of samples."""
        return self.discriminator(d, [], x, key)[0]

    def slope(self, d, x, key):
        """Scores, and ‖∇‖² of each sample's."""
        scores, pull = jax.vjp(lambda x: self.score(d, x, key), x)
        (slope,) = pull(jnp.ones_like(scores))
        return scores, jnp.square(slope).sum(range(1, x.ndim))

    def discriminator_loss(self, d, real, fake, key):
        """What the discriminator minimises."""
        game, softplus = self.task.game, jax.nn.softplus
        keys = jax.random.split(key, 4)
        if game == "wgangp":
            share = jax.random.uniform(keys[0], (len(real), *[1] * (real.ndim - 1)))
            _, squares = self.slope(d, share * real + (1 - share) * fake, keys[1])
            loss = self.score(d, fake, keys[2]).mean() - self.score(d, real, keys[3]).mean()
            return loss + 10 * jnp.square(jnp.sqrt(squares) - 1).mean()
        if game == "gan":
            of_real, of_fake = self.score(d, real, keys[0]), self.score(d, fake, keys[1])
            return softplus(-of_real).mean() + softplus(of_fake).mean()
        of_real, penalty = self.slope(d, real, keys[0])
        if game == "r1":
            of_fake = self.score(d, fake, keys[1])
            return (softplus(-of_real) + softplus(of_fake)).mean() + 5 * penalty.mean()
        of_fake, further = self.slope(d, fake, keys[1])
        return softplus(of_fake - of_real).mean() + 5 * (penalty + further).mean()

    def generator_loss(self, g, moving, d, real, z, key):
        """What the generator minimises, and the moved statistics."""
        fake, moving = self.generator(g, moving, z, key)
        scores = self.score(d, fake, key)
        if self.task.game == "wgangp":
            return -scores.mean(), moving
        if self.task.game == "r3gan":
            scores = scores - self.score(d, real, key)
        return jax.nn.softplus(-scores).mean(), moving

    def step(self, state, batch):
        """One step of the generator, and those of the discriminator before it."""
        task = self.task
        g, d, moving, slots_g, slots_d, key = state
        shape = (task.batch, task.latent_dim)
        for real in jnp.split(batch, task.discriminator_steps):
            key, key_z, key_d = jax.random.split(key, 3)
            fake, moving = self.generator(g, moving, jax.random.normal(key_z, shape), key_d)
            loss, gradients = jax.value_and_grad(self.discriminator_loss)(d, real, fake, key_d)
            d, slots_d = adam(task, d, gradients, slots_d)
        key, key_z, key_g = jax.random.split(key, 3)
        z = jax.random.normal(key_z, shape)
        differentiated = jax.value_and_grad(self.generator_loss, has_aux=True)
        (of_generator, moving), gradients = differentiated(g, moving, d, real, z, key_g)
        g, slots_g = adam(task, g, gradients, slots_g)
        return (g, d, moving, slots_g, slots_d, key), jnp.stack([loss, of_generator])

    def run(self, steps: int) -> None:
        """Takes steps."""
        size = self.task.batch * self.task.discriminator_steps
        for _ in range(steps // self.task.fused):
            rows = self.rng.integers(len(self.data), size=(self.task.fused, size))
            self.state, losses = self.steps(self.state, jax.device_put(self.data[rows]))
        jax.block_until_ready(losses)
