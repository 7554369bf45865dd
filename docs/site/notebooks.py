"""The tutorials, which are notebooks, as pages: texts, code, and what the code showed."""

import base64
import json
import re

from mkdocs.structure.files import File, Files
from public_names import ROOT

FOLDER = "docs/tutorials"


def on_files(files: Files, config) -> Files:
    """Adds a page for every notebook, and its pictures."""
    for path in sorted((ROOT / FOLDER).glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text, pictures = page_of(path.stem, cells)
        files.append(File.generated(config, f"{FOLDER}/{path.stem}.md", content=text))
        for name, content in pictures.items():
            files.append(File.generated(config, f"{FOLDER}/{name}", content=content))
    return files


def on_page_markdown(markdown: str, page, config, files) -> str:
    """Lets links to a notebook lead to its page; on that page, to the notebook itself."""
    if page.file.src_uri.startswith(f"{FOLDER}/"):
        return markdown
    return re.sub(r"(tutorials/\w+)\.ipynb\)", r"\1.md)", markdown)


def page_of(stem: str, cells: list[dict]) -> tuple[str, dict[str, bytes]]:
    """The Markdown of a notebook, and its pictures by their names."""
    parts, pictures = [], {}
    for number, cell in enumerate(cells):
        source = "".join(cell["source"])
        parts += [source if cell["cell_type"] == "markdown" else f"```python\n{source}\n```"]
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data:
                name = f"{stem}_{number}.png"
                pictures[name] = base64.b64decode("".join(data["image/png"]))
                parts += [f"![what the block above shows]({name})"]
            elif said := "".join(output.get("text", data.get("text/plain", []))).rstrip():
                parts += [f"```text\n{said}\n```"]
    title, *rest = parts
    notebook = f"[This page as a notebook]({stem}.ipynb)"
    return "\n\n".join([title, notebook, *rest]), pictures
