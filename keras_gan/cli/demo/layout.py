"""The components of the page, and where they are."""

from __future__ import annotations

from keras_gan.cli.demo.lazy import gr
from keras_gan.cli.demo.subject import Subject

SLIDERS = 8  # components of z that are shown at a time
IMAGES, POINTS = (1, 100, 36), (100, 3_000, 1_000)  # least, most and first number of samples
ALL = "all in turn"  # classes
NARROW, WIDE = {"min_width": 90}, {"min_width": 230, "buttons": []}
TITLE = """# keras_gan
Trained generative models. What they make is computed on the machine that serves this page."""
CSS = """
.gradio-container {max-width: 1100px !important; margin: 0 auto !important}
.tab-container button {padding: 0 .7em !important} /* so that all fit on a phone */
@media (max-width: 480px) {.gradio-container .main.app {padding: 1em !important}}
.about thead {display: none} .about table {width: 100%; table-layout: fixed}
.about td {overflow-wrap: anywhere} .about td:first-child {width: 8em}
.about, .scores {min-width: 0; overflow-wrap: anywhere} code {white-space: pre-wrap !important}
.about table, .scores table {font-size: .8em} .about td, .scores th, .scores td {padding: .3em}
.scores th, .scores td {overflow-wrap: normal; word-break: normal} /* no number in two lines */
"""


def theme():
    """Gradio's own colours with the fonts of the visitor's system, so that none is fetched."""
    fonts = {
        "font": [gr.themes.Font(name) for name in ("system-ui", "sans-serif")],
        "font_mono": [gr.themes.Font(name) for name in ("ui-monospace", "monospace")],
    }
    return gr.themes.Default(**fonts)


class Layout:
    """The components, as attributes; made within a `gr.Blocks`.

    Args:
        choices: The names of models.
        first: The one to begin with.
    """

    def __init__(self, choices: list[str], first: str):
        gr.Markdown(TITLE)
        with gr.Row():
            self.name = gr.Dropdown(choices, value=first, label="model", scale=2, min_width=220)
            self.label = gr.Dropdown([ALL], value=ALL, label="class", min_width=110, visible=False)
        with gr.Row():
            with gr.Column(scale=3, min_width=320), gr.Tabs() as self.tabs:
                with gr.Tab("Samples", id="samples") as self.of_samples:
                    self._samples()
                with gr.Tab("Sliders", id="sliders") as self.of_one:
                    self._one_sample()
                with gr.Tab("Between", id="between") as self.of_two:
                    self._between_two()
                with gr.Tab("Picture", id="upload") as self.of_upload:
                    self._upload()
            with gr.Column(scale=2, min_width=320):
                with gr.Accordion("Card", open=True):
                    self.card = gr.Markdown(elem_classes="about")
                with gr.Accordion("Scores", open=True):
                    self.scores = gr.Markdown(elem_classes="scores")
                with gr.Accordion("Training", open=False):
                    self.training = gr.Markdown(elem_classes="about")

    def _samples(self) -> None:
        with gr.Row():
            self.seed = _seed(0, "seed")
            self.count = gr.Slider(*IMAGES, step=1, label="samples", **WIDE)
        with gr.Row():
            truncation = {"step": 0.1, "label": "truncation (0: none)", "visible": False}
            self.truncation = gr.Slider(0, 3, 0, **truncation, **WIDE)
            temperature = {"step": 0.05, "label": "temperature", "visible": False}
            self.temperature = gr.Slider(0.1, 1.5, 1, **temperature, **WIDE)
        self.draw = gr.Button("Draw", variant="primary")
        self.drawn = _picture("samples of the model")

    def _one_sample(self) -> None:
        with gr.Row():
            self.begin = _seed(0, "seed of z")
            offset = {"precision": 0, "minimum": 0, "label": "first component"}
            self.offset = gr.Number(0, **offset, **NARROW)
        self.one = _picture("the sample of z")
        with gr.Row():
            self.sliders = [
                gr.Slider(-1, 1, 0, step=0.01, label=f"z{i}", **WIDE) for i in range(SLIDERS)
            ]
        self.z = gr.State()

    def _between_two(self) -> None:
        with gr.Row():
            self.ends = [_seed(0, "first seed"), _seed(1, "second seed")]
            self.steps = gr.Slider(2, 32, 16, step=1, label="samples", **WIDE)
        self.walk = gr.Button("Interpolate", variant="primary")
        gr.Markdown("Samples along the great circle from the z of one seed to that of the other.")
        self.way = _picture("samples on the way")

    def _upload(self) -> None:
        gr.Markdown("A picture of at most 5 MB, of which the middle is taken.")
        # as a file, which `uploads` opens: gradio would decode a picture of any size
        taken = {"type": "filepath", "image_mode": None, "sources": ["upload"]}
        self.upload = gr.Image(label="your picture", show_label=False, height=200, **taken)
        with gr.Row():
            self.to = gr.Radio([], label="what to do", scale=2, min_width=200)
            self.invert = gr.Checkbox(label="exchange black and white", scale=1, min_width=160)
        self.make = gr.Button("Go", variant="primary")
        gr.Markdown("Left: as the model sees it. Right: what it makes of it.")
        self.made = _picture("what the model sees and what it makes of it")

    def of_model(self) -> list:
        """The components that follow the model, in the order of `for_model`."""
        return [
            *(self.label, self.count, self.truncation, self.temperature, self.to, self.offset),
            *(self.of_samples, self.of_one, self.of_two, self.of_upload, self.tabs),
            *(self.drawn, self.one, self.way, self.made),
            *(self.card, self.scores, self.training),
        ]


