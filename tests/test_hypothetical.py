"""A hypothetical step is the optimizer's own, leaves nothing behind, and can be differentiated."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan.backend import autodiff
from keras_gan.games.gan.virtual_updates import check_differentiable, hypothetical, step
from keras_gan.training.optimizers import PlayerOptimizers
from tests.slow import slow_but

o = keras.optimizers
OPTIMIZERS = {
    "sgd": lambda: o.SGD(0.1),
    "everything": lambda: o.SGD(
        o.schedules.ExponentialDecay(0.1, 1, 0.5), momentum=0.9, weight_decay=0.1, clipnorm=0.5
    ),
    "adam": lambda: o.Adam(0.1),
    "amsgrad": lambda: o.Adam(0.1, amsgrad=True, global_clipnorm=1.0),
    "ema": lambda: o.Adam(0.1, use_ema=True),
    "loss scale": lambda: o.SGD(0.1, loss_scale_factor=8.0),
    "dynamic": lambda: o.LossScaleOptimizer(o.RMSprop(0.1, momentum=0.5, centered=True)),
    "adamw": lambda: o.AdamW(0.1, weight_decay=0.1),
    "nadam": lambda: o.Nadam(0.1),
    "adagrad": lambda: o.Adagrad(0.1),
    "adadelta": lambda: o.Adadelta(1.0),
    "adamax": lambda: o.Adamax(0.1),
    "adafactor": lambda: o.Adafactor(0.1),
    "ftrl": lambda: o.Ftrl(0.1),
    "lamb": lambda: o.Lamb(0.1),
    "lion": lambda: o.Lion(0.1),
    "muon": lambda: o.Muon(0.1),
    # not ScheduleFreeAdamW, whose own step on TensorFlow reads an old value after its update
}
ALWAYS = ["everything", "adam", "dynamic", "nadam"]


def pair():
    values = np.random.default_rng(0).normal(size=(2, 3, 2))
    return [keras.Variable(w, dtype=keras.config.floatx()) for w in values]


@pytest.mark.parametrize("name", slow_but(ALWAYS, OPTIMIZERS))
def test_a_step_gives_the_values_of_the_optimizer_itself(name):
    """Weights, moments and counts, also of the second step; the averages of `use_ema` apart."""
    outcomes = []
    for foreseen in (True, False):
        weights, optimizer = pair(), OPTIMIZERS[name]()
        weights[0].constraint = keras.constraints.NonNeg()
        optimizer.build(weights)
        inner = getattr(optimizer, "inner_optimizer", optimizer)
        state = [*weights, *inner.variables]
        before = [ops.convert_to_numpy(v) for v in state]
        gradients = [ops.sin(7.0 * ops.convert_to_tensor(w.value)) for w in weights]
        if foreseen:
            scaled = [optimizer.scale_loss(g) for g in gradients]
            with hypothetical(weights, kept=[]):
                for _ in range(2):
                    step(optimizer, scaled)
                outcomes.append([ops.convert_to_numpy(v.value) for v in state])
            for v, old in zip(state, before, strict=True):
                np.testing.assert_array_equal(v, old)
        else:
            for _ in range(2):
                scaled = [optimizer.scale_loss(g) for g in gradients]
                PlayerOptimizers({"d": optimizer}).move("d", scaled, weights)
            outcomes.append([ops.convert_to_numpy(v) for v in state])
    for v, a, b in zip(state, *outcomes, strict=True):
        if "average" not in v.path:
            np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-7, err_msg=v.path)


@pytest.mark.float64
@pytest.mark.parametrize("name", slow_but(["adam"], ["sgd", "adam", "nadam", "adamax", "lamb"]))
def test_the_derivative_of_two_steps(name):
    """By the number that scales both gradients, against differences."""
    keras.config.set_floatx("float64")
    weights, optimizer = pair(), OPTIMIZERS[name]()
    optimizer.build(weights)
    scale = keras.Variable(1.0, dtype="float64")

    def summed():
        with hypothetical(weights, kept=[]):
            for _ in range(2):
                step(optimizer, [scale * ops.sin(7.0 * scale * w) for w in weights])
            return sum(ops.sum(ops.square(w)) for w in weights)

    (found,), _ = autodiff.gradients(lambda: (summed(), None), [scale])
    values = []
    for by in (1e-6, -1e-6):
        scale.assign(1.0 + by)
        values.append(float(summed()))
    assert abs(float(found)) > 1e-4
    assert float(found) == pytest.approx((values[0] - values[1]) / 2e-6, rel=1e-5)


def test_a_gradient_that_was_never_there_has_a_finite_derivative():
    weights, optimizer = pair(), keras.optimizers.Adam()
    optimizer.build(weights)
    for size in (0.0, 1e-25):  # whose square is 0, too
        scale = keras.Variable(size)

        def summed(scale=scale):
            with hypothetical(weights, kept=[]):
                step(optimizer, [scale * w for w in weights])
                return sum(ops.sum(w) for w in weights), None

        (found,), _ = autodiff.gradients(summed, [scale])
        assert np.isfinite(float(found))


def test_only_what_is_kept_stays():
    kept, other = keras.Variable(1.0), keras.Variable(1.0)
    with hypothetical([], kept=[kept]):
        kept.assign(2.0)
        other.assign(2.0)
    assert (float(kept), float(other)) == (2.0, 1.0)


@pytest.mark.parametrize("condition", [True, False])
def test_a_branch_assigns_in_a_scope(condition):
    """Also in a compiled step, where the value is one of the branch's own graph."""
    v = keras.Variable(1.0)

    def changed():
        v.assign(v + 1.0)
        return ops.convert_to_tensor(v.value) * 2.0

    def both(condition):
        with hypothetical([], kept=[v]):
            chosen = autodiff.when(condition, changed, lambda: ops.zeros(()))
            return chosen + v

    class Once(keras.layers.Layer):
        def call(self, x):
            return x + both(ops.all(x > 0))

    x = keras.ops.full((1,), 1.0 if condition else -1.0)
    layer = Once()
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        result = tf.function(layer)(x)
    else:
        result = layer(x)
    assert float(result[0]) == (7.0 if condition else 0.0)
    assert float(v) == (2.0 if condition else 1.0)


def test_several_optimizers_in_one_are_refused():
    several = object.__new__(keras.optimizers.MultiOptimizer)
    with pytest.raises(ValueError, match="MultiOptimizer consists of several"):
        check_differentiable(several)
