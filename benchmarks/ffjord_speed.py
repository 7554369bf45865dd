"""A training step of FFJORD, beside the same model in PyTorch with torchdiffeq.

The same field (layers that time scales and shifts, tanh), solver, steps or tolerance, trace (exact,
by a derivative a component in PyTorch, as in the authors' code; or Hutchinson's, by one), batch and
Adam(1e-3), on two clouds. All run by turns in one process, PyTorch with each number of threads, by
back-propagation through the solver and by the adjoint. The table has medians over the rounds, of
the clock and of the processor's time, which others on the machine disturb less, and the ratios to
this library.

    pip install torch torchdiffeq==0.2.5
    python benchmarks/ffjord_speed.py                        # 2-D, 2 × 64, rk4 of 8 steps, exact
    python benchmarks/ffjord_speed.py --solver dopri5
    python benchmarks/ffjord_speed.py --depth 3              # the authors' network for 2-D data
    python benchmarks/ffjord_speed.py --dim 16 --depth 3 --trace hutchinson

Fitted steps are of one length for a batch in torchdiffeq, and of one for each sample here.
"""

import argparse
import itertools
import math
import os
import time

import torch  # this and what follows do not load beside a TensorFlow that is there
import torch._dynamo
from torch import nn
from torchdiffeq import odeint, odeint_adjoint

# isort: split
import keras
import numpy as np

import keras_gan as kg

RATE, STEPS, TOLERANCE = 1e-3, 8, 1e-5


def now() -> np.ndarray:
    """The clock and the processor's time, in seconds."""
    return np.array([time.perf_counter(), time.process_time()])


def samples(n: int, dim: int) -> np.ndarray:
    """Two clouds, `(n, dim)`."""
    rng = np.random.default_rng(0)
    return (rng.choice([-1, 1], (n, 1)) + 0.4 * rng.normal(size=(n, dim))).astype("float32")


class Field(nn.Module):
    """The field of `kg.bijections.VectorField`, and its trace by automatic differentiation."""

    def __init__(self, dim, width, depth, trace):
        super().__init__()
        sizes = [dim, *[width] * depth, dim]
        pairs = list(itertools.pairwise(sizes))
        self.layers = nn.ModuleList([nn.Linear(a, b, bias=False) for a, b in pairs])
        self.gains = nn.ModuleList([nn.Linear(1, b) for _, b in pairs[:-1]])
        self.shifts = nn.ModuleList([nn.Linear(1, b) for _, b in pairs])
        nn.init.zeros_(self.layers[-1].weight)
        nn.init.zeros_(self.shifts[-1].weight)
        nn.init.zeros_(self.shifts[-1].bias)
        self.trace, self.noise = trace, None

    def value(self, t, x):
        """f(x, t)."""
        t = t.reshape(1, 1)
        for layer, gain, shift in zip(self.layers, self.gains, self.shifts, strict=False):
            x = torch.tanh(layer(x) * torch.sigmoid(gain(t)) + shift(t))
        return self.layers[-1](x) + self.shifts[-1](t)

    def forward(self, t, state):
        """f and the trace of its Jacobian, for the solver."""
        x = state[0]
        with torch.enable_grad():
            x = x if x.requires_grad else x.requires_grad_(True)
            f = self.value(t, x)
            if self.trace == "hutchinson":
                (row,) = torch.autograd.grad(f, x, self.noise, create_graph=True)
                return f, (row * self.noise).sum(1)
            rows = (
                torch.autograd.grad(f[:, i].sum(), x, create_graph=True)[0][:, i]
                for i in range(x.shape[1])
            )
            return f, sum(rows)