def for_model(subject: Subject) -> list:
    """What the components of `Layout.of_model` show of a model."""
    labels = [ALL, *map(str, range(subject.classes))]
    least, most, number = POINTS if subject.makes_points else IMAGES
    ways = list(subject.ways)
    tabs = {
        "samples": subject.draws,
        "sliders": subject.has_latents,
        "between": subject.has_latents,
        "upload": bool(ways),
    }
    return [
        gr.update(choices=labels, value=ALL, visible=subject.classes > 0),
        gr.update(minimum=least, maximum=most, value=number),
        gr.update(visible=subject.draws_with("truncation"), value=0),
        gr.update(visible=subject.draws_with("temperature"), value=1),
        gr.update(choices=ways, value=ways[0] if ways else None),
        0,
        *(gr.update(interactive=there) for there in tabs.values()),  # hidden ones stay in the way
        gr.update(selected=next(name for name, there in tabs.items() if there)),
        *[None] * 4,
        subject.card,
        subject.scores or "There are none.",
        subject.training or "Nothing is known of it.",
    ]


def placed(z, offset: int, ends: tuple[float, float]) -> list:
    """What the sliders show: the components of z from an offset on.

    Args:
        z: Array `(latent_dim,)`.
        offset: The first component.
        ends: Those of the sliders.
    """
    shown = []
    for i in range(offset, offset + SLIDERS):
        there = {"minimum": ends[0], "maximum": ends[1], "label": f"z{i}", "visible": True}
        value = round(float(z[i]), 2) if i < len(z) else 0
        shown.append(gr.update(value=value, **there) if i < len(z) else gr.update(visible=False))
    return shown


def _seed(value: int, label: str) -> gr.Number:
    """A field for the seed of random numbers."""
    return gr.Number(value, precision=0, minimum=0, maximum=2**31 - 1, label=label, **NARROW)


def _picture(label: str) -> gr.Image:
    """A place for a picture that the model makes."""
    shown = {"interactive": False, "format": "png", "buttons": ["download", "fullscreen"]}
    return gr.Image(label=label, show_label=False, **shown)  # it would lie on the picture
