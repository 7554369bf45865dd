"""What is said of presets that translate between two sets of data."""

from keras_gan.families.cyclegan.texts import TranslatorTexts
from keras_gan.zoo.kind_registry import Kind, register_kind


@register_kind
class TranslatorKind(Kind):
    """The facts of this kind, without its networks."""

    kind, called = "translator", "kg.Translator"
    roles = (("generator_xy", "generator_yx"), ("generator_xy",))
    texts = TranslatorTexts()
