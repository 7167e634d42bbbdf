"""Leaving with the data: a map with what was said, by agency and pseudonym, as a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from . import __version__, data_package, formats
from .access import FLAG_OF, Actor, masked_agencies, visible_to
from .causal_map import CausalMap
from .changes import Refused
from .formats import FormatError, gexf_dynamic, losses, write_bytes
from .formats.registry import by_suffix
from .log_tables import event_rows, proposal_rows
from .map_over_time import map_over_time
from .pseudonyms import (
    Suppressed,
    pseudonymised,
    pseudonyms,
    under_letters,
    with_coarse_times,
    without_small_groups,
)
from .rows import State
from .store import log
from .workshop import Workshops

PACKAGE: Final = "package"
"""Name of the data package among the forms."""

TIMELINE: Final = "gexf-dynamic"
"""Name of the map over time among the forms; it lacks what GEXF lacks."""

_MEDIA: Final = {
    ".json": "application/json",
    ".graphml": "application/graphml+xml",
    ".gexf": "application/gexf+xml",
    ".zip": "application/zip",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that is ready to be handed over, and what it could not carry."""

    name: str
    media_type: str
    content: bytes
    losses: tuple[str, ...]


def api_token(workshops: Workshops, workshop: str, role: str = "researcher") -> str:
    """Return the token with which a script reads a workshop; see `wickedmap.connect`.

    It is the role's link in another form: it sees what the role may see, writes
    nothing, and is void when the links are renewed.
    """
    return f"{workshop}.{role}.{workshops.key(workshop, role)}"


def forms() -> list[str]:
    """Return the names of the formats that can be written."""
    return [*(form.name for form in formats.FORMATS.values() if form.write is not None), TIMELINE, PACKAGE]


def form_of(filename: str) -> str:
    """Return the format a file name asks for; `Refused` when there is none."""
    name = filename.casefold()
    if name.endswith(".zip") and not name.endswith(".csv.zip"):
        return PACKAGE
    if name.endswith(gexf_dynamic.SUFFIX):
        return TIMELINE
    found = by_suffix(filename)
    if found is None or found.write is None:
        raise Refused("unknown_format", "format", formats=", ".join(forms()))
    return found.name


def export_map(workshops: Workshops, actor: Actor, *, private: bool = False) -> CausalMap:
    """Return what an actor may take away.

    What was never revealed leaves only when the facilitator asks for it, or has
    released it. Agencies keep their names only when those are shown to the room,
    people become a pseudonym within their agency, and aliases stay behind.

    Raises
    ------
    Refused
        ``not_allowed`` for other roles than facilitator and researcher, and for a
        researcher who asks for what is private.
    """
    whole = _seen(workshops, actor, private).to_map()
    return pseudonymised(whole, pseudonyms(whole))


def _seen(workshops: Workshops, actor: Actor, private: bool) -> State:
    return visible_to(workshops.state(actor.workshop), _taking(actor, private))


def _taking(actor: Actor, private: bool) -> Actor:
    """Return as whom somebody takes something away: as the researcher, or as the facilitator that they are."""
    if actor.role not in ("facilitator", "researcher") or (private and actor.role != "facilitator"):
        raise Refused("not_allowed")
    return actor if private else replace(actor, role="researcher", agency="")


