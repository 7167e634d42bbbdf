"""The data package for researchers: one zip with tables, the map, a codebook and how it came about.

The form is a Frictionless Data Package: ``datapackage.json`` names every file with its
checksum and every column with its type, so that any tool can check it.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from . import __version__
from .causal_map import CausalMap
from .codebook import TABLES, Table
from .formats import graphml, native
from .formats.columns import joined
from .formats.csv_tables import csv_bytes, row_tables
from .pseudonyms import Suppressed, seconds
from .text import Texts

NO_LICENCE: Final = ""
_LICENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{1,63}")


@dataclass(frozen=True, slots=True)
class About:
    """Where a package comes from.

    Attributes
    ----------
    workshop : str
    seq : int
        The package holds the workshop as it stood after this change.
    at : str
        When it was made, UTC.
    revealed : tuple of str
        Kinds of contributions that had been revealed to the room.
    released, private : bool
        Whether the facilitator had released, or took out, what was not revealed.
    licence : str
        An SPDX id such as ``CC-BY-4.0``, or empty when nobody has chosen one.
    """

    workshop: str
    seq: int
    at: str
    revealed: tuple[str, ...] = ()
    released: bool = False
    private: bool = False
    licence: str = NO_LICENCE


def checked_licence(licence: str) -> str:
    """Return a licence's id; `ValueError` when it cannot be one."""
    if licence and not _LICENCE.fullmatch(licence):
        raise ValueError(f"licence: {licence!r} is not an id such as CC-BY-4.0")
    return licence


def package(
    m: CausalMap,
    events: Sequence[Mapping[str, str]],
    about: About,
    suppressed: Suppressed,
    proposals: Sequence[Mapping[str, str]] = (),
    timeline: bytes = b"",
    progress: Callable[[str, float], None] | None = None,
) -> bytes:
    """Return the data package of a map as a zip.

    Parameters
    ----------
    m : CausalMap
        With pseudonyms instead of people, and with small groups merged already.
    events : sequence of mappings
        Rows of the table ``events``, by its columns in `wickedmap.codebook`.
    about : About
    suppressed : Suppressed
        Written into the method note.
    proposals : sequence of mappings
        Rows of the table ``proposals``; both come from `wickedmap.log_tables`.
    timeline : bytes
        The map over time, as `wickedmap.formats.gexf_dynamic` writes it; left out when empty.
    progress : callable, optional
        Called with ``"tables"``, ``"files"`` or ``"packing"``, and how much of the whole is done.
    """
    tell = progress or (lambda _part, _share: None)
    tell("tables", 0.0)
    tables = _tables(m, events, proposals)
    files = {}
    for number, (name, (columns, rows)) in enumerate(tables.items(), 1):
        files[f"data/{name}.csv"] = _csv(columns, rows)
        tell("tables", 0.5 * number / len(tables))
    tell("files", 0.5)
    files["data/map.wickedmap.json"] = native.write(m)
    files["data/map.graphml"] = graphml.write(m)
    if timeline:
        files["data/map.dynamic.gexf"] = timeline
    resources = [_resource(name, columns, files[f"data/{name}.csv"]) for name, (columns, _) in tables.items()]
    resources += [
        _file("map", "data/map.wickedmap.json", "application/json", files["data/map.wickedmap.json"]),
        _file("graphml", "data/map.graphml", "application/graphml+xml", files["data/map.graphml"]),
    ]
    if timeline:
        resources.append(_file("timeline", "data/map.dynamic.gexf", "application/gexf+xml", timeline))
    columns_of = {name: columns for name, (columns, _) in tables.items()}
    counts = {name: len(rows) for name, (_, rows) in tables.items()}
    files["codebook.csv"] = _codebook_csv(columns_of)
    files["codebook.md"] = _codebook_text(columns_of).encode()
    when = [row["at"] for row in events if row.get("at")]
    files["README.md"] = _readme(m, about, suppressed, counts, when, _OVER_TIME if timeline else "").encode()
    files["LICENCE.md"] = _licence(about).encode()
    files["CITATION.cff"] = _citation(m, about).encode()
    files["datapackage.json"] = _json(_descriptor(m, about, suppressed, resources))
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    files["checksums.sha256"] = sums.encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(files.items()):
            tell("packing", 0.75 + 0.25 * number / len(files))
            # A fixed date: the same workshop at the same moment gives the same bytes.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


