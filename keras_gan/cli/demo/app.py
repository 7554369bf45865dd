"""The page of trained models as a program: `keras-gan demo` runs it, and so does a Space.

A copy of this file is the `app.py` of a Hugging Face Space with `sdk: gradio`; the environment
variable `KERAS_GAN_DEMO` names the model to begin with. There the page is served to whoever reaches
the Space's container; anywhere else to this machine alone.
"""

import os
import threading

QUIET = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_DISABLE_TELEMETRY": "1"}
MEGABYTE = 1_000_000
MOST_UPLOADED = 5 * MEGABYTE  # bytes of a file
WAITING = 32  # requests in the queue, of which one is computed at a time
FIRST = "sngan_mnist"
LOOPBACK, ANYWHERE = "127.0.0.1", "0.0.0.0"


def serve(
    name: str | None = None,
    port: int | None = None,
    open_browser: bool = False,
    block: bool = True,
):
    """Serves the page.

    Args:
        name: The preset or run to begin with. Defaults to `None`: `FIRST`.
        port: Where. Defaults to `None`: gradio's own choice.
        open_browser: Whether to open the page. Defaults to `False`.
        block: Whether to wait for an interruption. Defaults to `True`.

    Returns:
        The `gradio.Blocks` that is served.

    Raises:
        ValueError: For a model that cannot be loaded, or a port that is taken.
    """
    os.environ.update(QUIET)  # before gradio is imported
    from keras_gan.cli.demo import layout, page

    made = page.build(name or FIRST)
    made.queue(default_concurrency_limit=1, max_size=WAITING, api_open=False)
    try:
        _, address, _ = made.launch(
            server_name=ANYWHERE if "SPACE_ID" in os.environ else LOOPBACK,
            server_port=port,
            inbrowser=open_browser,
            share=False,
            quiet=True,
            prevent_thread_lock=True,
            max_file_size=MOST_UPLOADED,
            show_error=True,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            run_history=False,
            enable_monitoring=False,
            footer_links=[],
            theme=layout.theme(),
            css=layout.CSS,
        )
    except OSError as error:
        raise ValueError(f"{str(error).split('.')[0]}: choose another port with --port.") from error
    print(f"The page is at {address} – Ctrl-C ends it.", flush=True)
    if block:
        try:
            threading.Event().wait()
        finally:
            made.close(verbose=False)
    return made


if __name__ == "__main__":
    serve(os.environ.get("KERAS_GAN_DEMO"))
