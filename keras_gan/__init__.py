"""Generative models for Keras 3: adversarial networks, autoencoders, normalizing flows."""

import sys

__version__ = "0.1.0"

try:
    from keras_gan.backend import choice as _choice

    if _choice.REST.is_due:
        from keras_gan.cli import exit_codes as _ending

        _ending.LOADING.begin()  # until `main` begins
except KeyboardInterrupt:  # in the hundredth of a second before that
    if not sys.argv or not sys.argv[0].endswith(("keras-gan", "-m")):
        raise
    print("keras-gan: interrupted", file=sys.stderr)
    raise SystemExit(130) from None

if _choice.REST.is_due:
    _choice.check_asked_for()
    __getattr__ = _choice.REST.get
else:
    try:
        _choice.import_keras()
    except ImportError as _error:
        raise _error from None  # its sentence says it all

    from keras_gan import (
        augment,
        bijections,
        callbacks,
        data,
        distributions,
        layers,
        metrics,
        networks,
        objectives,
        penalties,
        plotting,
        samplers,
        zoo,
    )
    from keras_gan.autoencoders import IWAE, VAE, VQVAE, VQVAE2, Autoencoder, BetaVAE, CodePrior
    from keras_gan.backend import autodiff
    from keras_gan.distributions import likelihoods, priors
    from keras_gan.families.presets import Generator, Translator
    from keras_gan.flows import FFJORD, NICE, Flow, Glow, RealNVP
    from keras_gan.games import (
        AVB,
        GAN,
        AdversarialModel,
        BiGAN,
        CycleGAN,
        InfoGAN,
        Pix2Pix,
        UnrolledGAN,
    )
    from keras_gan.metrics import streaming as _  # noqa: F401  registered with Keras
    from keras_gan.models.likelihood_model import LikelihoodModel
    from keras_gan.models.loading import load_model
    from keras_gan.models.player import Player
    from keras_gan.networks.analysis.directions import latent_directions
    from keras_gan.parallel import processes as hosts
    from keras_gan.penalties import constraints, regularizers
    from keras_gan.plotting import samples as pictures
    from keras_gan.recipes import (
        ACGAN,
        CTGAN,
        DCGAN,
        DRAGAN,
        FGAN,
        GANGP,
        R3GAN,
        SNGAN,
        WGAN,
        WGANGP,
        FastGAN,
        ProjectedGAN,
        ReACGAN,
        StyleGAN2,
    )
    from keras_gan.training import averages, schedules
    from keras_gan.training.schedules import Schedule

    # Modules that were at the top of the package in version 0.1: programs import from them by name.
    _MOVED = "autodiff constraints hosts likelihoods pictures priors schedules"
    for _module in _MOVED.split():
        sys.modules.setdefault(f"{__name__}.{_module}", globals()[_module])

__all__ = [
    "ACGAN",
    "AVB",
    "CTGAN",
    "DCGAN",
    "DRAGAN",
    "FFJORD",
    "FGAN",
    "GAN",
    "GANGP",
    "IWAE",
    "NICE",
    "R3GAN",
    "SNGAN",
    "VAE",
    "VQVAE",
    "VQVAE2",
    "WGAN",
    "WGANGP",
    "AdversarialModel",
    "Autoencoder",
    "BetaVAE",
    "BiGAN",
    "CodePrior",
    "CycleGAN",
    "FastGAN",
    "Flow",
    "Generator",
    "Glow",
    "InfoGAN",
    "LikelihoodModel",
    "Pix2Pix",
    "Player",
    "ProjectedGAN",
    "ReACGAN",
    "RealNVP",
    "Schedule",
    "StyleGAN2",
    "Translator",
    "UnrolledGAN",
    "augment",
    "autodiff",
    "averages",
    "bijections",
    "callbacks",
    "constraints",
    "data",
    "distributions",
    "hosts",
    "latent_directions",
    "layers",
    "likelihoods",
    "load_model",
    "metrics",
    "networks",
    "objectives",
    "penalties",
    "pictures",
    "plotting",
    "priors",
    "regularizers",
    "samplers",
    "schedules",
    "zoo",
]
