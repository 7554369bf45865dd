"""The likelihood of a variational autoencoder as a sentence, for runs, its card and the gallery."""


def sentence(found: dict) -> str:
    """What was measured, in a sentence."""
    return (
        f"log p(x) = {found['log_likelihood']:.2f} ± {found['standard_error']:.2f} nats, the mean "
        f"of {found['images']:,} samples of the {found['split']} split by "
        f"{found['importance_samples']:,} importance samples each; the evidence lower bound is "
        f"{found['elbo']:.2f}. Of {found['latent_dim']} components of z "
        f"{found['components_in_use']} carry at least 0.01 nats."
    )
