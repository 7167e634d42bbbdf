"""Whatever a command may say has words in all three languages."""

from __future__ import annotations

import ast
import errno
import os
from pathlib import Path
from xml.parsers.expat import errors as expat

import pytest

from tests.formats.test_words import VALUE, sentences
from wickedmap.formats.words import said, word
from wickedmap.texts import catalogue

PACKAGE = Path(__file__).resolve().parents[1] / "wickedmap"
NORWEGIAN = ["nb", "nn"]
# What only the commands without --language meet, and what `wickedmap.connect` says to a script.
ENGLISH_ONLY = {"deletion.py", "connect.py"}
RESTORING = ("there is no file", "is damaged (")


def calls(*names: str) -> list[tuple[Path, ast.Call]]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in names:
                    found.append((path, node))
    return found


@pytest.mark.parametrize("language", NORWEGIAN)
def test_what_the_store_and_the_server_are_said_to_be_is_translated(language: str) -> None:
    spoken = {
        one
        for path, call in calls("StoreError", "ConnectError")
        if path.name not in ENGLISH_ONLY and len(call.args) > 1
        for one in sentences(call.args[1])
        if not any(part in one for part in RESTORING)
    }
    assert len(spoken) > 10
    assert [one for one in spoken if said(one, language) == one and one != VALUE] == []


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_way_to_fail_or_to_be_stopped_has_its_sentence(language: str) -> None:
    keys = [one for _, call in calls("Failed", "Stopped", "once_done") for one in sentences(call.args[0])]
    named = {one for one in keys if VALUE not in one}
    assert len(named) > 15
    assert [one for one in named if one not in catalogue(language)] == []


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_part_of_long_work_has_its_sentence(language: str) -> None:
    found = {one for _, call in calls("working") for one in sentences(call.args[0])}
    assert len(found) > 8
    assert [one for one in found if f"commands.doing.{one}" not in catalogue(language)] == []


@pytest.mark.parametrize("language", NORWEGIAN)
def test_reasons_of_the_system_are_translated(language: str) -> None:
    reasons = [
        *(
            os.strerror(number)
            for number in (errno.ENOENT, errno.EACCES, errno.EISDIR, errno.ENOSPC, errno.EROFS)
        ),
        *(
            os.strerror(number)
            for number in (errno.ENOTDIR, errno.ENAMETOOLONG, errno.ECONNREFUSED, errno.EPIPE)
        ),
        expat.XML_ERROR_NO_ELEMENTS,
        expat.XML_ERROR_TAG_MISMATCH,
        expat.XML_ERROR_DUPLICATE_ATTRIBUTE,
        expat.XML_ERROR_UNBOUND_PREFIX,
        expat.XML_ERROR_UNKNOWN_ENCODING,
        expat.XML_ERROR_INCORRECT_ENCODING,
        expat.XML_ERROR_MISPLACED_XML_PI,
        expat.XML_ERROR_UNCLOSED_CDATA_SECTION,
        "File is not a zip file",
    ]
    assert [one for one in reasons if word(one, language) == one] == []
