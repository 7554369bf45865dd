"""What is said of presets that hold a variational autoencoder."""

from keras_gan.families.vae.texts import VAETexts
from keras_gan.zoo.kind_registry import Kind, register_kind


@register_kind
class VAEKind(Kind):
    """The facts of this kind, without its networks."""

    kind, called = "vae", "kg.VAE"
    roles = (("encoder", "decoder"),)
    texts = VAETexts(called)
