"""Rejection sampling on games whose density ratio is known."""

import numpy as np
import pytest
import scipy.stats

import keras_gan as kg
from keras_gan.samplers import Rejection
from keras_gan.samplers.rejection import acceptance
from tests import toys
from tests.samplers import plane


def test_samples_come_closer_to_the_data_by_kl():
    game = plane.mixture_game()
    plain = game.generate(1500, seed=1)
    found = game.generate(1500, seed=1, sampler=Rejection())
    before, after = plane.kl_to_data(plain), plane.kl_to_data(found)
    exact = plane.kl_to_data(plane.data(1500))  # of finitely many samples
    assert before > 0.5
    assert after < exact + 0.03


@pytest.mark.parametrize("deviation", [0.5, 0.8])
def test_one_of_m_proposals_is_accepted_and_has_the_data_s_density(deviation):
    """r(x) = σ⁻² exp(½|x|² (1 − σ⁻²)) has its maximum M = σ⁻² at 0."""
    game = plane.gaussian_game(deviation=deviation)
    drawn = Rejection(burn_in=5000).draw(game, 1500, seed=0)
    rate = deviation**2
    error = np.sqrt(rate * (1 - rate) / drawn.proposals)
    assert abs(drawn.acceptance_rate - rate) < 4 * error + 0.01
    known = scipy.stats.norm(0, deviation)
    assert scipy.stats.kstest(drawn.samples.ravel(), known.cdf).pvalue > 1e-3
    np.testing.assert_allclose(drawn.samples, game.samples_of(drawn.z), atol=1e-6)


def test_acceptance_is_the_ratio_over_its_bound_and_the_logistic_of_the_paper():
    log_ratios = np.linspace(-6, 2, 9)
    np.testing.assert_allclose(acceptance(log_ratios, 2.0), np.exp(log_ratios - 2.0), rtol=1e-12)
    for shift in (-2.0, 0.5):
        below = log_ratios[:-1]
        logits = below - 2.0 - np.log(1 - np.exp(below - 2.0)) - shift
        expected = [*1 / (1 + np.exp(-logits)), 1.0]
        np.testing.assert_allclose(acceptance(log_ratios, 2.0, shift), expected, rtol=1e-9)
    assert acceptance(np.array([5.0]), 2.0).tolist() == [1.0]  # above the bound
    assert acceptance(np.array([-2000.0]), 2.0).tolist() == [0.0]


def test_a_percentile_accepts_more_and_lies_between():
    game = plane.mixture_game()
    exact, more = (Rejection(percentile=p).draw(game, 800, seed=0) for p in (None, 50))
    assert more.acceptance_rate > 2 * exact.acceptance_rate
    plain, between, near = (
        plane.kl_to_data(x) for x in (game.generate(800, seed=0), more.samples, exact.samples)
    )
    assert near < between < plain
    log_ratios = np.random.default_rng(0).normal(size=1001)
    bound = log_ratios.max()
    shift = Rejection(percentile=80).shift(log_ratios, bound)
    shares = acceptance(log_ratios, bound, shift)
    assert np.mean(shares <= 0.5 + 1e-9) == pytest.approx(0.8, abs=0.002)


def test_samples_are_those_of_their_seed_whatever_the_number_and_the_batch():
    game = plane.mixture_game()
    sampler = Rejection(burn_in=500)
    many = game.generate(60, seed=3, sampler=sampler)
    np.testing.assert_array_equal(game.generate(60, seed=3, sampler=sampler), many)
    np.testing.assert_array_equal(game.generate(20, seed=3, sampler=sampler), many[:20])
    few = game.generate(60, seed=3, sampler=sampler, batch_size=64)
    np.testing.assert_allclose(few, many, atol=1e-5)
    assert (game.generate(20, seed=4, sampler=sampler) != many[:20]).any()


def test_real_samples_calibrate_scores_of_any_scale():
    """A third of the log-ratio is scaled back by them."""
    game = plane.mixture_game(factor=1 / 3, objective="wasserstein")
    sampler = Rejection(real=plane.data(3000, seed=7))
    assert plane.kl_to_data(game.generate(1000, seed=1, sampler=sampler)) < 0.08


