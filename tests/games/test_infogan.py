"""InfoGAN: its bound of the mutual information, one step by hand, codes given and read."""

import keras
import numpy as np
import pytest
import scipy.stats
from keras import layers, ops
from numpy.testing import assert_allclose, assert_array_equal

import keras_gan as kg
from keras_gan.distributions import Coded
from keras_gan.games.infogan.posterior import LEAST, Posterior
from keras_gan.parallel.random_numbers import Draws
from tests import toys
from tests.derivatives import gradients
from tests.games.cases import GAMES

CODES = {"side": 2, "place": "uniform", "cluster": 3}
NOISE, LATENT = 2, 8


def make(recognition=None, seed=7, **options):
    keras.utils.set_random_seed(3)
    networks = toys.generator(LATENT, normalized=False), toys.discriminator()
    if recognition is not None:
        recognition = keras.Sequential([keras.Input((16,)), layers.Dense(recognition)])
    return kg.InfoGAN(*networks, recognition, **{"codes": CODES, "seed": seed, **options})


def sgd(game, rate=0.1, **options):
    both = [keras.optimizers.SGD(rate) for _ in range(2)]
    game.compile(generator_optimizer=both[0], discriminator_optimizer=both[1], **options)
    return game


def information(parameters, z, prior=None, variance="learned"):
    posterior = Posterior(prior or Coded(CODES), variance)
    found = posterior.information(ops.convert_to_tensor(parameters, "float32"), z)
    return {name: float(each) for name, each in found.items()}


@pytest.mark.parametrize("variance", ["learned", "unit"])
def test_the_bound_is_that_of_numpy(variance, rng):
    prior = Coded(CODES)
    z = ops.convert_to_numpy(prior.sample((50, LATENT), seed=0))
    columns = 7 if variance == "learned" else 6
    p = rng.normal(size=(50, columns)).astype("float32")
    sides, place, clusters = (
        z[:, 2:4].argmax(axis=1),
        z[:, 4],
        z[:, 5:8].argmax(axis=1),
    )
    rows, last = np.arange(50), p[:, -3:]
    scale = LEAST + np.exp(p[:, 3]) if variance == "learned" else 1.0
    expected = {
        "side": np.log(2) + np.log(scipy.special.softmax(p[:, :2], axis=1)[rows, sides]).mean(),
        "place": np.log(2) + scipy.stats.norm(p[:, 2], scale).logpdf(place).mean(),
        "cluster": np.log(3) + np.log(scipy.special.softmax(last, axis=1)[rows, clusters]).mean(),
    }
    found = information(p, z, prior, variance)
    assert found == pytest.approx(expected, rel=1e-5, abs=1e-6)


def joint(counts):
    """Latent vectors and x of a table (classes, values of x) of how often both come together."""
    c, x = (each.repeat(counts.ravel()) for each in np.indices(counts.shape).reshape(2, -1))
    return np.eye(len(counts), dtype="float32")[c], x


def test_the_bound_meets_the_mutual_information_at_the_best_q(rng):
    counts = np.array([[4, 2, 0, 2], [1, 1, 5, 1], [0, 3, 3, 2]])  # of three equally likely classes
    z, x = joint(counts)
    p = counts / counts.sum()
    known = np.nansum(
        np.where(p, p * np.log(np.maximum(p, 1e-30) / np.outer(p.sum(1), p.sum(0))), 0)
    )
    with np.errstate(divide="ignore"):
        best = np.maximum(np.log(p / p.sum(axis=0)).T, -60.0)
    prior = Coded({"cluster": 3})
    assert information(best[x], z, prior)["cluster"] == pytest.approx(known, abs=1e-6)
    assert 0.1 < known < np.log(3)
    for _ in range(20):
        other = information((best + rng.normal(size=best.shape))[x], z, prior)["cluster"]
        assert other < known - 1e-4


