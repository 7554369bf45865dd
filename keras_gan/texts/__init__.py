"""Texts of unknown origin, such as names and cards, as they are shown: nothing obeys them."""

from keras_gan.texts.markdown import escaped, in_code
from keras_gan.texts.terminal import in_short, lines, one_line, shortened

__all__ = ["escaped", "in_code", "in_short", "lines", "one_line", "shortened"]
