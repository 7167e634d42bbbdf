"""The documents tell the truth that can be checked: examples run, links lead somewhere, names exist."""

from __future__ import annotations

import io
import re
import runpy
import zipfile
from pathlib import Path

import pytest
import typer.main

import wickedmap
from tests.house import Room
from wickedmap.agenda import AGENDAS
from wickedmap.cli import app
from wickedmap.texts import text

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.M | re.S)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"(?:`|^ *|/)wickedmap(?: +([a-z]+))?((?: +[^`\n]*)?)", re.M)


def words(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """Return what a link may point to on a page, as the sites that show Markdown make it of headings."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", words(page)), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(content: str) -> list[tuple[str, list[str]]]:
    """Return the commands that stand as code, with their options."""
    code = [block for language, block in _FENCE.findall(content) if language in ("", "bash", "sh")]
    code += [f"`{span}`" for span in re.findall(r"`([^`\n]+)`", _FENCE.sub("", content))]
    found = []
    for piece in code:
        for name, rest in _COMMAND.findall(piece):
            if name:
                found.append((name, re.findall(r"--[a-z][a-z-]*", rest)))
    return found


def run_blocks(page: str) -> int:
    """Run the Python of a page from the top, and return how many blocks there were."""
    blocks = [code for language, code in _FENCE.findall(words(ROOT / page)) if language == "python"]
    names: dict[str, object] = {}
    for number, block in enumerate(blocks, 1):
        exec(compile(block, f"block {number} of {page}", "exec"), names)
    return len(blocks)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_of_a_page_leads_to_something_that_is_there(page: Path) -> None:
    for target in _LINK.findall(_FENCE.sub("", words(page))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{target} is not there"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there), f"{target}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_command_of_a_page_exists_with_its_options(page: Path) -> None:
    known = typer.main.get_command(app)
    listed = getattr(known, "commands")  # noqa: B009 - typer promises no type for it
    for name, options in commands(words(page)):
        assert name in listed, f"wickedmap {name}"
        has = {option for each in listed[name].params for option in [*each.opts, *each.secondary_opts]}
        assert set(options) <= has | {"--help"}, f"wickedmap {name} {options}"


def test_commands_are_seen_in_blocks_and_in_sentences() -> None:
    content = (
        "Say `wickedmap convert A B`, or `.venv/bin/wickedmap serve --port 1`.\n\n```\nwickedmap doctor\n```\n"
    )
    assert commands(content) == [("doctor", []), ("convert", []), ("serve", ["--port"])]


def test_every_page_is_in_the_index() -> None:
    index = words(ROOT / "docs" / "index.md")
    there = {page.name for page in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert there - set(_LINK.findall(index)) == set()


def test_the_python_page_has_every_public_name_as_it_is() -> None:
    made = runpy.run_path(str(ROOT / "tools" / "python_reference.py"))
    page = words(ROOT / "docs" / "python.md")
    assert made["with_reference"](page) == page, "run: python tools/python_reference.py"
    listed = re.findall(r"^- `[^`]+`:(.*)$", page, re.M)
    assert len(listed) > 120
    assert all(line.strip() for line in listed), "a public name has no docstring"


def test_the_house_of_the_developers_page_has_every_module_and_no_other() -> None:
    page = words(ROOT / "docs" / "for-developers.md")
    table = page.partition("| floor |")[2].partition("\n\n")[0]
    rows = [line.split("|")[2] for line in table.splitlines()[2:]]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    there = {
        path.stem
        for path in (ROOT / "wickedmap").iterdir()
        if not path.name.startswith("_") and (path.suffix == ".py" or (path / "__init__.py").is_file())
    }
    assert named == there


def test_files_that_the_developers_page_names_are_there() -> None:
    page = words(ROOT / "docs" / "for-developers.md")
    named = re.findall(
        r"\b((?:tests|benchmarks|assets|web|store|formats|graphs)/[\w./-]+\.(?:py|js|md))\b", page
    )
    assert len(named) > 15
    for name in named:
        if "NAME" not in name and "NNNN" not in name:
            assert (ROOT / name).exists() or (ROOT / "wickedmap" / name).exists(), name


def test_the_minutes_of_the_facilitators_page_are_those_of_the_agendas() -> None:
    page = words(ROOT / "docs" / "for-facilitators.md")
    table = page.partition("| Steg |")[2].partition("\n\n")[0]
    said = {}
    for line in table.splitlines()[2:]:
        title, *minutes = [cell.strip() for cell in line.strip("|").split("|")][:4]
        said[title] = minutes
    titles = {step.name: text("nb", f"agenda.step.{step.name}.title") for step in AGENDAS["180"]}
    real = {title: ["", "", ""] for title in titles.values()}
    for place, length in enumerate(("45", "90", "180")):
        for step in AGENDAS[length]:
            real[titles[step.name]][place] = str(step.minutes)
    assert said == real


def test_the_python_of_the_researchers_page_runs(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for agency, sign in (("nav_kommune", "+"), ("politi", "-")):
        for _ in range(3):
            room.join(agency).does("take_stance", link="L60", stance="asserts", sign=sign)
    room.facilitator.does("reveal", stances=True)
    key = room.link("researcher").rsplit("/", 1)[-1]
    monkeypatch.setenv("WICKEDMAP_URL", room.house.url)
    monkeypatch.setenv("WICKEDMAP_TOKEN", f"{room.id}.researcher.{key}")
    monkeypatch.chdir(tmp_path)
    assert run_blocks("docs/for-researchers.md") >= 5


@pytest.mark.parametrize("page", ["README.md", "docs/formats.md"])
def test_the_python_of_a_page_runs_in_a_folder_with_maps(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = wickedmap.default_map()
    monkeypatch.chdir(tmp_path)
    wickedmap.save(m, "kart.graphml")
    wickedmap.save(m, "kart.csv")
    run_blocks(page)


def test_the_python_of_the_data_packages_page_runs_in_an_unpacked_package(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        room.join("politi").does("take_stance", link="L60", stance="asserts", sign="+")
    room.facilitator.does("reveal", stances=True)
    package = wickedmap.connect(room.link("researcher")).export("package")
    zipfile.ZipFile(io.BytesIO(package)).extractall(tmp_path)
    monkeypatch.chdir(tmp_path)
    run_blocks("docs/data-package.md")
