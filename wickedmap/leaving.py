"""Leaving with the data: a map with what was said, by agency and pseudonym, as a file."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from . import formats
from .access import Actor, visible_to
from .causal_map import CausalMap
from .changes import Refused
from .formats import FormatError, losses, write_bytes
from .formats.registry import by_suffix
from .model import Annotation, Framing, Meaning, Rating, Stance
from .rows import State
from .workshop import Workshops

_MEDIA: Final = {
    ".json": "application/json",
    ".graphml": "application/graphml+xml",
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
    return [form.name for form in formats.FORMATS.values() if form.write is not None]


def form_of(filename: str) -> str:
    """Return the format a file name asks for; `Refused` when there is none."""
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
    if actor.role not in ("facilitator", "researcher") or (private and actor.role != "facilitator"):
        raise Refused("not_allowed")
    state = workshops.state(actor.workshop)
    seen = visible_to(state, actor if private else replace(actor, role="researcher", agency=""))
    return _pseudonymised(seen)


def _pseudonymised(state: State) -> CausalMap:
    whole = state.to_map()
    names: dict[str, str] = {}
    counted: dict[str, int] = {}
    said: list[Annotation | Stance | Rating | Framing | Meaning] = [*whole.stances, *whole.ratings]
    said += [*whole.annotations, *whole.framings, *whole.meanings]
    # Numbers follow the random ids, so that they say nothing of who came or spoke first.
    for person, agency in sorted({(row.person, row.agency) for row in said if row.person}):
        if person in names:
            continue
        counted[agency] = counted.get(agency, 0) + 1
        names[person] = f"{agency or 'facilitator'}-{counted[agency]}"
    return whole.replace(
        stances=tuple(replace(row, person=names[row.person]) for row in whole.stances),
        ratings=tuple(replace(row, person=names[row.person]) for row in whole.ratings),
        annotations=tuple(replace(row, person=names[row.person]) for row in whole.annotations),
        framings=tuple(
            replace(row, person=names[row.person], id=f"framing-{names[row.person]}") if row.person else row
            for row in whole.framings
        ),
        meanings=tuple(replace(row, person=names[row.person]) for row in whole.meanings),
    )


def export_file(
    workshops: Workshops, actor: Actor, form: str, *, private: bool = False, language: str = "nb"
) -> Exported:
    """Return a workshop's map as a file in one of `forms`.

    Raises
    ------
    Refused
        ``unknown_format``, or ``not_allowed`` as `export_map` has it.
    """
    found = formats.FORMATS.get(form)
    if found is None or found.write is None:
        raise Refused("unknown_format", "format", formats=", ".join(forms()))
    whole = export_map(workshops, actor, private=private).replace(language=language)
    try:
        content = write_bytes(whole, form)
    except FormatError as error:
        raise Refused("bad_file", "format", why=str(error)) from None
    suffix = found.suffixes[0]
    title = re.sub(r"[^a-z0-9]+", "-", whole.title.casefold()).strip("-")[:40] or "wickedmap"
    media = _MEDIA.get("." + suffix.rsplit(".", 1)[-1], "application/octet-stream")
    return Exported(
        f"{title}-{actor.workshop}{suffix}", media, content, tuple(str(loss) for loss in losses(whole, form))
    )