@pytest.mark.parametrize("objective", ["wasserstein", "hinge", "least_squares"])
def test_scores_that_do_not_tell_the_ratio_need_real_samples(objective):
    game = plane.mixture_game(objective=objective)
    with pytest.raises(ValueError, match="do not tell the density ratio: pass real="):
        game.generate(8, seed=1, sampler=Rejection())


def conditional_game():
    """D(x, y) of samples around y, for a generator that does not know y."""
    import keras
    from keras import layers

    z, y = keras.Input((2,)), keras.Input((), dtype="int32")
    ones = kg.layers.OneHot(2)
    x = layers.Dense(2, use_bias=False)
    beside = layers.Dense(2, use_bias=False)
    generator = keras.Model([z, y], layers.Add()([x(z), beside(ones(y))]))
    x.kernel.assign(np.eye(2))
    beside.kernel.assign(np.zeros((2, 2)))
    given, label = keras.Input((2,)), keras.Input((), dtype="int32")
    head = layers.Dense(1, use_bias=False)
    sides = layers.Dense(1, use_bias=False)
    sign = sides(kg.layers.OneHot(2)(label))
    score = layers.Multiply()([head(given), sign])
    discriminator = keras.Model([given, label], layers.Rescaling(1.0)(score))
    head.kernel.assign([[4.0], [0.0]])
    sides.kernel.assign([[-1.0], [1.0]])
    return kg.GAN(generator, discriminator, seed=0)


def test_labels_are_those_that_are_asked_for_each_with_its_own_samples():
    game, sampler = conditional_game(), Rejection(burn_in=500, percentile=60)
    found = game.generate(40, seed=0, sampler=sampler)
    assert found[0::2, 0].mean() < -0.5 < 0.5 < found[1::2, 0].mean()
    ones = game.generate(10, seed=0, labels=1, sampler=sampler)
    np.testing.assert_array_equal(ones, found[1::2][:10])


def test_what_cannot_be_is_refused():
    game = plane.gaussian_game(mean=3.0)
    with pytest.raises(ValueError, match="Only .* proposals were accepted.*percentile=80"):
        plane.gaussian_game(mean=4.0, deviation=0.1).generate(
            200, seed=0, sampler=Rejection(most=1)
        )
    with pytest.raises(ValueError, match="whole prior; received truncation=0.5"):
        game.generate(3, seed=0, truncation=0.5, sampler=Rejection())
    with pytest.raises(ValueError, match="scores real samples no higher"):
        game.generate(3, seed=0, sampler=Rejection(real=-plane.data(50) - 9))
    sizes = {"sample_shape": (2,), "latent_dim": 2, "width": 8}
    bigan = kg.BiGAN(
        kg.networks.bigan_generator(**sizes),
        kg.networks.bigan_encoder(**sizes),
        kg.networks.bigan_discriminator(**sizes),
    )
    with pytest.raises(ValueError, match="a discriminator of samples, which BiGAN does not have"):
        bigan.generate(3, seed=0, sampler=Rejection())
    for options in ({"percentile": 100}, {"burn_in": 1}, {"most": 0}):
        with pytest.raises(ValueError, match=f"{next(iter(options))} must be"):
            Rejection(**options)


def test_the_averaged_generator_makes_them_unless_it_is_told_not_to():
    gan = kg.GAN(toys.generator(), toys.discriminator(), average=0.9, seed=0)
    gan.compile()
    gan.fit(toys.points(64), epochs=3, batch_size=32, verbose=0)
    sampler = Rejection(burn_in=300, percentile=90)
    for average in (True, False):
        drawn = sampler.draw(gan, 30, seed=0, average=average)
        made = gan.samples_of(drawn.z, average=average)
        np.testing.assert_allclose(drawn.samples, made, atol=1e-5)


def test_ratios_far_below_the_bound_are_refused_in_silence():
    log_ratios = np.array([0.0, -1.0, -2000.0])
    shift = Rejection(percentile=50).shift(log_ratios, 0.0)
    assert shift == pytest.approx(-np.log(np.expm1(1.0)))
    found = acceptance(log_ratios, 0.0, shift)
    assert found == pytest.approx([1.0, 0.5, 0.0])
