"""What one phone may show: the part of the map that is revealed, and whose phone it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from ...access import FLAG_OF
from ...causal_map import CausalMap
from ...graphs.label_boxes import shown_label
from ...model import Annotation, Factor, Framing, Link, Rating, Stance
from ...rows import Person, Proposal
from ...sentences import link_sentence
from ..canvas import initials_of
from ..context import Looking
from ..elements import Child, Native, chip, element, whole
from ..palette import agency_marks


@dataclass(frozen=True)
class Phone:
    """A representative's view of a workshop, asked for once per answer."""

    looking: Looking

    def t(self, key: str, /, **values: Any) -> str:
        """Return a sentence in the person's language."""
        return self.looking.t(key, **values)

    # --- whose it is, and where the room is ---

    @property
    def person(self) -> str:
        """The id of the person whose phone this is."""
        return self.looking.actor.person

    @property
    def agency(self) -> str:
        """The id of their agency."""
        return self.looking.actor.agency

    @property
    def language(self) -> str:
        """The language they read."""
        return self.looking.language

    @property
    def seq(self) -> int:
        """The place in the log that this view has come to."""
        return self.looking.state.seq

    @property
    def stage(self) -> int:
        """How far the facilitator has revealed the map, 1-4."""
        return int(self.looking.state.setting("stage"))

    @property
    def closed(self) -> bool:
        """Whether the workshop is finished, so that all of it is to be read only."""
        return bool(self.looking.state.setting("finished"))

    # --- the map as far as it is revealed ---

    @cached_property
    def everything(self) -> CausalMap:
        """The whole map, also what is removed or proposed: for naming things, never for showing."""
        state = self.looking.state
        on_map = state.to_map()
        named = {factor.id: factor for factor in on_map.factors}
        for row in [*state.rows("removed"), *(proposal.factor for proposal in state.rows("proposals"))]:
            if isinstance(row, Factor):
                named.setdefault(row.id, row)
        return on_map.replace(factors=tuple(named.values()))

    @cached_property
    def shown(self) -> CausalMap:
        """What the stage reveals, and what the person has already said something about."""
        on_map = self.looking.state.to_map()
        staged = on_map.at_stage(self.stage)
        factors = {factor.id for factor in staged.factors} | self._touched_factors
        touched = [link for link in on_map.links if link.id in self._touched_links]
        links = {link.id for link in (*staged.links, *touched)}
        factors |= {end for link in touched for end in (link.source, link.target)}
        return on_map.replace(
            factors=tuple(factor for factor in on_map.factors if factor.id in factors),
            links=tuple(link for link in on_map.links if link.id in links),
            focal=on_map.focal if on_map.focal in factors else "",
        )

    @cached_property
    def _touched_factors(self) -> set[str]:
        framed = self.framing.factors if self.framing else ()
        noted = {row.target for row in self.notes if row.target_kind == "factor"}
        proposed = {row.factor.id for row in self.proposals if row.factor}
        return noted | {row.factor for row in self.ratings} | set(framed) | proposed

    @cached_property
    def _touched_links(self) -> set[str]:
        framed = self.framing.links if self.framing else ()
        noted = {row.target for row in self.notes if row.target_kind == "link"}
        proposed = {row.link.id for row in self.proposals if row.link}
        return noted | {row.link for row in self.stances} | set(framed) | proposed

    # --- what this person has said ---

    def _own(self, table: str) -> list[Any]:
        return [row for row in self.looking.state.rows(table) if row.person == self.person]

    @cached_property
    def notes(self) -> list[Annotation]:
        """The person's own notes, oldest first."""
        return self._own("annotations")

    @cached_property
    def stances(self) -> list[Stance]:
        """The person's own stances."""
        return self._own("stances")

    @cached_property
    def ratings(self) -> list[Rating]:
        """The person's own ratings."""
        return self._own("ratings")

    @cached_property
    def proposals(self) -> list[Proposal]:
        """What the person has proposed."""
        return self._own("proposals")

    @cached_property
    def framing(self) -> Framing | None:
        """The person's own problem description, once it is sent."""
        return next(iter(self._own("framings")), None)

    def stance_on(self, link: str) -> Stance | None:
        """Return the person's stance on a link, or None."""
        return next((row for row in self.stances if row.link == link), None)

    def rating_of(self, factor: str) -> Rating | None:
        """Return the person's rating of a factor, or None."""
        return next((row for row in self.ratings if row.factor == factor), None)

    # --- names and sentences ---

    def label(self, factor: str) -> str:
        """Return a factor's name as the room has it now, also when it was taken off the map."""
        if not self.everything.has_factor(factor):
            return self.t("phone.gone_factor")
        return shown_label(self.everything.factor(factor), self.language, self.stage)

    def sentence(self, link: Link) -> str:
        """Return what a link says, also when it or its ends were taken off the map."""
        if not (self.everything.has_factor(link.source) and self.everything.has_factor(link.target)):
            return self.t("phone.gone_link")
        return link_sentence(self.everything, link, self.language)

    def link_row(self, link: str) -> Link | None:
        """Return a link, also when it was taken off the map or is still a proposal."""
        state = self.looking.state
        row = state.row("links", link) or state.row("removed", link)
        if row is None:
            proposal: Proposal | None = state.row("proposals", link)
            row = proposal.link if proposal else None
        return row if isinstance(row, Link) else None

    def agency_name(self, agency: str) -> str:
        """Return an agency's short name: its own, or its letter while names are hidden."""
        row = self.looking.state.row("agencies", agency)
        if row is None:
            return agency
        short = row.short.in_language(self.language)
        # A lettered agency has only its letter as a short name.
        named = short and not agency.startswith("letter-")
        return str(short if named else row.labels.in_language(self.language))

    def chip(self, agency: str, *, named: bool = True) -> Native:
        """Return an agency's chip; a lettered one has no colour to be known by."""
        state = self.looking.state
        row = state.row("agencies", agency)
        if row is None:
            return element("span", agency)
        known = [one for one in state.rows("agencies") if not one.id.startswith("letter-")]
        marks = agency_marks([(one.id, initials_of(one)) for one in known], "light")
        mark = marks.get(agency)
        name = self.agency_name(agency)
        if mark is None:
            return chip(initials_of(row), name, named=named)
        return chip(mark.initials, name, colour=mark.colour, pattern=mark.pattern, named=named)

    def alias_of(self, person: str) -> str:
        """Return a colleague's alias; empty for other agencies, whose people stay unknown."""
        row: Person | None = self.looking.state.person_row(person)
        return row.alias if row else ""

    def who_sees(self, table: str) -> str:
        """Return in words who can see what the person writes into a table, as it is now."""
        state = self.looking.state
        if not state.setting(FLAG_OF[table]):
            return self.t("phone.sees.own", agency=self.agency_name(self.agency))
        if state.setting("names_shown"):
            return self.t("phone.sees.all_named", agency=self.agency_name(self.agency))
        return self.t("phone.sees.all")


