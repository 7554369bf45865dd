"""What is said of presets that hold a prior of codes with its VQ-VAE."""

from keras_gan.families.vqvae.texts import CodePriorTexts
from keras_gan.zoo.kind_registry import Kind, register_kind

OF_VQVAE = ("encoder", "decoder"), ("top_encoder", "bottom_encoder", "decoder")
OF_PRIOR = ("prior",), ("top_prior", "bottom_prior")


@register_kind
class CodePriorKind(Kind):
    """The facts of this kind, without its networks."""

    kind, called = "code_prior", "kg.CodePrior"
    roles = tuple(map(tuple.__add__, OF_VQVAE, OF_PRIOR))
    texts = CodePriorTexts(called)
