"""Training by hand, a batch at a time: the step of `fit`, its checks, and names for its values."""

import keras
import numpy as np
import pytest

import keras_gan as kg
from tests import toys
from tests.games.cases import GAMES, assert_equal, variables_of
from tests.slow import thorough_but


def assert_close(one, other):
    """But for rounding, and the sums of the logs."""
    for a, b in zip(variables_of(one), variables_of(other), strict=True):
        if "running_means" not in a.path:
            np.testing.assert_allclose(np.asarray(a), np.asarray(b), 1e-5, 1e-7, err_msg=a.path)


few = pytest.mark.parametrize("name", thorough_but(["GAN", "BiGAN"], GAMES))


@few
def test_a_loop_by_hand_is_fit_and_its_values_have_names(name):
    game = GAMES[name]
    data = game.data(16)
    by_hand, fitted = game.make(average=0.9), game.make(average=0.9)
    for each in (by_hand, fitted):
        each.compile(diagnostics=True)
    for start in (0, 8):
        values = by_hand.train_on_batch(*(part[start : start + 8] for part in data))
    history = fitted.fit(*data, batch_size=8, shuffle=False, verbose=0).history
    if "FFJORD" in name:  # whose many derivatives are added in an order that depends on shapes
        assert_close(by_hand, fitted)
    else:
        assert_equal(by_hand, fitted)
    assert sorted(history) == by_hand.metrics_names == fitted.metrics_names
    assert len(values) == len(by_hand.metrics_names)
    tensors = [keras.ops.convert_to_tensor(part[:8]) for part in data]
    logs = by_hand.train_on_batch(*tensors, return_dict=True)
    listed = by_hand.train_on_batch(*tensors)
    result = {name: float(value) for name, value in by_hand.get_metrics_result().items()}
    assert dict(zip(by_hand.metrics_names, listed, strict=True)) == pytest.approx(result)
    assert set(logs) == set(result)


@few
def test_values_of_evaluations_stand_under_their_names(name):
    """Gradient norms are known in training alone; their places are kept."""
    game, data = GAMES[name].make(), GAMES[name].data(8)
    game.compile(diagnostics=True)
    for listed, logs in (
        (game.evaluate(*data, verbose=0), game.evaluate(*data, verbose=0, return_dict=True)),
        (game.test_on_batch(*data), None),
    ):
        named = dict(zip(game.metrics_names, listed, strict=True))
        assert logs is None or logs == {name: named[name] for name in logs}
        missing = {name for name, value in named.items() if np.isnan(value)}
        assert {f"{player}_gradient_norm" for player in game.schedule.players} <= missing
        assert len(missing) < len(named)


def test_without_diagnostics_evaluations_have_no_gaps():
    game = GAMES["GAN"].make()
    assert game.metrics_names == []
    game.compile()
    x = toys.points(8)
    assert game.metrics_names == [
        "discriminator_loss",
        "generator_loss",
        "jensen_shannon_estimate",
    ]
    for values in (game.evaluate(x, verbose=0), game.test_on_batch(x), game.train_on_batch(x)):
        assert np.isfinite(values).all()
        assert len(values) == 3


X = toys.points(8)
WRONG = {
    "shape": ({"x": X[:, :1]}, r"samples of shape \(2,\)"),
    "integers": ({"x": X.astype("int32")}, "must be floating-point"),
    "NaN": ({"x": X * np.nan}, "NaN"),
    "division": ({"x": X[:7]}, "7"),
    "weights": ({"x": X, "sample_weight": np.ones(8)}, "do not use sample_weight"),
    "class weights": ({"x": X, "class_weight": {0: 1.0}}, "do not use class_weight"),
    "name": ({"x": "digits"}, "received the name 'digits'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_fit_refuses_is_refused_here(case):
    given, message = WRONG[case]
    game = kg.GAN(toys.generator(), toys.discriminator(), schedule=2)
    with pytest.raises(ValueError, match="compile"):
        game.train_on_batch(X)
    with pytest.raises(ValueError, match="compile"):
        game.test_on_batch(X)
    game.compile()
    game.train_on_batch(X)
    with pytest.raises(ValueError, match=message):
        game.train_on_batch(**given)
    assert int(game.optimizer.iterations) == 1