Rows = tuple[list[str], list[dict[str, str]]]


def _tables(
    m: CausalMap, events: Sequence[Mapping[str, str]], proposals: Sequence[Mapping[str, str]]
) -> dict[str, Rows]:
    made = {name: rows for name, rows in row_tables(m).items() if name in TABLES}
    for row in made["links"][1]:
        row.setdefault("contested", "false")
    for _, rows in made.values():
        for row in rows:
            if "at" in row:
                row["at"] = seconds(row["at"])
    made["agencies"] = _agencies(m)
    made["domains"] = _rows(
        ("id", "label"), [{"id": row.id, **_texts("label", row.labels, m.language)} for row in m.domains]
    )
    made["instruments"] = _instruments(m)
    made["proposals"] = (list(TABLES["proposals"].columns), [dict(row) for row in proposals])
    made["events"] = (list(TABLES["events"].columns), [dict(row) for row in events])
    return {name: made[name] for name in TABLES}


def _texts(name: str, texts: Texts, language: str) -> dict[str, str]:
    row = {name: texts.in_language(language)}
    return row | {f"{name}_{one}": said for one, said in texts.items()} if set(texts) - {language} else row


def _rows(known: Iterable[str], rows: list[dict[str, str]]) -> Rows:
    found = {name for row in rows for name in row}
    columns = [
        column
        for name in known
        for column in (name, *sorted(one for one in found if re.fullmatch(rf"{name}_[A-Za-z]{{2,3}}", one)))
    ]
    return columns, rows


def _agencies(m: CausalMap) -> Rows:
    rows = [
        {
            "id": row.id,
            **_texts("label", row.labels, m.language),
            "level": row.level,
            **_texts("role", row.roles, m.language),
            "provenance": row.provenance,
        }
        for row in m.agencies
    ]
    return _rows(TABLES["agencies"].columns, rows)


def _instruments(m: CausalMap) -> Rows:
    found, language = m.instruments, m.language
    rows: list[dict[str, str]] = []

    def add(kind: str, one: Any, texts: Texts, **more: str) -> None:
        row = {"kind": kind, "id": one.id, **_texts("text", texts, language), **more}
        rows.append({**row, "provenance": getattr(one, "provenance", "")})

    for intervention in found.interventions:
        effects = [f"{effect.factor} {'+' if effect.sign == 1 else '-'}" for effect in intervention.effects]
        references = joined([*intervention.references, *intervention.claims])
        add("intervention", intervention, intervention.labels, effects=joined(effects), references=references)
    for claim in found.claims:
        references, against = joined(claim.supported_by), joined(claim.challenged_by)
        add("claim", claim, claim.statements, references=references, against=against)
    for kind, questions in (("question", found.questions), ("precondition", found.preconditions)):
        for question in questions:
            add(kind, question, question.texts, about=question.kind)
    for kind, terms in (("strategy", found.strategies), ("term", found.glossary)):
        for term in terms:
            add(kind, term, term.terms, **_texts("about", term.definitions, language))
    for reference in found.references:
        add(
            "reference",
            reference,
            Texts({language: reference.citation}),
            about=reference.finding,
            url=reference.url,
        )
    return _rows(TABLES["instruments"].columns, rows)


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    # Plain UTF-8: R and the Frictionless tools take a byte order mark for part of the first name.
    return csv_bytes(columns, rows).removeprefix(b"\xef\xbb\xbf")


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _file(name: str, path: str, media_type: str, data: bytes) -> dict[str, Any]:
    return {
        "name": name,
        "path": path,
        "mediatype": media_type,
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
    }


def _resource(name: str, columns: Sequence[str], data: bytes) -> dict[str, Any]:
    table: Table = TABLES[name]
    return {
        **_file(name, f"data/{name}.csv", "text/csv", data),
        "type": "table",
        "title": table.title,
        "description": table.description,
        "format": "csv",
        "encoding": "utf-8",
        "schema": table.schema(columns),
    }


