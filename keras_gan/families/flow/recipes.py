"""The names of `--recipe` that train normalizing flows."""

from keras_gan.families.flow.entry import COUPLINGS, EQUATIONS, LEVELS, STEPS, FlowEntry
from keras_gan.families.registry import register

register(
    FlowEntry(
        "nice",
        "keras_gan.flows:NICE",
        "flow of additive couplings (Dinh et al. 2015)",
        COUPLINGS,
        images={"width": 1000, "batch_size": 200, "steps_per_epoch": 300},
    )
)
register(
    FlowEntry(
        "realnvp",
        "keras_gan.flows:RealNVP",
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
        "keras_gan.flows:Glow",
        "flow of images with 1x1 convolutions (Kingma and Dhariwal 2018)",
        {**LEVELS, **STEPS},
        images={"width": 64},
    )
)
register(
    FlowEntry(
        "ffjord",
        "keras_gan.flows:FFJORD",
        "flow of a learned differential equation (Grathwohl et al. 2019)",
        {**EQUATIONS, **LEVELS},
        points={"width": 64, "steps_per_epoch": 100},
        images={"width": 32, "steps_per_epoch": 100, "steps_per_execution": 1},
        of_points=("blocks",),
        of_images=("levels",),
    )
)
