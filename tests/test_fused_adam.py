"""Adam in one kernel per weight takes the steps of Keras's own."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan.training.fused_adam import fuse

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="a kernel of TensorFlow"
)

SHAPES = ((3, 4), (4,), ())


def schedule():
    return keras.optimizers.schedules.ExponentialDecay(1e-2, 2, 0.5)


OPTIMIZERS = {
    "plain": lambda: keras.optimizers.Adam(1e-2),
    "without a first moment": lambda: keras.optimizers.Adam(1e-2, beta_1=0.0, beta_2=0.9),
    "schedule": lambda: keras.optimizers.Adam(schedule(), epsilon=1e-3),
    "clipped": lambda: keras.optimizers.Adam(1e-2, global_clipnorm=0.5, weight_decay=0.1),
    "AdamW": lambda: keras.optimizers.AdamW(1e-2, clipvalue=0.3, use_ema=True),
    "accumulated": lambda: keras.optimizers.Adam(1e-2, gradient_accumulation_steps=2),
    "loss scale": lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(1e-2)),
}


def after(optimizer, fused: bool, steps: int = 5) -> list[np.ndarray]:
    """Weights and slots after some steps in a graph."""
    rng = np.random.default_rng(0)
    variables = [keras.Variable(rng.normal(size=shape), dtype="float32") for shape in SHAPES]
    optimizer.build(variables)
    if fused:
        fuse(getattr(optimizer, "inner_optimizer", optimizer))

    @tf.function
    def step(gradients):
        optimizer.apply(gradients, variables)

    for _ in range(steps):
        step([tf.constant(rng.normal(size=shape), "float32") for shape in SHAPES])
    return [np.array(v) for v in [*variables, *optimizer.variables]]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_weights_and_moments_are_those_of_keras(name):
    fused, plain = after(OPTIMIZERS[name](), True), after(OPTIMIZERS[name](), False)
    for one, other in zip(fused, plain, strict=True):
        np.testing.assert_allclose(one, other, rtol=6e-5, atol=1e-6)


def operations(optimizer) -> set[str]:
    """The kinds of operations of a step."""
    variables = [keras.Variable(np.ones(3, "float32"))]
    optimizer.build(variables)
    fuse(optimizer)
    step = tf.function(lambda gradient: optimizer.apply([gradient], variables))
    graph = step.get_concrete_function(tf.ones(3)).graph
    return {operation.type for operation in graph.get_operations()}


class Halved(keras.optimizers.Adam):
    """A user's own update."""

    def update_step(self, gradient, variable, learning_rate):
        super().update_step(gradient / 2, variable, learning_rate)


def test_an_adam_has_its_kernel_and_other_updates_stay():
    assert "ResourceApplyAdam" in operations(keras.optimizers.Adam())
    for other in (keras.optimizers.Adam(amsgrad=True), keras.optimizers.SGD(), Halved()):
        assert "ResourceApplyAdam" not in operations(other)


def test_a_step_outside_of_a_graph_moves_on():
    optimizer = keras.optimizers.Adam(0.1)
    variable = keras.Variable(np.ones(2, "float32"))
    optimizer.build([variable])
    fuse(optimizer)
    for count in (1, 2):
        optimizer.apply([tf.ones(2)], [variable])
        assert int(optimizer.iterations) == count
        np.testing.assert_allclose(variable, np.full(2, 1 - 0.1 * count), rtol=1e-5)


def test_replicas_update_each_its_copy():
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    with strategy.scope():
        variable = keras.Variable(np.ones(2, "float32"))
        optimizer = keras.optimizers.Adam(0.1)
        optimizer.build([variable])
    fuse(optimizer)
    gradient = tf.constant([1.0, -1.0])

    @tf.function
    def step():
        strategy.run(lambda: optimizer.apply([gradient], [variable]))

    step()
    step()
    for copy in strategy.experimental_local_results(variable.value):
        np.testing.assert_allclose(copy, [0.8, 1.2], rtol=1e-5)
