"""What of another map is new to a workshop, and what it has already."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from .causal_map import CausalMap
from .changes import LABEL_LIMIT, MAX_FACTORS, MAX_LINKS, holds_national_number
from .formats import Notice
from .formats.lessened import is_safe_id
from .model import Agency, Factor, Link
from .rows import State
from .text import TextError, Texts, plain, same_label

_SAID: Final = ("stances", "ratings", "annotations", "framings", "meanings", "conclusions")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A factor of the file that the map has already: its label there, and the factor here."""

    label: str
    factor: str
    here: str


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would write, with the ids that things get here.

    Attributes
    ----------
    ids : mapping of str to str
        The factor here for each factor of the file.
    factors, links, agencies : tuple
        New rows.
    reworded : tuple of Factor
        Factors of the workshop with another wording among their aliases.
    recognised : tuple of Recognised
    known_links : tuple of str
        Links of the file (its own ids) that say nothing the map does not say.
    notices : tuple of Notice
        What is left out or doubtful, beside what the reader of the file found.
    problems : tuple of Notice
        What must be mended in the file first; with any of them nothing is imported.
    """

    ids: Mapping[str, str]
    factors: tuple[Factor, ...] = ()
    links: tuple[Link, ...] = ()
    agencies: tuple[Agency, ...] = ()
    reworded: tuple[Factor, ...] = ()
    recognised: tuple[Recognised, ...] = ()
    known_links: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    problems: tuple[Notice, ...] = ()

    @property
    def adds_nothing(self) -> bool:
        """Whether the map would be the same afterwards."""
        return not (self.factors or self.links or self.agencies or self.reworded)


def plan_import(
    state: State,
    m: CausalMap,
    *,
    aliases: bool = False,
    same: Mapping[str, str] | None = None,
    op_id: str = "preview",
    provenance: str = "",
) -> ImportPlan:
    """Return what importing `m` would write.

    A factor counts as here already when one of its labels is, in any language, the
    label of a factor on the map, or else an alias of one (`text.same_label`). No alias
    is added that already means another factor, so that the same file once more adds
    nothing. A link counts as here
    already when there is one with the same ends that has its sign and delay; a sign
    or delay that the file does not know makes no new link. `same` says which factors of
    the file are factors here though no label tells; their wording becomes an alias.
    """
    notices, problems = _texts(m)
    same = same or {}
    index, here = _Index(state), {factor.id: factor for factor in state.rows("factors")}
    agencies, agency_of = _agencies(state, m, op_id)
    domain_of = _domains(state, m)
    taken = _taken(state, "factors")
    ends: dict[str, str] = {}
    new: dict[str, Factor] = {}
    recognised: list[Recognised] = []
    reworded: dict[str, Factor] = {}
    for factor in m.factors:
        known = index.find(factor)
        chosen = known is None and same.get(factor.id) in here
        if chosen:
            known = same[factor.id]
        if known is not None:
            ends[factor.id] = known
            index.add(known, factor)
            at = new.get(known) or reworded.get(known) or here[known]
            recognised.append(Recognised(factor.label, known, at.label))
            if (aliases or chosen) and (more := index.free(known, _other_wordings(at, factor))):
                (new if known in new else reworded)[known] = replace(at, aliases=(*at.aliases, *more))
            continue
        if factor.id in here:
            text = f"{factor.label!r} has the id of {here[factor.id].label!r}; it is added"
            notices.append(Notice("same-id", factor.id, text))
        made_id = _new_id(state, "f", factor.id, taken, op_id, factor.labels)
        taken.add(made_id)
        ends[factor.id] = made_id
        index.add(made_id, factor)
        kept = index.free(made_id, factor.aliases)
        for alias in dict.fromkeys(one for one in factor.aliases if one not in kept):
            text = f"{alias!r} already means another factor; left out as another name for this one"
            notices.append(Notice("alias-taken", factor.label, text))
        new[made_id] = replace(
            factor,
            id=made_id,
            aliases=kept,
            domain=domain_of.get(factor.domain, factor.domain)[:64],
            agencies=tuple(dict.fromkeys(agency_of[one] for one in factor.agencies)),
            status="imported" if factor.status == "proposed" else factor.status,
            provenance=factor.provenance or provenance,
        )
    factors = [
        replace(one, members=tuple(ends[member] for member in one.members if member in ends))
        for one in new.values()
    ]
    links, known_links, about_links = _links(state, m, ends, op_id, provenance)
    notices += about_links
    for name in _SAID:
        if count := len(getattr(m, name)):
            notices.append(
                Notice(
                    "said-elsewhere",
                    name,
                    f"{count} {name} stay behind; open the file as a workshop of its own to keep them",
                )
            )
    problems += _too_many(state, len(factors), len(links))
    return ImportPlan(
        ends,
        tuple(factors),
        tuple(links),
        tuple(agencies),
        tuple(reworded.values()),
        tuple(recognised),
        tuple(known_links),
        tuple(notices),
        tuple(problems),
    )


class _Index:
    """Which factor of the map a wording means: a label before an alias."""

    def __init__(self, state: State) -> None:
        self._labels: dict[str, str] = {}
        self._aliases: dict[str, str] = {}
        for factor in state.rows("factors"):
            for key in _keys(factor):
                self._labels.setdefault(key, factor.id)
            for alias in factor.aliases:
                self._aliases.setdefault(same_label(alias), factor.id)

    def find(self, factor: Factor) -> str | None:
        """Return the factor here that one of the file means, or None."""
        keys = _keys(factor)
        for words in (self._labels, self._aliases):
            for key in keys:
                if key in words:
                    return words[key]
        return None

    def add(self, here: str, factor: Factor) -> None:
        """Let the labels of a factor of the file mean one that is here."""
        for key in _keys(factor):
            self._labels.setdefault(key, here)

    def free(self, here: str, wordings: Iterable[str]) -> tuple[str, ...]:
        """Return those of some wordings that mean no other factor, and keep them for this one."""
        found = []
        for one in dict.fromkeys(wordings):
            key = same_label(one)
            if self._labels.get(key, here) == here and self._aliases.get(key, here) == here:
                self._aliases[key] = here
                found.append(one)
        return tuple(found)


def _keys(factor: Factor) -> list[str]:
    return [same_label(label) for label in factor.labels.values()]


def _other_wordings(here: Factor, factor: Factor) -> tuple[str, ...]:
    have = {*here.labels.values(), *here.aliases}
    return tuple(dict.fromkeys(one for one in (*factor.labels.values(), *factor.aliases) if one not in have))


def _taken(state: State, table: str) -> set[str]:
    # Rows that were removed or only offered keep their ids: what was said of them is still there.
    ids = {*state.tables[table].keys(), *state.tables["removed"].keys(), *state.tables["proposals"].keys()}
    return ids | {factor.id for factor in state.base.suggested} if table == "factors" else ids


def _new_id(
    state: State, prefix: str, wanted: str, taken: set[str], op_id: str, labels: Texts | None = None
) -> str:
    gone = state.row("removed", wanted)
    back = isinstance(gone, Factor) and labels is not None and gone.labels == labels
    if is_safe_id(wanted) and (wanted not in taken or (back and wanted not in state.tables["factors"])):
        return wanted
    number = 0
    while True:
        told = f"{op_id}|{wanted}|{number}".encode("utf-8", "replace")
        made = prefix + hashlib.blake2s(told, digest_size=6).hexdigest()
        if made not in taken:
            return made
        number += 1


def _agencies(state: State, m: CausalMap, op_id: str) -> tuple[list[Agency], dict[str, str]]:
    """Return the agencies that are new here, and which of ours each of the file's ids is."""
    ours: dict[str, str] = {}
    for row in state.rows("agencies"):
        ours |= {same_label(label): row.id for label in row.labels.values()}
    taken = set(state.tables["agencies"].keys())
    listed = {agency.id: agency for agency in m.agencies}
    new: list[Agency] = []
    found: dict[str, str] = {}
    for one in dict.fromkeys(agency for factor in m.factors for agency in factor.agencies):
        row = listed.get(one) or Agency(one, Texts())
        row = row if row.labels else replace(row, labels=Texts({m.language: one}))
        labels = [same_label(label) for label in row.labels.values()]
        known = one if one in taken else next((ours[label] for label in labels if label in ours), None)
        if known is None:
            known = _new_id(state, "g", one, taken, op_id)
            new.append(replace(row, id=known, provenance=row.provenance or "import"))
            taken.add(known)
            ours |= dict.fromkeys(labels, known)
        found[one] = known
    return new, found


