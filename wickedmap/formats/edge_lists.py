"""Tables of links from anywhere: which column is which, what the words mean, who said it.

One row per participant is normal: the same link said twice is support, not an
error, and becomes one link with a stance from each, whose own the note is. Where
participants give it different signs it is one contested link, and each stance keeps
its own sign. Rows that name an agency but no participant are one person each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ..model import Agency, Delay, Stance
from ..text import Texts
from . import kumu
from .columns import LINK_COLUMNS, factor_fields, link_fields
from .errors import FormatError
from .lessened import is_safe_id
from .link_columns import FACTOR_ROLES, UNDIRECTED, Columns, match_roles, sign_of_words
from .reading import Draft, Reading, Voice, slug
from .signs import SIZES, SignReading, read_number, read_sign
from .tables import Row

_DELAYED: Final[Mapping[str, Delay]] = {
    **dict.fromkeys(("long", "lang", "true", "yes", "ja", "1", "delayed", "forsinket", "x"), "long"),
    **dict.fromkeys(("short", "kort"), "short"),
}
_NOT_DELAYED: Final = frozenset({"", "no", "nei", "none", "ingen", "false", "0"})
_NO_AMOUNT: Final = frozenset({"", "na", "n/a", "nan", "null", "none"})


class _Said:
    """One link as the rows say it, with everyone who said it."""

    def __init__(self, source: Hashable, target: Hashable, place: str, wanted_id: str, mutual: bool) -> None:
        self.source = source
        self.target = target
        self.place = place
        self.wanted_id = wanted_id
        self.mutual = mutual
        self.filled: dict[str, Any] = {}
        self.attributes: dict[str, str] = {}
        self.claims: list[SignReading] = []
        self.voices: list[Voice] = []
        self._differ: dict[str, None] = {}
        self._persons: dict[str, tuple[int, str]] = {}

    def fill(self, cells: Mapping[str, tuple[str, Any]], attributes: Mapping[str, str]) -> None:
        """Take what a row says of the link; the first row that says something counts."""
        for name, (column, value) in cells.items():
            if value and self.filled.setdefault(name, value) != value:
                self._differ.setdefault(column)
        for column, text in attributes.items():
            if self.attributes.setdefault(column, text) != text:
                self._differ.setdefault(column)

    def hear(self, voice: Voice, place: str, draft: Draft) -> None:
        """Take what somebody says; a participant who says the link again has one voice all the same."""
        if not voice.person:
            self.voices.append(voice)
            return
        if voice.person not in self._persons:
            self._persons[voice.person] = len(self.voices), place
            self.voices.append(voice)
            return
        at, before = self._persons[voice.person]
        known = self.voices[at]
        if (known.sign.sign, known.sign.both) != (voice.sign.sign, voice.sign.both):
            draft.note(
                "repeated-row",
                place,
                f"the same person gives another sign on {before}; this row replaces it",
            )
            self._persons[voice.person] = at, place
            self.voices[at] = voice
            return
        draft.note("repeated-row", place, f"the same link as on {before}; counted once")
        reasons = dict.fromkeys(filter(None, (known.reason, voice.reason)))
        self.voices[at] = replace(
            known,
            agency=known.agency or voice.agency,
            size=voice.size if known.size is None else known.size,
            reason="\n".join(reasons),
        )

    def sign(self) -> tuple[SignReading, bool]:
        """Put the rows' signs together; and whether some say more and others less."""
        claims = [*self.claims, *(voice.sign for voice in self.voices)]
        signs = {claim.sign for claim in claims if claim.sign}
        both = len(signs) > 1 or any(claim.both for claim in claims)
        return SignReading(sign=None if both or not signs else next(iter(signs)), both=both), len(signs) > 1

    def differing(self) -> str:
        """Return the columns in which later rows say something else, quoted."""
        return ", ".join(map(repr, self._differ))


