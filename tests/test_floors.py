"""The house rules that can be read off the source: floors, and what the screens must never do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "wickedmap"

FLOORS = (
    {"_version", "agenda", "analysis_words", "resources", "strict_yaml", "text", "texts"},
    {
        "causal_map",
        "default_map",
        "graph_conversion",
        "map_fields",
        "map_file",
        "map_summary",
        "model",
        "noun_checks",
        "perspective",
        "sentences",
        "table_conversion",
        "flat_fields",
    },
    {"changes", "graphs"},
    {"formats"},
    {
        "access",
        "codebook",
        "consequences",
        "data_package",
        "log_tables",
        "import_plan",
        "importing",
        "pseudonyms",
        "rows",
        "state",
    },
    {"notebook", "store"},
    {"connect", "file_sending", "leaving", "looking_back", "map_over_time", "workshop"},
    {
        "analyse_report",
        "analyse_text",
        "cli",
        "command_options",
        "command_outcome",
        "file_commands",
        "file_listing",
        "folder_commands",
        "import_command",
        "progress_line",
        "web",
    },
)
"""Each module or package imports only from the floors below its own, and from modules beside it.

The packages of one floor know nothing of each other.
"""

# `wickedmap/__init__.py` and `__main__.py` only point to what is elsewhere.
FACES = {"__init__", "__main__"}


@dataclass(frozen=True)
class Import:
    importer: str
    imported: str
    place: str
    only_for_types: bool


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def unit(path: Path) -> str:
    """Return the module or package directly under wickedmap/ that `path` belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(PACKAGE.parent)}:{getattr(node, 'lineno', 0)}"


