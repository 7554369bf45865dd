"""The variational autoencoders that have names of their own: settings of `VAE`."""

import keras

from keras_gan.autoencoders.vae.vae import VAE

register = keras.saving.register_keras_serializable(package="keras_gan")


@register
class BetaVAE(VAE):
    """The β-VAE: a `VAE` whose KL term counts β = 4 times.

        loss = E_x [β KL(q(z|x) ‖ p(z)) − E_q log p(x|z)]

    A β above 1 presses the posteriors towards the prior, whose components are independent: those of
    z then tend to vary one factor of the data each, at the cost of reconstruction. `traverse` shows
    which.

    Args:
        encoder: As in `VAE`.
        decoder: As in `VAE`.
        beta: β > 0. Defaults to 4.
        **options: Those of `VAE`.

    Example:

    >>> import keras_gan as kg
    >>> encoder = kg.networks.mlp_encoder((2,), latent_dim=2, width=8, gaussian=True)
    >>> decoder = kg.networks.mlp_decoder((2,), latent_dim=2, width=8)
    >>> kg.BetaVAE(encoder, decoder, likelihood="gaussian").beta
    4.0

    Reference: Higgins et al. 2017, beta-VAE: Learning Basic Visual Concepts with a Constrained
    Variational Framework, ICLR.
    """

    def __init__(self, encoder: keras.Model, decoder: keras.Model, *, beta: float = 4.0, **options):
        super().__init__(encoder, decoder, beta=beta, **options)


@register
class IWAE(VAE):
    """The importance-weighted autoencoder: a `VAE` of the bound of k = 5 samples.

        loss = −E_x E_{z₁…z_k ~ q(z|x)} log (1/k) Σⱼ p(x, zⱼ) / q(zⱼ|x)

    The bound lies between that of the VAE, k = 1, and log p(x), to which it rises with k.

    Args:
        encoder: As in `VAE`.
        decoder: As in `VAE`.
        importance_samples: k, at least 1. Defaults to 5.
        **options: Those of `VAE`, without `beta` and `free_bits`, which belong to the KL term.

    Example:

    >>> import keras_gan as kg
    >>> encoder = kg.networks.mlp_encoder((2,), latent_dim=2, width=8, gaussian=True)
    >>> decoder = kg.networks.mlp_decoder((2,), latent_dim=2, width=8)
    >>> kg.IWAE(encoder, decoder, likelihood="gaussian").importance_samples
    5

    Reference: Burda, Grosse and Salakhutdinov 2015, Importance Weighted Autoencoders, arXiv
    1509.00519.
    """

    def __init__(
        self, encoder: keras.Model, decoder: keras.Model, *, importance_samples: int = 5, **options
    ):
        super().__init__(encoder, decoder, importance_samples=importance_samples, **options)
