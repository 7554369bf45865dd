"""An epoch of the VAE of Burda et al. 2015 on MNIST, beside PyTorch, pythae and plain TensorFlow.

Networks 784-200-200-50-200-200-784 with tanh, Bernoulli likelihood of grey pixels, analytic KL,
Adam(1e-3). All run by turns in one process on the same images, each with its best number of threads
of those tried; the table has medians over the rounds, and the ratio to this library.

    pip install torch pythae==0.1.2
    python benchmarks/autoencoder_speed.py                     # batch 100, 5 rounds
    python benchmarks/autoencoder_speed.py --batch 20 --rounds 7

Ours takes `steps_per_execution=50`; "one tf.function" is the same mathematics written out by hand,
50 steps in one call, with Keras's Adam.
"""

import argparse
import contextlib
import io
import itertools
import logging
import os
import statistics
import tempfile
import time

import torch  # these two first: they do not load beside a TensorFlow that is there
import torch._dynamo

# isort: split
import keras
import numpy as np
import tensorflow as tf

import keras_gan as kg
from turns import Turns

SIZES, LATENT, RATE, FUSED = (784, 200, 200), 50, 1e-3, 50


def images(n: int) -> np.ndarray:
    """Images of MNIST in [0, 1], `(n, 784)`."""
    batches = kg.data.load("mnist").take(n).batch(1000)
    x = np.concatenate(list(batches.as_numpy_iterator()))
    return (0.5 * (x + 1)).reshape(n, 784).astype("float32")


def ours(x, batch, rounds, between) -> list[float]:
    """This library: the seconds of each epoch of one `fit`, between which the others run."""
    model = kg.VAE(kg.networks.mlp_encoder(gaussian=True), kg.networks.mlp_decoder(), seed=0)
    model.compile(keras.optimizers.Adam(RATE), steps_per_execution=FUSED)
    samples, turns = (2 * x - 1).reshape(-1, 28, 28, 1), Turns(between)
    model.fit(samples, batch_size=batch, epochs=rounds + 1, verbose=0, callbacks=[turns])
    return turns.seconds[1:]  # the first traces


def batches(x, batch):
    """Endless shuffled batches, each gathered by its indices, as Keras does it for arrays."""
    count = len(x) // batch
    x = tf.constant(x)

    def shuffled(_):
        order = tf.random.shuffle(tf.range(len(x)))[: count * batch]
        return tf.data.Dataset.from_tensor_slices(tf.reshape(order, (count, batch)))

    indices = tf.data.Dataset.range(1).repeat().flat_map(shuffled)
    gathered = indices.map(lambda i: tf.gather(x, i), num_parallel_calls=tf.data.AUTOTUNE)
    return iter(gathered.prefetch(tf.data.AUTOTUNE))


