"""The trainings as plain TensorFlow: the mathematics in one `tf.function`, Adam in its kernels."""

import numpy as np
import tensorflow as tf


class Network:
    """A network of a task: weights in a list, and a call."""

    def __init__(self, layers: tuple, shape: tuple, dtype=tf.float32):
        self.layers, self.dtype, self.weights, self.moving = layers, dtype, [], []
        self.built = False
        self(tf.zeros((2, *shape)))
        self.built = True

    def weight(self, index: int, shape: tuple, start: float | None = None):
        """A weight, made at the first call."""
        if not self.built:
            rng = np.random.default_rng(len(self.weights))
            scale = float(np.prod(shape[:-1], dtype="float64")) ** -0.5
            value = rng.normal(0, scale, shape) if start is None else np.full(shape, start)
            self.weights.append(tf.Variable(value.astype("float32")))
        return tf.cast(self.weights[index], self.dtype)

    def __call__(self, x):
        """The output in float32."""
        index = counts = 0
        h = tf.cast(x, self.dtype)
        for kind, *given in self.layers:
            if kind in ("dense", "conv", "transposed"):
                kernel, bias = given[1], given[-1]
                channels = h.shape[-1]
                if kind == "dense":
                    h = tf.matmul(h, self.weight(index, (channels, given[0])))
                elif kind == "conv":
                    w = self.weight(index, (kernel, kernel, channels, given[0]))
                    h = tf.nn.conv2d(h, w, given[2], "SAME")
                else:
                    w = self.weight(index, (kernel, kernel, given[0], channels))
                    shape = (tf.shape(h)[0], 2 * h.shape[1], 2 * h.shape[2], given[0])
                    h = tf.nn.conv2d_transpose(h, w, shape, 2, "SAME")
                index += 1
                if bias:
                    h = tf.nn.bias_add(h, self.weight(index, (given[0],), 0.0))
                    index += 1
            elif kind == "batch":
                h = self.normalized(h, index, counts)
                index, counts = index + 2, counts + 2
            else:
                h = {
                    "leaky": lambda h, slope: tf.nn.leaky_relu(h, slope),
                    "relu": tf.nn.relu,
                    "tanh": tf.tanh,
                    "reshape": lambda h, shape: tf.reshape(h, (-1, *shape)),
                    "flatten": lambda h: tf.reshape(h, (-1, int(np.prod(h.shape[1:])))),
                    "dropout": lambda h, rate: tf.nn.dropout(h, rate),
                    "pad": lambda h, n: tf.pad(h, [[0, 0], [n, n], [n, n], [0, 0]]),
                    "crop": lambda h, n: h[:, n:-n, n:-n],
                    "double": lambda h: tf.repeat(tf.repeat(h, 2, axis=1), 2, axis=2),
                }[kind](h, *given)
        return tf.cast(h, tf.float32)

    def normalized(self, h, index: int, counts: int):
        """Batch normalization in float32, whose moving statistics move."""
        h = tf.cast(h, tf.float32)
        gamma = tf.cast(self.weight(index, (h.shape[-1],), 1.0), tf.float32)
        beta = tf.cast(self.weight(index + 1, (h.shape[-1],), 0.0), tf.float32)
        mean, variance = tf.nn.moments(h, list(range(len(h.shape) - 1)))
        if not self.built:
            self.moving += [tf.Variable(mean), tf.Variable(variance)]
        for moving, value in zip(self.moving[counts : counts + 2], (mean, variance), strict=True):
            moving.assign_sub(0.1 * (moving - value))
        h = tf.nn.batch_normalization(h, mean, variance, beta, gamma, 1e-5)
        return tf.cast(h, self.dtype)


def adam(task, weights):
    """Adam, each weight in TensorFlow's own kernel."""
    first, second = ([tf.Variable(tf.zeros_like(w)) for w in weights] for _ in range(2))
    count = tf.Variable(0.0)

    def apply(gradients):
        count.assign_add(1.0)
        powers = {
            "beta1_power": tf.pow(task.beta_1, count),
            "beta2_power": tf.pow(task.beta_2, count),
        }
        for w, m, v, g in zip(weights, first, second, gradients, strict=True):
            tf.raw_ops.ResourceApplyAdam(
                **{"var": w.handle, "m": m.handle, "v": v.handle, "grad": g, "lr": task.rate},
                **{"beta1": task.beta_1, "beta2": task.beta_2, "epsilon": 1e-7, **powers},
            )

    return apply


