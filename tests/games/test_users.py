"""What users do with a game besides the straight road, each once found broken in review."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gan as kg
from keras_gan.layers import SpectralNormalization
from tests import toys


def make(**options):
    keras.utils.set_random_seed(11)
    return kg.GAN(toys.generator(), toys.discriminator(), seed=7, **options)


@pytest.mark.thorough
def test_an_averaged_generator_generates_under_a_strategy(two_replicas):
    with two_replicas.scope():
        shared = make(average=0.9)
        shared.compile()
    shared.fit(toys.points(64), batch_size=16, verbose=0)
    inside = shared.generate(4, seed=0)
    assert np.isfinite(inside).all()
    assert not np.array_equal(inside, shared.generate(4, seed=0, average=False))


def test_the_average_owns_its_averages_only():
    gan = make(average=0.9)
    assert len(gan.average.weights) == len(gan.generator.weights) + 1


@keras.saving.register_keras_serializable(package="tests")
class Described(kg.GAN):
    """A user's game with an argument of its own."""

    def __init__(self, generator, discriminator, *, strength=1.0, **options):
        super().__init__(generator, discriminator, **options)
        self.strength = strength

    def get_config(self):
        return {**super().get_config(), "strength": self.strength}


def test_a_users_subclass_is_saved_and_loaded(tmp_path):
    Described(toys.generator(), toys.discriminator(), strength=2.0).save(tmp_path / "gan.keras")
    assert kg.load_model(tmp_path / "gan.keras").strength == 2.0


def test_float16_networks_get_a_loss_scale_whatever_the_global_policy(tmp_path):
    keras.config.set_dtype_policy("mixed_float16")
    half = make()
    keras.config.set_dtype_policy("float32")
    half.compile()
    scaled = keras.optimizers.LossScaleOptimizer
    assert isinstance(half.optimizer["generator"], scaled)

    full = make()
    full.compile()
    full.fit(toys.points(64), verbose=0)
    full.save(tmp_path / "gan.keras")
    keras.config.set_dtype_policy("mixed_float16")
    copy = kg.load_model(tmp_path / "gan.keras")
    assert not isinstance(copy.optimizer["generator"], scaled)
    for a, b in zip(full.optimizer.variables, copy.optimizer.variables, strict=True):
        np.testing.assert_array_equal(a, b)


def test_one_learning_rate_for_two_players_is_refused():
    gan = make()
    gan.compile()
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch, rate: 1e-9)
    with pytest.raises(ValueError, match="a game has one per player"):
        gan.fit(toys.points(64), verbose=0, callbacks=[schedule])
    gan.optimizer["generator"].learning_rate = 1e-3
    assert float(gan.optimizer.learning_rate) == pytest.approx(1e-3)


def test_subclassed_networks_are_refused_with_the_remedy():
    @keras.saving.register_keras_serializable(package="tests")
    class Network(keras.Model):
        def __init__(self, **options):
            super().__init__(**options)
            self.dense = layers.Dense(1)

        def call(self, x):
            return self.dense(x)

    network = Network()
    network(np.zeros((1, 2), "float32"))
    with pytest.raises(ValueError, match="wrap it as keras.Model"):
        kg.GAN(toys.generator(), network)
    x = keras.Input((2,))
    kg.GAN(toys.generator(), keras.Model(x, network(x)))


def test_weight_regularizers_are_minimised_and_logged():
    discriminator = keras.Sequential(
        [keras.Input((2,)), layers.Dense(1, kernel_regularizer=keras.regularizers.L2(10.0))]
    )
    gan = kg.GAN(toys.generator(), discriminator, objective="wasserstein", seed=0)
    gan.compile(discriminator_optimizer=keras.optimizers.SGD(0.01))
    kernel = discriminator.layers[0].kernel
    before = kernel.numpy()
    logs = gan.train_on_batch(toys.points(16), return_dict=True)
    expected = 10.0 * np.sum(before**2)
    assert logs["discriminator_regularization"] == pytest.approx(expected, rel=1e-5)
    assert np.sum(kernel.numpy() ** 2) < 0.9 * np.sum(before**2)


@pytest.mark.thorough
def test_a_replica_without_samples_does_not_spoil_the_means(two_replicas):
    with two_replicas.scope():
        gan = kg.GAN(toys.generator(normalized=False), toys.discriminator(), seed=0)
        gan.compile()
    history = gan.fit(toys.points(65), batch_size=64, verbose=0).history
    assert np.isfinite(history["discriminator_loss"]).all()


def test_the_averaged_generator_keeps_its_spectral_norms():
    """The mean of unit vectors is shorter than 1; σ must not shrink with it."""
    keras.utils.set_random_seed(0)
    wrapped = SpectralNormalization(layers.Dense(8, use_bias=False))
    generator = keras.Sequential([keras.Input((3,)), wrapped, layers.Dense(2)])
    gan = kg.GAN(generator, toys.discriminator(), average=0.9, seed=0)
    gan.compile(generator_optimizer=keras.optimizers.SGD(0.5))
    gan.fit(toys.points(512), batch_size=16, verbose=0)
    position = [weight.path for weight in generator.weights].index(wrapped.vectors[0].path)
    gan.average.averages[position].assign(0.5 * gan.average.averages[position])
    with gan.average.applied():
        top = np.linalg.svd(wrapped.normalized_kernels()["kernel"], compute_uv=False)[0]
    assert top == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("n", [-3, 2.5, "3"])
def test_generate_checks_its_count(n):
    with pytest.raises(ValueError, match="n must be a whole number"):
        make().generate(n)


def test_a_frozen_discriminator_is_refused():
    gan = make()
    gan.discriminator.trainable = False
    with pytest.raises(ValueError, match="discriminator has no trainable weights"):
        gan.compile()


def test_a_lambda_as_prior_is_refused():
    with pytest.raises(ValueError, match="must be registered"):
        make(prior=lambda shape, seed: keras.random.normal(shape, seed=seed))


def test_data_of_strange_structure_is_refused_in_one_sentence():
    gan = make()
    gan.compile()
    x = toys.points(64)
    as_dict = tf.data.Dataset.from_tensor_slices({"image": x}).batch(8)
    with pytest.raises(ValueError, match=r"a dict with the keys \['image'\]"):
        gan.fit(as_dict)
    with pytest.raises(ValueError, match="The data is missing"):
        gan.fit()
    with pytest.raises(ValueError, match=r"the name 'digits': pass kg.data.batches\(kg.data.load"):
        gan.fit("digits")
    with pytest.raises(ValueError, match="batch_size must be a whole number of at least 1"):
        gan.fit(x, batch_size=0)
    with pytest.raises(ValueError, match="NaN or infinite"):
        gan.evaluate(np.full((8, 2), np.nan, "float32"))
    odd = kg.GAN(toys.generator(), toys.discriminator(), schedule=2)
    odd.compile()
    with pytest.raises(ValueError, match="A batch of 33"):
        odd.fit(x, None, 33)


def test_a_move_shared_with_another_player_still_gets_a_fresh_minibatch():
    schedule = kg.Schedule([("discriminator",), ("discriminator", "generator")])
    (_, first), (_, second) = schedule.deal(np.arange(8))
    assert not set(first) & set(second)


def test_streams_of_one_seed_differ_by_purpose():
    from keras_gan.parallel.random_numbers import Draws

    plain, noise = Draws(0), Draws(0, "instance noise")
    assert not np.array_equal(plain.normal((4, 2)), noise.normal((4, 2)))
