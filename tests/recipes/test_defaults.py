"""The picks of every recipe, which are the papers' or say why not, stand in its docstring."""

import re

import pytest

from keras_gan import recipes
from keras_gan.penalties import constraints
from tests.recipes.cases import CASES, every

GREEK = {"beta_1": "β₁", "beta_2": "β₂"}


def test_every_recipe_is_a_case():
    others = ["FastGAN", "ProjectedGAN"]  # of images alone: test_fastgan.py, test_projected.py
    assert sorted([*CASES, *others]) == sorted(recipes.__all__)


@every
@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_optimizers(case, player):
    optimizer = case.make().default_optimizer(player)
    config, expected = optimizer.get_config(), dict(case.optimizer)
    assert type(optimizer).__name__ == expected.pop("kind")
    for name, value in expected.items():
        assert config[name] == pytest.approx(value, rel=1e-6), name


@every
def test_the_docstring_states_the_optimizer(case):
    kind, text = re.findall(r"(Adam|RMSprop)\((.*?)\)", case.recipe.__doc__)[0]
    rate, *betas = text.split(", ")
    stated = {"kind": kind, "learning_rate": float(rate)}
    stated |= {name: 0.999 for name in case.optimizer if name == "beta_2"}
    symbols = {symbol: name for name, symbol in GREEK.items()}
    for beta in betas:
        symbol, value = beta.split(" = ")
        stated[symbols[symbol]] = float(value)
    assert stated == case.optimizer
    method = case.recipe.default_optimizer.__doc__
    assert f"{kind}({text})" in method.replace("of DCGAN", "").replace(": ", " ")


@every
def test_schedule_objective_average_and_penalties(case):
    gan = case.make()
    assert gan.schedule.moves == (("discriminator",),) * case.steps + (("generator",),)
    assert type(gan.objective) is case.objective
    assert gan.objective.fake_weight == 1
    assert gan.decay == case.average
    configs = [penalty.get_config() for penalty in gan.penalties]
    assert len(configs) == len(case.penalties)
    for config, expected in zip(configs, case.penalties, strict=True):
        assert {name: config[name] for name in expected} == expected
        assert not config.get("one_sided")


def test_what_only_one_recipe_has():
    for name, case in CASES.items():
        constraint = case.make().constraint
        if name == "WGAN":
            assert isinstance(constraint, constraints.ClipWeights)
            assert constraint.clip == 0.01
        else:
            assert constraint is None
    objective = CASES["FGAN"].make().objective
    assert (objective.divergence.name, objective.saturating, objective.reverse) == (
        "gan",
        False,
        False,
    )
    assert CASES["CTGAN"].make().penalties[1].feature_weight == 0.1


@pytest.mark.parametrize(
    ("name", "options", "configured"),
    [
        ("WGAN", {"discriminator_steps": 2, "clip": 0.5}, [("constraint", "clip", 0.5)]),
        ("WGANGP", {"discriminator_steps": 2, "penalty_weight": 3.0}, [(0, "weight", 3.0)]),
        (
            "CTGAN",
            {
                "discriminator_steps": 2,
                "penalty_weight": 3.0,
                "consistency_weight": 4.0,
                "margin": 0.2,
            },
            [(0, "weight", 3.0), (1, "weight", 4.0), (1, "margin", 0.2)],
        ),
        ("SNGAN", {"discriminator_steps": 2, "average": 0.9}, []),
        ("DRAGAN", {"schedule": 2, "penalty_weight": 3.0}, [(0, "weight", 3.0)]),
        ("GANGP", {"schedule": 2, "penalty_weight": 3.0}, [(0, "weight", 3.0)]),
        (
            "R3GAN",
            {"schedule": 2, "penalty_weight": 3.0, "average": 0.9},
            [(0, "weight", 3.0), (1, "weight", 3.0)],
        ),
        ("FGAN", {"schedule": 2, "average": 0.9}, []),
        ("DCGAN", {"schedule": 2, "average": 0.9}, []),
    ],
)
def test_options_reach_what_they_name(name, options, configured):
    gan = CASES[name].make(**options)
    assert gan.schedule.moves.count(("discriminator",)) == 2
    if "average" in options:
        assert gan.decay == 0.9
    for owner, key, value in configured:
        part = gan.constraint if owner == "constraint" else gan.penalties[owner]
        assert part.get_config()[key] == value