def test_the_bound_is_the_entropy_where_q_is_perfect_and_less_otherwise(rng):
    z, x = joint(5 * np.eye(3, dtype=int))
    prior = Coded({"cluster": 3})
    perfect = 40.0 * np.eye(3)[x]
    assert information(perfect, z, prior)["cluster"] == pytest.approx(np.log(3), abs=1e-6)
    assert information(np.zeros((15, 3)), z, prior)["cluster"] == pytest.approx(0, abs=1e-6)
    for _ in range(20):
        found = information(rng.normal(size=(15, 3)), z, prior)["cluster"]
        assert found < np.log(3) - 1e-3


def test_the_bound_of_a_number_of_which_the_sign_is_seen():
    """I(c; sign c) = log 2; the best Gaussians N(±½, 1/12) know log 2 − ½ log(2πe/12) of it."""
    c = (np.arange(4000) + 0.5) / 2000 - 1
    q = np.stack([0.5 * np.sign(c), np.full(4000, np.log(12**-0.5 - LEAST))], axis=1)
    found = information(q, c[:, None].astype("float32"), Coded({"place": "uniform"}))["place"]
    assert found == pytest.approx(np.log(2) - 0.5 * np.log(2 * np.pi * np.e / 12), abs=1e-4)


def body_of(discriminator):
    return keras.Model(discriminator.inputs[0], discriminator.layers[-1].input)


def by_hand(game, body, x, z, player):
    """The loss of a player, written down again."""
    fake = game.generator(z, training=True)
    h = body(fake)
    score, q = game.discriminator.layers[-1](h), game.recognition(h)
    terms = {
        "side": ops.sum(z[:, 2:4] * ops.log_softmax(q[:, :2]), axis=1) + np.log(2),
        "place": np.log(2)
        - 0.5 * ((z[:, 4] - q[:, 2]) / (LEAST + ops.exp(q[:, 3]))) ** 2
        - ops.log(LEAST + ops.exp(q[:, 3]))
        - 0.5 * np.log(2 * np.pi),
        "cluster": ops.sum(z[:, 5:] * ops.log_softmax(q[:, 4:]), axis=1) + np.log(3),
    }
    found = {name: ops.mean(each) for name, each in terms.items()}
    told = 0.7 * (found["side"] + found["cluster"]) + 0.2 * found["place"]
    if player == "generator":
        return ops.mean(ops.softplus(-score)) - told
    real = game.discriminator(x)
    return ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(score)) - told


