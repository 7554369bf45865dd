"""The likelihood of held-out data in nats, for runs and cards."""

from keras_gan.families.datasets import held_out

RUN, CARD = (500, 500), (1_000, 5_000)  # images, and importance samples of each
SEED = 0


def of_run(model, settings) -> dict:
    """The likelihood at the end of a run.

    Args:
        model: A `kg.VAE`.
        settings: The run's: data set, image size, labels.
    """
    return _measured(model, settings, *RUN)


def of_card(model, settings) -> dict:
    """The likelihood on a card."""
    return _measured(model, settings, *CARD)


def _measured(model, settings, count: int, samples: int) -> dict:
    """The mean log-likelihood of samples by importance sampling, and the bound of one sample.

    Args:
        model: A `kg.VAE`.
        settings: The run's.
        count: Of how many samples of the data.
        samples: Latent vectors for each.
    """
    x, labels, split = held_out(settings, count)
    nats = model.log_likelihood(x, samples=samples, seed=SEED, labels=labels)
    bound = model.elbo(x, samples=10, seed=SEED, labels=labels)
    return {
        "split": split,
        "images": len(x),
        "importance_samples": samples,
        "log_likelihood": float(nats.mean()),
        "standard_error": float(nats.std() / len(nats) ** 0.5),
        "elbo": float(bound.mean()),
        "components_in_use": int((model.kl_per_component(x, labels=labels) >= 0.01).sum()),
        "latent_dim": model.latent_dim,
    }
