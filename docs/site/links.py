"""Pages whose names of the package are links; and the licence, to which the README links."""

from mkdocs.structure.files import File, Files
from name_links import linked
from public_names import ROOT


def on_files(files: Files, config) -> Files:
    """Adds the licence, which the README links to; it is no page."""
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    files.append(File.generated(config, "LICENSE", content=text))
    return files


def on_page_markdown(markdown: str, page, config, files) -> str:
    """Links the names on a page that was written by hand."""
    return linked(markdown) if page.file.generated_by is None else markdown
