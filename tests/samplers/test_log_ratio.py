"""Which scores tell the density ratio, and what real samples make of those that do not."""

import numpy as np
import pytest
from keras import ops

from keras_gan import objectives
from keras_gan.samplers.log_ratio import logistic_fit

DIVERGENCES = [n for n in objectives.divergences.DIVERGENCES if n != "total_variation"]


def best_scores(objective, ratios):
    """The scores at which the discriminator's loss is least for each ratio, on a fine grid."""
    v = np.linspace(-12, 12, 48_001)
    scores = ops.convert_to_tensor(v.astype("float32"))
    real, fake = (
        ops.convert_to_numpy(term(scores)).astype("float64")
        for term in (objective.real_term, objective.fake_term)
    )
    return np.array([v[np.nanargmin(r * real + objective.fake_weight * fake)] for r in ratios])


@pytest.mark.parametrize("fake_weight", [1.0, 3.0])
@pytest.mark.parametrize("name", ["minimax", "non_saturating", "saddle"])
def test_of_logits_they_are_the_scores_up_to_a_constant(name, fake_weight):
    objective = objectives.OBJECTIVES[name](fake_weight=fake_weight)
    ratios = np.array([0.05, 0.5, 1.0, 4.0, 30.0])
    found = np.asarray(objective.log_ratio(best_scores(objective, ratios)))
    np.testing.assert_allclose(np.diff(found), np.diff(np.log(ratios)), atol=2e-3)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("name", DIVERGENCES)
def test_of_a_divergence_they_invert_its_derivative(name, reverse):
    objective = objectives.Variational(name, reverse=reverse)
    ratios = np.array([0.3, 0.8, 1.0, 1.5, 4.0])
    v = ops.convert_to_tensor(best_scores(objective, ratios)[:, None].astype("float32"))
    found = ops.convert_to_numpy(objective.log_ratio(v)).ravel()
    np.testing.assert_allclose(found, np.log(ratios), atol=0.02)


def test_of_pairs_they_are_the_scores():
    """The best D(x) − D(y) is log r(x) − log r(y): the loss of two places, by their masses."""
    p, q = np.array([0.7, 0.3]), np.array([0.2, 0.8])
    d = np.linspace(-6, 6, 24_001)  # D of the first place; the second has 0
    loss = p[0] * q[1] * np.logaddexp(0, -d) + p[1] * q[0] * np.logaddexp(
        0, d
    )  # equal places differ by nothing
    best = d[loss.argmin()]
    assert objectives.Relativistic().log_ratio(best) == best
    assert best == pytest.approx(np.log(p[0] / q[0]) - np.log(p[1] / q[1]), abs=1e-3)


@pytest.mark.parametrize(
    "objective",
    [
        objectives.Wasserstein(),
        objectives.Hinge(),
        objectives.LeastSquares(),
        objectives.NonSaturating(label_smoothing=0.1),
        objectives.Variational("total_variation"),
    ],
)
def test_other_scores_do_not_tell(objective):
    assert objective.log_ratio(ops.zeros((3, 1))) is None


def test_the_fit_is_the_log_ratio_of_gaussians_and_finite_where_scores_separate(rng):
    real, fake = 3 * (rng.normal(size=20_000) + 1) - 5, 3 * rng.normal(size=20_000) - 5
    a, b = logistic_fit(real, fake)  # in u = (v + 5) / 3 it is u − ½
    assert a == pytest.approx(1 / 3, rel=0.05)
    assert b == pytest.approx(5 / 3 - 0.5, abs=0.1)
    a, b = logistic_fit(np.full(10, 5.0), np.full(30, -5.0))
    assert 5 * a + b == pytest.approx(np.log(11), rel=0.01)  # the targets 11/12 and 1/32
    assert -5 * a + b == pytest.approx(-np.log(31), rel=0.01)
    with pytest.raises(ValueError, match="scores real samples no higher than generated ones"):
        logistic_fit(fake, real)
