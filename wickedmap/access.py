"""Who may do and see what: roles, keys and codes, and the one place that hides things.

Everything a screen, a stream, the API or an export shows of a workshop has gone
through `visible_to` or `visible_event`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from rpds import HashTrieMap

from .changes import Change, Role
from .model import Agency
from .rows import CONTRIBUTIONS, Event, Person, State
from .text import LANGUAGES, Texts
from .texts import text

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
CODE_LENGTH = 8

FLAG_OF = {
    "annotations": "notes_revealed",
    "stances": "stances_revealed",
    "ratings": "ratings_revealed",
    "framings": "framings_revealed",
    "proposals": "proposals_revealed",
    "terms": "terms_revealed",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts or looks, as the server's own session has it."""

    workshop: str
    person: str
    role: Role
    agency: str = ""
    language: str = "nb"


def may(actor: Actor, change: type[Change]) -> bool:
    """Whether the actor's role can make this kind of change at all."""
    return actor.role in change.roles


# --- keys and codes --------------------------------------------------------


def new_code() -> str:
    """Return a join code: eight Crockford base32 characters, 40 random bits."""
    return "".join(secrets.choice(_CROCKFORD) for _ in range(CODE_LENGTH))


def normalise_code(typed: object) -> str | None:
    """Return the code that somebody typed, or None when it cannot be one.

    Case, spaces and dashes do not matter, full-width letters are folded, and the
    look-alikes O, I and L are read as 0, 1 and 1.

    Examples
    --------
    >>> normalise_code("abcd-efg o")
    'ABCDEFG0'
    """
    if type(typed) is not str or len(typed) > 64:
        return None
    folded = unicodedata.normalize("NFKC", typed).upper().translate(_READ_AS)
    code = "".join(character for character in folded if character not in " -–\t\u00a0")
    return code if len(code) == CODE_LENGTH and all(c in _CROCKFORD for c in code) else None


def show_code(code: str) -> str:
    """Return a code as people read it aloud: ``ABCD-EFGH``."""
    return f"{code[:4]}-{code[4:]}"


def key_for(secret: bytes, workshop: str, role: str, generation: int) -> str:
    """Return the secret part of a role's link; 192 bits, made anew from the server's secret.

    Nothing that opens a door is stored: a new `generation` makes all old links void.
    """
    message = f"{workshop}|{role}|{generation}".encode()
    digest = hmac.new(secret, message, hashlib.sha256).digest()[:24]
    return base64.urlsafe_b64encode(digest).decode()


def key_fits(secret: bytes, workshop: str, role: str, generation: int, key: object) -> bool:
    """Whether a link's secret part is the right one, in constant time."""
    if type(key) is not str or not key.isascii():
        return False
    return hmac.compare_digest(key_for(secret, workshop, role, generation), key)


