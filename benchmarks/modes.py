"""Which GAN finds all modes: every recipe on the ring of 8 and the grid of 25 Gaussians.

    python benchmarks/modes.py                                                     # all of it
    python benchmarks/modes.py --recipes R3GAN WGANGP --datasets grid --out modes.jsonl

Every run has the same pair of MLPs, but that SN-GAN's discriminator is spectrally normalized and
CT-GAN's has dropout (the discriminator sees points divided by the largest coordinate
of the centres, so that they fill [-1, 1] as images do), the same batch size, a learning rate that
falls to 0 on a half cosine, and an averaged generator (decay 0.999). What is a recipe's own stands
in `SETTINGS`. Measured on 2,500 samples of the averaged generator after the last
step; no run stops early and none is left out.

    modes         centres that are nearest to at least one sample within 3σ of them
    high quality  share of samples within 3σ of a centre; of the data themselves it is 98.9%
    KL            KL(samples by nearest centre ‖ uniform) in nats, over all 2,500 samples; 2,500
                  samples of the data have 0.001 (ring) and 0.005 (grid)
    seconds       wall time to build, trace and train; beside it the CPU seconds of all threads,
                  which tell a slow recipe from a busy machine

With `--out` every run is appended as a line of JSON, and a run that is there under the same
settings is not repeated: an interrupted benchmark goes on, a finished one is only printed.
"""

import argparse
import dataclasses
import json
import statistics
import time
from pathlib import Path

import keras
import tensorflow as tf

import keras_gan as kg

SAMPLES = 2500
COMMON = {"width": 128, "depth": 3, "latent_dim": 2, "batch_size": 128}
FUSED = 100  # steps an execution: a step of such small networks is shorter than Keras's overhead


@dataclasses.dataclass(frozen=True)
class Setting:
    """What one recipe has of its own.

    Args:
        rate: The learning rate at the start, of both players.
        steps: Generator steps.
        beta_1: Adam's β₁; `None` for RMSprop instead.
        beta_2: Adam's β₂.
        normalization: Of the discriminator, as in `kg.networks.mlp_discriminator`.
        dropout: Rate after each hidden layer of the discriminator, which then returns features too.
        steepness: What the discriminator's input is multiplied by.
        options: Of the recipe.
    """

    rate: float = 1e-3
    steps: int = 8_000
    beta_1: float | None = 0.5
    beta_2: float = 0.99
    normalization: str | None = None
    dropout: float = 0.0
    steepness: float = 1.0
    options: dict = dataclasses.field(default_factory=dict)


# Penalty weights are far below the papers' 10 (images, thousands of dimensions): a critic must rise
# from 0 to its height within σ = 0.01 or 0.05, and at λ = 10 it stays blurred. Two critic steps
# instead of five leave time for more generator steps; none of the rates is from a paper. WGAN-GP
# and R3GAN train for the minute on two cores that the project allows a run, the others for less.
SETTINGS = {
    "GAN": Setting(options={"objective": "minimax"}),
    "DCGAN": Setting(),
    "FGAN": Setting(options={"divergence": "squared_hellinger"}),
    "WGAN": Setting(
        1e-3, 6_000, beta_1=None, options={"discriminator_steps": 2, "clip": 0.3}
    ),  # clipped at 0.01 as in the paper an MLP of this depth is flat
    "WGANGP": Setting(2e-3, 12_000, 0.0, options={"discriminator_steps": 2, "penalty_weight": 0.1}),
    "CTGAN": Setting(
        2e-3,
        4_000,
        0.0,
        dropout=0.1,
        options={"discriminator_steps": 2, "penalty_weight": 0.1},
    ),
    # 1-Lipschitz scores cannot tell a mode of σ = 0.01 from its surroundings: 50-Lipschitz ones can
    "SNGAN": Setting(normalization="spectral", steepness=50.0),
    "DRAGAN": Setting(options={"penalty_weight": 0.1}),
    "GANGP": Setting(beta_1=0.0, options={"penalty_weight": 0.1}),
    "R3GAN": Setting(2e-3, 24_000, 0.0, options={"penalty_weight": 0.1, "penalty_every": 8}),
}


def discriminator_of(setting: Setting, reach: float) -> keras.Model:
    """The MLP on points scaled from [-reach, reach] to [-1, 1]."""
    network = kg.networks.mlp_discriminator(
        width=COMMON["width"],
        depth=COMMON["depth"],
        normalization=setting.normalization,
        dropout=setting.dropout,
        features=setting.dropout > 0,
    )
    x = keras.Input((2,))
    return keras.Model(x, network(keras.layers.Rescaling(setting.steepness / reach)(x)))