def _domains(state: State, m: CausalMap) -> dict[str, str]:
    ours = {same_label(label): row.id for row in state.base.domains for label in row.labels.values()}
    known = {row.id for row in state.base.domains}
    found = {}
    for row in m.domains:
        match = next((ours[key] for key in map(same_label, row.labels.values()) if key in ours), None)
        if row.id not in known and match:
            found[row.id] = match
    for factor in m.factors:
        if factor.domain not in known and same_label(factor.domain) in ours:
            found.setdefault(factor.domain, ours[same_label(factor.domain)])
    return found


def _links(
    state: State, m: CausalMap, ends: Mapping[str, str], op_id: str, provenance: str
) -> tuple[list[Link], list[str], list[Notice]]:
    between: dict[tuple[str, str], list[Link]] = {}
    for link in state.rows("links"):
        between.setdefault((link.source, link.target), []).append(link)
    taken = _taken(state, "links")
    links: list[Link] = []
    known: list[str] = []
    notices: list[Notice] = []
    for link in m.links:
        source, target = ends[link.source], ends[link.target]
        place = f"{m.factor(link.source).label} → {m.factor(link.target).label}"
        if source == target:
            notices.append(Notice("self-link", place, "left out: a factor cannot influence itself directly"))
            continue
        others = between.setdefault((source, target), [])
        if any(_says_no_more(link, other) for other in others):
            known.append(link.id)
            continue
        if link.sign is not None and any(other.sign == -link.sign for other in others):
            notices.append(
                Notice("contested", place, "the map has this link with the opposite sign; both are kept")
            )
        made = replace(
            link,
            id=_new_id(state, "k", link.id, taken, op_id),
            source=source,
            target=target,
            status="imported" if link.status == "proposed" else link.status,
            provenance=link.provenance or provenance,
        )
        taken.add(made.id)
        others.append(made)
        links.append(made)
    return links, known, notices