def _descriptor(
    m: CausalMap, about: About, suppressed: Suppressed, resources: list[dict[str, Any]]
) -> dict[str, Any]:
    licence = (
        {"name": about.licence, "path": "LICENCE.md"}
        if about.licence
        else {"name": "notspecified", "title": "No licence has been chosen", "path": "LICENCE.md"}
    )
    return {
        "profile": "data-package",
        "name": f"wickedmap-{about.workshop}",
        "title": m.titles.in_language(m.language) or "wickedmap",
        "description": "A workshop on a wicked problem: the causal map, and what each agency holds of it. "
        + str(suppressed),
        "version": f"{about.seq}",
        "created": about.at,
        "licenses": [licence],
        "sources": [{"title": f"wickedmap {__version__}, workshop {about.workshop}, changes 1-{about.seq}"}],
        "resources": resources,
    }


def _codebook_rows(columns: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    return [
        {
            "table": table,
            "column": name,
            "type": TABLES[table].column(name).type,
            "values": joined(TABLES[table].column(name).values),
            "description": TABLES[table].column(name).description,
        }
        for table, names in columns.items()
        for name in names
    ]


def _codebook_csv(columns: Mapping[str, Sequence[str]]) -> bytes:
    return _csv(("table", "column", "type", "values", "description"), _codebook_rows(columns))


def _codebook_text(columns: Mapping[str, Sequence[str]]) -> str:
    parts = ["# Codebook\n"]
    for table, names in columns.items():
        parts.append(f"\n## {table}\n\n{TABLES[table].description}\n\n")
        parts.append("| column | type | values | meaning |\n|---|---|---|---|\n")
        for name in names:
            column = TABLES[table].column(name)
            meaning = column.description.replace("|", r"\|")
            parts.append(f"| `{name}` | {column.type} | {', '.join(column.values)} | {meaning} |\n")
    return "".join(parts)


_OVER_TIME: Final = """\
- `data/map.dynamic.gexf`: the same with the workshop's time, for Gephi's timeline: when each factor
  and link came and went, its signs, and how many held what of it.
"""


def _speakers(m: CausalMap) -> str:
    people: dict[str, set[str]] = {}
    said: list[Any] = [*m.stances, *m.ratings, *m.annotations, *m.framings, *m.meanings]
    for row in said:
        if row.person:
            people.setdefault(row.agency or "facilitator", set()).add(row.person)
    if not people:
        return "Nobody's own words or stances are in this package."
    listed = ", ".join(f"{agency} {len(found)}" for agency, found in sorted(people.items()))
    return f"People whose words or stances are here: {listed}."


def _readme(
    m: CausalMap,
    about: About,
    suppressed: Suppressed,
    counts: Mapping[str, int],
    when: Sequence[str],
    over_time: str,
) -> str:
    shown = ", ".join(about.revealed) or "nothing"
    if about.private:
        held = "The facilitator took out everything, also what had not been revealed to the room."
    elif about.released:
        held = "The facilitator has released everything, also what had not been revealed to the room."
    else:
        held = f"Only what had been revealed to the room is here. Revealed: {shown}."
    listed = "\n".join(
        f"- `data/{name}.csv`: {count} rows. {TABLES[name].title}." for name, count in counts.items()
    )
    days = f"from {min(when)} to {max(when)} (UTC)" if when else "at times that are not known"
    return f"""# {m.titles.in_language(m.language) or "Workshop"}

A workshop on a wicked problem, from wickedmap {__version__}: workshop {about.workshop}, changes 1-{about.seq},
taken out {about.at} (UTC).

## Files

{listed}
- `data/map.wickedmap.json`: all of it in one file, read by `wickedmap.load` without loss.
- `data/map.graphml`: factors and links for network tools.
{over_time}- `codebook.csv`, `codebook.md`: every column. `datapackage.json`: the same for machines, with
  checksums.
- `LICENCE.md`, `CITATION.cff`: what the data may be used for, and how to cite them.
- `checksums.sha256`: check the files with `sha256sum -c checksums.sha256`.

The tables are UTF-8, comma separated, every cell quoted. An empty cell is a missing value. A text that a
spreadsheet would run as a formula (it begins with =, +, - or @) has a ' in front; take it away before you
quote the text.

## Opening them

R:

    stances <- read.csv("data/stances.csv", na.strings = "", encoding = "UTF-8")
    stances$reason <- sub("^'(?='*[=+@-])", "", stances$reason, perl = TRUE)
    map <- igraph::read_graph("data/map.graphml", format = "graphml")

igraph says that it ignores `n_graphics` and `e_graphics`: that is the drawing for yEd, and all it leaves out.

Python:

    import pandas as pd, wickedmap
    stances = pd.read_csv("data/stances.csv")
    m = wickedmap.load("data/map.wickedmap.json")

Excel: by Data, From Text/CSV, with UTF-8 as the encoding; opened by a double click, æ, ø and å are garbled.

## How it came about

The map is a signed causal map: factors that can go up and down, and links that say that one moves another.
It was opened from a source document or a file and changed in the workshop, led by a facilitator,
{days}; each took part from an own device.
The participants did not draw one map by agreement: each has stances on the links (asserts, rejects or unsure,
with an own sign), ratings of factors, notes and a framing of the problem, private until the facilitator
reveals them.
{_speakers(m)}

- A link without a row in stances has not been considered by that person. That is not a rejection.
- A sign is never an average: read the stances to see who holds which.
- Framings with `example` true were made up for demonstration. Leave them out of every count.

## The numbers of the compare page

The workshop's screens compute them from these tables, and so can you:

    from wickedmap.graphs import compare, joint_loops, overlay, pairwise, perspective_maps
    overlay(m).links_to_pandas()       # who asserts and rejects each link, and with which sign
    overlay(m).factors_to_pandas()     # who considered each factor, and how important it is
    pairwise(perspective_maps(m))      # how far the agencies' maps lie from each other
    compare(m.perspective("AGENCY"), m.perspective("ANOTHER")).to_pandas()
    joint_loops(m)                     # loops that no agency sees alone

With other tools, by these rules:

- A person asserts a link that they have a row `asserts` for. One whose framing rests on the link, and who has
  no row for it, asserts it too, with the link's own sign.
- An agency's map has the links that at least one of its people asserts. Each of them holds their own `sign` and
  `strength`, or the link's where they gave none. The agency's sign is the one they hold, and unknown when they
  hold both; its strength is the median.
- The agency's factors are those that its people rated, noted on or rested a framing on, and both ends of every
  link that they took any stance on, noted on or rested a framing on.
- The distance of two maps is that of Langfield-Smith and Wirth (1992), their formula 12, for strengths up to 3:
  c factors stand in both maps, u in the one only and v in the other only. Add up, over all pairs of factors,
  |a - b|, a and b being sign times strength in either map (0 without a link); where a factor of the pair stands
  in one map only, with the signs alone. Divide by 6(c² - c) + 2c(u + v) + u² - u + v² - v. Of links between
  the same two factors the strongest counts; those of unknown or different signs leave the pair out.
- Not here: how stances moved during the meeting. `small-groups`, where there is one, is no standpoint of
  anybody's: leave it out when you compare agencies. The distances of the others are the page's; what counts
  agencies, such as the loops that none sees alone, can differ.

## What is here, and what is not

{held}
{suppressed}
People are pseudonyms that are the same throughout this package; aliases, and what links pseudonyms to people,
are not in it. The order of numbers says nothing. Texts are as people wrote them and may still point to
somebody: read them before you pass them on.

## Citing

Cite the workshop (its title, place and date, as agreed with those who held it; `CITATION.cff` has what is known
here) and the software:
The wickedmap contributors. wickedmap: map a wicked problem together. {__version__}. Apache-2.0.
"""


def _citation(m: CausalMap, about: About) -> str:
    def text(value: str) -> str:
        return json.dumps(value, ensure_ascii=False)

    title = m.titles.in_language(m.language) or f"Workshop {about.workshop}"
    stated = f"license: {text(about.licence)}\n" if about.licence else ""
    return f"""cff-version: 1.2.0
message: "Cite as agreed with those who held the workshop."
type: dataset
title: {text(title)}
authors:
  - name: {text(f"Participants and facilitator of workshop {about.workshop}")}
version: "{about.seq}"
date-released: {text(about.at[:10])}
{stated}references:
  - type: software
    title: "wickedmap: map a wicked problem together"
    version: "{__version__}"
    license: Apache-2.0
    authors:
      - name: The wickedmap contributors
"""


def _licence(about: About) -> str:
    if about.licence:
        return (
            f"# Licence\n\nThe data are licensed under {about.licence}, as chosen by those who took them out "
            f"(see https://spdx.org/licenses/{about.licence}.html).\n"
        )
    return (
        "# Licence\n\nNo licence has been chosen for these data. Use them only for what the participants were "
        "told of, and ask those who held the workshop before you pass them on. The software's licence "
        "(Apache-2.0) does not cover them.\n"
    )