def new_token() -> str:
    """Return a session token of 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


# --- hiding ----------------------------------------------------------------


def visible_to(state: State, actor: Actor) -> State:
    """Return the state as this actor may see it.

    The facilitator sees all of it, to be able to moderate. A representative sees
    what their own agency contributed, and of the others what the facilitator has
    revealed and not hidden. The wall and the researcher see what is revealed; the
    researcher all of it once the facilitator has released it. Agencies' names are
    letters until the facilitator shows them; aliases never leave the agency.

    The totals tell how much there is, of what is hidden too: ``notes/factor/ID``,
    ``notes/link/ID``, and the number of rows of each table.
    """
    if actor.role == "facilitator":
        return replace(state, totals=_totals(state))
    shared = _shared_view(_Cached(state), actor.role, actor.agency if actor.role == "representative" else "")
    # Without a person there is nobody whose own changes could be undone.
    if actor.role != "representative" or not actor.person:
        return shared
    return _with_own(shared, state, actor)


class _Cached:
    """A state as a cache key: two are equal when they are the very same object."""

    __slots__ = ("state",)

    def __init__(self, state: State) -> None:
        self.state = state

    def __hash__(self) -> int:
        return id(self.state)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Cached) and self.state is other.state


@lru_cache(maxsize=64)
def _shared_view(cached: _Cached, role: Role, agency: str) -> State:
    state = cached.state
    tables, marks = state.tables, state.marks
    everything = role == "researcher" and state.setting("private_released")
    masks = {} if state.setting("names_shown") else masked_agencies(state)
    masks.pop(agency, None)
    lettered = _lettered(state.workshop)
    for table in CONTRIBUTIONS:
        revealed = everything or state.setting(FLAG_OF[table])
        rows = tables[table]
        kept: dict[str, Any] = {}
        for key, row in rows.items():
            own = bool(agency) and row.agency == agency
            if own or (revealed and f"{table}/{key}" not in tables["hidden"]):
                # An example that came with the map is nobody's; its words would tell whose letter it is.
                masked = row.agency in masks and bool(row.person)
                kept[key] = _under_letter(lettered, f"{table}/{key}", row, masks) if masked else row
            else:
                marks = marks.discard(f"{table}/{key}")
        tables = tables.insert(table, HashTrieMap(kept))
    people = {key: row for key, row in tables["people"].items() if agency and row.agency == agency}
    tables = tables.insert("people", HashTrieMap(people))
    tables = tables.insert("hidden", HashTrieMap())
    if role == "viewer":
        tables = tables.insert("parked", HashTrieMap())
    agencies = tables["agencies"]
    for mask in masks.values():
        agencies = agencies.insert(mask.id, mask)
    tables = tables.insert("agencies", agencies)
    settings = tables["settings"]
    if masks and settings.get("wall_of"):
        tables = tables.insert("settings", settings.insert("wall_of", _masked(settings["wall_of"], masks)))
    return replace(state, tables=tables, marks=marks, done=HashTrieMap(), totals=_totals(state))


@lru_cache(maxsize=16)
def _lettered(workshop: str) -> dict[str, tuple[Any, Any]]:  # noqa: ARG001
    """Return the rows of a workshop under letters, each with the row it was made from, to be used again."""
    return {}


def _under_letter(lettered: dict[str, tuple[Any, Any]], key: str, row: Any, masks: Mapping[str, Agency]) -> Any:
    letter = masks[row.agency].id
    before, found = lettered.get(key, (None, None))
    if before is not row or found.agency != letter:
        found = replace(row, agency=letter)
        lettered[key] = (row, found)
    return found


def _with_own(shared: State, state: State, actor: Actor) -> State:
    # A contribution that was hidden from the room stays its author's own.
    own = _done_by_person(_Cached(state)).get(actor.person)
    return replace(shared, done=HashTrieMap() if own is None else own)


@lru_cache(maxsize=4)
def _done_by_person(cached: _Cached) -> dict[str, HashTrieMap[int, Any]]:
    """Return everyone's own changes at once: a full room asks for each of them after every change."""
    found: dict[str, dict[int, Any]] = {}
    for seq, done in cached.state.done.items():
        found.setdefault(done.person, {})[seq] = done
    return {person: HashTrieMap(own) for person, own in found.items()}


def masked_agencies(state: State) -> dict[str, Agency]:
    """Return, for every agency, the lettered one that stands for it while names are hidden.

    Letters keep to their agencies through a workshop and follow no order that
    anybody knows.
    """
    first = [agency.id for agency in state.base.agencies]
    first.sort(key=lambda one: hashlib.blake2s(f"{state.workshop}|{one}".encode()).digest())
    later = [row.id for row in state.rows("agencies") if row.id not in set(first)]
    masked = {}
    for place, agency in enumerate([*first, *later]):
        letter = chr(ord("A") + place) if place < 26 else f"A{place - 25}"
        labels = Texts({language: text(language, "masked.agency", letter=letter) for language in LANGUAGES})
        masked[agency] = Agency(
            id=f"letter-{letter}", labels=labels, short=Texts({"nb": letter}), initials=letter
        )
    return masked


FEWEST: Final = 3
"""With hidden names, a number that fewer people than this stand behind is not shown."""


def large_enough(people: int) -> bool:
    """Whether a number from so many people may stand without a name; nobody is nobody's secret."""
    return people == 0 or people >= FEWEST


@dataclass(frozen=True, slots=True)
class Countable:
    """Which numbers may stand while names are hidden.

    Attributes
    ----------
    groups : frozenset of str
        Agencies whose own number may be shown.
    total : bool
        Whether the number of all together may be shown.
    """

    groups: frozenset[str]
    total: bool


def countable(people: Mapping[str, int], own: str = "") -> Countable:
    """Return which numbers may be shown of groups that stand under letters.

    A stance under a letter is a statement, and was revealed as one. A number is not: a
    median, or "n = 1", would tell what one person answered. So a group's number needs
    three people, one's own agency excepted. The number of all together needs three as
    well, and as many left in it when the numbers shown beside it are taken away: else
    the ones withheld could be worked out from those shown.

    Parameters
    ----------
    people : mapping of agency to int
        How many people of each agency stand behind the number.
    own : str
        The reader's own agency, whose numbers they may see whatever they are.

    Examples
    --------
    >>> found = countable({"letter-A": 4, "letter-B": 1})
    >>> sorted(found.groups), found.total
    (['letter-A'], False)
    >>> countable({"letter-A": 2, "letter-B": 1}).total
    True
    """
    groups = frozenset(agency for agency, count in people.items() if agency == own or large_enough(count))
    merged = sum(count for agency, count in people.items() if agency not in groups)
    return Countable(groups, large_enough(sum(people.values())) and large_enough(merged))