def test_a_step_is_the_algorithm_of_the_paper():
    """D and Q move together, then G, which sees both as they have become."""
    options = {"categorical_weight": 0.7, "continuous_weight": 0.2}
    game, twin = sgd(make(recognition=7, **options)), make(recognition=7, **options)
    x = toys.points(8)
    logs = game.train_on_batch(x, return_dict=True)
    draws, body = Draws(7), body_of(twin.discriminator)
    for player, networks in (
        ("discriminator", [twin.discriminator, twin.recognition]),
        ("generator", [twin.generator]),
    ):
        z = draws.draw(twin.prior, (8, LATENT))
        if player == "discriminator":
            read = twin.posterior.information(twin.recognition(body(twin.generator(z))), z)
        variables = [v for network in networks for v in network.trainable_variables]
        slopes = gradients(lambda p=player, z=z: by_hand(twin, body, x, z, p), variables)
        for v, g in zip(variables, slopes, strict=True):
            v.assign(v - 0.1 * g)
    for a, b in zip(game.get_weights(), twin.get_weights(), strict=True):
        assert_allclose(a, b, rtol=1e-5, atol=1e-6)
    for name, each in read.items():
        assert logs[f"mutual_information_{name}"] == pytest.approx(float(each), rel=1e-5, abs=1e-6)
    told = 0.7 * (read["side"] + read["cluster"]) + 0.2 * read["place"]
    assert logs["information_loss"] == pytest.approx(-float(told), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("penalties", [(), (kg.penalties.R1(1.0),)], ids=["plain", "R1"])
def test_without_weight_it_is_the_gan_to_the_bit(penalties):
    off = {"categorical_weight": 0.0, "continuous_weight": 0.0, "penalties": penalties}
    game = sgd(make(**off), jit_compile=False)
    networks = toys.generator(LATENT, normalized=False), toys.discriminator()
    gan = kg.GAN(*networks, prior=Coded(CODES), penalties=penalties, seed=7)
    for mine, other in ((gan.generator, game.generator), (gan.discriminator, game.discriminator)):
        mine.set_weights(other.get_weights())
    sgd(gan, jit_compile=False)
    kept = game.recognition.get_weights()[0]
    for each in (game, gan):
        each.fit(toys.points(32), batch_size=8, shuffle=False, verbose=0)
    for mine, other in ((gan.generator, game.generator), (gan.discriminator, game.discriminator)):
        for a, b in zip(mine.get_weights(), other.get_weights(), strict=True):
            assert_array_equal(a, b)
    assert_array_equal(kept, game.recognition.get_weights()[0])


def test_a_seed_fixes_all_but_the_given_code():
    game = make()
    z = game.latents(5, seed=1)
    chosen = game.latents(5, seed=1, codes={"cluster": [0, 1, 2, 0, 1]})
    assert_array_equal(chosen[:, :5], z[:, :5])
    assert_array_equal(chosen[:, 5:].argmax(axis=1), [0, 1, 2, 0, 1])
    made = game.generate(5, seed=1, codes={"cluster": [0, 1, 2, 0, 1]})
    assert_array_equal(made, game.samples_of(chosen))
    again = game.generate(5, seed=1, codes={"cluster": z[:, 5:].argmax(axis=1)})
    assert_array_equal(again, game.generate(5, seed=1))


def test_a_row_of_a_traversal_varies_one_code_alone():
    game = make()
    rows = game.traverse("cluster", n=4, seed=2, codes={"place": 0.25})
    assert rows.shape == (4, 3, 2)
    z = game.latents(4, seed=2, codes={"place": 0.25})
    for value in range(3):
        made = game.samples_of(game.prior.placed(z, {"cluster": value}))
        assert_allclose(rows[:, value], made, rtol=1e-5, atol=1e-6)
    assert game.traverse("place", n=2, seed=0).shape == (2, 10, 2)
    assert game.traverse("place", [-2.0, 2.0], n=2, seed=0).shape == (2, 2, 2)


def test_codes_are_read_by_the_body_of_the_discriminator():
    game = make(recognition=7)
    x = toys.points(20)
    h = body_of(game.discriminator)(x)
    q = ops.convert_to_numpy(game.recognition(h))
    found = game.infer(x, batch_size=8)
    assert found["side"].dtype == found["cluster"].dtype == "int32"
    assert_array_equal(found["side"], q[:, :2].argmax(axis=1))
    assert_array_equal(found["cluster"], q[:, 4:].argmax(axis=1))
    assert_allclose(found["place"], q[:, 2], rtol=1e-5, atol=1e-6)
    game.generate(20, codes=found)


def test_codes_on_the_way_go_straight_and_projections_have_whole_categories():
    game = make()
    z0, z1 = game.latents(2, seed=0)
    way = game.between(z0, z1, np.array([0.0, 0.5, 1.0]))
    assert_allclose(way[:, NOISE:], [z0[NOISE:], (z0 + z1)[NOISE:] / 2, z1[NOISE:]], atol=1e-6)
    z = game.project(game.generate(2, seed=3), steps=3, starts=2)
    assert np.isfinite(game.prior.log_prob(z)).all()


@pytest.mark.thorough
def test_a_code_is_learnt_where_samples_have_clusters():
    """Of a ring of three clusters the categories become the clusters, almost up to H(c)."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 1024)
    angles = 2 * np.pi * labels / 3
    x = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1) + 0.1 * rng.normal(size=(1024, 2))
    keras.utils.set_random_seed(1)
    sizes = {"width": 32, "depth": 2}
    game = kg.InfoGAN(
        kg.networks.mlp_generator(latent_dim=7, **sizes),
        kg.networks.mlp_discriminator(**sizes),
        codes={"cluster": 3},
        seed=0,
    )
    game.compile(steps_per_execution=16)
    history = game.fit(x.astype("float32"), batch_size=64, epochs=40, verbose=0).history
    told = history["mutual_information_cluster"]
    assert told[0] < 0.9 < told[-1] <= np.log(3) + 1e-4
    read = game.infer(x)["cluster"]
    table = np.array([[np.mean(read[labels == i] == k) for k in range(3)] for i in range(3)])
    assert (table.max(axis=0) > 0.9).all()
    assert len(set(table.argmax(axis=0))) == 3


@pytest.mark.thorough
def test_labels_features_packs_of_options_and_files(tmp_path):
    """With labels, a discriminator that returns features, penalties that move both, top-k."""
    sizes = {"width": 8, "depth": 1, "classes": 3}
    game = kg.InfoGAN(
        kg.networks.mlp_generator(latent_dim=4, **sizes),
        kg.networks.mlp_discriminator(features=True, **sizes),
        codes=[("side", 2)],
        variance="unit",
        objective="hinge",
        penalties=[kg.penalties.ZCR()],
        augment=[kg.layers.GaussianNoise(0.1, seed=1)],
        top_k=0.5,
        prior="uniform",
        seed=0,
    )
    game.compile()
    x, labels = GAMES["labels"].data(16)
    history = game.fit(x, labels, batch_size=8, verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    game.save(tmp_path / "game.keras")
    again = kg.load_model(tmp_path / "game.keras")
    assert again.settings() == game.settings()
    given = {"labels": labels[:4]}
    assert_array_equal(again.infer(x[:4], **given)["side"], game.infer(x[:4], **given)["side"])
    assert_array_equal(
        again.generate(4, seed=0, codes={"side": 1}, labels=1),
        game.generate(4, seed=0, codes={"side": 1}, labels=1),
    )
    preset = kg.Generator.from_gan(game)
    assert_allclose(preset.generate(3, seed=0), game.generate(3, seed=0), rtol=1e-5, atol=1e-6)


def own(*shapes):
    return keras.Sequential([keras.Input(shapes[:-1]), layers.Dense(shapes[-1])])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"codes": {"digit": 10}}, "take 10 components of z.*the generator takes 8: build it with"),
        ({"codes": {"side": 1}}, "code 'side' must be the number of its classes"),
        ({"codes": None}, "codes must be a dict of at least one"),
        ({"recognition": 5}, "must return the 7 parameters of Q.*layers.Dense.7."),
        ({"variance": "fixed"}, "Unknown variance 'fixed'.*Known: 'learned', 'unit'"),
        ({"categorical_weight": -1}, "categorical_weight must be .*at least 0.*-1"),
        ({"continuous_weight": "a"}, "continuous_weight must be a number.*'a'"),
        ({"packing": 2}, "InfoGAN takes no packing"),
        ({"prior": "normel"}, "Unknown prior 'normel': did you mean 'normal'"),
    ],
    ids=str,
)
def test_bad_options_are_refused_in_one_sentence(options, message):
    with pytest.raises(ValueError, match=message):
        make(**options)


def test_a_recognition_network_of_other_features_is_refused():
    networks = toys.generator(LATENT), toys.discriminator()
    with pytest.raises(
        ValueError, match=r"what the discriminator's last layer sees, shape \(16,\)"
    ):
        kg.InfoGAN(*networks, own(2, 7), codes=CODES)
    with pytest.raises(ValueError, match="recognition network must be a built keras.Model"):
        kg.InfoGAN(*networks, layers.Dense(7), codes=CODES)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda g: g.generate(2, codes={"clutser": 1}), "Unknown code 'clutser': did you mean"),
        (lambda g: g.generate(2, codes={"cluster": 3}), "takes whole numbers from 0 to 2"),
        (
            lambda g: g.generate(2, codes={"side": 0}, sampler=kg.samplers.Rejection()),
            "received codes, too: leave one of them out",
        ),
        (lambda g: g.generate(2, sampler=kg.samplers.Langevin()), "use kg.samplers.Rejection"),
        (lambda g: g.traverse("noise"), "Unknown code 'noise'"),
        (lambda g: g.infer(np.zeros((2, 3))), "shape"),
    ],
)
def test_bad_calls_are_refused_in_one_sentence(call, message):
    with pytest.raises(ValueError, match=message):
        call(make())
