"""The page: what happens when its components are used."""

from __future__ import annotations

import functools

import numpy as np

from keras_gan.cli.demo import drawing
from keras_gan.cli.demo.layout import ALL, SLIDERS, Layout, for_model, placed
from keras_gan.cli.demo.lazy import gr
from keras_gan.cli.demo.subject import loaded, names
from keras_gan.texts import one_line

EVENT = {
    "api_visibility": "private",  # no interface for programs
    "show_progress": "minimal",
    "concurrency_id": "model",  # one at a time, of all events together
}
HOUR = 3_600  # seconds that pictures stay in gradio's cache


def build(first: str) -> gr.Blocks:
    """Builds the page.

    Args:
        first: The preset or run to begin with.

    Raises:
        ValueError: If it cannot be loaded.
    """
    loaded(first)  # so that a wrong name is told at once
    known = names()
    choices = known if first in known else [first, *known]
    with gr.Blocks(title="keras_gan", analytics_enabled=False, delete_cache=(HOUR, HOUR)) as page:
        at = Layout(choices, first)
        drawing_of = [at.name, at.count, at.seed, at.label, at.truncation, at.temperature]
        beginning = [at.name, at.begin, at.offset, at.label]
        of_begin = [at.z, at.one, *at.sliders]
        for event in (page.load, at.name.input):
            chosen = event(choose, at.name, at.of_model(), **EVENT)
            chosen.success(draw, drawing_of, at.drawn, **EVENT)
            chosen.success(begin, beginning, of_begin, **EVENT)
        for event in (at.draw.click, at.seed.submit, at.label.input):
            event(draw, drawing_of, at.drawn, **EVENT)
        for event in (at.begin.change, at.label.input):
            event(begin, beginning, of_begin, **EVENT)
        at.offset.change(look_at, [at.name, at.z, at.offset], at.sliders, **EVENT)
        moving = [at.name, at.z, at.offset, at.label, *at.sliders]
        for slider in at.sliders:
            moved = {**EVENT, "show_progress": "hidden", "trigger_mode": "always_last"}
            slider.input(move, moving, [at.z, at.one], **moved)
        at.walk.click(go_between, [at.name, *at.ends, at.steps, at.label], at.way, **EVENT)
        used = [at.name, at.upload, at.to, at.invert, at.label]
        at.make.click(use_upload, used, at.made, **EVENT)
    return page


def told(function):
    """Lets a function's errors appear on the page, as the sentences that they are."""

    @functools.wraps(function)
    def telling(*args):
        try:
            return function(*args)
        except (ValueError, FloatingPointError, OSError) as error:
            raise gr.Error(one_line(error), duration=None, print_exception=False) from error

    return telling


@told
def choose(name: str) -> list:
    """Another model."""
    return for_model(loaded(name))


@told
def draw(name: str, n: int, seed, label, truncation: float, temperature: float):
    """Samples."""
    subject = loaded(name)
    if not subject.draws:
        return None
    options = (_class_of(label), truncation, temperature)
    return drawing.samples(subject, int(n), _whole(seed), *options)


@told
def begin(name: str, seed, offset, label) -> list:
    """Another latent vector, of a seed."""
    subject = loaded(name)
    if not subject.has_latents:
        return [None, None, *[gr.update()] * SLIDERS]
    z = np.clip(subject.model.latents(1, seed=_whole(seed))[0], *subject.reach)
    shown = drawing.of_latents(subject, z, _class_of(label))
    return [z.tolist(), shown, *placed(z, _whole(offset), subject.reach)]


@told
def look_at(name: str, z: list | None, offset) -> list:
    """Other components of the latent vector."""
    if z is None:
        return [gr.update()] * SLIDERS
    return placed(z, _whole(offset), loaded(name).reach)


@told
def move(name: str, z: list, offset, label, *values: float) -> tuple:
    """A latent vector with other values of the components that the sliders show."""
    z = np.asarray(z, "float32")
    part = slice(_whole(offset), _whole(offset) + SLIDERS)
    z[part] = values[: len(z[part])]
    return z.tolist(), drawing.of_latents(loaded(name), z, _class_of(label))


@told
def go_between(name: str, first, second, n: int, label):
    """The way between two samples."""
    seeds = _whole(first), _whole(second)
    return drawing.between(loaded(name), seeds, int(n), _class_of(label))


@told
def use_upload(name: str, path: str | None, way: str, invert: bool, label):
    """What the model makes of an uploaded picture."""
    if path is None:
        raise ValueError("Upload a picture first.")
    return drawing.of_upload(loaded(name), path, way, invert, _class_of(label))


def _class_of(chosen: str | None) -> int | None:
    """The class that the visitor chose; `None` for all in turn."""
    return None if chosen in (None, ALL) else int(chosen)


def _whole(number) -> int:
    """The whole number of a field, which may be empty."""
    return int(number or 0)