def squared_norm(slope):
    """‖slope‖² of each sample."""
    return tf.reduce_sum(tf.square(slope), range(1, len(slope.shape)))


def batches(data, size: int) -> tf.data.Dataset:
    """Endless shuffled batches, each gathered by its indices."""
    data = tf.constant(data)
    count = len(data) // size

    def shuffled(_):
        order = tf.random.shuffle(tf.range(len(data)))[: count * size]
        return tf.data.Dataset.from_tensor_slices(tf.reshape(order, (count, size)))

    rows = tf.data.Dataset.range(1).repeat().flat_map(shuffled)
    gathered = rows.map(lambda i: tf.ensure_shape(tf.gather(data, i), (size, *data.shape[1:])))
    return gathered.prefetch(tf.data.AUTOTUNE)


class Loop:
    """A training by hand: `run(n)` takes n steps, `task.fused` in each call."""

    def __init__(self, task, data, bfloat16: bool = False):
        dtype = tf.bfloat16 if bfloat16 else tf.float32
        self.task = task
        self.generator = Network(task.generator, (task.latent_dim,), dtype)
        self.discriminator = Network(task.discriminator, task.shape, dtype)
        self.move_generator = adam(task, self.generator.weights)
        self.move_discriminator = adam(task, self.discriminator.weights)
        self.batches = iter(batches(data, task.discriminator_steps * task.batch))
        self.steps = tf.function(self.steps)

    def samples(self):
        """A batch of samples."""
        return self.generator(tf.random.normal((self.task.batch, self.task.latent_dim)))

    def discriminator_loss(self, real, fake):
        """What the discriminator minimises."""
        game, score, softplus = self.task.game, self.discriminator, tf.nn.softplus
        mean = tf.reduce_mean
        if game == "wgangp":
            share = tf.random.uniform((len(real), *[1] * (len(real.shape) - 1)))
            between = share * real + (1 - share) * fake
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(between)
                scores = score(between)
            norm = tf.sqrt(squared_norm(tape.gradient(scores, between)))
            return mean(score(fake)) - mean(score(real)) + 10 * mean(tf.square(norm - 1))
        if game == "gan":
            return mean(softplus(-score(real))) + mean(softplus(score(fake)))
        points = [real] if game == "r1" else [real, fake]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(points)
            scores = [score(x) for x in points]
        penalty = sum(mean(squared_norm(slope)) for slope in tape.gradient(scores, points))
        if game == "r1":
            return mean(softplus(-scores[0])) + mean(softplus(score(fake))) + 5 * penalty
        return mean(softplus(scores[1] - scores[0])) + 5 * penalty

    def generator_loss(self, real, fake):
        """What the generator minimises."""
        scores = self.discriminator(fake)
        if self.task.game == "wgangp":
            return -tf.reduce_mean(scores)
        if self.task.game == "r3gan":
            scores = scores - self.discriminator(real)
        return tf.reduce_mean(tf.nn.softplus(-scores))

    def step(self, batch):
        """One step of the generator, and those of the discriminator before it."""
        for real in tf.split(batch, self.task.discriminator_steps):
            fake = self.samples()
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(self.discriminator.weights)
                loss = self.discriminator_loss(real, fake)
            self.move_discriminator(tape.gradient(loss, self.discriminator.weights))
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(self.generator.weights)
            of_generator = self.generator_loss(real, self.samples())
        self.move_generator(tape.gradient(of_generator, self.generator.weights))
        return loss, of_generator

    def steps(self):
        """`task.fused` steps; the means of the losses."""
        totals = tf.zeros(2)
        for _ in tf.range(self.task.fused):
            totals += tf.stack(self.step(next(self.batches)))
        return totals / self.task.fused

    def run(self, steps: int) -> None:
        """Takes steps."""
        for _ in range(steps // self.task.fused):
            losses = self.steps()
        losses.numpy()
