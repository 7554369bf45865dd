"""ACGAN and ReACGAN: one step of each by hand, what they log, save and refuse."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.objectives.classification import cross_entropy, data_to_data_cross_entropy
from keras_gan.parallel.random_numbers import Draws
from tests import toys
from tests.derivatives import gradients
from tests.recipes.cases import CASES, CLASSES

BOTH = pytest.mark.parametrize("name", ["ACGAN", "ReACGAN"])


def sgd(gan, rate=0.1, **options):
    players = ("generator", "discriminator")
    gan.compile(
        **{f"{p}_optimizer": keras.optimizers.SGD(rate) for p in players},
        run_eagerly=True,
        **options,
    )
    return gan


def descend(network, loss, rate=0.1):
    variables = network.trainable_variables
    for v, g in zip(variables, gradients(loss, variables), strict=True):
        v.assign(v - rate * g)


@BOTH
def test_a_step_is_that_of_the_formulas(name):
    case = CASES[name]
    gan, twin = sgd(case.make(average=None)), case.make(average=None)
    x, y = case.data(12)
    logs = gan.train_on_batch(x, y, return_dict=True)
    G, D, draws = twin.generator, twin.discriminator, Draws(5)
    x, y = ops.convert_to_tensor(x), ops.convert_to_tensor(y)

    def scored(samples):
        score, *said = D(samples, training=True)
        if name == "ACGAN":
            return score, cross_entropy(said[0], y)
        return score, 0.5 * data_to_data_cross_entropy(*said, y, 0.5, 0.98, 0.02)

    def of_discriminator():
        real, said_of_real = scored(x)
        fake, said_of_fake = scored(G([z, y], training=True))
        if name == "ACGAN":
            own = ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))
            return own + said_of_real + said_of_fake
        own = ops.mean(ops.relu(1 - real)) + ops.mean(ops.relu(1 + fake))
        return own + said_of_real  # fakes teach D no class

    def of_generator():
        fake, said = scored(G([z, y], training=True))
        own = ops.softplus(-fake) if name == "ACGAN" else -fake
        return ops.mean(own) + said

    z = draws.normal((12, 3))
    expected = {"discriminator": float(of_discriminator())}
    descend(D, of_discriminator)
    z = draws.normal((12, 3))
    expected["generator"] = float(of_generator())
    descend(G, of_generator)
    terms = {
        "discriminator": ["discriminator_loss", *twin.terms_of_discriminator()],
        "generator": ["generator_loss", "generator_classification_loss"],
    }
    for player, names in terms.items():
        assert sum(logs[each] for each in names) == pytest.approx(expected[player], rel=1e-5)
    for a, b in zip(gan.trainable_variables, twin.trainable_variables, strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=1e-6, err_msg=a.path)


@BOTH
def test_the_slope_of_a_penalty_leaves_the_gradient_of_the_classifier(name):
    """R1 of weight 0 differentiates the scores that the loss has, beside what D says of classes."""
    games = [sgd(CASES[name].make(penalties=p)) for p in ([], [kg.penalties.R1(0.0)])]
    for gan in games:
        gan.train_on_batch(*CASES[name].data(12))
    for a, b in zip(*(gan.trainable_variables for gan in games), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6, err_msg=a.path)


def test_objectives_without_a_threshold_have_no_accuracies_but_those_of_classes():
    gan = sgd(CASES["ACGAN"].make(objective="wasserstein"), diagnostics=True)
    logs = gan.test_on_batch(*CASES["ACGAN"].data(6), return_dict=True)
    assert "real_class_accuracy" in logs
    assert "real_accuracy" not in logs


@BOTH
def test_the_weight_is_that_of_the_classification_alone(name):
    logs = []
    for weight in (0.25, 2.0):
        gan = sgd(CASES[name].make(classification_weight=weight))
        logs.append(gan.test_on_batch(*CASES[name].data(12), return_dict=True))
    for term, value in logs[0].items():
        times = 8.0 if "classification" in term else 1.0
        assert logs[1][term] == pytest.approx(times * value, rel=1e-5), term


@BOTH
def test_accuracies_are_the_shares_of_what_d_says(name):
    gan = sgd(CASES[name].make(), diagnostics=True)
    x, y = CASES[name].data(30)
    logs = gan.test_on_batch(x, y, return_dict=True)
    assert logs["real_class_accuracy"] == pytest.approx(np.mean(gan.classify(x) == y), abs=1e-6)
    assert 0 <= logs["fake_class_accuracy"] <= 1
    assert gan.classify(x).dtype == "int32"


@pytest.mark.thorough
@BOTH
def test_it_learns_the_classes_and_makes_them(name):
    """Three separate blobs: D names them, and ACGAN's samples of a class lie at its own blob.

    ReACGAN's generator settles here with two blobs exchanged: at a blob embeddings hardly vary, so
    that D2D-CE does not move samples to another one.
    """
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    y = rng.integers(0, CLASSES, 1024).astype("int32")
    angles = 2 * np.pi * np.arange(CLASSES) / CLASSES
    centres = 2.0 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    x = (centres[y] + 0.1 * rng.normal(size=(1024, 2))).astype("float32")
    generator = kg.networks.mlp_generator(latent_dim=2, width=32, depth=2, classes=CLASSES)
    head = CASES[name].discriminator
    discriminator = kg.networks.mlp_discriminator(width=32, depth=2, **head)
    gan = CASES[name].recipe(generator, discriminator, seed=1, average=None)
    adam = {f"{p}_optimizer": keras.optimizers.Adam(2e-3, 0.5) for p in gan.schedule.players}
    gan.compile(**adam, steps_per_execution=16)
    gan.fit(x, y, batch_size=64, epochs=20, verbose=0)
    assert np.mean(gan.classify(x) == y) > 0.95
    if name == "ReACGAN":
        return
    samples = gan.generate(300, seed=0)  # of all classes in turn
    nearest = np.linalg.norm(samples[:, None] - centres, axis=-1).argmin(axis=1)
    assert np.mean(nearest == np.arange(300) % CLASSES) > 0.9


@BOTH
def test_a_saved_one_goes_on_to_the_same_bits_with_its_own_settings(name, tmp_path):
    own = {"classification_weight": 0.7}
    own |= {"classify_fakes": False} if name == "ACGAN" else {"temperature": 0.4}
    gan = sgd(CASES[name].make(**own))
    x, y = CASES[name].data(16)
    gan.train_on_batch(x, y)
    gan.save(tmp_path / "gan.keras")
    copy = kg.load_model(tmp_path / "gan.keras")
    assert type(copy) is type(gan)
    assert copy.settings() == gan.settings()
    assert {key: copy.settings()[key] for key in own} == own
    assert copy.classes == CLASSES
    for game in (gan, copy):
        game.train_on_batch(x, y)
    for a, b in zip(gan.variables, copy.variables, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=a.path)


@BOTH
def test_who_asks_the_discriminator_need_not_know_of_its_heads(name):
    gan = sgd(CASES[name].make(objective="non_saturating"))  # whose scores tell log-ratios
    x, y = CASES[name].data(9)
    np.testing.assert_array_equal(gan.discriminate(x), gan.discriminate(x, labels=y))
    np.testing.assert_allclose(gan.discriminate(x), gan.discriminator(x)[0], rtol=1e-5, atol=1e-6)
    assert gan.features(x).shape == (9, 8)
    health = kg.callbacks.Health(every=1, patience=100)
    gan.fit(x, y, verbose=0, callbacks=[health])
    drawn = gan.generate(6, seed=0, sampler=kg.samplers.Langevin(steps=2))
    assert drawn.shape == (6, 2)
    assert kg.Generator.from_gan(gan).generate(3, seed=0, labels=1).shape == (3, 2)
    with pytest.raises(ValueError, match=r"in \[0, 3\)"):
        gan.discriminate(x, labels=3)


def test_fakes_teach_no_class_where_they_are_not_to():
    gan = CASES["ACGAN"].make(classify_fakes=False)
    assert gan.loss_names("discriminator") == ["discriminator_loss", "real_classification_loss"]


def test_the_temperature_and_margins_of_a_game_are_those_of_its_loss():
    own = {"temperature": 0.3, "positive_margin": 0.2, "negative_margin": -0.1}
    x, y = CASES["ReACGAN"].data(12)
    for given in ({}, *({name: value} for name, value in own.items())):
        gan = sgd(CASES["ReACGAN"].make(classification_weight=1.0, **given))
        assert {name: gan.settings()[name] for name in given} == given
        logs = gan.test_on_batch(x, y, return_dict=True)
        said = gan.discriminator(x)[1:]
        expected = data_to_data_cross_entropy(*said, ops.convert_to_tensor(y), **given)
        assert logs["real_classification_loss"] == pytest.approx(float(expected), rel=1e-5)
        if not given:
            plain = float(expected)
        else:
            assert abs(float(expected) - plain) > 1e-3, given


@BOTH
def test_discriminator_steps_are_those_of_the_schedule(name):
    assert CASES[name].make(discriminator_steps=3).schedule == kg.schedules.alternating(3)


@BOTH
def test_only_samples_of_the_games_shape_are_classified(name):
    with pytest.raises(ValueError, match=r"\(2,\)"):
        CASES[name].make().classify(np.zeros((4, 3), "float32"))


def looking_up(rows):
    """A generator of points that looks its labels up in a table of so many rows."""
    z, label = keras.Input((2,)), keras.Input((), dtype="int32")
    return keras.Model([z, label], z * keras.layers.Embedding(rows, 2)(label))


def test_a_generator_may_know_more_classes_than_the_discriminator_says():
    discriminator = CASES["ACGAN"].networks()[1]
    gan = sgd(kg.ACGAN(looking_up(5), discriminator, seed=0))
    x, y = CASES["ACGAN"].data(8)
    with pytest.raises(ValueError, match="received 3"):
        gan.fit(x, y + 1, verbose=0)
    with pytest.raises(ValueError, match="knows 2 classes, the discriminator 3"):
        kg.ACGAN(looking_up(2), discriminator)


def test_images_series_and_volumes_have_the_heads():
    n = kg.networks
    for build, shape in (
        (n.dcgan_discriminator, (8, 8, 1)),
        (n.resnet_discriminator, (8, 8, 1)),
        (n.conv1d_discriminator, (32, 1)),
        (n.conv3d_discriminator, (8, 8, 8, 1)),
        (n.r3gan_discriminator, (8, 12, 1)),
        (n.stylegan2_discriminator, (8, 12, 1)),
        (n.fastgan_discriminator, (8, 12, 1)),
    ):
        given = {"sample_shape": shape, "width": 2, "classes": 4}
        assert build(**given, conditioning="classifier").output_shape == [(None, 1), (None, 4)]
        shapes = build(**given, conditioning="proxies").output_shape
        assert shapes == [(None, 1), (None, 4), (None, 512)]
        assert build(**given).output_shape == (None, 1)


def test_embeddings_are_unit_vectors():
    _, cosines, f = CASES["ReACGAN"].networks()[1](toys.points(5))
    np.testing.assert_allclose(np.linalg.norm(f, axis=1), 1.0, rtol=1e-5)
    assert np.abs(np.array(cosines)).max() <= 1 + 1e-6


def re_acgan(generator, **options):
    discriminator = kg.networks.mlp_discriminator(classes=3, conditioning="proxies")
    return kg.ReACGAN(generator, discriminator, **options)


def scoring(one_class):
    """A discriminator of points with logits of a single class, or of each of two places."""
    x = keras.Input((2,))
    h = keras.layers.Dense(1 if one_class else 6)(x)
    said = h if one_class else keras.layers.Reshape((2, 3))(h)
    return keras.Model(x, [keras.layers.Dense(1)(x), said])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda G, D: kg.ACGAN(kg.networks.mlp_generator(), D),
            r"ACGAN makes samples of classes.*classes=…",
        ),
        (
            lambda G, D: kg.ACGAN(G, kg.networks.mlp_discriminator()),
            r"ACGAN needs a discriminator .* \[scores, class logits\].*conditioning='classifier'",
        ),
        (
            lambda G, D: kg.ACGAN(G, kg.networks.mlp_discriminator(classes=3)),
            "of samples alone",
        ),
        (lambda G, D: kg.ReACGAN(G, D), "conditioning='proxies'"),
        (
            lambda G, D: kg.ACGAN(kg.networks.mlp_generator(classes=4), D),
            "knows 4 classes, the discriminator 3",
        ),
        (lambda G, D: kg.ACGAN(G, D, classification_weight=-1), "classification_weight"),
        (
            lambda G, D: kg.ACGAN(G, D, packing=2),
            "ACGAN takes no packing, since its discriminator says the class of each sample",
        ),
        (
            lambda G, D: kg.ACGAN(G, D, objective=kg.objectives.FeatureMatching()),
            "ACGAN hands scores alone",
        ),
        (lambda G, D: re_acgan(G, temperature=0), "temperature"),
        (
            lambda G, D: kg.networks.mlp_discriminator(conditioning="classifier"),
            "pass classes=…",
        ),
        (
            lambda G, D: kg.networks.mlp_discriminator(
                classes=3, conditioning="classifier", features=True
            ),
            "leave features out",
        ),
        (
            lambda G, D: kg.networks.mlp_discriminator(classes=3, conditioning="clasifier"),
            "did you mean 'classifier'",
        ),
        (
            lambda G, D: kg.networks.mlp_discriminator(condition_dim=2, conditioning="classifier"),
            "pass classes=…, the number of them, and no condition_dim",
        ),
        (
            lambda G, D: kg.ACGAN(G, scoring(one_class=True)),
            r"returns \[scores, class logits\]",
        ),
        (
            lambda G, D: kg.ACGAN(G, scoring(one_class=False)),
            r"returns \[scores, class logits\]",
        ),
        *(
            (lambda G, D, name=name, value=value: re_acgan(G, **{name: value}), f"{name} must be")
            for name in ("positive_margin", "negative_margin")
            for value in (-1.1, 1.1, "wide")
        ),
        (lambda G, D: re_acgan(G, classification_weight=-0.1), "classification_weight must be"),
        (lambda G, D: re_acgan(G, discriminator_steps=0), "discriminator_steps must be"),
        (lambda G, D: kg.GAN(G, D), "generator takes labels but the discriminator does not"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(make, message):
    with pytest.raises(ValueError, match=message):
        make(*CASES["ACGAN"].networks())


@BOTH
def test_data_without_labels_are_refused_before_the_first_step(name):
    gan = sgd(CASES[name].make())
    x, y = CASES[name].data(8)
    with pytest.raises(ValueError, match=r"pairs of arrays \(samples, labels\)"):
        gan.fit(x, verbose=0)
    with pytest.raises(ValueError, match="received 3"):
        gan.fit(x, y + 1, verbose=0)
