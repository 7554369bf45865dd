"""A training step and log p of 10,000 points: Real NVP beside zuko, nflows and bayesflow.

Eight affine couplings of points of the plane, whose networks have two hidden layers of 128 ReLU
units, under a normal base; Adam(1e-3), float32. All run by turns in one process on the same points;
of PyTorch the better of one and two threads counts. The table has medians over the rounds, and how
much more time each takes than this library.

    pip install torch zuko==1.6.0 nflows==0.14 bayesflow==2.1.0
    python benchmarks/flow_speed.py                 # batch 256, 5 rounds of 100 steps

Ours takes `steps_per_execution=50`. Of bayesflow, on Keras with TensorFlow as here, a step is one
`tf.function`, which leaves out what its own training loop adds.
"""

import argparse
import itertools
import os
import statistics
import time

import torch  # these two first: they do not load beside a TensorFlow that is there
import torch._dynamo

# isort: split
import keras
import numpy as np
import tensorflow as tf

import keras_gan as kg
from turns import Turns

COUPLINGS, WIDTHS, RATE, FUSED, STEPS, TESTED = 8, (128, 128), 1e-3, 50, 100, 10_000
THREADS = (1, 2)


def seconds(function) -> float:
    """How long a call takes."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def our_flow() -> kg.Flow:
    """This library's."""
    options = {"width": WIDTHS[0], "depth": len(WIDTHS)}
    steps = [kg.bijections.AffineCoupling(swap=i % 2 == 1, **options) for i in range(COUPLINGS)]
    return kg.Flow(kg.bijections.Chain(steps), sample_shape=(2,), seed=0)


def ours(x, batch, rounds, between):
    """Seconds of each epoch of one `fit`, between which the others run; and of log p."""
    flow, measured = our_flow(), []
    flow.compile(keras.optimizers.Adam(RATE), steps_per_execution=FUSED)

    def turn():
        between()
        flow.log_prob(x[:TESTED], batch_size=TESTED)
        measured.append(seconds(lambda: flow.log_prob(x[:TESTED], batch_size=TESTED)))

    turns = Turns(turn)
    flow.fit(x, batch_size=batch, epochs=rounds + 1, verbose=0, callbacks=[turns])
    return turns.seconds[1:], measured[1:]  # the first traces


def torch_mlp(inputs, outputs):
    """A plain network."""
    layers = []
    for a, b in itertools.pairwise((inputs, *WIDTHS, outputs)):
        layers += [torch.nn.Linear(a, b), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def zuko_log_prob():
    """The parameters and the log density of zuko's flow."""
    import zuko

    flow = zuko.flows.RealNVP(2, transforms=COUPLINGS, hidden_features=WIDTHS)
    return flow.parameters(), lambda x: flow().log_prob(x)


def nflows_log_prob():
    """The parameters and the log density of a flow of nflows."""
    from nflows import distributions, flows, transforms

    class Network(torch.nn.Module):
        def __init__(self, inputs, outputs):
            super().__init__()
            self.layers = torch_mlp(inputs, outputs)

        def forward(self, x, context=None):
            return self.layers(x)

    masks = [torch.tensor([1.0, -1.0]) * (-1) ** i for i in range(COUPLINGS)]
    steps = [transforms.AffineCouplingTransform(mask, Network) for mask in masks]
    flow = flows.Flow(transforms.CompositeTransform(steps), distributions.StandardNormal([2]))
    return flow.parameters(), flow.log_prob


def torch_loop(make, threads):
    """Functions that train for an epoch, and compute log p: eager, Adam with its fused kernel."""
    parameters, log_prob = make()
    optimizer = torch.optim.Adam(parameters, RATE, fused=True)

    def epoch(x, batch):
        torch.set_num_threads(threads)
        data = torch.from_numpy(x)
        order = torch.randperm(len(data))
        for i in range(0, len(data), batch):
            optimizer.zero_grad()
            (-log_prob(data[order[i : i + batch]]).mean()).backward()
            optimizer.step()

    def densities(x):
        torch.set_num_threads(threads)
        with torch.no_grad():
            log_prob(torch.from_numpy(x[:TESTED])).numpy()

    return epoch, densities


def bayesflow_loop():
    """The same of bayesflow, each step and log p one `tf.function`."""
    import bayesflow

    flow = bayesflow.networks.CouplingFlow(
        depth=COUPLINGS,
        subnet_kwargs={"widths": WIDTHS, "activation": "relu", "dropout": 0.0, "residual": False},
        transform="affine",
        permutation="swap",
        use_actnorm=False,
    )
    flow.build((None, 2))
    optimizer = keras.optimizers.Adam(RATE)
    optimizer.build(flow.trainable_variables)

    @tf.function(reduce_retracing=True)
    def step(x):
        with tf.GradientTape() as tape:
            loss = -tf.reduce_mean(flow.log_prob(x))
        gradients = tape.gradient(loss, flow.trainable_variables)
        optimizer.apply(gradients, flow.trainable_variables)

    log_prob = tf.function(flow.log_prob, reduce_retracing=True)

    def epoch(x, batch):
        order = np.random.default_rng(0).permutation(len(x))
        for i in range(0, len(x), batch):
            step(tf.constant(x[order[i : i + batch]]))

    return epoch, lambda x: log_prob(tf.constant(x[:TESTED])).numpy()


def main():
    """Runs all by turns, and prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    x, _ = kg.data.density("moons").sample(STEPS * given.batch, np.random.default_rng(0))
    x = np.concatenate([x] * -(-TESTED // len(x)))[: max(len(x), TESTED)]
    data = x[: STEPS * given.batch]
    peers = {
        f"{name}, {threads} thread{'s' * (threads > 1)}": torch_loop(make, threads)
        for name, make in (("zuko", zuko_log_prob), ("nflows", nflows_log_prob))
        for threads in THREADS
    }
    peers["bayesflow"] = bayesflow_loop()
    times = {name: ([], []) for name in peers}

    def between():
        for name, (epoch, densities) in peers.items():
            times[name][0].append(seconds(lambda epoch=epoch: epoch(data, given.batch)))
            densities(x)
            times[name][1].append(seconds(lambda densities=densities: densities(x)))

    own = ours(data, given.batch, given.rounds, between)
    print(f"{os.cpu_count()} cores; batch {given.batch}, {given.rounds} rounds of {STEPS} steps")
    print("| | ms per step | times ours | ms of log p of 10,000 | times ours |")
    print("|---|--:|--:|--:|--:|")
    base = [1000 * statistics.median(own[0]) / STEPS, 1000 * statistics.median(own[1])]
    print(f"| keras_gan | {base[0]:.2f} | 1 | {base[1]:.1f} | 1 |")
    for name, (steps, densities) in times.items():
        step = 1000 * statistics.median(steps[1:]) / STEPS
        density = 1000 * statistics.median(densities[1:])
        print(
            f"| {name} | {step:.2f} | {step / base[0]:.2f} | {density:.1f} "
            f"| {density / base[1]:.2f} |"
        )


if __name__ == "__main__":
    main()
