"""What is said of presets that hold a generator."""

from keras_gan.families.sampling.texts import GeneratorTexts
from keras_gan.zoo.kind_registry import Kind, register_kind


@register_kind
class GeneratorKind(Kind):
    """The facts of this kind, without its networks."""

    kind, called, unnamed = "generator", "kg.Generator", True
    roles = (
        ("generator",),
        ("generator", "encoder"),
        ("generator", "discriminator"),
        ("generator", "encoder", "discriminator"),
    )
    texts = GeneratorTexts()
