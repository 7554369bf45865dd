"""README.md and docs/: each page's Python runs in order, and what a page names is there."""

import ast
import builtins
import contextlib
import functools
import pathlib
import re
import unicodedata

import keras
import pytest

import keras_gan as kg
from keras_gan.cli.main import main
from tests.budget import limit

ROOT = pathlib.Path(__file__).parent.parent
DOOR = ROOT / "README.md"
PAGES = [DOOR, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/**/*.md"))]
TOP = "benchmarks|docs|examples|findings|keras_gan|tests|zoo"
PROGRAM = r"(keras-gan (?:zoo )?[a-z]+|python (?:examples|benchmarks)/[\w/]+\.py)"

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def blocks_of(page: pathlib.Path, language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    fence = rf"^```{language}\n(.*?)^```$"
    return re.findall(fence, page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def prose_of(page: pathlib.Path) -> str:
    """The page without its fenced blocks."""
    text = page.read_text(encoding="utf-8")
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


@functools.cache
def anchors_of(page: pathlib.Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    anchors = set()
    for heading in re.findall(r"^#+ (.+)$", prose_of(page), flags=re.MULTILINE):
        letters = unicodedata.normalize("NFC", heading).lower()
        anchors.add(re.sub(r"[^\w\- ]", "", letters).replace(" ", "-"))
    return anchors


def links_of(page: pathlib.Path) -> list[str]:
    """Where inline links, pictures and link definitions lead."""
    prose = prose_of(page)
    inline = re.findall(r"\]\(([^)\s]+)\)", prose) + re.findall(r'src="(.*?)"', prose)
    return inline + re.findall(r"^\[[^\]]+\]: (\S+)$", prose, flags=re.MULTILINE)


def names_in(tree: ast.AST) -> tuple[set[str], set[str]]:
    """The names that a statement reads and those that it binds."""
    read, bound = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            bound.add(node.name)
    return read, bound


def test_the_readme_is_a_door():
    lines = DOOR.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 130
    assert [line for line in lines if len(line) > 120] == []


def test_every_page_is_reached_from_the_readme():
    reached, new = set(), {DOOR}
    while new:
        reached |= new
        links = {
            (page.parent / each.split("#")[0]).resolve() for page in new for each in links_of(page)
        }
        new = {page for page in PAGES if page in links} - reached
    assert [page.name for page in PAGES if page not in reached] == []


def test_every_model_has_a_row_in_the_readme():
    rows = re.findall(r"^\| `kg\.(\w+)` \|", DOOR.read_text(encoding="utf-8"), flags=re.MULTILINE)
    public = {name: getattr(kg, name) for name in kg.__all__}
    classes = {name: each for name, each in public.items() if isinstance(each, type)}
    bases = kg.AdversarialModel, kg.LikelihoodModel
    models = {name for name, each in classes.items() if issubclass(each, bases)}
    assert models - {base.__name__ for base in bases} <= set(rows) <= set(classes)
    assert len(rows) == len(set(rows))


def test_every_folder_of_the_package_has_a_row_for_contributors():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    folders = [path.parent.name for path in ROOT.glob("keras_gan/*/__init__.py")]
    assert sorted(re.findall(r"^\| `(\w+)/` \|", page, flags=re.MULTILINE)) == sorted(folders)


@pages
def test_every_link_leads_somewhere(page):
    broken = []
    for link in links_of(page):
        if re.match(r"https?://", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.is_file() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)
    assert broken == []


@pages
def test_every_table_has_rows_of_as_many_cells_as_its_heading(page):
    for table in re.findall(r"^(?:\|.*\n)+", prose_of(page), flags=re.MULTILINE):
        heading, rule, *rows = [len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()]
        assert rows, table
        assert {rule, *rows} == {heading}, table


@pages
def test_every_file_that_is_named_is_there(page):
    assert missing_files(page) == []


def test_every_file_that_the_code_names_is_there():
    folders = ("keras_gan", "examples", "benchmarks")
    sources = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    assert {path.name: files for path in sources if (files := missing_files(path))} == {}


def missing_files(page: pathlib.Path) -> list[str]:
    """The paths from the top of the repository that a text names and that are not there."""
    named = re.findall(rf"(?<![\w/.])(?:{TOP})/[\w./]*\w", page.read_text(encoding="utf-8"))
    return [name for name in named if not (ROOT / name).exists()]


@pages
def test_every_flag_of_a_command_is_known(page, capsys):
    text = page.read_text(encoding="utf-8")
    for program, flags in re.findall(PROGRAM + r"([^`\n#]*)", text):
        known = help_of(program, capsys)
        for flag in re.findall(r"--[a-z][\w-]*", flags):
            assert re.search(rf"{flag}(?![\w-])", known), f"{program} {flag}"


def help_of(program: str, capsys) -> str:
    """What a sub-command says with `--help`, or the source of a script."""
    if program.startswith("python "):
        return (ROOT / program.removeprefix("python ")).read_text(encoding="utf-8")
    with contextlib.suppress(SystemExit):
        main([*program.split()[1:], "--help"])
    return capsys.readouterr().out


@pages
def test_every_public_name_is_there(page):
    assert public_names_missing(page.read_text(encoding="utf-8")) == []


def public_names_missing(text: str) -> list[str]:
    """The names under `kg` in a text that `kg` has not."""
    missing = []
    for name in re.findall(r"\bkg((?:\.[A-Za-z]\w*)+)", text):
        try:
            functools.reduce(getattr, name.split(".")[1:], kg)
        except AttributeError:
            missing.append(f"kg{name}")
    return missing


@pages
def test_every_name_was_made_in_this_block_or_an_earlier_one(page):
    known = set(dir(builtins))
    for number, block in enumerate(blocks_of(page, "python")):
        for statement in ast.parse(block).body:
            read, bound = names_in(statement)
            assert read - bound <= known, f"block {number}: {ast.unparse(statement)}"
            known |= bound


@pytest.fixture
def small_budget(tmp_path, monkeypatch):
    """As `tests/budget.py` has it, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    limit(monkeypatch.setattr)
    yield
    keras.distribution.set_distribution(None)


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.filterwarnings("default")  # as in a session of a user
@pytest.mark.parametrize(
    "page", [page for page in PAGES if blocks_of(page, "python")], ids=lambda page: page.stem
)
def test_the_blocks_run_in_order(page, small_budget):
    session = {"__name__": page.stem}
    for number, block in enumerate(blocks_of(page, "python")):
        try:
            exec(compile(block, f"{page.name}, Python block {number}", "exec"), session)
        except Exception as error:
            error.add_note(f"in block {number} of {page.name}:\n{block}")
            raise
    saved = re.findall(
        r"(?:save|save_to_preset|Checkpoint|Samples)\(\"(.*?)\"", "".join(blocks_of(page, "python"))
    )
    assert [name for name in saved if not pathlib.Path(name).exists()] == []
