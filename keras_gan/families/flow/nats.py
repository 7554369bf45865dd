"""The likelihood of held-out data under a flow, for runs and cards."""

from keras_gan.data.synthetic import density, has_density
from keras_gan.families.datasets import held_out

RUN, CARD = 2_000, 10_000  # samples
SEED = 0


def of_run(model, settings) -> dict:
    """The likelihood at the end of a run.

    Args:
        model: A `kg.Flow`.
        settings: The run's: data set, image size, labels.
    """
    return _measured(model, settings, RUN)


def of_card(model, settings) -> dict:
    """The likelihood on a card."""
    return _measured(model, settings, CARD)


def _measured(model, settings, count: int) -> dict:
    """The mean log-likelihood of held-out samples; bits of images, the divergence from a truth.

    Args:
        model: A `kg.Flow`.
        settings: The run's.
        count: Of how many samples of the data, at most.
    """
    x, labels, split = held_out(settings, count)
    nats = model.log_prob(x, labels=labels, seed=SEED).astype("float64")
    found = {
        "split": split,
        "samples": len(x),
        "log_likelihood": float(nats.mean()),
        "standard_error": float(nats.std() / len(nats) ** 0.5),
    }
    if model.dequantize:
        bits = model.bits_per_dim(x, labels=labels, seed=SEED).astype("float64")
        found["bits_per_dim"] = float(bits.mean())
    if labels is None and has_density(settings.dataset):
        excess = density(settings.dataset).log_prob(x) - nats
        found["kl_from_truth"] = float(excess.mean())
        found["kl_standard_error"] = float(excess.std() / len(excess) ** 0.5)
    return found
