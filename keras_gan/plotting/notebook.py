"""Whether this program runs in a notebook, and pictures in its output."""

import sys

from PIL import Image


def in_notebook() -> bool:
    """Whether the program is a notebook's kernel, which shows pictures in its output.

    >>> in_notebook()
    False
    """
    ipython = sys.modules.get("IPython")  # loaded in every kernel, and never on our account
    return ipython is not None and getattr(ipython.get_ipython(), "kernel", None) is not None


def display(picture: Image.Image, earlier=None):
    """Displays a picture in a notebook's output.

    Args:
        picture: The picture.
        earlier: What an earlier call returned, whose picture this one replaces. Defaults to `None`:
            the picture is a new one.

    Returns:
        What a later call takes as `earlier`.
    """
    from IPython.display import display as displayed

    if earlier is None:
        return displayed(picture, display_id=True)
    earlier.update(picture)
    return earlier
