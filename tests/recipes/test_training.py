"""Every recipe trains, evaluates, and goes on from a file as if nothing had happened."""

import keras
import numpy as np
import pytest

import keras_gan as kg
from tests import toys
from tests.recipes.cases import CASES, every, few

eager = {"run_eagerly": True}  # two steps of tiny networks: cheaper than tracing


def batch(case, parts=2):
    """Samples for as many steps, 8 for each move."""
    return case.data(parts * 8 * case.steps)


def trained(case, steps=2, **options):
    gan = case.make(**options)
    gan.compile(**eager)
    history = gan.fit(*batch(case, steps), batch_size=8 * case.steps, shuffle=False, verbose=0)
    return gan, {name: values[-1] for name, values in history.history.items()}


@every
def test_two_steps_log_every_term_and_move_every_weight(case):
    gan = case.make()
    before = [np.array(v) for v in gan.trainable_variables]
    gan.compile(**eager)
    logs = gan.fit(*batch(case), batch_size=8 * case.steps, verbose=0).history
    estimates = {name for name in logs if name.endswith("_estimate")}
    assert set(logs) - estimates == set(case.terms)
    assert np.isfinite([value for (value,) in logs.values()]).all()
    after = gan.trainable_variables
    for old, new in zip(before, after, strict=True):
        # these losses see differences of scores alone, hinges while all scores are within them
        constant = case.objective.__name__ in ("Wasserstein", "Relativistic", "Hinge")
        if constant and tuple(new.shape) == (1,):  # the bias of the scores
            continue
        assert not np.array_equal(old, new), new.path
    assert int(gan.optimizer["discriminator"].iterations) == 2 * case.steps
    assert int(gan.optimizer["generator"].iterations) == 2


@few
def test_what_the_losses_estimate_is_logged(case):
    _, logs = trained(case)
    loss = logs["discriminator_loss"]
    expected = {
        "Wasserstein": {"wasserstein_estimate": -loss},
        "NonSaturating": {"jensen_shannon_estimate": np.log(2) - loss / 2},
        "Variational": {"divergence_estimate": -loss},
        "Relativistic": {},
        "Hinge": {},
    }[case.objective.__name__]
    found = {name: value for name, value in logs.items() if name.endswith("_estimate")}
    assert found == pytest.approx(expected, rel=1e-5, abs=1e-6)


@pytest.mark.thorough
@few
def test_evaluate_names_the_same_terms_and_moves_nothing(case):
    gan, logs = trained(case)
    own = gan.evaluation_draws.state.path
    before = [np.array(v) for v in gan.variables]
    first = gan.evaluate(*batch(case), batch_size=16, return_dict=True, verbose=0)
    assert first.keys() == logs.keys()
    assert np.isfinite(list(first.values())).all()
    assert first == gan.evaluate(*batch(case), batch_size=16, return_dict=True, verbose=0)
    for old, variable in zip(before, gan.variables, strict=True):
        if variable.path != own and "running_means" not in variable.path:
            np.testing.assert_array_equal(old, variable, err_msg=variable.path)


@few
def test_saved_in_the_middle_it_goes_on_to_the_same_bits(case, tmp_path):
    gan, _ = trained(case, average=0.9)
    gan.save(tmp_path / "gan.keras")
    copy = kg.load_model(tmp_path / "gan.keras")
    assert type(copy) is case.recipe
    assert copy.get_config()["penalties"] == gan.get_config()["penalties"]
    for game in (gan, copy):
        game.fit(*batch(case), batch_size=8 * case.steps, shuffle=False, verbose=0)
    for one, other in zip(gan.variables, copy.variables, strict=True):
        np.testing.assert_array_equal(one, other, err_msg=one.path)
    for one, other in zip(gan.optimizer.variables, copy.optimizer.variables, strict=True):
        np.testing.assert_array_equal(one, other, err_msg=one.path)
    np.testing.assert_array_equal(gan.generate(4, seed=0), copy.generate(4, seed=0))


@pytest.mark.thorough
@few
@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_losses_are_finite_in_mixed_precision(case, policy):
    keras.config.set_dtype_policy(policy)
    gan, logs = trained(case)
    assert np.isfinite(list(logs.values())).all()
    assert all(np.isfinite(np.array(v)).all() for v in gan.trainable_variables)
    scaled = isinstance(gan.optimizer["generator"], keras.optimizers.LossScaleOptimizer)
    assert scaled == (policy == "mixed_float16")


def clipped_everywhere(gan, clip):
    largest = max(np.abs(v).max() for v in gan.discriminator.trainable_variables)
    return largest == pytest.approx(clip, rel=1e-6)


def test_wgan_clips_after_each_update_also_when_loaded(tmp_path):
    gan = CASES["WGAN"].make(clip=0.02, discriminator_steps=1)
    assert not clipped_everywhere(gan, 0.02)  # as initialised
    gan.compile(**eager)
    for _ in range(3):
        gan.train_on_batch(toys.points(8))
        assert clipped_everywhere(gan, 0.02)
    assert max(np.abs(v).max() for v in gan.generator.trainable_variables) > 0.1
    gan.save(tmp_path / "gan.keras")
    copy = kg.load_model(tmp_path / "gan.keras")
    for weight in copy.discriminator.trainable_variables:
        weight.assign(np.ones(weight.shape))
    copy.train_on_batch(toys.points(8))
    assert clipped_everywhere(copy, 0.02)


@pytest.mark.parametrize(
    ("saturating", "objective"), [(False, "non_saturating"), (True, "minimax")]
)
def test_the_gan_divergence_takes_the_step_of_the_standard_gan(saturating, objective):
    """FGAN('gan') and the standard GAN: the same losses and, by SGD, the same weights."""
    games = [
        CASES["FGAN"].make(divergence="gan", saturating=saturating),
        CASES["DCGAN"].make(),
    ]
    games[1].objective = kg.objectives.get(objective)
    x, logs = toys.points(64), []
    for gan in games:
        optimizers = {
            f"{player}_optimizer": keras.optimizers.SGD(0.1)
            for player in ("generator", "discriminator")
        }
        gan.compile(**optimizers, **eager)
        logs.append([gan.train_on_batch(x, return_dict=True) for _ in range(3)])
    for variational, standard in zip(*logs, strict=True):
        for name in ("discriminator_loss", "generator_loss"):
            assert float(variational[name]) == pytest.approx(float(standard[name]), rel=5e-7)
    for one, other in zip(*(gan.trainable_variables for gan in games), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-7)


@pytest.mark.thorough
def test_ctgan_compares_dropout_passes_in_training_alone():
    gan = CASES["CTGAN"].make(discriminator_steps=1)
    gan.compile()
    logs = gan.train_on_batch(toys.points(64), return_dict=True)
    assert logs["consistency_term"] > 0
    scores = gan.test_on_batch(toys.points(64), return_dict=True)
    assert scores["consistency_term"] == 0
    assert scores["gradient_penalty"] > 0