def _masked(chosen: Mapping[str, Any], masks: Mapping[str, Agency]) -> dict[str, Any]:
    """Return a choice of agencies with the letters that stand for them.

    The order in which the facilitator chose would tell whose letters they are.
    """
    if not chosen.get("agencies"):
        return dict(chosen)
    return {**chosen, "agencies": sorted(masks[one].id if one in masks else one for one in chosen["agencies"])}


def _totals(state: State) -> Mapping[str, int]:
    totals = {table: len(state.tables[table]) for table in CONTRIBUTIONS}
    for row in state.rows("annotations"):
        name = f"notes/{row.target_kind}/{row.target}"
        totals[name] = totals.get(name, 0) + 1
    present = [row for row in state.tables["people"].values() if row.role == "representative" and not row.ended]
    totals["people"] = len(present)
    totals["agencies"] = len({row.agency for row in present})
    return totals


def _row_is_visible(state: State, actor: Actor, table: str, key: str, row: Any) -> bool:
    if row is None:
        return False
    if actor.role == "representative" and actor.agency and row.agency == actor.agency:
        return True
    if actor.role == "researcher" and state.setting("private_released"):
        return True
    return bool(state.setting(FLAG_OF[table])) and state.row("hidden", f"{table}/{key}") is None


def visible_event(event: Event, state: State, actor: Actor) -> dict[str, Any] | None:
    """Return what this actor may know of an event now, for the stream and the history.

    None when they may not know of it at all. Of a note that it may not show, the
    wall learns that there is one, not whose it is nor what it says.

    Parameters
    ----------
    state : State
        The workshop as it stands, with everything in it.
    """
    change = event.change
    shown: dict[str, Any] = {"seq": event.seq, "kind": change.kind, "at": event.at}
    if actor.role == "facilitator":
        return {**shown, "by": _by(state, event), "fields": _fields(event)}
    if change.kind in ("join", "end_attendance"):
        person: Person | None = state.person_row(getattr(change, "person", ""))
        own = actor.role == "representative" and person is not None and person.agency == actor.agency
        return {**shown, "by": {}, "fields": {}} if own else None
    if change.kind == "hide_contribution":
        return {**shown, "kind": "activity", "by": {}, "fields": {}}
    done = state.done.get(getattr(change, "of", event.seq))
    if actor.role == "viewer" and done is not None and any(one.table == "parked" for one in done.effects):
        # What is parked is read on one's own screen, not on the wall.
        return {**shown, "kind": "activity", "by": {}, "fields": {}}
    private = [effect for effect in done.effects if effect.table in CONTRIBUTIONS] if done else []
    if not private:
        fields = _fields(event)
        if change.kind == "set_wall" and not state.setting("names_shown"):
            masks = masked_agencies(state)
            masks.pop(actor.agency if actor.role == "representative" else "", None)
            fields = _masked(fields, masks)
        return {**shown, "by": {"role": event.role}, "fields": fields}
    own = actor.role == "representative" and bool(actor.agency) and event.agency == actor.agency
    seen = [
        effect
        for effect in private
        if _row_is_visible(state, actor, effect.table, effect.key, effect.after or effect.before)
    ]
    # What has been reworded or taken back since may never have been shown, so its words stay behind.
    stands = any(
        effect.after is not None and state.row(effect.table, effect.key) == effect.after for effect in seen
    )
    if not (stands or (own and seen)):
        noticed = actor.role == "viewer" and any(effect.table == "annotations" for effect in private)
        public = done is not None and len(private) < len(done.effects)
        return {**shown, "kind": "activity", "by": {}, "fields": {}} if seen or noticed or public else None
    by = {"agency": event.agency} if own or state.setting("names_shown") else {}
    if event.person == actor.person:
        by["person"] = event.person
    return {**shown, "by": by, "fields": _fields(event)}


def _by(state: State, event: Event) -> dict[str, str]:
    person = state.person_row(event.person)
    return {
        "person": event.person,
        "role": event.role,
        "agency": event.agency,
        "alias": person.alias if person else "",
    }


def _fields(event: Event) -> dict[str, Any]:
    fields = event.change.fields()
    # The opening map holds what people said elsewhere; the state shows what may be seen of it.
    fields.pop("map", None)
    return fields