def address(kind: str, target: str = "") -> str:
    """Return where on the phone something is.

    Examples
    --------
    >>> address("factor", "gjeld"), address("mine")
    ('#factor/gjeld', '#mine')
    """
    return f"#{kind}/{quote(target, safe='')}" if target else f"#{kind}"


def panel(phone: Phone, kind: str, target: str, *children: Child) -> Native:
    """Return one thing opened by itself; its key makes sure that no form is taken for another's."""
    return element(
        "article",
        *children,
        class_="wm-stack me-panel",
        data_key=f"{kind}/{target}",
        data_panel=f"{kind}/{target}",
        data_seq=phone.seq,
    )


def redrawn(place: str, *children: Child) -> Native:
    """Return a place of the page that a callback draws anew through its ``tree``.

    Dash builds new elements whenever ``children`` change, and what was typed, unfolded
    or in focus is lost. A new ``tree`` is compared with the old one, and only what
    differs is touched.
    """
    made = whole(*children, id=place)
    made.id = place
    return made


def back(phone: Phone, to: str = "#map", words: str = "") -> Native:
    """Return the way back to where one came from."""
    return element("a", "‹ ", words or phone.t("phone.back"), href=to, class_="me-back", data_back=True)


def heading(*words: Child) -> Native:
    """Return the heading that gets the focus when a panel is opened."""
    return element("h1", *words, tabindex=-1, class_="me-heading")


def locked(phone: Phone, *forms: Child) -> Native:
    """Return forms in a box that the script folds when the workshop is finished.

    A form that holds something not sent stays, so that nobody loses a text by it.
    """
    return element("div", *forms, class_="wm-stack", data_closed=phone.closed or None)
