"""What fused steps pay: 50 steps an execution against single ones, MLP recipes on 2-D points.

    python benchmarks/fused_steps.py
    python benchmarks/fused_steps.py --recipes DCGAN R3GAN --batch-size 256

Both train the same networks by `fit`'s own train function in one process, by turns, on the same
data. Printed is the median over all rounds of the ratio of the two times within a round (single /
fused: above 1, fused steps are faster), with the quartiles.
"""

import argparse
import time

import keras
import numpy as np

import keras_gan as kg

NETWORK = {"SNGAN": {"normalization": "spectral"}, "CTGAN": {"dropout": 0.5, "features": True}}
RECIPES = ("DCGAN", "FGAN", "SNGAN", "R3GAN", "DRAGAN", "GANGP", "WGAN", "WGANGP", "CTGAN")


def compiled(recipe, fused):
    """The recipe with its own defaults and two MLPs of 3 × 128 units."""
    keras.utils.set_random_seed(0)
    discriminator = kg.networks.mlp_discriminator(**NETWORK.get(recipe, {}))
    gan = getattr(kg, recipe)(kg.networks.mlp_generator(), discriminator, seed=0)
    gan.compile(steps_per_execution=fused)
    gan.make_train_function()
    return gan


def ratios(recipe, batch, fused, rounds, calls):
    """The times of single and of fused steps, round by round: their ratio, and both in seconds."""
    games = {1: compiled(recipe, 1), fused: compiled(recipe, fused)}
    parts = games[1].schedule.parts
    dataset = kg.data.batches(kg.data.load("ring"), batch, discriminator_steps=parts).repeat()
    iterators = {steps: iter(dataset) for steps in games}
    measured = []
    for i in range(rounds + 1):  # the first traces
        seconds = {}
        for steps in sorted(games, reverse=bool(i % 2)):
            start = time.perf_counter()
            for _ in range(calls * fused // steps):
                logs = games[steps].train_function(iterators[steps])
                keras.tree.map_structure(np.asarray, logs)  # as the progress bar does
            seconds[steps] = (time.perf_counter() - start) / (calls * fused)
        measured.append((seconds[1] / seconds[fused], seconds[1], seconds[fused]))
    return np.array(measured[1:])


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recipes", nargs="+", choices=RECIPES, default=RECIPES)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--fused", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--calls", type=int, default=2, help="executions of a round")
    a = parser.parse_args()
    print(f"| recipe | batch | single, ms per step | {a.fused} fused | ratio | quartiles |")
    print("|---|---|---|---|---|---|")
    for recipe in a.recipes:
        result = ratios(recipe, a.batch_size, a.fused, a.rounds, a.calls)
        low, ratio, high = np.percentile(result[:, 0], [25, 50, 75])
        single, fused = 1000 * np.median(result[:, 1:], axis=0)
        cells = f"{single:.2f} | {fused:.2f} | {ratio:.2f} | {low:.2f}–{high:.2f}"
        print(f"| {recipe} | {a.batch_size} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