def read_links(rows: Sequence[Row], columns: Columns, draft: Draft, *, of_kumu: bool = False) -> None:
    """Put the links of a table into the draft, factors by label (or by ids already there).

    What only Kumu does is read when the table is `of_kumu`: several targets in a cell,
    marks at both ends, and signs in whichever of several columns a row has them.
    """
    roles = columns.roles
    body = rows[1:] if columns.has_header else rows
    named = {role: columns.names[at] for role, at in roles.items()}
    if columns.has_header:
        shown = ", ".join(f"{role} = {name!r}" for role, name in named.items())
        draft.note("columns", rows[0].place, f"columns read as: {shown}")
    unused = [at for at in range(len(columns.names)) if at not in roles.values() or at == roles.get("sign")]
    fields = [name.strip().casefold() for name in columns.names] if of_kumu else []
    by_people = bool(roles.keys() & {"participant", "agency"})
    said: dict[tuple[Hashable, ...], _Said] = {}
    ids_seen: set[str] = set()

    def cell(row: Row, role: str) -> str:
        at = roles.get(role)
        return row.cells[at].strip() if at is not None and at < len(row.cells) else ""

    signed_amounts = any((read_number(cell(row, "strength")) or 0) < 0 for row in body)

    def said_sign(row: Row) -> tuple[SignReading, int | None]:
        """Return the sign of a row, and the column in which there is nothing else."""
        values = dict(zip(fields, row.cells, strict=False))
        sign, field = kumu.sign_of(draft, values, row.place, signed_amounts=signed_amounts)
        if not field:
            word = cell(row, "sign")
            named = sign_of_words(word)
            if not named.doubt and read_sign(word, suggest=False).doubt:
                return named, None
            read = draft.sign(word, row.place, two_ended=of_kumu)
            return read, None if read.doubt else roles.get("sign")
        all_of_it = not read_sign(values[field], two_ended=True, suggest=False).doubt
        return sign, fields.index(field) if all_of_it else None

    def who(row: Row) -> tuple[str, str]:
        person, agency = " ".join(cell(row, "participant").split()), " ".join(cell(row, "agency").split())
        return (f"{agency}-{person}" if agency and person in numbered else person), agency

    # Agencies that number their own people all have a p1.
    numbered: set[str] = set()
    spoke_for: dict[str, str] = {}
    for row in body if by_people else ():
        person, agency = who(row)
        if person and agency and spoke_for.setdefault(person, agency) != agency:
            numbered.add(person)
    for row in body:
        if len(row.cells) > len(columns.names) and any(c.strip() for c in row.cells[len(columns.names) :]):
            draft.note("ragged-row", row.place, "the row has more cells than the header; the last are left out")
        source, targets = cell(row, "source"), cell(row, "target")
        ends = [part.strip() for part in targets.split("|")] if of_kumu else [targets]
        if not source or not targets:
            for label in filter(None, (source, targets)):
                factor_by_label(draft, label, row.place)
            draft.note("row-without-link", row.place, "the row lacks a cause or an effect; no link was made")
            continue
        sign, sign_at = said_sign(row)
        size = _size(draft, cell(row, "strength"), row.place, sign)
        person, agency = who(row)
        delay = _delay(draft, cell(row, "delay"), row.place)
        note = draft.clean(cell(row, "note"), row.place)
        both_ways = cell(row, "direction").casefold() in UNDIRECTED
        link_id = cell(row, "id")
        attributes = {
            columns.names[at].strip() or f"column {at + 1}": draft.clean(row.cells[at], row.place)
            for at in unused
            if at != sign_at and at < len(row.cells) and row.cells[at].strip()
        }
        for target in filter(None, ends):
            a = factor_by_label(draft, source, row.place, cell(row, "source label"))
            b = factor_by_label(draft, target, row.place, cell(row, "target label"))
            own_id = link_id if link_id and link_id not in ids_seen and len(ends) == 1 else ""
            # What tells one link from another: people's signs for it are theirs.
            apart = () if by_people else (sign.sign, sign.both, link_id)
            ends_of_it: tuple[Hashable, ...] = (frozenset((a, b)),) if both_ways else (a, b)
            key = (*ends_of_it, both_ways, *apart)
            if key not in said:
                ids_seen.add(own_id)
                said[key] = _Said(a, b, row.place, own_id, both_ways)
            elif not (person or agency):
                draft.note("repeated-row", row.place, f"the same link as on {said[key].place}; counted once")
            link = said[key]
            of_link: dict[str, tuple[str, Any]] = {"delay": (named.get("delay", ""), delay)}
            if person or agency:
                link.hear(Voice(person, agency, sign, size, note), row.place, draft)
                if size and "weight" not in link.filled:
                    of_link["weight"] = (named.get("strength", ""), size)
            else:
                link.claims.append(sign)
                of_link["weight"] = (named.get("strength", named.get("sign", "")), size)
                of_link["rationale"] = (named.get("note", ""), note)
            link.fill(of_link, attributes)
    _register(said, draft)


