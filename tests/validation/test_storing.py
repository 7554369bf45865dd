"""A game that could not be loaded from its own file is refused when it is made."""

import functools

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from tests import toys

SERIALIZABLE = keras.saving.register_keras_serializable(package="tests")


def judged(*between, end=None):
    return keras.Sequential([keras.Input((2,)), *between, end or layers.Dense(1)])


def game(*between, **options):
    return kg.GAN(toys.generator(), judged(*between), seed=0, **options)


class Doubled(layers.Layer):
    def call(self, x):
        return 2 * x


def doubled(x):
    return 2 * x


@SERIALIZABLE
def tripled(x):
    return 3 * x


@SERIALIZABLE
def root(x):
    return ops.sqrt(x)


def relu(x):
    return 3 * x


@SERIALIZABLE
class Scores(layers.Layer):
    """A layer that can be made again."""

    def __init__(self, units=1, **options):
        super().__init__(**options)
        self.units = units

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], self.units))

    def call(self, x):
        return x @ self.w

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@SERIALIZABLE
class Forgetful(Scores):
    """One that forgets its argument."""

    def get_config(self):
        return layers.Layer.get_config(self)


@SERIALIZABLE
class Demanding(Forgetful):
    """One that cannot be made without."""

    def __init__(self, units, **options):
        super().__init__(units, **options)


@SERIALIZABLE
class Scaling(layers.Layer):
    """One that forgets an argument which no weight shows."""

    def __init__(self, factor=1.0, **options):
        super().__init__(**options)
        self.factor = factor

    def call(self, x):
        return self.factor * x

    def get_config(self):  # or else Keras remembers plain arguments by itself
        return super().get_config()


@SERIALIZABLE
class Sharp(kg.objectives.Hinge):
    """One that forgets an argument."""

    def __init__(self, margin=1.0, **options):
        super().__init__(**options)
        self.margin = margin


@SERIALIZABLE
class Slow(kg.penalties.R1):
    """Another one."""

    def __init__(self, weight, patience=2, **options):
        super().__init__(weight, **options)
        self.patience = patience


class Initializer(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None):
        return ops.ones(shape, dtype)


