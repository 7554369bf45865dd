"""`keras-gan demo`: trained models in a browser."""

import argparse

from keras_gan.arguments import whole

SUMMARY = "show trained models in a browser"
DESCRIPTION = """Shows presets, or a run of keras-gan train, on a page in the browser: samples of a
seed and a class, sliders of latent vectors, ways between two samples, what it makes of
a picture that you upload, and beside them the card and the scores.

examples:
  keras-gan demo
  keras-gan demo sngan_mnist
  keras-gan demo runs/sngan_digits --port 8000

The page is served to this machine alone. Nothing is sent anywhere, presets hold no code, and an
upload may have 5 MB. It needs gradio: pip install ".[demo]" in a clone of keras_gan.
"""


def notes() -> str:
    """The end of the help: how the same page becomes a Space."""
    return "the same page as a Hugging Face Space: docs/presets/demo.md"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of the sub-command."""
    parser.add_argument(
        "preset_or_run",
        nargs="?",
        metavar="PRESET_OR_RUN",
        help="the model to begin with: a preset's name or folder, a run folder or a .keras file "
        "(sngan_mnist)",
    )
    parser.add_argument(
        "--port", type=int, metavar="N", help="where it is served (the first free one from 7860)"
    )
    parser.add_argument("--open", action="store_true", help="open the page in the browser")


def run(arguments: argparse.Namespace) -> int:
    """Serves the page until it is interrupted; returns the exit code.

    Raises:
        ValueError: If gradio is missing, the model cannot be loaded, or the port is taken.
    """
    import importlib.util

    if arguments.port is not None:
        whole("--port", arguments.port, below=65_536)
    if importlib.util.find_spec("gradio") is None:
        raise ValueError(
            'keras-gan demo needs gradio: pip install ".[demo]" in a clone of keras_gan.'
        )
    from keras_gan.cli.demo.app import serve

    serve(arguments.preset_or_run, port=arguments.port, open_browser=arguments.open)
    return 0