def _size(draft: Draft, text: str, place: str, sign: SignReading) -> float | None:
    if text.casefold() in _NO_AMOUNT:
        return sign.size
    number = SIZES.get(text.casefold(), read_number(text))
    if number is None:
        draft.note("strength-dropped", place, f"the strength {text[:40]!r} is not a number; left out")
    return abs(number) if number else sign.size


def _delay(draft: Draft, text: str, place: str) -> Delay:
    word = text.casefold()
    if word not in _DELAYED and word not in _NOT_DELAYED:
        draft.note("delay-dropped", place, f"the delay {text[:40]!r} is not short or long; read as long")
        return "long"
    return _DELAYED.get(word, "")


def factor_by_label(draft: Draft, name: str, place: str, label: str = "") -> Hashable:
    """Return the key of the factor with this id or label, made if there is none."""
    key = " ".join(name.split())
    known = draft.key_of(key)
    if known is None:
        draft.factor(key, label or key, place=place, wanted_id=key if is_safe_id(key) else None)
        return key
    return known


def _register(said: Mapping[tuple[Hashable, ...], _Said], draft: Draft) -> None:
    for link in said.values():
        sign, opposite = link.sign()
        fields: dict[str, Any] = {}
        if opposite:
            fields["contested"] = True
            draft.note(
                "contested", link.place, "said with opposite signs; one link, and each keeps its own sign"
            )
        if names := link.differing():
            draft.note(
                "rows-differ",
                link.place,
                f"the rows of the link differ in {names}; the first that says it counts",
            )
        before = draft.link_count()
        register = draft.mutual if link.mutual else draft.link
        register(
            link.source,
            link.target,
            place=link.place,
            wanted_id=link.wanted_id,
            sign=sign,
            weight=link.filled.get("weight"),
            delay=link.filled.get("delay", ""),
            rationale=Texts({draft.language: link.filled.get("rationale", "")}),
            attributes=link.attributes,
            **fields,
        )
        for arrow in range(before, draft.link_count()):
            for voice in link.voices:
                draft.voice(arrow, voice)


def stances_of(draft: Draft, reading: Reading) -> Reading:
    """Return the reading with agencies and stances from the voices that the draft heard."""
    voices = draft.voices
    if not voices:
        return reading
    agencies: dict[str, Agency] = {}
    ids: dict[str, str] = {}
    for _, voice in voices:
        name = voice.agency
        if name and name not in ids:
            made = name if is_safe_id(name) else slug(name) or "agency"
            base, number = made, 2
            while made in agencies:
                made, number = f"{base}-{number}", number + 1
            ids[name] = made
            agencies[made] = Agency(id=made, labels=Texts({draft.language: name}))
    largest = max((voice.size for _, voice in voices if voice.size), default=0.0)
    scale = 3.0 / largest if largest > 3.0 else 1.0
    persons = _persons(voices, ids)
    stances = tuple(
        Stance(
            link=reading.map.links[number].id,
            person=person,
            agency=ids.get(voice.agency, ""),
            # Without a sign of one's own, "asserts" would mean the sign that others gave it.
            stance="asserts"
            if voice.sign.sign or voice.sign.both or not reading.map.links[number].sign
            else "unsure",
            sign=voice.sign.sign,
            strength=max(voice.size * scale, 1e-6) if voice.size else None,
            reason=voice.reason,
            language=draft.language if voice.reason else "",
        )
        for (number, voice), person in zip(voices, persons, strict=True)
    )
    m = reading.map.replace(agencies=tuple(agencies.values()), stances=stances)
    return Reading(m, reading.format, reading.report)


