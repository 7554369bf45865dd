"""A page of the reference for every public part of the package, made when the site is built."""

from mkdocs.structure.files import File, Files
from models import rows
from public_names import home, is_module, kind, public

FOLDER = "docs/reference"
PACKAGE = "keras_gan"
OLD_NAMES = {"pictures"}  # of `kg.plotting`, kept for programs
FURTHER = ["objectives.divergences", "metrics.features"]  # parts of parts


def parts() -> list[str]:
    """The public modules, by the names under `kg`."""
    modules = [name for name in public(PACKAGE) if is_module(home(PACKAGE, name))]
    return sorted([*set(modules) - OLD_NAMES, *FURTHER])


def on_config(config):
    """Lists the pages in the navigation, under the heading that is left for them."""
    entries = [{"kg": f"{FOLDER}/kg.md"}]
    entries += [{f"kg.{part}": f"{FOLDER}/{part}.md"} for part in parts()]
    next(each for each in config.nav if "Reference" in each)["Reference"] += entries
    return config


def on_files(files: Files, config) -> Files:
    """Adds the pages to those that are built."""
    seen = set()
    pages = {part: page_of(part, seen) for part in parts()}
    pages["kg"] = top_page(seen)
    for name, text in pages.items():
        files.append(File.generated(config, f"{FOLDER}/{name}.md", content=text))
    return files


def top_page(seen: set[str]) -> str:
    """The page of what `kg` itself has, besides its models and parts."""
    named = {row.name for row in rows()}
    names = [each for each in public(PACKAGE) if each not in named]
    lead = "Each model has a [page of its own](../models.md). Besides them `kg` has:"
    return "\n\n".join(["# kg", lead, *[entry(PACKAGE, each, "kg", seen) for each in names]])


def page_of(part: str, seen: set[str]) -> str:
    """The page of a module: its docstring, then its public names."""
    first, *rest = part.split(".")
    module = ".".join([home(PACKAGE, first), *rest])
    hidden = ["show_root_heading: false", "show_root_toc_entry: false", "members: false"]
    entries = [entry(module, name, f"kg.{part}", seen) for name in public(module)]
    return "\n\n".join([f"# kg.{part}", directive(module, hidden), *entries])


def entry(module: str, name: str, prefix: str, seen: set[str]) -> str:
    """What the docstring of a public name says, under its name; nothing for modules and values."""
    path = home(module, name)
    if kind(path) not in ("class", "function"):
        return ""
    if path in seen:
        return f"## {prefix}.{name}\n\nThe same as [`{name}`][{path}]."
    seen.add(path)
    options = [f"heading: {prefix}.{name}", f"toc_label: {name}", "heading_level: 2"]
    options += ["show_root_heading: true"]
    options += ["members: false"] * (prefix == "kg.layers")  # theirs are for Keras to call
    return directive(path, options)


def directive(path: str, options: list[str]) -> str:
    """The line of mkdocstrings for an object, with its options."""
    return "\n".join([f"::: {path}", "    options:", *[f"        {each}" for each in options]])
