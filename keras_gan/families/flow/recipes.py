"""The names of `--recipe` that train normalizing flows."""

from keras_gan.families.flow.entry import COUPLINGS, EQUATIONS, LEVELS, STEPS, FlowEntry
from keras_gan.families.registry import register
from keras_gan.flows import FFJORD, NICE, Glow, RealNVP

register(
    FlowEntry(
        "nice",
        NICE,
        "flow of additive couplings (Dinh et al. 2015)",
        COUPLINGS,
        images={"width": 1000, "batch_size": 200, "steps_per_epoch": 300},
    )
)
register(
    FlowEntry(
        "realnvp",
        RealNVP,
        "flow of affine couplings (Dinh et al. 2017)",
        {**COUPLINGS, **LEVELS},
        images={"width": 48},
        of_points=("couplings",),
        of_images=("levels",),
    )
)
register(
    FlowEntry(
        "glow",
        Glow,
        "flow of images with 1x1 convolutions (Kingma and Dhariwal 2018)",
        {**LEVELS, **STEPS},
        images={"width": 64},
    )
)
register(
    FlowEntry(
        "ffjord",
        FFJORD,
        "flow of a learned differential equation (Grathwohl et al. 2019)",
        {**EQUATIONS, **LEVELS},
        points={"width": 64, "steps_per_epoch": 100},
        images={"width": 32, "steps_per_epoch": 100, "steps_per_execution": 1},
        of_points=("blocks",),
        of_images=("levels",),
    )
)
