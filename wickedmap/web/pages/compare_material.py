"""What a comparison is made of: the map as somebody may see it, who has spoken, and what is hidden.

All views of the compare page read a `Material`. What is private, and whose names are
hidden, was settled in `wickedmap.access` before it got here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, TypeVar, cast

from ...access import FLAG_OF, countable, large_enough, masked_agencies
from ...causal_map import CausalMap
from ...graphs import Overlay, overlay
from ...model import Agency, Framing, Link
from ...perspective import agencies_in, voices
from ...sentences import link_sentence
from ..canvas import initials_of
from ..context import Looking
from ..elements import Child, Native, button, chip, element, notice, shown
from ..palette import DOMAIN_COLOURS, PATTERNS
from .send_to_wall import wall_button, wall_fields

Result = TypeVar("Result")

_COLOURS: Final = tuple(f"var(--wm-domain-{name})" for name in DOMAIN_COLOURS["light"])
_FLAG_FIELD: Final = {
    "stances": "stances",
    "framings": "framings",
    "ratings": "ratings",
    "annotations": "notes",
    "terms": "terms",
}


class Kept:
    """Results that everybody with the same view shares; the least used are forgotten first.

    Those of an earlier moment of a workshop are forgotten when there is one of a later:
    nobody asks for them again, and each may hold all that was said.
    """

    def __init__(self, most: int = 256) -> None:
        self._most = most
        self._found: OrderedDict[Hashable, Any] = OrderedDict()
        self._moments: dict[Hashable, tuple[str, int]] = {}
        self._latest: dict[str, int] = {}
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()
        self.last: dict[Hashable, Any] = {}

    def get(self, key: Hashable, make: Callable[[], Result], moment: tuple[str, int] | None = None) -> Result:
        """Return the result for a key, made once however many ask for it at a time.

        `moment` is the workshop and the place in its log that the result is of.
        """
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return cast(Result, self._found[key])
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._found:
                    return cast(Result, self._found[key])
            try:
                made = make()
                with self._lock:
                    self._found[key] = made
                    if moment is not None:
                        self._moments[key] = moment
                        self._forget_before(*moment)
                    while len(self._found) > self._most:
                        oldest, _ = self._found.popitem(last=False)
                        self._moments.pop(oldest, None)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made

    def _forget_before(self, workshop: str, seq: int) -> None:
        if self._latest.get(workshop, -1) >= seq:
            return
        self._latest[workshop] = seq
        gone = [key for key, (of, at) in self._moments.items() if of == workshop and at < seq]
        for key in gone:
            del self._moments[key]
            self._found.pop(key, None)


@dataclass(frozen=True)
class Material:
    """Everything the views of one person's compare page are made from.

    Attributes
    ----------
    asked : tuple of str or None
        The agencies that the views are about, as the address has it; None is all.
    """

    looking: Looking
    kept: Kept
    places: Any = None
    asked: tuple[str, ...] | None = None

    def t(self, key: str, /, **values: Any) -> str:
        """Return a sentence in the person's language."""
        return self.looking.t(key, **values)

    def once(self, what: Hashable, make: Callable[[], Result]) -> Result:
        """Return an analysis, shared by all who may see the same at this point of the log."""
        actor, state = self.looking.actor, self.looking.state
        agency = actor.agency if actor.role == "representative" else ""
        chosen = frozenset(self.agencies) if self.partial else None
        moment = (state.workshop, state.seq)
        return self.kept.get((*moment, actor.role, agency, chosen, what), make, moment)

    @cached_property
    def whole(self) -> Material:
        """The same with all agencies."""
        return self if self.asked is None else replace(self, asked=None)

    @cached_property
    def m(self) -> CausalMap:
        """The joint map with everything this person may see of what the chosen agencies said."""
        if not self.partial:
            return self.whole.once("map", self.looking.state.to_map)
        return self.once("map", lambda: said_by(self.whole.m, frozenset(self.agencies)))

    @cached_property
    def everyone(self) -> tuple[str, ...]:
        """Those that have said something, in the map's order; one's own agency first."""
        if self.whole is not self:
            return self.whole.everyone

        def spoken() -> tuple[str, ...]:
            speaking = {row.agency for row in voices(self.m)}
            speaking |= {row.agency for table in (self.m.ratings, self.m.annotations) for row in table}
            speaking |= {framing.agency for framing in self.m.framings if not framing.example}
            return tuple(agency for agency in agencies_in(self.m) if agency in speaking)

        return self.own_first(self.once("agencies", spoken))

    @cached_property
    def agencies(self) -> tuple[str, ...]:
        """Those of `everyone` that the views are about."""
        asked = self._found
        # An address from somebody who sees other agencies: better all than an empty page.
        if asked is None or (self.asked and not asked):
            return self.everyone
        return tuple(agency for agency in self.everyone if agency in asked)

    @property
    def partial(self) -> bool:
        """Whether some agencies that have spoken are left out."""
        return self.asked is not None and len(self.agencies) < len(self.everyone)

    @property
    def lost(self) -> int:
        """How many agencies were asked for that this person does not see."""
        return len(self.asked or ()) - len(self._found or ())

    @cached_property
    def _found(self) -> frozenset[str] | None:
        if self.asked is None:
            return None
        known = frozenset(self.everyone)
        letters: dict[str, str] = {}
        # Once names are shown, a letter may be told from an address that was kept. Never the other way
        # round: which letter a name has is what is hidden.
        if not self.names_hidden:
            masks = masked_agencies(self.looking.state)
            letters = {mask.id: agency for agency, mask in masks.items()}
        return frozenset(letters.get(one, one) for one in self.asked) & known

    @cached_property
    def overlay(self) -> Overlay:
        """What each of `agencies` says of every link and factor."""
        return self.once("overlay", lambda: overlay(self.m, self.agencies))

    @property
    def own(self) -> str:
        """The person's own agency; empty for all but representatives."""
        return self.looking.actor.agency if self.looking.actor.role == "representative" else ""

    @property
    def leads(self) -> bool:
        """Whether the person is the facilitator."""
        return self.looking.actor.role == "facilitator"

    @property
    def names_hidden(self) -> bool:
        """Whether the other agencies are letters to this person."""
        return not self.leads and not self.looking.state.setting("names_shown")

    def withheld(self, agency: str, people: int) -> bool:
        """Whether a number from so few people of an agency would be an anonymous one that points at them."""
        return self.names_hidden and agency != self.own and not large_enough(people)

    def may_count(self, people: Mapping[str, int]) -> bool:
        """Whether the number of the people of the chosen agencies may be shown.

        Small groups go together, all or none of them: with some, the ones left out
        could be worked out from the number of another choice.

        Parameters
        ----------
        people : mapping of agency to int
            How many stand behind the number, of *all* agencies.
        """
        if not self.names_hidden:
            return True
        few = {agency for agency, count in people.items() if agency != self.own and not large_enough(count)}
        chosen = frozenset(self.agencies) if self.partial else people.keys()
        if self.partial and few & chosen and not few <= chosen:
            return False
        return countable({one: count for one, count in people.items() if one in chosen}, self.own).total

    def own_first(self, agencies: Iterable[str]) -> tuple[str, ...]:
        """Return the agencies with one's own in front."""
        given = tuple(agencies)
        return tuple(sorted(given, key=lambda agency: agency != self.own))

    # --- which agencies ---

    def in_words(self) -> str:
        """Return how many agencies the views are about: "3 of 5 agencies"."""
        many = len(self.everyone)
        if self.partial:
            return self.t("compare.choice.some", count=len(self.agencies), of=many)
        return self.t("compare.choice.all", count=many)

    def caption(self, text: str) -> str:
        """Return the caption of a table or picture, with how many agencies it is about when not all."""
        return f"{text} ({self.in_words()})" if self.partial else text

    def need_two(self) -> str:
        """Return what a view says that cannot be shown for fewer than two agencies."""
        if self.partial:
            return self.t("compare.choice.need_two")
        return self.t(f"compare.need_two.{'single' if self.everyone else 'none'}")

    # --- naming ---

    @cached_property
    def _place(self) -> dict[str, int]:
        return {agency.id: place for place, agency in enumerate(self.m.agencies)}

    def _agency(self, agency: str) -> Agency | None:
        return self.m.agencies[self._place[agency]] if agency in self._place else None

    def name(self, agency: str) -> str:
        """Return an agency's name in the reader's language."""
        return shown(self.looking.state.agency_label(agency, self.looking.language))

    def short(self, agency: str) -> str:
        """Return one or two words for an agency."""
        row = self._agency(agency)
        if row is None:
            return shown(agency)
        short = row.short.in_language(self.looking.language)
        # A letter alone is no name in a sentence.
        return shown(short if len(short) > 1 else row.labels.in_language(self.looking.language))

    def initials(self, agency: str) -> str:
        """Return an agency's two or three letters."""
        row = self._agency(agency)
        return initials_of(row) if row else agency[:2].upper()

    def chip(self, agency: str, *, named: bool = False) -> Native:
        """Return an agency's mark: initials with colour and pattern."""
        place = self._place.get(agency, len(self._place))
        colour, pattern = _COLOURS[place % len(_COLOURS)], PATTERNS[place % len(PATTERNS)]
        name = self.short(agency) if named else self.name(agency)
        return chip(self.initials(agency), name, colour=colour, pattern=pattern, named=named)

    def chips(self, agencies: Iterable[str]) -> Native:
        """Return the marks of several agencies in a row."""
        return element("span", [self.chip(agency) for agency in agencies], class_="wm-chips")

    def names(self, agencies: Iterable[str]) -> str:
        """Return agencies' short names as a list in words."""
        return self.list_in_words([self.short(agency) for agency in agencies])

    def list_in_words(self, words: Sequence[str]) -> str:
        """Return words joined as in a sentence: "a, b and c"."""
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {self.t('compare.and')} {words[-1]}"

    def factor(self, factor: str) -> str:
        """Return a factor's label in the reader's language."""
        return shown(self.m.factor(factor).labels.in_language(self.looking.language))

    def sentence(self, link: Link) -> str:
        """Return what a link says."""
        return shown(link_sentence(self.m, link, self.looking.language))

    def number(self, value: float, digits: int = 2, *, whole: bool = True) -> str:
        """Return a number as the reader's language writes it; `whole` leaves out zeros at its end."""
        written = f"{value:.{digits}f}"
        if whole and "." in written:
            written = written.rstrip("0").rstrip(".")
        return written if self.looking.language == "en" else written.replace(".", ",")

    # --- what is hidden ---

    def hidden(self, kinds: Iterable[str]) -> tuple[str, ...]:
        """Return which of these kinds of contributions the facilitator has not shown the room."""
        state, role = self.looking.state, self.looking.actor.role
        if role == "researcher" and state.setting("private_released"):
            return ()
        return tuple(kind for kind in kinds if not state.setting(FLAG_OF[kind]))

    def room(self, kinds: Sequence[str], wall: str = "", **of: Any) -> Native:
        """Return what stands over a view: what is not shown yet, and what the facilitator can do about it.

        `wall` is the view of the wall that shows the same, and `of` what it is of besides
        the chosen agencies.
        """
        hidden = self.hidden(kinds)
        parts: list[Child] = []
        if hidden:
            what = self.list_in_words([self.t(f"compare.kinds.{kind}") for kind in hidden])
            what = what[:1].upper() + what[1:]
            who = {"facilitator": "lead", "representative": "own"}.get(self.looking.actor.role, "others")
            parts.append(notice(self.t(f"compare.hidden.{who}", what=what)))
        if self.partial:
            names = self.names(self.agencies) or self.t("compare.choice.nobody")
            parts.append(
                element(
                    "p",
                    element("strong", self.t("compare.choice.shows", what=self.in_words())),
                    f" {names}. ",
                    self.t("compare.choice.scope"),
                    class_="wm-scope",
                )
            )
        if self.lost:
            parts.append(element("p", self.t("compare.choice.lost", count=self.lost), class_="wm-hint"))
        if self.names_hidden and not hidden:
            parts.append(element("p", self.t("compare.letters"), class_="wm-hint"))
        if self.leads:
            parts.append(element("div", self._lead(hidden, wall, of), class_="wm-actions"))
        return element("div", *parts, class_="wm-compare-room")

    def _lead(self, hidden: Sequence[str], wall: str, of: Mapping[str, Any]) -> list[Native]:
        state = self.looking.state
        made = []
        if hidden:
            flags: dict[str, object] = {_FLAG_FIELD[kind]: True for kind in hidden}
            made.append(button(self.t("compare.reveal"), change="reveal", fields=flags, kind="primary"))
        if wall:
            whose = {"agencies": self.agencies if self.partial else (), **of}
            made.append(wall_button(self.looking, wall_fields(wall, **whose)))
        names = bool(state.setting("names_shown"))
        made.append(
            button(
                self.t("compare.hide_names" if names else "compare.show_names"),
                change="show_names",
                fields={"shown": not names},
            )
        )
        return made


def said_by(m: CausalMap, agencies: frozenset[str]) -> CausalMap:
    """Return the map with only what these agencies said; examples are nobody's and stay."""
    return m.replace(
        stances=tuple(row for row in m.stances if row.agency in agencies),
        ratings=tuple(row for row in m.ratings if row.agency in agencies),
        annotations=tuple(row for row in m.annotations if row.agency in agencies),
        framings=tuple(row for row in m.framings if row.example or row.agency in agencies),
        meanings=tuple(row for row in m.meanings if row.agency in agencies),
    )


def framings_shown(material: Material) -> list[Framing]:
    """Return the problem definitions this person may see: own first, examples last."""
    order = {agency: place for place, agency in enumerate(agencies_in(material.m))}
    return sorted(
        material.m.framings,
        key=lambda row: (row.example, row.agency != material.own, order.get(row.agency, len(order)), row.at),
    )