class Network(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(1)

    def call(self, x):
        return self.dense(x)


class Objective(kg.objectives.NonSaturating):
    pass


class Divergence(kg.objectives.divergences.KL):
    pass


class Penalty(kg.penalties.R1):
    pass


class Constraint(keras.constraints.Constraint):
    def __call__(self, weight):
        return ops.clip(weight, -1, 1)


class Schedule(kg.Schedule):
    pass


class Likelihood(kg.likelihoods.Gaussian):
    pass


class Mine(kg.GAN):
    pass


class Optimizer(keras.optimizers.SGD):
    pass


def subclassed():
    x = keras.Input((2,))
    return kg.GAN(toys.generator(), keras.Model(x, Network()(x)))


def avb():
    return kg.AVB(
        kg.networks.mlp_generator(data_dim=4, latent_dim=2, width=4),
        kg.networks.avb_encoder(data_dim=4, latent_dim=2, noise_dim=3, width=4),
        kg.networks.avb_discriminator(data_dim=4, latent_dim=2, width=4),
        likelihood=Likelihood(),
    )


UNREGISTERED = {
    "layer": (lambda: game(Doubled()), "class 'Doubled' of the discriminator"),
    "activation": (lambda: game(layers.Dense(2, doubled)), "function 'doubled' of the discr"),
    "in a Lambda": (lambda: game(layers.Lambda(doubled)), "function 'doubled'"),
    "wrapped": (
        lambda: game(kg.layers.SpectralNormalization(layers.Dense(2, doubled))),
        "function 'doubled'",
    ),
    "name of Keras's": (lambda: game(layers.Dense(2, relu)), "your own activation 'relu'"),
    "initializer": (
        lambda: game(layers.Dense(2, kernel_initializer=Initializer())),
        "class 'Initializer'",
    ),
    "network": (subclassed, "class 'Network'"),
    "objective": (lambda: game(objective=Objective()), "class 'Objective' of the objective"),
    "divergence": (
        lambda: game(objective=kg.objectives.Variational(Divergence())),
        "class 'Divergence' of the objective",
    ),
    "penalty": (lambda: game(penalties=[Penalty(1.0)]), "class 'Penalty'"),
    "constraint": (lambda: game(constraint=Constraint()), "class 'Constraint'"),
    "schedule": (
        lambda: game(schedule=Schedule([("discriminator",), ("generator",)])),
        "class 'Schedule'",
    ),
    "likelihood": (avb, "class 'Likelihood'"),
    "game": (lambda: Mine(toys.generator(), toys.discriminator()), "class Mine is not registered"),
    "optimizer": (
        lambda: game().compile(generator_optimizer=Optimizer()),
        "class 'Optimizer' of the generator_optimizer",
    ),
}


@pytest.mark.parametrize("what", UNREGISTERED)
def test_what_is_not_registered_is_refused_with_the_remedy(what):
    build, named = UNREGISTERED[what]
    with pytest.raises(ValueError, match=named) as error:
        build()
    assert "@keras.saving.register_keras_serializable()" in str(error.value)
    assert len(str(error.value)) < 400


def test_within_a_scope_of_custom_objects_they_count_as_registered():
    with keras.saving.custom_object_scope({"Doubled": Doubled}):
        assert game(Doubled()).built


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (
            lambda: Forgetful(4),
            r"shapes \[\(2, 1\)\] instead of \[\(2, 4\)\].*get_config",
        ),
        (lambda: Demanding(4), "cannot be rebuilt.*'units'.*get_config"),
        (
            lambda: Scaling(3.0),
            "the Scaling in it, .* has factor=1.0 instead of 3.0: .* 'factor' too",
        ),
        (lambda: layers.Dense(2, activation=lambda x: 2 * x), "contains a Python lambda"),
    ],
)
def test_a_layer_that_cannot_be_made_again_is_refused(layer, message):
    with pytest.raises(ValueError, match=message):
        game(layer())


def test_an_argument_that_loading_would_forget_is_named():
    with pytest.raises(ValueError, match=r"The objective could .* the Sharp .* margin=1.0 instead"):
        game(objective=Sharp(margin=2.0))
    with pytest.raises(ValueError, match="The penalties .* the Slow in it, .* patience=2 instead"):
        game(penalties=[Slow(1.0), Slow(1.0, patience=3)])
    assert game(Scaling(1.0), objective=Sharp(), penalties=[Slow(0.5)]).built  # nothing is lost


def flipped(real_scores, fake_scores):
    return ops.mean(fake_scores - real_scores)


@pytest.mark.parametrize("given", [flipped, keras.losses.BinaryCrossentropy()])
def test_a_function_as_objective_is_answered_with_how_to_write_one(given):
    with pytest.raises(ValueError, match=r"class Mine\(kg.objectives.Objective\)") as caught:
        game(objective=given)
    message = str(caught.value)
    for needed in ("real_term", "generator_term", "register_keras_serializable()", "Mine()."):
        assert needed in message
    assert len(message) < 500
    assert "'flipped'" in message or given is not flipped


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"objective": kg.objectives.Hinge}, r"Pass an objective, Hinge\(…\), not its class"),
        ({"penalties": kg.penalties.R1}, r"Pass a penalty, R1\(…\), not its class"),
        ({"penalties": flipped}, r"flipped' is a function: write a class Mine\(kg.penalties"),
        ({"penalties": [flipped]}, r"value\(self, discriminator, points\), decorate it with"),
    ],
)
def test_classes_and_functions_in_the_place_of_objects_are_answered(options, said):
    with pytest.raises(ValueError, match=said):
        game(**options)


def test_a_function_as_divergence_is_answered_with_how_to_write_one():
    with pytest.raises(ValueError, match=r"an activation, and .*function: subclass kg.objectives"):
        kg.objectives.Variational(doubled)