def export_package(
    workshops: Workshops,
    actor: Actor,
    *,
    private: bool = False,
    language: str = "nb",
    licence: str = "",
    progress: Callable[[str, float], None] | None = None,
) -> Exported:
    """Return the data package for researchers; see `wickedmap.data_package`.

    Where agencies' names were not shown to the room they are letters, groups of fewer
    than three people are put together, and times are cut to whole minutes, also of what
    the facilitator takes out as private.

    `progress` is called with what begins, ``"log"``, ``"timeline"`` or a part of
    `data_package.package`, and how much of the whole is done.

    Raises
    ------
    Refused
        ``not_allowed`` as `export_map` has it; ``bad_value`` for a licence that is no id.
    """
    try:
        data_package.checked_licence(licence)
    except ValueError:
        raise Refused("bad_value", "licence", name="licence") from None
    tell = progress or (lambda _part, _share: None)
    tell("log", 0.0)
    seen = _seen(workshops, actor, private)
    state = workshops.state(actor.workshop)
    events = [event for event in log.events(workshops.store, actor.workshop) if event.seq <= state.seq]
    whole, suppressed = seen.to_map(), Suppressed()
    if not state.setting("names_shown"):
        whole = under_letters(whole, masked_agencies(state))
        whole, suppressed = without_small_groups(whole)
        whole = with_coarse_times(whole)
    names = pseudonyms(whole)
    about = data_package.About(
        workshop=actor.workshop,
        seq=state.seq,
        at=log.now(),
        revealed=tuple(table for table, flag in FLAG_OF.items() if state.setting(flag)),
        released=bool(state.setting("private_released")),
        private=private,
        licence=licence,
    )
    coarsely = suppressed.promised
    rows = event_rows(events, state, names, whole, coarsely=coarsely)
    # When even all together are too few to be hidden among, nobody's words go out.
    proposals = [] if suppressed.withheld else proposal_rows(seen, names, whole, coarsely=coarsely)
    tell("timeline", 0.3)
    told = map_over_time(workshops, _taking(actor, private))
    timeline = gexf_dynamic.write(replace(told, map=told.map.replace(language=language)))
    source = f"wickedmap {__version__}, workshop {actor.workshop}, changes 1-{state.seq}"
    taken = pseudonymised(whole, names).replace(language=language, provenance=source)
    try:
        content = data_package.package(
            *(taken, rows, about, suppressed, proposals, timeline),
            progress=lambda part, share: tell(part, 0.6 + 0.4 * share),
        )
    except FormatError as error:
        raise Refused("bad_file", "format", why=str(error)) from None
    return Exported(f"{_title(taken)}-{actor.workshop}.zip", _MEDIA[".zip"], content, ())


def export_timeline(
    workshops: Workshops, actor: Actor, *, private: bool = False, language: str = "nb"
) -> Exported:
    """Return the map over time as dynamic GEXF; see `wickedmap.map_over_time`.

    Raises
    ------
    Refused
        ``not_allowed`` as `export_map` has it.
    """
    told = map_over_time(workshops, _taking(actor, private))
    told = replace(told, map=told.map.replace(language=language))
    return Exported(
        f"{_title(told.map)}-{actor.workshop}{gexf_dynamic.SUFFIX}",
        _MEDIA[".gexf"],
        gexf_dynamic.write(told),
        tuple(losses(told.map, "gexf")),
    )


def _title(m: CausalMap) -> str:
    return re.sub(r"[^a-z0-9]+", "-", m.title.casefold()).strip("-")[:40] or "wickedmap"


def export_file(
    workshops: Workshops,
    actor: Actor,
    form: str,
    *,
    private: bool = False,
    language: str = "nb",
    licence: str = "",
    progress: Callable[[str, float], None] | None = None,
) -> Exported:
    """Return a workshop's map as a file in one of `forms`; `licence` and `progress` are for the data package.

    Raises
    ------
    Refused
        ``unknown_format``, or ``not_allowed`` as `export_map` has it.
    """
    if form == PACKAGE:
        return export_package(
            workshops, actor, private=private, language=language, licence=licence, progress=progress
        )
    if form == TIMELINE:
        return export_timeline(workshops, actor, private=private, language=language)
    found = formats.FORMATS.get(form)
    if found is None or found.write is None:
        raise Refused("unknown_format", "format", formats=", ".join(forms()))
    whole = export_map(workshops, actor, private=private).replace(language=language)
    try:
        content = write_bytes(whole, form)
    except FormatError as error:
        raise Refused("bad_file", "format", why=str(error)) from None
    suffix = found.suffixes[0]
    media = _MEDIA.get("." + suffix.rsplit(".", 1)[-1], "application/octet-stream")
    return Exported(
        f"{_title(whole)}-{actor.workshop}{suffix}",
        media,
        content,
        tuple(losses(whole, form)),
    )