def optimizer_of(setting: Setting, steps: int) -> keras.optimizers.Optimizer:
    rate = keras.optimizers.schedules.CosineDecay(setting.rate, steps)
    if setting.beta_1 is None:
        return keras.optimizers.RMSprop(rate)
    return keras.optimizers.Adam(rate, beta_1=setting.beta_1, beta_2=setting.beta_2)


def trained(recipe: str, dataset: str, seed: int) -> kg.GAN:
    """The recipe after all its steps."""
    keras.utils.set_random_seed(seed)  # the networks' initial weights
    setting = SETTINGS[recipe]
    reach = float(kg.data.mixture(dataset).centers.max())
    generator = kg.networks.mlp_generator(
        latent_dim=COMMON["latent_dim"], width=COMMON["width"], depth=COMMON["depth"]
    )
    gan = getattr(kg, recipe)(
        generator, discriminator_of(setting, reach), average=0.999, seed=seed, **setting.options
    )
    k = gan.schedule.parts
    gan.compile(
        generator_optimizer=optimizer_of(setting, setting.steps),
        discriminator_optimizer=optimizer_of(setting, k * setting.steps),
        steps_per_execution=FUSED,
    )
    data = kg.data.load(dataset, seed=seed)
    batches = kg.data.batches(data, COMMON["batch_size"], discriminator_steps=k, seed=seed)
    gan.fit(batches.repeat(), steps_per_epoch=setting.steps, verbose=0)
    return gan


def measured(recipe: str, dataset: str, seed: int) -> dict:
    """Trains and measures: one row of the file."""
    keras.backend.clear_session()
    wall, cpu = time.perf_counter(), time.process_time()
    gan = trained(recipe, dataset, seed)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    mixture = kg.data.mixture(dataset)
    samples = gan.generate(SAMPLES, seed=seed)
    coverage = kg.metrics.mode_coverage(samples, mixture.centers, mixture.stddev)
    return {
        "modes": coverage.modes,
        "total": coverage.total,
        "high_quality": coverage.high_quality,
        "kl": coverage.kl,
        "seconds": wall,
        "cpu_seconds": cpu,
    }


def table(rows: list[dict]) -> str:
    """The Markdown table: the median over seeds and, in brackets, the worst."""
    lines = [
        "| data | recipe | seeds | modes | high quality, % | KL | seconds | CPU seconds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for dataset, recipe in dict.fromkeys((row["dataset"], row["recipe"]) for row in rows):
        runs = [row for row in rows if (row["dataset"], row["recipe"]) == (dataset, recipe)]

        def cell(name, worst, form, runs=runs, scale=1):
            values = [scale * run[name] for run in runs]
            return f"{statistics.median(values):{form}} ({worst(values):{form}})"

        cells = [
            dataset,
            recipe,
            str(len(runs)),
            f"{cell('modes', min, 'g')} of {runs[0]['total']}",
            cell("high_quality", min, ".1f", scale=100),
            cell("kl", max, ".3f"),
            cell("seconds", max, ".0f"),
            cell("cpu_seconds", max, ".0f"),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recipes", nargs="+", choices=SETTINGS, default=list(SETTINGS))
    parser.add_argument("--datasets", nargs="+", choices=("ring", "grid"), default=("ring", "grid"))
    parser.add_argument("--seeds", nargs="+", type=int, default=(0, 1, 2))
    parser.add_argument("--out", type=Path, help="a file of JSON lines to append to and go on from")
    arguments = parser.parse_args()
    done = (
        arguments.out.read_text().splitlines() if arguments.out and arguments.out.exists() else []
    )
    done = [json.loads(line) for line in done]
    rows = []
    for dataset in arguments.datasets:
        for recipe in arguments.recipes:
            settings = {**COMMON, **dataclasses.asdict(SETTINGS[recipe])}
            for seed in arguments.seeds:
                key = {"dataset": dataset, "recipe": recipe, "seed": seed, "settings": settings}
                row = next((row for row in done if key.items() <= row.items()), None)
                if row is None:
                    row = {**key, **measured(recipe, dataset, seed)}
                    if arguments.out:
                        with arguments.out.open("a") as file:
                            file.write(json.dumps(row) + "\n")
                rows.append(row)
    print(table(rows))


if __name__ == "__main__":
    tf.config.threading.set_intra_op_parallelism_threads(1)  # operations are small
    main()