def imports_of(path: Path, root: ast.Module) -> Iterator[Import]:
    typing_only = {
        inner
        for node in ast.walk(root)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    package = ["wickedmap", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(root):
        if isinstance(node, ast.Import):
            named = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            base = start + (node.module.split(".") if node.module else [])
            named = [[*base, alias.name] for alias in node.names]
        else:
            continue
        for parts in named:
            if parts[0] == "wickedmap" and len(parts) > 1 and parts[1] in {unit(each) for each in modules()}:
                yield Import(unit(path), parts[1], place(path, node), node in typing_only)


@pytest.fixture(scope="module")
def trees() -> dict[Path, ast.Module]:
    return {path: tree_of(path) for path in modules()}


@pytest.fixture(scope="module")
def imports(trees: dict[Path, ast.Module]) -> list[Import]:
    return [found for path, root in trees.items() for found in imports_of(path, root)]


@pytest.fixture(scope="module")
def web(trees: dict[Path, ast.Module]) -> dict[Path, ast.Module]:
    return {path: root for path, root in trees.items() if unit(path) == "web"}


def test_the_walk_sees_imports_of_every_form() -> None:
    source = """
import wickedmap.store
from wickedmap import cli
from .. import web, __version__
from ..graphs.loops import find_loops
from .native import read
import os, json
if TYPE_CHECKING:
    from ..model import Link
"""
    found = list(imports_of(PACKAGE / "formats" / "example.py", ast.parse(source)))
    assert [each.imported for each in found] == ["store", "cli", "web", "graphs", "formats", "model"]
    assert [each.imported for each in found if each.only_for_types] == ["model"]


def floor_of(name: str) -> int:
    return next(number for number, names in enumerate(FLOORS) if name in names)


def test_every_module_has_a_floor() -> None:
    assert {unit(path) for path in modules()} - set().union(*FLOORS) - FACES == set()


def test_a_module_imports_only_from_its_own_floor_and_those_below(imports: list[Import]) -> None:
    upwards = [
        f"{each.place}: {each.importer} imports {each.imported}, which is above it"
        for each in imports
        if each.importer not in FACES and floor_of(each.imported) > floor_of(each.importer)
    ]
    assert upwards == []
    assert len(imports) > 50, "the imports were not found"


def test_packages_of_one_floor_know_nothing_of_each_other(imports: list[Import]) -> None:
    packages = {unit(path) for path in modules() if path.parent != PACKAGE}
    across = [
        f"{each.place}: {each.importer} imports {each.imported}"
        for each in imports
        if each.importer in packages
        and each.imported in packages
        and each.importer != each.imported
        and floor_of(each.importer) == floor_of(each.imported)
    ]
    assert across == []


def test_no_two_modules_need_each_other(imports: list[Import]) -> None:
    needs = nx.DiGraph(
        (each.importer, each.imported)
        for each in imports
        if each.importer != each.imported and each.importer not in FACES and not each.only_for_types
    )
    assert list(nx.simple_cycles(needs)) == []


def test_nothing_imports_the_tests_or_the_benchmarks(trees: dict[Path, ast.Module]) -> None:
    found = imported_modules(trees, {"tests", "benchmarks", "pytest", "hypothesis"})
    assert found == []


# The two that ask a server for something.
CALLING = {"connect", "file_sending"}


def test_only_the_public_face_and_the_command_that_imports_can_connect(imports: list[Import]) -> None:
    callers = {each.importer for each in imports if each.imported in CALLING}
    assert callers - CALLING == {"__init__", "import_command"}


def imported_modules(trees: dict[Path, ast.Module], forbidden: set[str]) -> list[str]:
    found = []
    for path, root in trees.items():
        for node in ast.walk(root):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            found += [
                f"{place(path, node)}: {name}"
                for name in names
                if any(name == one or name.startswith(f"{one}.") for one in forbidden)
            ]
    return found


def test_the_analysis_knows_nothing_of_files_databases_or_screens(trees: dict[Path, ast.Module]) -> None:
    graphs = {path: root for path, root in trees.items() if unit(path) == "graphs"}
    forbidden = {"dash", "fastapi", "starlette", "sqlalchemy", "pathlib", "os", "io", "json", "yaml", "socket"}
    assert imported_modules(graphs, forbidden) == []


def test_no_module_can_call_out_or_run_what_it_reads(trees: dict[Path, ast.Module]) -> None:
    # A researcher's notebook reads a live workshop, a command hands a file to it; the server never calls out.
    trees = {path: root for path, root in trees.items() if unit(path) not in CALLING}
    forbidden = {
        "requests",
        "httpx",
        "urllib.request",
        "http.client",
        "ftplib",
        "smtplib",
        "pickle",
        "shelve",
        "marshal",
    }
    assert imported_modules(trees, forbidden) == []


def calls(trees: dict[Path, ast.Module]) -> Iterator[tuple[str, str, ast.Call]]:
    for path, root in trees.items():
        for node in ast.walk(root):
            if isinstance(node, ast.Call):
                yield place(path, node), ast.unparse(node.func), node


def test_nothing_is_evaluated(trees: dict[Path, ast.Module]) -> None:
    assert [where for where, name, _ in calls(trees) if name in {"eval", "exec", "compile", "__import__"}] == []


def test_only_the_command_line_prints(trees: dict[Path, ast.Module]) -> None:
    quiet = {path: root for path, root in trees.items() if unit(path) != "cli"}
    assert [where for where, name, _ in calls(quiet) if name in {"print", "pprint"}] == []


def test_no_log_line_quotes_an_error_of_the_web(web: dict[Path, ast.Module]) -> None:
    quoting = [
        where
        for where, name, call in calls(web)
        if name.endswith((".exception", "print_exc", "format_exc"))
        or any(keyword.arg == "exc_info" for keyword in call.keywords)
    ]
    assert quoting == []


# --- screens ---


def test_every_callback_is_async(web: dict[Path, ast.Module]) -> None:
    blocking = [
        f"{place(path, node)}: {node.name}"
        for path, root in web.items()
        for node in ast.walk(root)
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(decorator).split("(")[0].endswith("callback") for decorator in node.decorator_list)
    ]
    assert blocking == []


def test_no_callback_is_registered_for_whatever_app_comes_first(web: dict[Path, ast.Module]) -> None:
    found = imported_modules(web, {"dash.callback", "dash.clientside_callback", "dash.register_page"})
    found += [
        where
        for where, name, _ in calls(web)
        if name in {"dash.callback", "dash.clientside_callback", "dash.register_page"}
    ]
    assert found == []


def test_no_screen_can_show_markup_that_people_wrote(web: dict[Path, ast.Module]) -> None:
    names = {"Markdown", "Iframe", "DangerouslySetInnerHTML", "srcDoc", "dangerously_allow_html", "mathjax"}
    found = []
    for path, root in web.items():
        for node in ast.walk(root):
            used = (
                {node.attr}
                if isinstance(node, ast.Attribute)
                else {node.id}
                if isinstance(node, ast.Name)
                else {alias.name for alias in node.names}
                if isinstance(node, ast.ImportFrom)
                else {node.arg}
                if isinstance(node, ast.keyword)
                else {node.value}
                if isinstance(node, ast.Constant) and type(node.value) is str
                else set()
            )
            found += [f"{place(path, node)}: {name}" for name in used & names]
    assert found == []


def test_the_elements_of_the_canvas_are_written_and_never_read(web: dict[Path, ast.Module]) -> None:
    reads = [
        where
        for where, name, call in calls(web)
        if name.split(".")[-1] in {"Input", "State"}
        and "elements" in {child.value for child in ast.walk(call) if isinstance(child, ast.Constant)}
    ]
    assert reads == []


def test_the_bundle_under_the_gpl_is_never_loaded(trees: dict[Path, ast.Module]) -> None:
    assert [where for where, name, _ in calls(trees) if name.endswith("load_extra_layouts")] == []


SCREENS = Path(__file__).resolve().parent.parent / "assets"


def test_no_script_of_ours_writes_markup_or_leaves_the_host() -> None:
    dangerous = (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "http://",
        "https://",
    )
    ours = [
        path
        for path in sorted(SCREENS.rglob("*.js"))
        if "vendor" not in path.parts and ".min." not in path.name
    ]
    found = [
        f"{path.name}: {word}"
        for path in ours
        for word in dangerous
        if word in path.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
    ]
    assert found == []
