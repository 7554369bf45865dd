"""See what a flow has learned: its density beside the true one, and the way of points through it.

    pip install .    # in a clone of this repository
    python flow_paths.py                            # presets of moons and checkerboard, a minute
    python flow_paths.py realnvp_moons --points 2000

For each preset of points it prints KL(truth ‖ flow) by 20,000 fresh points of the known density,

    KL = E_{x ~ p}[log p(x) − log q(x)],   ± its standard error

and draws two rows: the true density, the flow's on the same scale, samples of both; and below them
points of the normal base on their way back to data, after each layer of a chain or at equal steps
of an ODE's time. A point keeps its colour, which is that of its first coordinate in the base.
"""

import argparse
import functools
import pathlib

import numpy as np

import keras_gan as kg
from keras_gan import plotting as plot

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("presets", nargs="*", default=["realnvp_moons", "ffjord_checkerboard"])
parser.add_argument("--points", type=int, default=3000, help="that are drawn")
parser.add_argument("--tested", type=int, default=20_000, help="points of the divergence")
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--folder", default="flow_paths", help="where the pictures go")
arguments = parser.parse_args()
SHOWN = 6  # pictures in a row

folder = pathlib.Path(arguments.folder)
folder.mkdir(parents=True, exist_ok=True)
for name in arguments.presets:
    flow = kg.Flow.from_preset(name)
    truth = kg.data.density(flow.card["data"]["name"])
    x, _ = truth.sample(arguments.tested, np.random.default_rng(arguments.seed))
    of_flow = functools.partial(flow.log_prob, batch_size=5000)
    excess = truth.log_prob(x) - of_flow(x)
    error = excess.std() / len(x) ** 0.5
    print(f"{name}: KL(truth, flow) = {excess.mean():.4f} ± {error:.4f} nats", flush=True)

    limit = 1.25 * float(np.abs(x).max())
    frame = {"limit": limit}
    darkest = float(np.quantile(np.exp(truth.log_prob(x)), 0.95))
    drawn = flow.generate(arguments.points, seed=arguments.seed)
    above = [
        ("true density", plot.density_image(truth.log_prob, darkest=darkest, **frame)),
        ("the flow's", plot.density_image(of_flow, darkest=darkest, **frame)),
        ("data", plot.points_image(x[: arguments.points], **frame)),
        ("samples", plot.points_image(drawn, **frame)),
    ]
    z = flow.latents(arguments.points, seed=arguments.seed)
    states = [np.asarray(state) for state in flow.bijection.path(z, inverse=True)]
    chosen = np.unique(np.linspace(0, len(states) - 1, SHOWN).round().astype(int))
    below = [
        (f"{i} of {len(states) - 1}", plot.points_image(states[i], shades=z[:, 0], **frame))
        for i in chosen
    ]
    path = folder / f"{name}.png"
    plot.captioned([above, below]).save(path)
    print(f"the picture is {path}")
