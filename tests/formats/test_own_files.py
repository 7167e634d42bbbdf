"""Our own files: large ones, hostile ones, and the map inside a data package."""

from __future__ import annotations

import io
import zipfile

import pytest

from wickedmap import default_map
from wickedmap.formats import FormatError, native, read_bytes, write_bytes
from wickedmap.formats.errors import MAX_BYTES, MAX_OWN_BYTES
from wickedmap.formats.words import error_text
from wickedmap.model import Stance

START = b'{"format": "wickedmap-map", "version": 1, "factors": ['


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def test_what_a_hundred_and_twenty_people_said_is_read_again() -> None:
    m = default_map()
    reason = "Det ser vi hos oss rett etter løslatelse, når ingen har avtalt noe. " * 4
    said = m.replace(
        stances=tuple(
            Stance(link.id, f"nav-{person:03d}", m.agencies[0].id, "asserts", 1, 2.0, reason, "nb")
            for person in range(120)
            for link in m.links
        )
    )
    content = native.write(said.replace(stances=said.stances * 2))
    assert MAX_BYTES < len(content) < MAX_OWN_BYTES
    assert len(read_bytes(content, "kart.wickedmap.json").map.stances) == 2 * len(said.stances)


@pytest.mark.parametrize("value", [b"[],", b"{},", b'"\xf0\x9f\x98\x80",', b"1,", b'"ab",'])
def test_a_large_file_of_small_values_is_refused_before_it_is_taken_apart(value: bytes) -> None:
    content = START + value * (8_000_000 // len(value)) + b"1]}"
    with pytest.raises(FormatError, match="more than 1000000 values") as caught:
        read_bytes(content, "kart.json")
    assert "mer enn 1000000 verdier" in error_text(caught.value, "nb")


@pytest.mark.parametrize(
    "content", [b" " * 11_000_000, START + b" " * 10_000_000, b'{"elements": [' + b" " * 5_000_000]
)
def test_a_file_above_its_limit_is_refused_with_the_limit(content: bytes) -> None:
    with pytest.raises(FormatError, match=r"at most (5|10) MB can be read"):
        read_bytes(content, "kart.json")


def test_the_map_of_a_data_package_is_read_without_loss() -> None:
    m = default_map()
    tables = zipfile.ZipFile(io.BytesIO(write_bytes(m, "csv-zip")))
    package = zipped(
        data__map_wickedmap_json=native.write(m),
        data__links_csv=tables.read("links.csv"),
        data__factors_csv=tables.read("factors.csv"),
    )
    reading = read_bytes(package, "pakke.zip")
    assert (reading.format, reading.report) == ("wickedmap", ())
    assert reading.map == m


def test_a_broken_map_in_a_package_is_told_not_read_around() -> None:
    package = zipped(data__map_wickedmap_json=b'{"format": "wickedmap-map"', data__links_csv=b"fra;til\na;b\n")
    with pytest.raises(FormatError, match="not valid JSON"):
        read_bytes(package, "pakke.zip")