def by_hand(x, batch, own_adam=False):
    """The same mathematics in one `tf.function`, 50 steps a call."""
    start = keras.initializers.GlorotUniform(seed=0)
    sizes = [(784, 200), (200, 200), (200, 2 * LATENT), (LATENT, 200), (200, 200), (200, 784)]
    layers = [(tf.Variable(start(size)), tf.Variable(tf.zeros(size[1]))) for size in sizes]
    variables = [v for layer in layers for v in layer]
    apply = adam_in_kernels(variables) if own_adam else keras_adam(variables)

    def mlp(h, layers):
        for weights, bias in layers[:-1]:
            h = tf.tanh(tf.matmul(h, weights) + bias)
        return tf.matmul(h, layers[-1][0]) + layers[-1][1]

    def step(x):
        with tf.GradientTape() as tape:
            mean, log_variance = tf.split(mlp(x, layers[:3]), 2, -1)
            z = mean + tf.exp(0.5 * log_variance) * tf.random.normal(tf.shape(mean))
            logits = mlp(z, layers[3:])
            error = tf.reduce_sum(tf.nn.softplus(logits) - x * logits, axis=1)
            kl = 0.5 * tf.reduce_sum(mean**2 + tf.exp(log_variance) - 1 - log_variance, axis=1)
            loss = tf.reduce_mean(error + kl)
        apply(tape.gradient(loss, variables))
        return loss

    iterator = batches(x, batch)

    @tf.function(reduce_retracing=True)
    def steps():
        total = 0.0
        for _ in tf.range(FUSED):
            total += step(next(iterator))
        return total / FUSED

    def epoch():
        for _ in range(len(x) // batch // FUSED):
            steps()

    return epoch


def keras_adam(variables):
    """Keras's Adam."""
    optimizer = keras.optimizers.Adam(RATE)
    optimizer.build(variables)
    return lambda gradients: optimizer.apply(gradients, variables)


def adam_in_kernels(variables):
    """TensorFlow's own kernel of Adam for each weight."""
    first, second = ([tf.Variable(tf.zeros_like(v)) for v in variables] for _ in range(2))
    count = tf.Variable(0.0)

    def apply(gradients):
        count.assign_add(1.0)
        powers = {"beta1_power": tf.pow(0.9, count), "beta2_power": tf.pow(0.999, count)}
        for v, m, s, g in zip(variables, first, second, gradients, strict=True):
            tf.raw_ops.ResourceApplyAdam(
                **{"var": v.handle, "m": m.handle, "v": s.handle, "grad": g, "lr": RATE, **powers},
                **{"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7},
            )

    return apply


def torch_loop(x, batch, threads):
    """A plain loop: eager, Adam with its fused kernel, a permutation per epoch."""
    from torch import nn

    def mlp(*sizes):
        layers = []
        for a, b in itertools.pairwise(sizes):
            layers += [nn.Linear(a, b), nn.Tanh()]
        return nn.Sequential(*layers[:-1])

    encoder, decoder = mlp(784, 200, 200, 2 * LATENT), mlp(LATENT, 200, 200, 784)
    parameters = [*encoder.parameters(), *decoder.parameters()]
    optimizer = torch.optim.Adam(parameters, RATE, fused=True)
    data = torch.from_numpy(x)

    def epoch():
        torch.set_num_threads(threads)
        order = torch.randperm(len(data))
        for i in range(0, len(data), batch):
            part = data[order[i : i + batch]]
            mean, log_variance = encoder(part).chunk(2, -1)
            z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
            error = nn.functional.binary_cross_entropy_with_logits(
                decoder(z), part, reduction="none"
            ).sum(1)
            kl = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(1)
            optimizer.zero_grad()
            (error + kl).mean().backward()
            optimizer.step()

    return epoch


def pythae_trainer(x, batch, threads):
    """pythae's VAE with networks of its own base classes, and its trainer."""
    from pythae.data.datasets import BaseDataset
    from pythae.models import VAE, VAEConfig
    from pythae.models.base.base_utils import ModelOutput
    from pythae.models.nn import BaseDecoder, BaseEncoder
    from pythae.trainers import BaseTrainer, BaseTrainerConfig
    from torch import nn

    logging.disable(logging.WARNING)

    class Encoder(BaseEncoder):
        def __init__(self):
            super().__init__()
            self.hidden = nn.Sequential(nn.Linear(784, 200), nn.Tanh(), nn.Linear(200, 200))
            self.mean, self.log_variance = nn.Linear(200, LATENT), nn.Linear(200, LATENT)

        def forward(self, x):
            h = torch.tanh(self.hidden(x))
            return ModelOutput(embedding=self.mean(h), log_covariance=self.log_variance(h))

    class Decoder(BaseDecoder):
        def __init__(self):
            super().__init__()
            self.layers = nn.Sequential(
                *(nn.Linear(LATENT, 200), nn.Tanh(), nn.Linear(200, 200), nn.Tanh()),
                *(nn.Linear(200, 784), nn.Sigmoid()),
            )

        def forward(self, z):
            return ModelOutput(reconstruction=self.layers(z))

    config = VAEConfig(input_dim=(784,), latent_dim=LATENT, reconstruction_loss="bce")
    model = VAE(config, Encoder(), Decoder())
    data = torch.from_numpy(x)
    folder = tempfile.mkdtemp()
    settings = BaseTrainerConfig(
        output_dir=folder,
        num_epochs=1,
        learning_rate=RATE,
        per_device_train_batch_size=batch,
        no_cuda=True,
    )
    trainer = BaseTrainer(
        model, BaseDataset(data, torch.zeros(len(data))), training_config=settings
    )
    trainer.prepare_training()

    def epoch():
        torch.set_num_threads(threads)
        quiet = io.StringIO()
        with contextlib.redirect_stderr(quiet), contextlib.redirect_stdout(quiet):
            trainer.train_step(1)

    return epoch


def main():
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--images", type=int, default=60_000)
    given = parser.parse_args()
    x = images(given.images)
    runs = {
        "one tf.function": by_hand(x, given.batch),
        "one tf.function, Adam in kernels": by_hand(x, given.batch, own_adam=True),
    }
    for count in sorted({1, os.cpu_count() or 1}):
        runs[f"PyTorch, {count} threads"] = torch_loop(x, given.batch, count)
        runs[f"pythae, {count} threads"] = pythae_trainer(x, given.batch, count)
    seconds = {"keras_gan": None, **{name: [] for name in runs}}

    def others():
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)

    own = ours(x, given.batch, given.rounds, others)
    seconds = {name: times[1:] if times else own for name, times in seconds.items()}
    steps, base = given.images // given.batch, statistics.median(own)
    print(
        f"batch {given.batch}, {given.images:,} images, medians of {given.rounds} rounds by turns"
    )
    print("| | ms per step | times keras_gan's |")
    print("|---|---|---|")
    for name, times in seconds.items():
        middle = statistics.median(times)
        print(f"| {name} | {1e3 * middle / steps:.2f} | {middle / base:.2f} |")


if __name__ == "__main__":
    main()
