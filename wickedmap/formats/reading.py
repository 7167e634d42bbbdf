"""One way from any file to a map: a draft that collects factors, links and every guess made."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..causal_map import CausalMap
from ..model import Delay, Factor, Link, MapError, Sign
from ..text import Texts, same_label
from .errors import MAX_FACTORS, MAX_LINKS, MAX_TEXT, FormatError
from .lessened import is_safe_id
from .signs import SignReading, read_sign

_BAD: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SAME_LETTERS: Final = str.maketrans(
    {"æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o", "ð": "d", "þ": "th", "ß": "ss"}
)
MAX_NOTICES_OF_A_KIND: Final = 100


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing a reader guessed, repaired, left out or finds doubtful.

    Attributes
    ----------
    code : str
        What kind of thing, for counting and for a catalogue of sentences.
    place : str
        Where in the file.
    text : str
        A sentence in English.
    """

    code: str
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.place else self.text


_ALSO: Final = (
    *("domains", "agencies", "stages", "stances", "ratings", "annotations"),
    *("framings", "meanings", "conclusions"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A map read from a file, and everything the reader has to say about it."""

    map: CausalMap
    format: str
    report: tuple[Notice, ...] = ()

    def counts(self) -> dict[str, int]:
        """Return how many factors, links and notices of each kind there are."""
        return {
            "factors": len(self.map.factors),
            "links": len(self.map.links),
            **Counter(notice.code for notice in self.report),
        }

    def held(self) -> dict[str, int]:
        """Return how much there is beside factors and links, by the name of its list."""
        return {name: len(rows) for name in _ALSO if (rows := getattr(self.map, name))}


@dataclass(frozen=True, slots=True)
class Voice:
    """What somebody says of a link: a participant, or an agency that names none (`person` is empty)."""

    person: str
    agency: str
    sign: SignReading
    size: float | None
    reason: str = ""


@dataclass
class _Arrow:
    source: str
    target: str
    place: str
    wanted_id: str
    sign: Sign | None
    both: bool
    weight: float | None
    delay: Delay
    fields: dict[str, Any] = field(default_factory=dict)


class Draft:
    """Collects what a foreign file says and turns it into a map.

    Factors are registered under the file's own key (an id, a row number, a
    label); links name these keys. Ids that are safe are kept; others are replaced
    and kept as the attribute ``foreign_id``.

    Parameters
    ----------
    format : str
        Name of the format, for the `Reading`.
    language : str
        Language that the texts are put under.
    """

    def __init__(self, format: str, language: str = "nb") -> None:
        self.format = format
        self.language = language
        self.title = ""
        self._factors: dict[Hashable, dict[str, Any]] = {}
        self._ids: dict[Hashable, str] = {}
        self._by_label: dict[str, Hashable] = {}
        self._taken: set[str] = set()
        self._arrows: list[_Arrow] = []
        self._link_ids: dict[str, str] = {}
        self.voices: list[tuple[int, Voice]] = []
        self._notices: list[Notice] = []
        self._kinds: Counter[str] = Counter()

    def note(self, code: str, place: str, text: str) -> None:
        """Add one line to the report."""
        self._kinds[code] += 1
        if self._kinds[code] <= MAX_NOTICES_OF_A_KIND:
            self._notices.append(Notice(code, place, text))

    def notices(self) -> tuple[Notice, ...]:
        """Return the report so far."""
        return tuple(self._notices)

    def new_ids(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return our ids by the file's own, for factors and for links, after `finish`."""
        return {str(key): made for key, made in self._ids.items()}, dict(self._link_ids)

    def clean(self, text: object, place: str, *, one_line: bool = False) -> str:
        """Return text in NFC without control characters; a repair is reported."""
        if text is None:
            return ""
        value = text if isinstance(text, str) else str(text)
        if len(value) > MAX_TEXT:
            raise FormatError(
                f"a text of {len(value)} characters; at most {MAX_TEXT}", place=place, code="limit"
            )
        if not (value.isascii() and value.isprintable()):
            value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
            mended = _BAD.sub("", value)
            if mended != value:
                self.note("bad-characters", place, "control characters were removed from a text")
                value = mended
        return " ".join(value.split()) if one_line else value.strip()

    def has_factor(self, key: Hashable) -> bool:
        """Whether a factor is registered under this key."""
        return key in self._factors

    def key_of(self, name: str) -> Hashable | None:
        """Return the key of the factor with this key, or else the first with this label."""
        return name if name in self._factors else self._by_label.get(name)

    def factor(
        self,
        key: Hashable,
        label: object,
        *,
        place: str = "",
        wanted_id: str | None = None,
        position: tuple[float, float] | None = None,
        **fields: Any,
    ) -> str:
        """Register a factor under `key` and return its id.

        `wanted_id` is the file's own id, or None when the file has only labels;
        `fields` are fields of `Factor`.
        """
        if key in self._factors:
            raise FormatError(f"the factor id {key!r} is used twice", place=place)
        if len(self._factors) >= MAX_FACTORS:
            raise FormatError(f"more than {MAX_FACTORS} factors; split the map", place=place, code="limit")
        text = self.clean(label, place, one_line=True)
        attributes = dict(fields.pop("attributes", {}))
        if wanted_id is not None and is_safe_id(wanted_id) and wanted_id not in self._taken:
            made = wanted_id
        else:
            made = self._issue(slug(text) or "f")
            if wanted_id:
                attributes.setdefault("foreign_id", self.clean(wanted_id, place))
        if not text:
            text = self.clean(wanted_id, place, one_line=True) or made
            self.note("no-label", place, f"a factor has no label; it is called {text!r}")
        self._taken.add(made)
        self._ids[key] = made
        self._by_label.setdefault(text, key)
        labels = {
            language: self.clean(one, place, one_line=True)
            for language, one in fields.pop("labels", {}).items()
        }
        fields["labels"] = Texts(labels) or Texts({self.language: text})
        self._factors[key] = {
            "id": made,
            "position": position,
            "attributes": attributes,
            "place": place,
            **fields,
        }
        return made

    def update_factor(self, key: Hashable, **fields: Any) -> None:
        """Add fields to a factor that is already registered."""
        self._factors[key].update(fields)

    def add_attributes(self, key: Hashable, attributes: Mapping[str, str]) -> None:
        """Add columns to a factor that is already registered."""
        self._factors[key]["attributes"].update(attributes)

    def keys(self) -> list[Hashable]:
        """Return the keys of the factors registered so far, in order."""
        return list(self._factors)

    def _issue(self, base: str) -> str:
        made, number = base, 2
        while made in self._taken or not is_safe_id(made):
            made, number = f"{base}-{number}", number + 1
        return made

    def link(
        self,
        source: Hashable,
        target: Hashable,
        *,
        place: str = "",
        wanted_id: str = "",
        sign: SignReading | str | Sign | None = None,
        weight: float | None = None,
        delay: Delay = "",
        **fields: Any,
    ) -> None:
        """Register a link between two registered factors.

        `sign` may be a word, which is read with `read_sign`; `weight` is the size
        of the influence in the file's own unit and becomes a strength in `finish`.
        """
        for end, name in ((source, "source"), (target, "target")):
            if end not in self._factors:
                raise FormatError(f"the {name} {end!r} of a link is not a factor in the file", place=place)
        if isinstance(sign, str):
            sign = self.sign(sign, place)
        reading = sign if isinstance(sign, SignReading) else SignReading(sign=sign)
        if len(self._arrows) >= MAX_LINKS:
            if self._kinds["two-arrows"]:
                raise FormatError(
                    f"more than {MAX_LINKS} links, as each without direction became two; split the map, "
                    "or give the links directions",
                    place=place,
                    code="limit",
                )
            raise FormatError(f"more than {MAX_LINKS} links; split the map", place=place, code="limit")
        size = weight if weight is not None else reading.size
        self._arrows.append(
            _Arrow(
                self._ids[source],
                self._ids[target],
                place,
                wanted_id,
                reading.sign,
                reading.both,
                abs(size) if size else None,
                delay,
                fields,
            )
        )

    def link_count(self) -> int:
        """Return how many links are registered."""
        return len(self._arrows)

    def voice(self, link: int, voice: Voice) -> None:
        """Note that somebody said the link with this number."""
        self.voices.append((link, voice))

    def sign(self, word: str, place: str, *, two_ended: bool = False) -> SignReading:
        """Read a sign word; what is not understood stays unknown and is reported."""
        # Looking for the word that was meant is slow; hundreds of odd words are not slips of the pen.
        slips = self._kinds["sign-near-miss"] + self._kinds["sign-unknown-word"]
        reading = read_sign(word, two_ended=two_ended, suggest=slips < 200)
        if reading.doubt == "near-miss":
            self.note("sign-near-miss", place, f"{word!r} looks like {reading.meant!r}; kept as unknown (?)")
        elif reading.doubt:
            self.note("sign-unknown-word", place, f"{word[:60]!r} is not a sign; kept as unknown (?)")
        return reading

    def mutual(
        self, source: Hashable, target: Hashable, *, place: str = "", wanted_id: str = "", **fields: Any
    ) -> None:
        """Register a link without direction: two arrows, and a line in the report."""
        self.link(source, target, place=place, wanted_id=wanted_id, **fields)
        if self._ids[source] != self._ids[target]:
            self.link(target, source, place=place, wanted_id=f"{wanted_id}.back" if wanted_id else "", **fields)
            self.note("two-arrows", place, "a link without direction became two arrows")

    def finish(self, **map_fields: Any) -> Reading:
        """Return the map with its report; `map_fields` are further fields of `CausalMap`."""
        factors = []
        for entry in self._factors.values():
            place = entry.pop("place")
            entry.setdefault("status", "imported")
            try:
                factors.append(Factor(**entry))
            except MapError as error:
                raise FormatError(str(error), place=place) from None
        links = self._links()
        self._report_contested(links)
        self._report_alike(factors)
        if self.title:
            map_fields.setdefault(
                "titles", Texts({self.language: self.clean(self.title, "title", one_line=True)})
            )
        try:
            made = CausalMap(factors=tuple(factors), links=tuple(links), language=self.language, **map_fields)
        except MapError as error:
            raise FormatError(str(error)) from None
        for code, count in self._kinds.items():
            if count > MAX_NOTICES_OF_A_KIND:
                self._notices.append(Notice(code, "", f"{count - MAX_NOTICES_OF_A_KIND} more of the same kind"))
        return Reading(made, self.format, tuple(self._notices))

    def _links(self) -> list[Link]:
        largest = max((arrow.weight for arrow in self._arrows if arrow.weight), default=0.0)
        scale = 3.0 / largest if largest > 3.0 else 1.0
        if scale != 1.0:
            self.note("strengths-scaled", "", f"weights go up to {largest:g}; strengths are scaled to end at 3")
        wanted = {arrow.wanted_id for arrow in self._arrows}
        taken: set[str] = set()
        number = 0
        links = []
        for arrow in self._arrows:
            fields = arrow.fields
            attributes = dict(fields.pop("attributes", {}))
            made = arrow.wanted_id
            if not is_safe_id(made) or made in taken:
                if made:
                    attributes.setdefault("foreign_id", self.clean(made, arrow.place))
                number += 1
                while (made := f"L{number}") in taken or made in wanted:
                    number += 1
            taken.add(made)
            if arrow.wanted_id:
                self._link_ids.setdefault(arrow.wanted_id, made)
            if arrow.weight:
                fields["strength"] = max(arrow.weight * scale, 1e-6)
                if scale != 1.0:
                    attributes.setdefault("weight", f"{arrow.weight:g}")
            fields.setdefault("status", "imported")
            try:
                links.append(
                    Link(
                        id=made,
                        source=arrow.source,
                        target=arrow.target,
                        sign=arrow.sign,
                        both_signs=arrow.both,
                        delay=arrow.delay,
                        attributes=attributes,
                        **fields,
                    )
                )
            except MapError as error:
                raise FormatError(str(error), place=arrow.place) from None
        return links

    def _report_contested(self, links: list[Link]) -> None:
        signs: dict[tuple[str, str], set[Sign | None]] = {}
        for link in links:
            signs.setdefault((link.source, link.target), set()).add(link.sign)
        for (source, target), found in signs.items():
            if {1, -1} <= found:
                self.note(
                    "contested",
                    f"{source} -> {target}",
                    "links of opposite sign between the same factors; both kept",
                )

    def _report_alike(self, factors: list[Factor]) -> None:
        groups: dict[str, list[Factor]] = {}
        for factor in factors:
            whole = same_label(factor.label)
            alike = whole.rstrip(" 0123456789._-")
            # "n1" and "n2" are numbered; "rent 2" may be a copy of "rent".
            if len(alike) < 3:
                alike = whole
            groups.setdefault(alike, []).append(factor)
        for group in groups.values():
            if len(group) > 1:
                names = ", ".join(f"{factor.label!r} ({factor.id})" for factor in group[:5])
                self.note("possible-duplicate", "", f"these labels may mean the same; kept apart: {names}")


def slug(label: str) -> str:
    """Return an id made from a label: lower case, plain letters, at most 40 characters.

    Examples
    --------
    >>> slug("Gjeld og bøter"), slug("数")
    ('gjeld-og-boter', '')
    """
    plain = unicodedata.normalize("NFKD", label.casefold().translate(_SAME_LETTERS))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")[:40].strip("-")
