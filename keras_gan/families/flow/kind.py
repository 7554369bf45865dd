"""What is said of presets that hold a flow."""

from keras_gan.families.flow.texts import FlowTexts
from keras_gan.zoo.kind_registry import Kind, register_kind


@register_kind
class FlowKind(Kind):
    """The facts of this kind, without its networks."""

    kind, called = "flow", "kg.Flow"
    roles = (("bijection",),)
    texts = FlowTexts(called)
