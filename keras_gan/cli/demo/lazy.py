"""Imports gradio only when the page is built: it is an extra, and takes seconds."""

import importlib


class _LazyGradio:
    """Imports gradio at the first use of any part of it."""

    def __getattr__(self, name: str):
        return getattr(importlib.import_module("gradio"), name)


gr = _LazyGradio()
