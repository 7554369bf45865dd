"""What every game promises, one suite over all of them, on both backends."""

import itertools

import keras
import numpy as np
import pytest

import keras_gan as kg
from tests.games.cases import GAMES, NEW, OF_PLAYERS, assert_equal, variables_of
from tests.slow import slow_but, thorough_but

every = pytest.mark.parametrize("name", GAMES)
LATER = [  # by CI alone, where a law takes seconds: long to trace, or variants of the VAE
    "augmented",
    "CycleGAN",
    "Pix2Pix",
    "InfoGAN",
    "UnrolledGAN",
    "packed",
    "matching",
    "conditional VAE",
    "score-function VAE",
    "IWAE",
    "conditional RealNVP",
    "FFJORD",
    "conditional FFJORD",
]
most = pytest.mark.parametrize(
    "name", thorough_but([name for name in GAMES if name not in LATER], GAMES)
)
OBJECTIVES = ["minimax", "wasserstein", "hinge", "least_squares", "relativistic"]


def with_objective(names=GAMES):
    return [name for name in names if "objective" in GAMES[name].options]


def floats(game):
    return [v for v in variables_of(game) if keras.backend.is_float_dtype(v.dtype)]


@every
def test_a_step_moves_every_player_and_logs_every_term(name):
    game = GAMES[name].make(average=0.9)
    game.compile(diagnostics=True)
    before = {p: [np.array(v) for v in game.variables_of(p)] for p in game.schedule.players}
    history = game.fit(*GAMES[name].data(16), batch_size=8, verbose=0).history
    for player, old in before.items():
        moved = [
            not np.array_equal(v, o) for v, o in zip(game.variables_of(player), old, strict=True)
        ]
        assert np.mean(moved) > 0.7, player
        assert set(game.logged_names(player)) <= set(history)
    assert all(np.isfinite(values).all() for values in history.values())
    assert int(game.average.updates) == 2
    networks = [getattr(game, each) for each in game.averaged_networks]
    assert len(game.average.averages) == sum(len(network.weights) for network in networks)


@pytest.mark.parametrize("name", [name for name in GAMES if not GAMES[name].straight_through])
def test_what_is_minimised_is_the_sum_of_the_named_losses(name):
    """A short step against the gradient lowers that very sum by its length times the norm."""
    game = GAMES[name].make(**GAMES[name].plain)
    players = game.schedule.players
    game.compile(**GAMES[name].optimizers(lambda: "sgd"))
    parts = GAMES[name].data(8)
    tensors = [keras.ops.convert_to_tensor(part) for part in parts]
    batch = game.unpack(tuple(tensors) if len(tensors) > 1 else tensors[0])
    for player in players:
        state = np.array(game.draws.state)
        gradients, logs = game.look(player, batch)
        first = sum(float(logs[each]) for each in game.loss_names(player))
        norm = sum(float(keras.ops.sum(g * g)) for g in gradients if g is not None) ** 0.5
        length = 2e-3
        for v, g in zip(game.variables_of(player), gradients, strict=True):
            if g is not None:
                v.assign(v - length / norm * g)
        game.draws.state.assign(state)
        _, logs = game.look(player, batch)
        second = sum(float(logs[each]) for each in game.loss_names(player))
        assert first - second == pytest.approx(length * norm, rel=0.1), player


@most
def test_a_saved_game_goes_on_as_if_nothing_had_happened(name, tmp_path):
    game = GAMES[name].make(average=0.9)
    game.compile()
    data = GAMES[name].data(32)
    game.fit(*data, batch_size=8, shuffle=False, verbose=0)
    game.save(tmp_path / "game.keras")
    copy = kg.load_model(tmp_path / "game.keras")
    assert type(copy) is type(game)
    assert copy.get_config().keys() == game.get_config().keys()
    for each in (game, copy):
        each.fit(*data, batch_size=8, shuffle=False, verbose=0)
    assert_equal(game, copy)