def _says_no_more(link: Link, other: Link) -> bool:
    unsigned = link.sign is None and not link.both_signs
    same_sign = unsigned or (link.sign, link.both_signs) == (other.sign, other.both_signs)
    return same_sign and link.delay in ("", other.delay)


def _texts(m: CausalMap) -> tuple[list[Notice], list[Notice]]:
    """Return what is doubtful and what cannot be kept among the texts of the file."""
    doubtful, wrong = [], []
    said = [
        (f"factor {factor.label[:60]!r}", text)
        for factor in m.factors
        for texts in (factor.labels, factor.definitions)
        for text in (*texts.values(), *(factor.aliases if texts is factor.labels else ()))
    ]
    said += [(f"link {link.id!r}", text) for link in m.links for text in link.rationale.values()]
    said += [(f"agency {one.id!r}", text) for one in m.agencies for text in one.labels.values()]
    for place, text in said:
        try:
            plain(text, limit=len(text) * 4 + 1)
        except TextError as error:
            wrong.append(Notice("bad-text", place, str(error)))
        if holds_national_number(text):
            wrong.append(
                Notice("national-number", place, "11 digits that look like a national identity number")
            )
    for factor in m.factors:
        if len(factor.label) > LABEL_LIMIT:
            text = f"the label has {len(factor.label)} characters; on a wall, {LABEL_LIMIT} can be read"
            doubtful.append(Notice("long-label", f"factor {factor.label[:60]!r}", text))
    return doubtful, wrong


def _too_many(state: State, factors: int, links: int) -> list[Notice]:
    found = []
    for name, more, most in (("factors", factors, MAX_FACTORS), ("links", links, MAX_LINKS)):
        if (whole := len(state.tables[name]) + more) > most:
            found.append(Notice("too-many", name, f"the map would have {whole} {name}; at most {most}"))
    return found