def test_an_activation_without_a_name_is_refused_with_a_function_as_the_remedy():
    partial = functools.partial(keras.activations.leaky_relu, negative_slope=0.1)
    with pytest.raises(ValueError, match=r"serializable\): use a function instead, .*@keras"):
        game(layers.Dense(2, activation=partial))


def test_a_registered_activation_may_be_undefined_somewhere():
    assert game(layers.Dense(2, activation=root)).built


def test_a_lambda_layer_is_warned_of_since_keras_may_be_told_to_load_it():
    with pytest.warns(UserWarning, match=r"'double' of the discriminator contains a Python lambda"):
        game(layers.Lambda(lambda x: 2 * x, name="double"))


def test_what_is_registered_is_loaded_with_its_weights(tmp_path):
    gan = game(Scores(4), layers.Dense(2, activation=tripled), layers.Lambda(tripled))
    gan.compile()
    gan.save(tmp_path / "gan.keras")
    loaded = kg.load_model(tmp_path / "gan.keras")
    for one, other in zip(gan.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_making_a_game_of_ones_own_layers_changes_no_random_numbers():
    networks, drawn = (toys.generator(), judged(Scores(4))), []
    for make in (lambda: None, lambda: kg.GAN(*networks, seed=0)):
        keras.utils.set_random_seed(5)
        make()
        drawn.append(np.array(keras.initializers.GlorotUniform()((2, 3))))
    np.testing.assert_array_equal(*drawn)


def sharing(layer, roles):
    """Networks of points of the plane, of which those of some roles share a layer."""

    def network(role, inputs=1, units=2):
        tensors = [keras.Input((2,)) for _ in range(inputs)]
        h = layers.Concatenate()(tensors) if inputs > 1 else tensors[0]
        h = layers.Dense(2)(h)
        h = layer(h) if role in roles else layers.Dense(2)(h)
        return keras.Model(tensors if inputs > 1 else tensors[0], layers.Dense(units)(h))

    return network


@pytest.mark.parametrize(
    "layer",
    [
        lambda: layers.Dense(2),
        lambda: layers.Dropout(0.5),
        lambda: layers.Dense(2, trainable=False),
    ],
)
def test_networks_that_share_weights_or_random_states_are_refused(layer):
    network = sharing(layer(), ("generator", "discriminator"))
    with pytest.raises(ValueError, match=r"generator and the discriminator share the layer '\w+'"):
        kg.GAN(network("generator"), network("discriminator", units=1))
    network = sharing(layer(), ("generator", "encoder"))
    with pytest.raises(ValueError, match="generator and the encoder share the layer"):
        kg.BiGAN(network("generator"), network("encoder"), network("discriminator", 2, 1))
    network = sharing(layer(), ("encoder", "discriminator"))
    with pytest.raises(ValueError, match="encoder and the discriminator share the layer"):
        kg.AVB(network("generator"), network("encoder", 2), network("discriminator", 2, 1))


def test_translators_that_share_a_layer_are_refused():
    from tests.games.translators import discriminator

    shared = layers.Conv2D(2, 3, padding="same")

    def generator():
        x = keras.Input((4, 4, 1))
        return keras.Model(x, layers.Conv2D(1, 3, padding="same")(shared(x)))

    with pytest.raises(ValueError, match="generator_xy and the generator_yx share the layer"):
        kg.CycleGAN(generator(), generator(), discriminator(), discriminator())


def test_networks_may_share_a_layer_without_weights(tmp_path):
    network = sharing(layers.LeakyReLU(0.2), ("generator", "discriminator"))
    gan = kg.GAN(network("generator"), network("discriminator", units=1), seed=0)
    gan.save(tmp_path / "gan.keras")
    np.testing.assert_array_equal(
        kg.load_model(tmp_path / "gan.keras").generate(3, seed=0), gan.generate(3, seed=0)
    )