class Stop(keras.callbacks.Callback):
    """Breaks off after so many steps, as a kill would."""

    def __init__(self, steps):
        super().__init__()
        self.left = steps

    def on_train_batch_end(self, batch, logs=None):
        self.left -= 1
        if self.left == 0:
            raise RuntimeError("killed")


@most
def test_a_stopped_training_ends_with_the_same_bits(name, tmp_path):
    data = GAMES[name].data(40)

    def trained(folder, *callbacks):
        game = GAMES[name].make(average=0.9)
        game.compile()
        checkpoint = kg.callbacks.Checkpoint(folder, every=2)
        game.fit(*data, batch_size=8, epochs=2, verbose=0, callbacks=[checkpoint, *callbacks])
        return game

    whole = trained(tmp_path / "whole")
    with pytest.raises(RuntimeError, match="killed"):
        trained(tmp_path / "broken", Stop(7))
    assert_equal(whole, trained(tmp_path / "broken"))


@every
def test_evaluate_repeats_itself_and_moves_nothing(name):
    game = GAMES[name].make()
    game.compile()
    data = GAMES[name].data(16)
    own = [game.evaluation_draws.state, *game.means.variables]
    kept = [v for v in game.variables if not any(v is each for each in own)]
    before = [np.array(v) for v in kept]
    first = game.evaluate(*data, batch_size=8, return_dict=True, verbose=0)
    assert first == game.evaluate(*data, batch_size=8, return_dict=True, verbose=0)
    named = {each for player in game.schedule.players for each in game.loss_names(player)}
    assert named <= set(first)
    for v, old in zip(kept, before, strict=True):
        np.testing.assert_array_equal(v, old, err_msg=v.path)


