"""The game of StyleGAN2: mixed styles, path lengths, and one step of them by hand."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.backend import autodiff
from keras_gan.parallel.random_numbers import Draws
from keras_gan.recipes.path_length import PathLength, path_lengths
from tests import toys
from tests.recipes.cases import CASES
from tests.wide import float64

CASE = CASES["StyleGAN2"]
SHAPE = (8, 8, 1)


def images(n, rng):
    return rng.uniform(-1, 1, (n, *SHAPE)).astype("float32")


def game(**options):
    keras.utils.set_random_seed(1)
    classes = {"classes": options.pop("classes", None)}
    generator = kg.networks.stylegan2_generator(SHAPE, 4, width=4, mapping_layers=2, **classes)
    discriminator = kg.networks.stylegan2_discriminator(SHAPE, width=4, **classes)
    return kg.StyleGAN2(generator, discriminator, seed=3, **options)


def test_lengths_of_a_linear_synthesis(rng):
    """x = Σₗ Aₗ wₗ: Jᵀy = (Aₗᵀ y), whose squared norm has the mean Σ ‖Aₗ‖² / pixels / layers."""
    a = rng.normal(size=(3, 5, 4 * 4 * 2)).astype("float32")

    def synthesis(styles):
        x = ops.einsum("bld,ldp->bp", styles, ops.convert_to_tensor(a))
        return ops.reshape(x, (-1, 4, 4, 2))

    styles = ops.convert_to_tensor(rng.normal(size=(4096, 3, 5)), "float32")
    lengths = np.array(path_lengths(synthesis, styles, Draws(0)))
    expected = np.square(a).sum() / 16 / 3
    assert np.mean(np.square(lengths)) == pytest.approx(expected, rel=0.03)
    assert lengths.std() > 0.01


def test_the_penalty_and_its_mean_by_hand():
    """x = w for one layer of one number: lengths |y|, with y drawn anew each time."""

    def synthesis(styles):
        return ops.reshape(styles, (-1, 1, 1, 1))

    penalty, styles, step = PathLength(2.0, every=3), ops.ones((50, 1, 1)), ops.zeros((), "int32")
    drawn, twin, mean = Draws(5), Draws(5), 0.0
    for i in range(3):
        found = penalty.penalty(synthesis, lambda: styles, drawn, step, training=i < 2)
        lengths = np.abs(np.array(twin.normal((50, 1, 1, 1)))).ravel()
        times = 3 if i < 2 else 1  # an evaluation does not wait for the third step
        assert float(found) == pytest.approx(times * 2 * np.mean((lengths - mean) ** 2), rel=1e-4)
        mean += 0.01 * (lengths.mean() - mean) if i < 2 else 0.0
        assert float(penalty.mean) == pytest.approx(mean, rel=1e-5)
    waits = penalty.penalty(synthesis, lambda: styles, drawn, step + 1, training=True)
    assert float(waits) == 0
    assert float(penalty.mean) == pytest.approx(mean, rel=1e-5)


def test_lengths_that_are_not_finite_leave_their_mean():
    penalty = PathLength(2.0, every=1)
    penalty.mean.assign(0.5)

    def overflowing(styles):
        return ops.reshape(styles, (-1, 1, 1, 1)) * float("inf")

    given = overflowing, lambda: ops.ones((3, 1, 1)), Draws(5), ops.zeros((), "int32")
    assert not np.isfinite(penalty.penalty(*given, training=True))
    assert float(penalty.mean) == 0.5


@pytest.mark.float64
def test_the_gradient_of_the_penalty_is_that_of_finite_differences(rng):
    """Through the derivative of the synthesis by its styles, along one direction of all weights."""
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    with float64():
        keras.utils.set_random_seed(1)
        generator = kg.networks.stylegan2_generator(SHAPE, 4, width=4, mapping_layers=1)
        synthesis = generator.get_layer("synthesis")
        styles = ops.convert_to_tensor(rng.normal(size=(3, 4, 4)))
        weights = [v for v in synthesis.trainable_variables if "bias" not in v.path]
        start = [np.array(v) for v in weights]
        along = [rng.normal(size=v.shape) for v in weights]

        def value():
            penalty = PathLength(1.0, every=1)
            return penalty.penalty(synthesis, lambda: styles, Draws(1), None, training=False)

        def at(h):
            for v, s, d in zip(weights, start, along, strict=True):
                v.assign(s + h * d)
            return float(value())

        gradients, _ = autodiff.gradients(lambda: (value(), None), weights)
        pairs = [(np.array(g), d) for g, d in zip(gradients, along, strict=True) if g is not None]
        found = sum(float(np.vdot(g, d)) for g, d in pairs)
        steps = [(at(h) - at(-h)) / (2 * h) for h in (1e-6, 1e-7, 1e-8)]
    assert abs(found) > 1e-3
    assert found == pytest.approx(min(steps, key=lambda each: abs(each - found)), rel=1e-3)


def test_styles_are_mixed_from_a_random_layer_on():
    gan = game(style_mixing=0.75)
    styles = np.array(gan.styles(2000, None, Draws(0), training=True))
    assert styles.shape == (2000, 4, 4)
    changes = np.abs(np.diff(styles, axis=1)).max(axis=2) > 1e-6
    assert set(changes.sum(axis=1)) == {0, 1}
    assert changes.any(axis=1).mean() == pytest.approx(0.75, abs=0.03)
    np.testing.assert_allclose(changes.mean(axis=0), 0.25, atol=0.03)
    plain = np.array(gan.styles(8, None, Draws(0), training=False))
    np.testing.assert_array_equal(plain, np.repeat(plain[:, :1], 4, axis=1))


def test_unmixed_samples_are_those_of_the_generator():
    gan = game(style_mixing=0.0)
    for variable in gan.generator.variables:
        if variable.name == "strength":
            variable.assign(0.0)
    real = ops.zeros((4, *SHAPE))
    z = Draws(2).draw(gan.prior, (4, 4))
    for training in (False, True):
        expected = gan.generator(z, training=training)
        found = gan.fakes(real, None, Draws(2), training)
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_the_running_mean_of_w_is_that_of_the_first_styles():
    gan, twin = game(style_mixing=1.0), game(style_mixing=0.0)
    for each in (gan, twin):
        each.styles(32, None, Draws(0), training=True)
    found, expected = (np.array(each.part("mean_of_w").mean) for each in (gan, twin))
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert np.any(found)


@pytest.mark.parametrize("labels", [None, [0, 1, 2, 2]], ids=["plain", "labels"])
def test_truncation_brings_styles_towards_their_mean(rng, labels):
    gan = game(classes=None if labels is None else 3)
    mean = rng.normal(size=4).astype("float32")
    gan.part("mean_of_w").mean.assign(mean)
    given = {"seed": 1, "average": False, "labels": labels}
    z = gan.latents(4, seed=1)
    w = np.array(gan.part("mapping")(z if labels is None else [z, np.array(labels)]))
    for psi in (0.5, 1.0, 1.5):
        styles = np.repeat((mean + psi * (w - mean))[:, None], 4, axis=1)
        expected = np.array(gan.part("synthesis")(styles))
        found = gan.generate(4, truncation=psi, **given)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(gan.latents(4, seed=1, truncation=0.5), z)
    whole = gan.generate(4, **given)
    np.testing.assert_allclose(
        gan.generate(4, truncation=1.0, **given), whole, rtol=1e-4, atol=1e-5
    )
    (part,) = gan.generate_in_parts(4, truncation=0.5, **given)
    np.testing.assert_array_equal(part, gan.generate(4, truncation=0.5, **given))
    preset = kg.Generator.from_gan(gan, average=False)
    again = preset.generate(4, truncation=0.5, **given)
    np.testing.assert_allclose(again, part, rtol=1e-4, atol=1e-5)
    with pytest.raises(ValueError, match="truncation must be a number greater than 0"):
        gan.generate(4, truncation=-1.0)


@pytest.mark.parametrize("classes", [None, 3])
def test_two_steps_log_finite_terms_and_the_lazy_ones_wait(rng, classes):
    gan = game(classes=classes, path_length_every=2, penalty_every=2)
    gan.compile()
    x = [images(6, rng)] + ([] if classes is None else [np.arange(6) % 3])
    seen = [gan.train_on_batch(*x, return_dict=True) for _ in range(2)]
    assert set(CASE.terms) <= set(seen[0])
    assert np.isfinite([list(logs.values()) for logs in seen]).all()
    assert seen[0]["path_length_penalty"] > 0
    assert seen[1]["path_length_penalty"] == seen[1]["r1_penalty"] == 0
    assert float(gan.path_length.mean) > 0


def test_without_weight_there_is_no_such_term():
    gan = game(path_length_weight=0.0)
    assert gan.loss_names("generator") == ["generator_loss"]


def test_saved_and_loaded_it_goes_on_to_the_same_bits(tmp_path):
    gan, x = CASE.make(path_length_every=2, average=0.9), toys.points(6)
    gan.compile(run_eagerly=True)
    gan.train_on_batch(x)
    gan.save(tmp_path / "gan.keras")
    copy = kg.load_model(tmp_path / "gan.keras")
    assert type(copy) is kg.StyleGAN2
    assert copy.settings() == gan.settings()
    assert float(copy.path_length.mean) == float(gan.path_length.mean) > 0
    for each in (gan, copy):
        each.train_on_batch(x)
        each.train_on_batch(x)
    for one, other in zip(gan.variables, copy.variables, strict=True):
        np.testing.assert_array_equal(one, other, err_msg=one.path)


def test_the_generators_step_is_that_of_its_two_terms():
    """The whole gradient: that of −log σ(D(G(z))) and that of the penalty, from the same draws."""
    gan = CASE.make(path_length_every=1, style_mixing=0.9)
    gan.compile()
    batch = gan.unpack(ops.convert_to_tensor(toys.points(6)))
    twin = CASE.make(path_length_every=1, style_mixing=0.9)
    twin.compile()
    for each in (gan, twin):
        each.path_length.mean.assign(0.25)

    def by_hand():
        draws = twin.draws
        fake = twin.fakes(batch, None, draws, True)
        scores = twin.discriminator(fake, training=True)
        loss = ops.mean(ops.softplus(-scores))

        def product(styles):
            x = twin.part("synthesis")(styles, training=True)
            return None, ops.sum(x * draws.normal(ops.shape(x)), axis=1)

        styles = twin.styles(6, None, draws, True)
        slope = autodiff.with_slope(product, styles)[1]()
        lengths = ops.sqrt(ops.mean(ops.sum(ops.square(slope), axis=2), axis=1) + 1e-12)
        return loss + 2.0 * ops.mean(ops.square(lengths - 0.25)), None

    expected, _ = autodiff.gradients(by_hand, twin.generator.trainable_variables)
    found, _ = gan.look("generator", batch)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"style_mixing": 1.5}, "style_mixing must be .* received 1.5"),
        ({"path_length_weight": -1.0}, "path_length_weight must be .* received -1"),
        ({"path_length_every": 0}, "path_length_every must be .* received 0"),
        ({"objective": "hinge"}, "StyleGAN2 picks its own objective"),
    ],
)
def test_wrong_arguments_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        CASE.make(**options)


def test_a_generator_without_parts_is_refused():
    networks = kg.networks.mlp_generator(width=4), kg.networks.mlp_discriminator(width=4)
    with pytest.raises(ValueError, match="it has no mapping and no mean_of_w and no synthesis"):
        kg.StyleGAN2(*networks)