def torch_step(x, given, solve, threads):
    """A function that takes so many steps."""
    torch.manual_seed(0)
    field = Field(given.dim, given.width, given.depth, given.trace)
    optimizer = torch.optim.Adam(field.parameters(), RATE, fused=True)
    data, times = torch.from_numpy(x), torch.tensor([0.0, 1.0])
    how = {"method": given.solver}
    if given.solver == "rk4":
        how["options"] = {"step_size": 1.0 / STEPS}
    else:
        how |= {"rtol": TOLERANCE, "atol": TOLERANCE}

    def steps(count):
        torch.set_num_threads(threads)
        for _ in range(count):
            batch = data[torch.randint(len(data), (given.batch,))]
            field.noise = torch.randint(2, batch.shape) * 2.0 - 1.0
            z, trace = (
                each[-1] for each in solve(field, (batch, torch.zeros(len(batch))), times, **how)
            )
            log_density = -0.5 * (z**2).sum(1) - 0.5 * given.dim * math.log(2 * math.pi) + trace
            optimizer.zero_grad()
            (-log_density.mean()).backward()
            optimizer.step()
        return -log_density.mean().item()

    return steps


class Turns(keras.callbacks.Callback):
    """Times the epochs of a `fit`; before each, `between` runs."""

    def __init__(self, between):
        super().__init__()
        self.between, self.seconds = between, []

    def on_epoch_begin(self, epoch, logs=None):
        """Lets the others have their turn."""
        self.between(epoch)
        self.start = now()

    def on_epoch_end(self, epoch, logs=None):
        """Notes the time."""
        self.seconds.append(now() - self.start)


def ours(x, given, gradient, between) -> tuple[list, float]:
    """This library: the seconds of each epoch of one `fit`, and the last loss."""
    flow = kg.FFJORD(
        (given.dim,),
        **{"width": given.width, "depth": given.depth, "solver": given.solver, "steps": STEPS},
        **{"rtol": TOLERANCE, "atol": TOLERANCE, "trace": given.trace, "gradient": gradient},
        seed=0,
    )
    flow.compile(keras.optimizers.Adam(RATE), steps_per_execution=given.count)
    turns = Turns(between)
    given_to_fit = {"batch_size": given.batch, "epochs": given.rounds + 1, "verbose": 0}
    history = flow.fit(x, steps_per_epoch=given.count, callbacks=[turns], **given_to_fit)
    return turns.seconds, history.history["loss"][-1]


def main():
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--solver", default="rk4", choices=["rk4", "dopri5"])
    parser.add_argument("--trace", default="exact", choices=["exact", "hutchinson"])
    sizes = {"--dim": 2, "--width": 64, "--depth": 2, "--batch": 256, "--rounds": 5, "--count": 20}
    for name, size in sizes.items():
        parser.add_argument(name, type=int, default=size)
    every = sorted({1, os.cpu_count() or 1})
    parser.add_argument("--threads", type=int, nargs="+", default=every, help="of PyTorch")
    given = parser.parse_args()
    x = samples(given.count * given.batch, given.dim)
    runs, seconds, last = {}, {}, {}
    for threads in given.threads:
        for name, solve in (("backprop", odeint), ("adjoint", odeint_adjoint)):
            label = f"torchdiffeq, {name}, {threads} threads"
            runs[label] = torch_step(x, given, solve, threads)
            seconds[label] = []

    def others(epoch):
        for name, run in runs.items():
            start = now()
            last[name] = run(given.count)
            seconds[name].append(now() - start)

    gradients = ("backprop", "adjoint")
    for gradient in gradients:
        between = others if gradient == gradients[0] else nobody
        name = f"keras_gan, {gradient}"
        seconds[name], last[name] = ours(x, given, gradient, between)
    middles = {name: np.median(times[1:], axis=0) for name, times in seconds.items()}
    base = middles["keras_gan, backprop"]
    print(f"{vars(given)}; medians of {given.rounds} rounds by turns")
    print("| | ms a step | times keras_gan's | ms of processor | times keras_gan's | last loss |")
    print("|---|---|---|---|---|---|")
    for name, middle in middles.items():
        (clock, cpu), ratios = 1e3 * middle / given.count, middle / base
        row = f"{clock:.1f} | {ratios[0]:.2f} | {cpu:.1f} | {ratios[1]:.2f} | {last[name]:.3f}"
        print(f"| {name} | {row} |")


def nobody(epoch):
    """Nobody's turn."""


if __name__ == "__main__":
    main()
