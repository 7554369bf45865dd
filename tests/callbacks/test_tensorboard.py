"""What TensorBoard is told: curves by epoch and by step, and which share a chart."""

import keras
import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.custom_scalar import layout_pb2, metadata
from tensorboard.util.tensor_util import make_ndarray

import keras_gan as kg
from keras_gan.callbacks import TensorBoard
from tests import toys


class Logs(keras.callbacks.Callback):
    """The logs after each call, which are means since the beginning of the epoch."""

    def __init__(self):
        super().__init__()
        self.means = {}  # by step

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        step = self.epoch * self.params["steps"] + batch + 1
        self.means[step] = {name: float(value) for name, value in logs.items()}


def game(**options):
    gan = kg.GAN(toys.generator(), toys.discriminator(), penalties=[kg.penalties.R1(1.0)], seed=0)
    gan.compile(**options)
    return gan


def curve(events, tag) -> dict[int, float]:
    """A curve's values by step."""
    return {each.step: float(make_ndarray(each.tensor_proto)) for each in events.Tensors(tag)}


def read(folder):
    return EventAccumulator(str(folder / "train"), {"tensors": 0}).Reload()


def charts(events) -> dict[str, dict[str, list[str]]]:
    """The tags of each chart, by category."""
    (config,) = events.Tensors(metadata.CONFIG_SUMMARY_TAG)
    layout = layout_pb2.Layout.FromString(make_ndarray(config.tensor_proto).item())
    return {
        category.title: {chart.title: list(chart.multiline.tag) for chart in category.chart}
        for category in layout.category
    }


def test_the_losses_of_both_players_share_a_chart_and_rates_come_last(tmp_path):
    gan = game()
    gan.optimizer["generator"].learning_rate = 0.125
    history = gan.fit(
        toys.points(), epochs=2, verbose=0, callbacks=[TensorBoard(str(tmp_path))]
    ).history
    events = read(tmp_path)
    assert charts(events) == {
        "Losses": {
            "losses of all players": ["^epoch_discriminator_loss$", "^epoch_generator_loss$"]
        },
        "Terms, estimates and scores": {
            "r1_penalty": ["^epoch_r1_penalty$"],
            "jensen_shannon_estimate": ["^epoch_jensen_shannon_estimate$"],
        },
        "Learning rates": {
            "learning rates": [
                "^training/discriminator_learning_rate$",
                "^training/generator_learning_rate$",
            ]
        },
    }
    tags = sorted(set(events.Tags()["tensors"]) - {metadata.CONFIG_SUMMARY_TAG})
    assert tags[-2:] == ["training/discriminator_learning_rate", "training/generator_learning_rate"]
    assert set(tags[:-2]) == {f"epoch_{name}" for name in history}
    assert curve(events, tags[-1]) == {0: 0.125, 1: 0.125}
    losses = curve(events, "epoch_generator_loss")
    np.testing.assert_allclose(list(losses.values()), history["generator_loss"], rtol=1e-6)


def test_one_player_s_terms_share_the_chart_of_their_sum(tmp_path):
    encoder = kg.networks.mlp_encoder((2,), latent_dim=2, width=4, gaussian=True)
    decoder = kg.networks.mlp_decoder((2,), latent_dim=2, width=4)
    vae = kg.VAE(encoder, decoder, likelihood="gaussian", seed=0)
    vae.compile()
    vae.fit(toys.points(64), verbose=0, callbacks=[TensorBoard(str(tmp_path))])
    found = charts(read(tmp_path))
    (together,) = found["Losses"].values()
    assert sorted(together) == sorted(f"^epoch_{n}$" for n in (*vae.term_names(), "loss"))
    assert found["Learning rates"] == {"learning rates": ["^training/model_learning_rate$"]}


@pytest.mark.parametrize(("every", "together"), [(3, 1), (3, 2), ("batch", 1)])
def test_a_point_by_step_is_the_mean_over_the_steps_since_the_last(tmp_path, every, together):
    """Against the running means of the logs: (k m_k − j m_j) / (k − j), within an epoch."""
    gan, logs = game(steps_per_execution=together), Logs()
    board = TensorBoard(str(tmp_path), update_freq=every)
    gan.fit(toys.points(), batch_size=32, epochs=2, verbose=0, callbacks=[board, logs])
    events = read(tmp_path)
    means = logs.means
    number = 1 if every == "batch" else every
    ends = range(together, 17, together)  # of the calls
    due = [step for step in ends if (step - together) // number != step // number]
    for name in ("discriminator_loss", "r1_penalty", "jensen_shannon_estimate"):
        found = curve(events, f"batch_{name}")
        assert list(found) == due
        expected, last = [], 0
        for step in due:
            begun = 8 * ((step - 1) // 8)  # of its epoch, where means begin anew
            j, k = max(last - begun, 0), step - begun
            earlier = means[last][name] if j else 0.0
            expected.append((k * means[step][name] - j * earlier) / (k - j))
            last = step
        np.testing.assert_allclose(list(found.values()), expected, rtol=2e-4, atol=2e-5)
        assert len(curve(events, f"epoch_{name}")) == 2
    assert "losses of all players, by step" in charts(events)["Losses"]


def test_a_continued_run_counts_its_steps_on(tmp_path):
    gan, folder = game(), tmp_path / "checkpoints"

    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 4:
                raise KeyboardInterrupt

    def fit(gan, *more):
        board = TensorBoard(str(tmp_path / "logs"), update_freq=2)
        callbacks = [board, *more, kg.callbacks.Checkpoint(folder, every=1)]
        gan.fit(toys.points(), batch_size=32, epochs=2, verbose=0, callbacks=callbacks)

    with pytest.raises(KeyboardInterrupt):
        fit(gan, Stop())
    fit(game())
    assert sorted(curve(read(tmp_path / "logs"), "batch_generator_loss")) == [
        2, 4, 6, 8, 10, 12, 14, 16,
    ]  # fmt: skip


def test_other_frequencies_are_refused():
    for given in (0, "epochs", 2.5):
        with pytest.raises(ValueError, match=r"update_freq must be a whole number of at least 1"):
            TensorBoard(update_freq=given)
