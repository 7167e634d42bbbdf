"""CSV in and out: one table of links, a matrix, or the whole map as tidy tables in a zip.

What is written opens in a spreadsheet as it is: UTF-8 with a byte order mark,
every cell quoted, words for signs. A text that a spreadsheet would run as a
formula gets a "'" in front, which our own reader takes away again.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, get_type_hints

from ..causal_map import CausalMap
from ..model import Annotation, Conclusion, Framing, Meaning, Rating, Stance
from ..text import Texts
from . import typed_lines
from .archives import open_zip, read_member
from .aspects import WHOLE_MAP
from .columns import (
    FACTOR_COLUMNS,
    LINK_COLUMNS,
    column_order,
    factor_row,
    joined,
    link_row,
    number_text,
    split,
)
from .edge_lists import (
    TIDY_LINK_COLUMNS,
    is_tidy_links,
    read_factors,
    read_links,
    read_tidy_links,
    stances_of,
)
from .errors import FormatError
from .link_columns import find_columns
from .link_tables import with_ends_from_names, with_signs_of_terms
from .matrices import is_matrix, matrix_cells, read_matrix
from .native import record_from_json
from .reading import Draft, Reading
from .table_shapes import (
    from_header,
    is_neighbour_list,
    matrix_alone,
    read_neighbours,
    table_rows,
    with_names,
    with_row_names,
    without_row_numbers,
)
from .tables import Row, decode_table, read_table

LOSSES: Final[Mapping[str, str]] = {
    **dict.fromkeys(WHOLE_MAP, ""),
    **dict.fromkeys(
        (
            *("language", "languages", "seed_labels", "definitions", "domains_of_factors", "valences", "kinds"),
            *("owners", "members", "positions", "aliases", "factor_provenance", "factor_notes", "phrases"),
            *("factor_columns", "factor_stages", "title", "focal"),
        ),
        "lost; write the zip of tables to keep it",
    ),
    "factor_order": "becomes the order of first mention",
    "statuses": "lost for factors; links keep theirs",
    "unlinked": "left out; write the zip of tables to keep it",
    "odd_ids": "replaced; the old id is kept as a column",
}
ZIP_LOSSES: Final[Mapping[str, str]] = {
    "domains": "lost; factors keep their domain",
    "agencies": "lost; factors and stances keep theirs",
    "stages": "",
    "suggested": "",
    "instruments": "",
    "odd_ids": "replaced; the old id is kept as a column",
}
_FORMULA: Final = re.compile("'*[=+\\-@\t\r\0＝＋－＠]")
_PLAIN_NUMBER: Final = re.compile(r"[-+]?\d{1,20}(\.\d{1,20})?(e[+-]?\d{1,3})?")
_SAID: Final[Mapping[str, type]] = {
    "stances": Stance,
    "ratings": Rating,
    "annotations": Annotation,
    "framings": Framing,
    "meanings": Meaning,
    "conclusions": Conclusion,
}


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet runs as a formula.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-0.5"), unguarded(guarded("'=x"))
    ("'=1+1", '-0.5', "'=x")
    """
    return "'" + text if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """Return what `guarded` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def csv_bytes(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return rows as CSV that opens right in a spreadsheet and is safe there."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([guarded(row.get(name, "")) for name in columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def row_tables(m: CausalMap) -> dict[str, tuple[list[str], list[dict[str, str]]]]:
    """Return the map as tables by name, each its columns and its rows.

    ``factors``, ``links``, ``stances``, ``ratings``, ``annotations``, ``framings``,
    ``meanings``, ``conclusions``, and ``map`` with the title, the language and the focal factor.
    """
    factors = [factor_row(factor, m.language) for factor in m.factors]
    links = [link_row(link, m.language) for link in m.links]
    about = {"language": m.language, "focal": m.focal, "provenance": m.provenance}
    about |= {f"title_{language}": text for language, text in m.titles.items()}
    made = {
        "map": (["field", "value"], [{"field": name, "value": text} for name, text in about.items()]),
        "factors": (column_order(FACTOR_COLUMNS, factors), factors),
        "links": (column_order(LINK_COLUMNS, links), links),
    }
    for name, kind in _SAID.items():
        rows = [_said_row(one) for one in getattr(m, name)]
        made[name] = (_said_columns(kind, rows), rows)
    return made


def tables(m: CausalMap) -> dict[str, bytes]:
    """Return the map as tidy CSV tables by name; see `row_tables`."""
    return {name: csv_bytes(columns, rows) for name, (columns, rows) in row_tables(m).items()}


def _said_row(one: Any) -> dict[str, str]:
    row: dict[str, str] = {}
    for field in dataclasses.fields(one):
        value = getattr(one, field.name)
        if isinstance(value, Texts):
            row |= {f"{field.name}_{language}": text for language, text in value.items()}
        elif isinstance(value, tuple):
            row[field.name] = joined(value)
        elif isinstance(value, bool):
            row[field.name] = "true" if value else "false"
        elif isinstance(value, int | float):
            row[field.name] = number_text(value)
        elif value is not None:
            row[field.name] = value
    return row


def _said_columns(kind: type, rows: Sequence[Mapping[str, str]]) -> list[str]:
    hints = get_type_hints(kind)
    found = {name for row in rows for name in row}
    columns = []
    for field in dataclasses.fields(kind):
        if hints[field.name] is Texts:
            columns.extend(sorted(name for name in found if name.startswith(f"{field.name}_")))
        else:
            columns.append(field.name)
    return columns


def write(m: CausalMap) -> bytes:
    """Return the links as one CSV table, with the labels of both ends."""
    rows = []
    for link in m.links:
        row = link_row(link, m.language)
        row["source_label"] = m.factor(link.source).labels.in_language(m.language)
        row["target_label"] = m.factor(link.target).labels.in_language(m.language)
        rows.append(row)
    return csv_bytes(column_order(TIDY_LINK_COLUMNS, rows), rows)


def write_zip(m: CausalMap) -> bytes:
    """Return all tidy tables in one zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in tables(m).items():
            # A fixed date: the same map gives the same bytes.
            archive.writestr(zipfile.ZipInfo(f"{name}.csv", (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def write_matrix(m: CausalMap) -> bytes:
    """Return the map as a matrix of signed weights from -1 to 1."""
    lines = []
    for row in matrix_cells(m):
        # Every cell quoted but the empty ones, which are most of a matrix.
        cells = ('"' + guarded(cell).replace('"', '""') + '"' if cell else "" for cell in row)
        lines.append(",".join(cells) + "\r\n")
    return b"\xef\xbb\xbf" + "".join(lines).encode("utf-8", "replace")


def read(data: bytes) -> Reading:
    """Return the map in one text table: links, factors or a matrix."""
    draft = Draft("csv")
    rows = table_rows(decode_table(data, draft), draft)
    if not rows:
        raise FormatError("the table has no rows", code="missing")
    return read_rows(rows, draft)


def read_rows(rows: Sequence[Row], draft: Draft) -> Reading:
    """Return the map in a table of links, of factors, or in a matrix."""
    if is_tidy_links(rows[0].cells):
        read_tidy_links(_unguarded(rows), draft)
        return draft.finish()
    rows = from_header(with_names(with_row_names(_unguarded(rows), draft), draft), draft)
    rows = matrix_alone(rows, draft)
    if is_matrix(rows):
        draft.format = "matrix"
        read_matrix(rows, draft)
        return draft.finish()
    rows = with_signs_of_terms(with_ends_from_names(without_row_numbers(rows), draft), draft)
    if is_neighbour_list(rows):
        read_neighbours(rows, draft)
        return draft.finish()
    columns = find_columns(rows, draft)
    if columns is not None:
        # Kumu's own sheets have these two names first, and several targets in a cell.
        of_kumu = [name.strip() for name in columns.names[:2]] == [
            "From",
            "To",
        ] and "direction" in columns.roles
        read_links(rows, columns, draft, of_kumu=of_kumu)
        return stances_of(draft, draft.finish())
    if read_factors(rows, draft):
        return draft.finish()
    if typed_lines.is_list(rows):
        return typed_lines.read_list(rows, draft)
    raise FormatError(
        "no columns for cause and effect were found; name them source and target (or fra and til), "
        f"found {', '.join(repr(cell) for cell in rows[0].cells[:8])}",
        place=rows[0].place,
        code="unknown-format",
    )


def _unguarded(rows: Sequence[Row]) -> list[Row]:
    # Few cells begin with a quote; looking at a row as one text finds them faster.
    return [
        Row(row.place, tuple(map(unguarded, row.cells))) if "\n'" in "\n" + "\n".join(row.cells) else row
        for row in rows
    ]


def read_zip(data: bytes) -> Reading:
    """Return the map in a zip of tidy tables."""
    with open_zip(data) as archive:
        files: dict[str, bytes] = {}
        for name in archive.namelist():
            stem = name.rpartition("/")[2].removesuffix(".csv")
            if name.endswith(".csv") and stem not in files:
                files[stem] = read_member(archive, name)
    if not files.keys() & {"factors", "links"}:
        raise FormatError("the zip holds neither factors.csv nor links.csv", code="missing")
    return read_tables({name: files[name] for name in ("map", "factors", "links", *_SAID) if name in files})


def read_tables(files: Mapping[str, bytes]) -> Reading:
    """Return the map in tidy CSV tables by name, as `tables` gives them.

    Raises
    ------
    FormatError
        With the table and line of what is wrong.
    """
    draft = Draft("csv-zip")
    rows = {}
    for name, data in files.items():
        try:
            rows[name] = _placed(_unguarded(read_table(decode_table(data, draft), draft)), name)
        except FormatError as error:
            raise FormatError(
                error.message, place=f"{name}.csv, {error.place}".strip(", "), code=error.code
            ) from None
    reading = read_row_tables(rows)
    return Reading(reading.map, "csv-zip", (*draft.notices(), *reading.report))


def read_row_tables(rows: Mapping[str, Sequence[Row]]) -> Reading:
    """Return the map in tidy tables by name, as `row_tables` gives them."""
    draft = Draft("tables")
    about = {row.cells[0]: row.cells[1] for row in rows.get("map", [])[1:] if len(row.cells) > 1}
    language = about.get("language", "nb")
    draft.language = language if language.isalpha() and len(language) <= 3 else "nb"
    if rows.get("factors"):
        read_factors(rows["factors"], draft)
    links = rows.get("links")
    if links:
        if is_tidy_links(links[0].cells):
            read_tidy_links(links, draft)
        else:
            columns = find_columns(links, draft)
            if columns is None:
                raise FormatError("no columns for cause and effect", place=links[0].place)
            read_links(links, columns, draft)
    said = {name: _read_said(kind, rows.get(name, [])) for name, kind in _SAID.items()}
    titles = {name.removeprefix("title_"): text for name, text in about.items() if name.startswith("title_")}
    reading = stances_of(draft, draft.finish())
    m = reading.map.replace(**{name: found for name, found in said.items() if found}, titles=Texts(titles))
    focal, provenance = about.get("focal", ""), about.get("provenance", "")
    if focal and not m.has_factor(focal):
        raise FormatError(f"there is no factor {focal!r}", place="table map, focal")
    return Reading(m.replace(focal=focal, provenance=provenance), "tables", reading.report)


def _placed(rows: Sequence[Row], name: str) -> list[Row]:
    return [Row(f"{name}.csv, {row.place}", row.cells) for row in rows]


def _read_said(kind: type, rows: Sequence[Row]) -> tuple[Any, ...]:
    if not rows:
        return ()
    hints = get_type_hints(kind)
    made: list[Any] = []
    for row in rows[1:]:
        values: dict[str, Any] = {}
        for name, text in zip(rows[0].cells, row.cells, strict=False):
            base, _, language = name.rpartition("_")
            if hints.get(base) is Texts:
                if text:
                    values.setdefault(base, {})[language] = text
            elif text:
                values[name] = _typed(hints.get(name), text)
        made.append(record_from_json(kind, {**_EMPTY.get(kind, {}), **values}, row.place))
    return tuple(made)


_EMPTY: Final[Mapping[type, Mapping[str, Any]]] = {
    Stance: {"person": "", "agency": ""},
    Rating: {"person": "", "agency": "", "importance": None},
    Annotation: {"person": "", "agency": "", "text": ""},
    Framing: {"agency": ""},
    Meaning: {"person": "", "agency": "", "text": ""},
}


def _typed(hint: Any, text: str) -> Any:
    if hint is bool:
        return text == "true"
    if hint == tuple[str, ...]:
        return list(split(text))
    if hint is not str and hint is not None and re.fullmatch(r"-?\d{1,15}", text):
        return int(text)
    if hint is not str and hint is not None and _PLAIN_NUMBER.fullmatch(text):
        return float(text)
    return text
