"""What the page of analyses was asked, and words and pieces that its panels share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal, cast
from urllib.parse import urlencode

from ... import analysis_words
from ...causal_map import CausalMap
from ...graphs.loop_results import Polarity
from ...graphs.quadrants import Method
from ...model import Link
from ...sentences import link_sentence
from ..analysis_questions import Skeleton
from ..context import Looking
from ..elements import Child, Native, button, element, notice, shown

VIEWS: Final = ("loops", "leverage", "reach", "held", "what_if")
LENGTHS: Final = ("3", "4", "6", "8", "10", "all")
METHODS: Final = ("direct", "indirect", "ism")
_SHOWN: Final = 25
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser asks for, read strictly: anything else becomes the usual choice."""

    view: str = "loops"
    length: str = "6"
    polarity: Polarity | Literal[""] = ""
    factor: str = ""
    loop: tuple[str, ...] = ()
    shown: int = _SHOWN
    method: Method = "direct"
    done: str = ""
    way: str = "up"
    target: str = ""

    @classmethod
    def read(cls, claim: Any) -> Asked:
        """Return what a store from the browser asks for.

        Examples
        --------
        >>> Asked.read({"view": "reach", "factor": "gjeld", "length": 7}).factor
        'gjeld'
        """
        said: Mapping[str, Any] = claim if isinstance(claim, dict) else {}

        def words(name: str, allowed: Iterable[str] | None = None, usual: str = "") -> str:
            value = said.get(name)
            if type(value) is not str or len(value) > 2000:
                return usual
            return value if allowed is None or value in allowed else usual

        more = words("shown")
        links = tuple(one for one in words("loop").split("~") if one)[:_LONGEST]
        return cls(
            view=words("view", VIEWS, "loops"),
            length=words("length", LENGTHS, "6"),
            polarity=cast(Any, words("polarity", ("R", "B", "?"))),
            factor=words("factor"),
            loop=links,
            shown=min(500, max(_SHOWN, int(more))) if more.isascii() and more.isdigit() else _SHOWN,
            method=cast(Any, words("method", METHODS, "direct")),
            done=words("done"),
            way=words("way", ("up", "down"), "up"),
            target=words("target"),
        )

    def address(self, **changed: object) -> str:
        """Return the address of the same view with something changed; usual choices are left out."""
        usual = Asked()
        kept: dict[str, str] = {}
        for name in ("length", "polarity", "factor", "loop", "shown", "method", "done", "way", "target"):
            value = changed.get(name, getattr(self, name))
            if value != getattr(usual, name):
                kept[name] = "~".join(value) if isinstance(value, tuple) else str(value)
        view = changed.get("view", self.view)
        return f"#{view}" + (f"?{urlencode(kept)}" if kept else "")


@dataclass(frozen=True)
class View:
    """Somebody's view of the page: the map as far as they may see it, and what they ask."""

    looking: Looking
    asked: Asked

    def t(self, key: str, /, **values: Any) -> str:
        """Return a sentence in the person's language."""
        return self.looking.t(key, **values)

    @cached_property
    def m(self) -> CausalMap:
        """The map that is analysed: all of it, but for representatives only what the room has seen."""
        return map_looked_at(self.looking)

    @cached_property
    def skeleton(self) -> Skeleton:
        """What the analyses depend on."""
        return Skeleton.of(self.m)

    @property
    def leads(self) -> bool:
        """Whether the person may send something to the wall."""
        return self.looking.actor.role == "facilitator" and not self.looking.state.setting("finished")

    # --- words ---

    def label(self, factor: object) -> str:
        """Return a factor's name as the map shows it."""
        return self.m.factor(str(factor)).labels.in_language(self.looking.language)

    def sentence(self, link: Link) -> str:
        """Return what a link says."""
        return link_sentence(self.m, link, self.looking.language)

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number as the language writes it."""
        return analysis_words.written(value, self.looking.language, decimals)

    def percent(self, share: float | None) -> str:
        """Return a share in whole per cent."""
        return analysis_words.percent(share, self.looking.language)

    def names(self, factors: Iterable[object]) -> str:
        """Return factors as a list in words."""
        return analysis_words.listed([self.label(one) for one in factors], self.looking.language)

    # --- pieces ---

    def factor_options(self) -> list[tuple[str, str]]:
        """Return every factor by name, for a drop-down."""
        rows = [(factor.id, self.label(factor.id)) for factor in self.m.factors]
        return sorted(rows, key=lambda row: row[1].casefold())

    def chooser(
        self, name: str, label: str, options: Iterable[tuple[str, str]], value: str, empty: str | None = None
    ) -> Native:
        """Return a drop-down that changes the address when something is chosen."""
        rows = [element("option", shown(text), value=one) for one, text in options]
        first = element("option", empty, value="") if empty is not None else None
        return element(
            "label",
            element("span", label, class_="wm-label"),
            element("select", first, rows, value=value, data_ask=name, class_="wm-input"),
            class_="wm-analyse-choice",
        )

    def link_list(self, links: Iterable[Link], after: Mapping[str, Child] | None = None) -> Native:
        """Return links as sentences; each lights up on the map when it is chosen."""
        rows = [
            element(
                "li",
                sign(link),
                button(shown(self.sentence(link)), kind="link", data_light=link.id, aria_pressed=False),
                element("span", (after or {}).get(link.id), class_="wm-analyse-after"),
                class_="wm-sentence",
            )
            for link in links
        ]
        return element("ul", rows, class_="wm-list wm-analyse-links")

    def light(self, factor: object, text: str = "") -> Native:
        """Return a factor's name as a button that lights it up on the map."""
        return button(
            shown(text or self.label(factor)), kind="link", data_light=str(factor), aria_pressed=False
        )

    def cut_short(self, stopped_by: str | None) -> Native | None:
        """Return the notice that an answer is not all there is, when it is not."""
        if stopped_by is None:
            return None
        return notice(self.t(f"analyse.stopped.{stopped_by}"), kind="attention")


def map_looked_at(looking: Looking) -> CausalMap:
    """Return the map that somebody may analyse."""
    stage = 4 if looking.actor.role != "representative" else int(looking.state.setting("stage"))
    return looking.state.to_map().at_stage(stage)


def sign(link: Link) -> Native:
    """Return a link's sign, as on the map."""
    return element("span", link.mark, class_="wm-sign", data_sign=link.mark.replace("−", "-"), aria_hidden=True)


def steps_of(m: CausalMap, links: Iterable[str]) -> list[Link] | None:
    """Return the links of a loop in order, or None when they do not form one in this map."""
    found = [m.link(one) for one in links if m.has_link(one)]
    if not found or len(found) != len(tuple(links)):
        return None
    closed = all(
        one.target == following.source for one, following in zip(found, (*found[1:], found[0]), strict=True)
    )
    simple = len({one.source for one in found}) == len(found)
    return found if closed and simple else None
