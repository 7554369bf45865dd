"""Which GAN finds all modes: every recipe on the ring of 8 and the grid of 25 Gaussians.

    python benchmarks/modes.py                                              # all of it
    python benchmarks/modes.py --recipes R3GAN WGANGP --datasets grid --out modes.jsonl

Every run has the same pair of MLPs, the same number of generator steps and batch size, Adam (RMSprop for
clipped weights) under a cosine decay to 0 and an averaged generator; the data are as they come, not rescaled. What is each
recipe's own stands in `SETTINGS`, with the reason. Measured on 2,500 samples of the averaged
generator after the last step (no run is stopped at a good moment and none is left out):

    modes          centres that are the nearest of some sample within 3σ
    high quality   share of samples within 3σ of a centre; the data themselves have 98.9%
    KL             KL(samples' nearest centres ‖ uniform), in nats, over all samples; 2,500 perfect
                   samples have 0.001 (ring) and 0.005 (grid)
    seconds        wall time of building, tracing and training; CPU seconds beside, since the
                   machine may be shared

With `--out`, each run is appended as one JSON line, and those that are there already under the
same settings are not run again: an interrupted benchmark goes on, a finished one is printed.
"""

import argparse
import dataclasses
import json
import statistics
import time
from pathlib import Path

import keras
import numpy as np

import keras_gan as kg

SAMPLES = 2500
WIDTH, DEPTH, LATENT = 128, 3, 2
BATCH, STEPS, FUSED = 128, 16_000, 100


@dataclasses.dataclass(frozen=True)
class Setting:
    """What one recipe has of its own.

    Args:
        game: The class, or a function of the same signature.
        rate: The learning rate of both players, the start of the cosine.
        beta_1: Of Adam.
        beta_2: Of Adam; `None` for RMSprop.
        discriminator_steps: How many a generator step.
        options: Further options of the game.
        normalization: Of the discriminator.
        dropout: Rate of the discriminator's dropout.
    """

    game: str
    rate: float = 1e-3
    beta_1: float = 0.5
    beta_2: float | None = 0.99
    discriminator_steps: int = 1
    options: dict = dataclasses.field(default_factory=dict)
    normalization: str | None = None
    dropout: float = 0.0
