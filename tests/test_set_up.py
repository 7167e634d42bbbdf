"""The set-up script on a machine that lacks things, with stand-ins for apt and Python."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

APT_GET = """#!/bin/sh
echo "apt-get $*" >>"$LOG"
case "$*" in *python3-venv*) touch "$STATE/venv" ;; esac
"""
# Stands for Python as Debian ships it: new enough, but without venv until apt brings it.
PYTHON = """#!/bin/sh
case "$*" in
*version_info*) exit "$TOO_OLD" ;;
*ensurepip*) test -e "$STATE/venv"; exit $? ;;
"-m venv .venv")
    mkdir -p .venv/bin
    cp "$0" .venv/bin/python ;;
*"pip --version"*) ;;
*) echo "python $*" >>"$LOG" ;;
esac
"""
SUDO = """#!/bin/sh
echo "sudo" >>"$LOG"
exec "$@"
"""


class Machine:
    """A folder that stands for a machine: its programs, and a copy of the script."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder / "bin"
        self.home = folder / "checkout"
        self.log = folder / "log"
        (self.home / "tools").mkdir(parents=True)
        self.programs.mkdir()
        shutil.copy(ROOT / "tools" / "set-up", self.home / "tools" / "set-up")
        shutil.copy(ROOT / "pyproject.toml", self.home)
        for name in ("bash", "cat", "cksum", "cp", "dirname", "env", "mkdir", "rm", "sh", "touch", "test"):
            found = shutil.which(name)
            assert found is not None
            (self.programs / name).symlink_to(found)
        self.add("apt-get", APT_GET)
        self.add("python3", PYTHON)
        self.add("sudo", SUDO)
        self.add("id", "#!/bin/sh\necho 0\n")

    def add(self, name: str, script: str) -> None:
        (self.programs / name).write_text(script, encoding="utf-8")
        (self.programs / name).chmod(0o755)

    def set_up(self, *words: str, too_old: bool = False) -> subprocess.CompletedProcess[str]:
        self.log.write_text("", encoding="utf-8")
        return subprocess.run(
            ["bash", str(self.home / "tools" / "set-up"), *words],
            env={
                "PATH": str(self.programs),
                "LOG": str(self.log),
                "STATE": str(self.folder),
                "TOO_OLD": "1" if too_old else "0",
                "WICKEDMAP_CHROMIUM": str(self.folder / "chromium"),
            },
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )

    def did(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines()


INSTALL = "apt-get install -y -qq --no-install-recommends"
PIP = "python -m pip install -qq --disable-pip-version-check --editable"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_what_is_missing_is_installed_once(machine: Machine) -> None:
    assert machine.set_up().returncode == 0
    assert machine.did() == ["apt-get update -qq", f"{INSTALL} python3-venv", f"{PIP} ."]
    assert machine.set_up().returncode == 0
    assert machine.did() == []


def test_the_tests_bring_their_own_needs_and_a_browser(machine: Machine) -> None:
    (machine.folder / "venv").touch()
    assert machine.set_up("test").returncode == 0
    assert machine.did() == [f"{PIP} .[test]", "apt-get update -qq", f"{INSTALL} chromium"]


def test_a_browser_that_is_there_is_used(machine: Machine) -> None:
    (machine.folder / "venv").touch()
    machine.add("../chromium", "#!/bin/sh\n")
    assert machine.set_up("test").returncode == 0
    assert machine.did() == [f"{PIP} .[test]"]


def test_new_requirements_are_installed(machine: Machine) -> None:
    machine.set_up()
    with (machine.home / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert machine.set_up().returncode == 0
    assert machine.did() == [f"{PIP} ."]


def test_who_is_not_root_uses_sudo(machine: Machine) -> None:
    machine.add("id", "#!/bin/sh\necho 1000\n")
    assert machine.set_up().returncode == 0
    assert machine.did()[0] == "sudo"


def test_who_cannot_install_is_told_what_is_missing(machine: Machine) -> None:
    machine.add("id", "#!/bin/sh\necho 1000\n")
    os.unlink(machine.programs / "sudo")
    done = machine.set_up()
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr
    assert not (machine.home / ".venv").exists()


def test_a_machine_without_apt_is_told_what_is_missing(machine: Machine) -> None:
    os.unlink(machine.programs / "apt-get")
    done = machine.set_up()
    assert done.returncode == 1
    assert "Please install python3-venv" in done.stderr


def test_a_python_that_is_too_old_is_named(machine: Machine) -> None:
    done = machine.set_up(too_old=True)
    assert done.returncode == 1
    assert "wickedmap needs Python 3.11 or newer" in done.stderr
