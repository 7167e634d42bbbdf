"""A wheel of this tree, installed where nothing else of ours is, finds all it needs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

import wickedmap

ROOT = Path(__file__).resolve().parent.parent

Run = Callable[..., str]


def run(*command: str | Path, cwd: Path) -> str:
    # Nothing of the surrounding run may lead the new environment back to this checkout.
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "VIRTUAL_ENV", "COV"))
    }
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=kept,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("*.tar.gz")
    return built


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as an index would build it: from the source package, far from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (source,) = (path for path in folder.iterdir() if path.is_dir())
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=source)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with the wheel in it; only its dependencies are borrowed."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    python = folder / "bin" / "python"
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--no-deps",
        "--no-index",
        "--quiet",
        wheel,
        cwd=folder,
    )
    (site_packages,) = folder.glob("lib/python*/site-packages")
    borrowed = sysconfig.get_paths()["purelib"]
    # A path named in a .pth file is searched, but the .pth files in it are not read:
    # so an editable install of this checkout stays out.
    (site_packages / "borrowed.pth").write_text(f"{borrowed}\n", encoding="utf-8")
    return folder


def files_under(folder: str) -> set[str]:
    tracked = {path for path in (ROOT / folder).rglob("*") if path.is_file() and not path.name.startswith(".")}
    return {path.relative_to(ROOT).as_posix() for path in tracked}


def test_the_wheel_carries_all_data_and_assets(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {f"wickedmap/_{name}" for name in files_under("data") | files_under("assets")}
    assert {name for name in wanted if ".git" not in name} - names == set()


def test_the_wheel_carries_every_module_and_the_mark_of_its_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {name for name in files_under("wickedmap") if "__pycache__" not in name}
    assert wanted - names == set()
    assert "wickedmap/py.typed" in names


def test_the_wheel_puts_nothing_beside_the_package(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"wickedmap", f"wickedmap-{wickedmap.__version__}.dist-info"}


def test_the_wheel_carries_the_licences(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    licences = [name for name in names if "/licenses/" in name and name.startswith("wickedmap-")]
    assert any(name.endswith("/LICENSE") for name in licences)
    assert "Apache License" in zipfile.ZipFile(wheel).read(licences[0]).decode()


def test_the_source_package_carries_the_tests_and_the_papers_around_them(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "tests/test_packaging.py",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "CITATION.cff",
        "docs/index.md",
    } <= names


def test_installed_it_says_its_version(installed: Path) -> None:
    assert run(installed / "bin" / "wickedmap", "--version", cwd=installed).strip() == wickedmap.__version__
    assert run(installed / "bin" / "python", "-m", "wickedmap", "--version", cwd=installed).strip() == (
        wickedmap.__version__
    )


def test_installed_it_finds_its_data_and_assets_in_the_wheel(installed: Path) -> None:
    script = """
import wickedmap
from wickedmap.resources import resource_dir
from wickedmap.texts import catalogue
print(wickedmap.__file__)
print(resource_dir("data"))
print(resource_dir("assets"))
print(len(wickedmap.default_map().factors), len(catalogue("nn")))
"""
    module, data, assets, counts = run(installed / "bin" / "python", "-c", script, cwd=installed).splitlines()
    home = str(installed)
    assert module.startswith(home)
    assert data.startswith(home)
    assert data.endswith("wickedmap/_data")
    assert assets.endswith("wickedmap/_assets")
    assert counts.split()[0] == str(len(wickedmap.default_map().factors))


def test_installed_its_server_can_be_put_together(installed: Path) -> None:
    script = """
import sys, tempfile
from wickedmap.store import open_store
from wickedmap.web.server import build
from wickedmap.workshop import Workshops
from pathlib import Path
with tempfile.TemporaryDirectory() as folder:
    store = open_store(Path(folder))
    print(type(build(Workshops(store), public_url="http://localhost:8050").app).__name__)
    store.close()
"""
    assert run(installed / "bin" / "python", "-W", "error", "-c", script, cwd=installed).strip() == "FastAPI"


def test_the_citation_names_this_version_and_licence() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert str(citation["version"]) == wickedmap.__version__
    assert citation["license"] == project["license"] == "Apache-2.0"


def test_the_change_log_tells_of_this_version() -> None:
    assert f"## {wickedmap.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["start", "check", ".ci/run", "tools/set-up"])
def test_the_commands_of_the_readme_can_be_run(command: str) -> None:
    path = ROOT / command
    assert os.access(path, os.X_OK)
    run("bash", "-n", path, cwd=ROOT)


def readme_blocks() -> list[str]:
    return (ROOT / "README.md").read_text(encoding="utf-8").split("```")[1::2]


def test_the_readme_opens_with_the_two_commands() -> None:
    assert [block.strip() for block in readme_blocks()[:2]] == ["./start", "./check"]


def test_the_example_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = (block.removeprefix("python\n") for block in readme_blocks() if block.startswith("python\n"))
    exec(example, {})
    assert re.fullmatch(r"\d+ loops, complete to length 6\n", capsys.readouterr().out)


def test_no_committed_file_names_a_place_on_one_machine() -> None:
    listed = [
        ROOT / name for name in ("README.md", "start", "check", ".ci/run", "tools/set-up", "pyproject.toml")
    ]
    listed += [
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "wickedmap").rglob("*.py"),
        *(ROOT / ".github").rglob("*.yml"),
    ]
    forbidden = ("/work/", "/root/", "/home/", "../shared", "/opt/")
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in listed
        for word in forbidden
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []
