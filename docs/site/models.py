"""A page for every model of the README's table: its equation, its arguments, a picture."""

import dataclasses
import re
import tomllib

from mkdocs.structure.files import File, Files
from public_names import ROOT, home

FOLDER = "docs/models"
ROW = re.compile(r"^\| `kg\.(\w+)` \| (.*?) \| (.*?) \|(.*?)\|$", re.MULTILINE)
METHODS = [
    "adapt",
    "anomaly_score",
    "bits_per_dim",
    "classify",
    "compile",
    "decode",
    "discriminate",
    "elbo",
    "encode",
    "evaluate",
    "features",
    "fit",
    "from_preset",
    "generate",
    "infer",
    "interpolate",
    "kl_per_component",
    "latents",
    "log_likelihood",
    "log_prob",
    "project",
    "reconstruct",
    "samples_of",
    "save_to_preset",
    "standing_statistics",
    "translate",
    "traverse",
]


@dataclasses.dataclass
class Row:
    """A row of the table of models."""

    name: str
    what: str
    paper: str
    example: str


def rows() -> list[Row]:
    """The rows of the README's table."""
    return [Row(*each) for each in ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))]


def groups() -> dict[str, list[Row]]:
    """The rows by the folder of their class: its first noun."""
    found = {"GANs": [], "Other games": [], "Autoencoders": [], "Flows": []}
    titles = {"autoencoders": "Autoencoders", "flows": "Flows", "games": "Other games"}
    for row in rows():
        path = home("keras_gan", row.name).split(".")
        found["GANs" if path[2] == "gan" else titles.get(path[1], "GANs")].append(row)
    return found


def on_config(config):
    """Lists the pages in the navigation, behind the pages on their families."""
    models = next(each for each in config.nav if "Models" in each)["Models"]
    for title, found in groups().items():
        models.append({title: [{f"kg.{row.name}": f"{FOLDER}/{row.name}.md"} for row in found]})
    return config


def on_files(files: Files, config) -> Files:
    """Adds the pages to those that are built."""
    pictures = tomllib.loads((ROOT / "docs/site/pictures.toml").read_text(encoding="utf-8"))
    for row in rows():
        text = page_of(row, pictures.get(row.name))
        files.append(File.generated(config, f"{FOLDER}/{row.name}.md", content=text))
    return files


def page_of(row: Row, picture: dict | None) -> str:
    """The page of a model."""
    options = [
        "heading: Equation and arguments",
        "toc_label: Equation and arguments",
        "heading_level: 2",
        "show_root_heading: true",
        "inherited_members: true",
        f"members: [{', '.join(METHODS)}]",
    ]
    parts = [f"# kg.{row.name}", f"{row.what[0].upper()}{row.what[1:]}."]
    if picture:
        shown = f"![{picture['shows']}](../../{picture['file']})"
        parts += [f"{shown}\n/// caption\n{picture['shows']}: {picture['source']}\n///"]
    path = home("keras_gan", row.name)
    parts += ["\n".join([f"::: {path}", "    options:", *[f"        {each}" for each in options]])]
    return "\n\n".join(parts)
