"""What a page shows of a file before it is used."""

from __future__ import annotations

import base64
import re
from functools import partial
from pathlib import Path

import pytest

from tests.house import Room
from tests.web.test_page_compare import nodes, words
from wickedmap import CausalMap, default_map
from wickedmap.access import Actor
from wickedmap.formats import FORMATS, Reading, read_bytes
from wickedmap.formats.native import write
from wickedmap.formats.picture import svg
from wickedmap.importing import preview
from wickedmap.model import Factor
from wickedmap.store import open_store
from wickedmap.text import LANGUAGES, Texts
from wickedmap.texts import text
from wickedmap.web.import_pictures import ImportPictures
from wickedmap.web.import_view import after_adding, before_adding, before_opening
from wickedmap.workshop import Workshops

MANY = ("fra;til;fortegn\n" + "".join(f"a{row};b{row};kanskje\n" for row in range(150))).encode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_many_doubtful_rows_the_first_are_shown_and_all_are_counted(language: str) -> None:
    view = before_opening(read_bytes(MANY, "kart.csv"), "kart.csv", language)
    told = words(view)
    assert f"{text(language, 'files.notice.sign_unknown_word')} (150)" in " ".join(told.split())
    assert text(language, "import.show_all", count=145) in told
    assert text(language, "import.more", count=50) in told


def test_nothing_that_a_file_says_becomes_markup() -> None:
    hostile = "<script>alert(1)</script>"
    m = CausalMap(factors=(Factor("a", Texts(nb=hostile)), Factor("b", Texts(nb="]]>&{x}"))))
    view = before_opening(read_bytes(write(m), hostile), hostile, "nb", "/api/v1/import/picture/x.svg")
    assert hostile in words(view)
    assert "script" not in {tag for tag, _ in nodes(view)}
    picture = ImportPictures()
    drawn = picture.svg(picture.keep(2, 0, lambda: svg(m, language="nb")))
    assert drawn is not None
    assert "<script" not in drawn


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_format_that_is_read_has_a_name(language: str) -> None:
    m = CausalMap(factors=(Factor("a", Texts(nb="Gjeld")),))
    for name in [one.name for one in FORMATS.values() if one.read]:
        told = words(before_opening(Reading(m, name), "kart", language))
        assert text(language, "import.format") in told
        assert language == "en" or (FORMATS["lines"].title not in told)


def test_a_file_with_nothing_in_it_is_asked_about() -> None:
    view = before_opening(read_bytes(write(CausalMap()), "tom.json"), "tom.json", "nb")
    assert text("nb", "import.before.empty") in words(view)


def test_pictures_are_kept_for_the_last_few_maps_only() -> None:
    pictures = ImportPictures()
    drawn: list[int] = []

    def drawing(number: int) -> str:
        drawn.append(number)
        return f"<svg>{number}</svg>"

    names = [pictures.keep(2, 1, partial(drawing, number)) for number in range(9)]
    assert drawn == []
    assert pictures.svg(names[0]) is None
    assert pictures.svg("never given") is None
    assert [pictures.svg(names[8]), pictures.svg(names[8])] == ["<svg>8</svg>"] * 2
    assert drawn == [8]
    assert pictures.keep(301, 0, str) == ""
    assert pictures.keep(2, 601, str) == ""
    assert pictures.keep(0, 0, str) == ""


def test_a_picture_of_one_workshop_is_not_found_from_another() -> None:
    pictures = ImportPictures()
    name = pictures.keep(2, 1, lambda: "<svg/>", "one")
    assert pictures.svg(name, "one") == "<svg/>"
    assert pictures.svg(name, "another") is None
    assert pictures.svg(name) is None


def test_what_is_here_already_is_told_with_both_names(tmp_path: Path) -> None:
    store = open_store(tmp_path / "data")
    workshops = Workshops(store)
    workshop = workshops.open_workshop(default_map())
    state = workshops.view(Actor(workshop, "facilitator", "facilitator"))
    found = preview(state, read_bytes(b"fra;til\nGJELD;Uro\n", "kart.csv"))
    told = words(before_adding(found, "kart.csv", "nb"))
    assert "GJELD = Gjeld" in told
    assert "Uro" in told
    assert text("nb", "import.adds.factors", count=1) in words(after_adding(found, 7, "nb"))
    store.close()


def test_a_picture_is_for_the_host_and_the_preview_needs_the_key(room: Room) -> None:
    client, key = room.house.client(), room.house.host_key
    body = {"name": "kart.csv", "content_base64": base64.b64encode(MANY).decode(), "preview": True}
    assert client.post("/api/v1/import", json={**body, "page": True}).status_code == 403
    assert client.post("/api/v1/import", json={**body, "preview": 1, "key": key}).status_code == 422
    said = client.post("/api/v1/import", json={**body, "key": key}).json()
    assert set(said) == {"preview"}
    assert said["preview"]["read"]["factors"] == 300
    assert said["preview"]["notices"][0]["code"] == "separator"
    drawn_in = client.post("/api/v1/import", json={**body, "page": True, "key": key}).text
    (address,) = set(re.findall(r"/api/v1/import/picture/[A-Za-z0-9_-]+\.svg", drawn_in))
    assert client.get(address).status_code == 403
    client.get(f"/start/{key}")
    drawn = client.get(address)
    assert drawn.status_code == 200
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert client.get("/api/v1/import/picture/none.svg").status_code == 404