def _persons(voices: Sequence[tuple[int, Voice]], agencies: Mapping[str, str]) -> list[str]:
    """Return the person behind each voice; an agency's rows on a link that name nobody are numbered."""
    named = {voice.person for _, voice in voices if voice.person}
    taken = named | set(agencies.values())
    # The first bears the agency's own id, unless a participant is called that.
    known = {name: [] if made in named else [made] for name, made in agencies.items()}
    numbers: Counter[str] = Counter()
    heard: Counter[tuple[int, str]] = Counter()
    persons = []
    for link, voice in voices:
        if voice.person:
            persons.append(voice.person)
            continue
        name = voice.agency
        at = heard[link, name]
        heard[link, name] += 1
        while len(known[name]) <= at:
            numbers[name] += 1
            made = f"{agencies[name]}-{numbers[name] + 1}"
            if made not in taken:
                taken.add(made)
                known[name].append(made)
        persons.append(known[name][at])
    return persons


def read_factors(
    rows: Sequence[Row], draft: Draft, known: Mapping[str, tuple[str, ...]] = FACTOR_ROLES
) -> bool:
    """Put a table of factors into the draft; False when it is not one. `known` names the columns."""
    header = rows[0].cells
    roles = match_roles(header, known)
    if "label" not in roles and "id" not in roles:
        return False
    names = {at: role for role, at in roles.items()}
    for row in rows[1:]:
        cells = {}
        for at, text in enumerate(row.cells[: len(header)]):
            name = names.get(at) or header[at].strip() or f"column {at + 1}"
            if text.strip():
                cells[name] = text.strip()
        label, identity = cells.get("label", ""), cells.pop("id", "")
        key = identity or " ".join(label.split())
        if not key:
            draft.note("row-without-label", row.place, "the row has no label; left out")
            continue
        if draft.has_factor(key):
            draft.note("repeated-row", row.place, f"the factor {key!r} is given twice; the first counts")
            continue
        fields = factor_fields(draft, cells, row.place)
        draft.factor(
            key,
            label or identity,
            place=row.place,
            wanted_id=identity or (key if is_safe_id(key) else None),
            **fields,
        )
    return True


def is_tidy_links(header: Iterable[str]) -> bool:
    """Whether these are the columns of our own table of links."""
    names = set(header)
    return {"id", "source", "target", "sign", "status", "reveal_stage"} <= names


def read_tidy_links(rows: Sequence[Row], draft: Draft) -> None:
    """Put the links of our own table into the draft; every column has its place."""
    header = rows[0].cells
    for row in rows[1:]:
        cells = {name: text for name, text in zip(header, row.cells, strict=False) if text}
        for end in ("source", "target"):
            key = cells.get(end, "")
            label = cells.pop(f"{end}_label", "")
            if not key:
                raise FormatError("the row lacks a cause or an effect", place=f"{row.place}, column {end}")
            if not draft.has_factor(key):
                draft.factor(key, label or key, place=row.place, wanted_id=key)
        fields = link_fields(draft, cells, row.place)
        draft.link(cells["source"], cells["target"], place=row.place, wanted_id=cells.get("id", ""), **fields)


TIDY_LINK_COLUMNS: Final = (*LINK_COLUMNS[:3], "source_label", "target_label", *LINK_COLUMNS[3:])