@pytest.mark.parametrize(
    ("name", "schedule"),
    slow_but(
        [(name, 2) for name in OF_PLAYERS if name not in ("GAN", *LATER)],
        itertools.product(OF_PLAYERS, ["simultaneous", 2]),
        thorough=[(name, 2) for name in LATER if name in OF_PLAYERS],
    ),
)
def test_every_schedule_plays(name, schedule):
    game = GAMES[name].make(schedule=schedule)
    game.compile()
    history = game.fit(*GAMES[name].data(16), batch_size=8, verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    steps = 2 if schedule == 2 else 1
    ratio = int(game.optimizer["discriminator"].iterations) / int(
        game.optimizer["generator"].iterations
    )
    assert ratio == steps


@pytest.mark.parametrize(
    ("name", "objective"),
    slow_but(
        [(name, "relativistic") for name in with_objective(NEW) if name not in LATER],
        itertools.product(with_objective(), OBJECTIVES),
        thorough=[(name, "relativistic") for name in with_objective(LATER)],
    ),
)
def test_objectives_and_penalties_compose(name, objective):
    penalties = [kg.penalties.R1(1.0), kg.penalties.GradientPenalty(2.0)]
    game = GAMES[name].make(objective=objective, penalties=penalties)
    game.compile()
    history = game.fit(*GAMES[name].data(8), batch_size=8, verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    assert any(term.startswith("r1_penalty") for term in history)


@pytest.mark.parametrize(
    ("name", "policy"),
    slow_but(
        [
            *((name, "mixed_bfloat16") for name in NEW if name not in LATER),
            ("CycleGAN", "mixed_float16"),
        ],
        itertools.product(GAMES, ["mixed_bfloat16", "mixed_float16"]),
        thorough=[(name, "mixed_bfloat16") for name in LATER],
    ),
)
def test_mixed_precision_trains_with_losses_in_float32(name, policy):
    keras.config.set_dtype_policy(policy)
    game = GAMES[name].make(average=0.9)
    game.compile()
    history = game.fit(*GAMES[name].data(16), batch_size=8, verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    assert all(v.dtype == "float32" for v in floats(game))
    optimizers = game.optimizers_by_player().values()
    scaled = all(isinstance(o, keras.optimizers.LossScaleOptimizer) for o in optimizers)
    assert scaled == (policy == "mixed_float16" and not GAMES[name].in_float32)


@pytest.mark.parametrize(
    ("name", "option"),
    slow_but(
        [
            *((name, "steps_per_execution") for name in NEW if name not in LATER),
            ("BiGAN", "jit_compile"),
        ],
        itertools.product(GAMES, ["steps_per_execution", "jit_compile"]),
        thorough=[(name, "steps_per_execution") for name in LATER],
    ),
)
def test_fused_and_compiled_steps_are_single_ones(name, option):
    options = {"steps_per_execution": {option: 2}, "jit_compile": {option: True}}[option]
    data = GAMES[name].data(32)
    games = []
    for chosen in ({"jit_compile": False}, options):
        game = GAMES[name].make(average=0.9)
        sgd = GAMES[name].optimizers(lambda: keras.optimizers.SGD(0.05))
        game.compile(**sgd, **chosen)
        game.fit(*data, batch_size=8, shuffle=False, verbose=0)
        games.append(game)
    for a, b in zip(*map(floats, games), strict=True):
        np.testing.assert_allclose(np.asarray(a), np.asarray(b), rtol=1e-4, atol=1e-5)


@most
def test_the_same_seed_trains_the_same_weights(name):
    games = []
    for _ in range(2):
        game = GAMES[name].make()
        game.compile()
        game.fit(*GAMES[name].data(16), batch_size=8, shuffle=False, verbose=0)
        games.append(game)
    assert_equal(*games)


@every
def test_data_that_no_network_takes_are_refused_before_the_first_step(name):
    game = GAMES[name].make()
    game.compile()
    x, *rest = GAMES[name].data(16)
    bad = x.copy()
    bad[3] = np.nan
    for wrong, message in (
        (x[..., None], "shape"),
        (bad, "NaN"),
        ((x * 100).astype("uint8"), "floating-point"),
        (x[:0], "empty"),
    ):
        with pytest.raises(ValueError, match=message):
            game.fit(wrong, *rest, batch_size=8, verbose=0)
    assert all(int(o.iterations) == 0 for o in game.optimizers_by_player().values())


def has_normal_latents(game) -> bool:
    prior = kg.priors.distribution_of(getattr(game, "prior", None))
    is_normal = isinstance(prior, kg.distributions.Normal)
    return hasattr(game, "project") and is_normal and (prior.mean, prior.scale) == (0.0, 1.0)


@every
def test_truncated_latent_vectors_make_other_samples_and_none_the_same(name):
    """Where a model makes samples of latent vectors; without truncation no bit changes."""
    game = GAMES[name].make()
    if not has_normal_latents(game):
        pytest.skip("it draws no normal latent vectors")
    z = game.latents(6, seed=1)
    np.testing.assert_array_equal(game.latents(6, seed=1, truncation=100.0), z)
    narrow = game.latents(6, seed=1, truncation=0.5)
    assert np.abs(narrow).max() <= 0.5 < np.abs(z).max()
    found = game.generate(6, seed=1, truncation=0.5)
    np.testing.assert_array_equal(
        found, np.concatenate(list(game.generate_in_parts(6, seed=1, truncation=0.5)))
    )
    assert (found != game.generate(6, seed=1)).any()


@most
def test_samples_of_a_model_are_projected_to_where_they_came_from(name):
    game = GAMES[name].make()
    if not has_normal_latents(game):
        pytest.skip("it draws no normal latent vectors")
    labels = {"labels": np.arange(4) % 3} if game.conditional else {}
    x = game.generate(4, seed=1, **labels)
    before = game.project(x, steps=0, starts=1, **labels)
    after = game.project(x, steps=20, starts=1, **labels)
    errors = [np.mean((game.samples_of(z, **labels) - x) ** 2) for z in (before, after)]
    assert errors[1] < 0.5 * errors[0]
