"""Colours of a printed map, the same as on the screens (a test compares them)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

Theme = Literal["light", "dark", "contrast"]

TOKENS: Final[Mapping[Theme, Mapping[str, str]]] = {
    "light": {
        "canvas": "#F6F5F1",
        "surface": "#FFFFFF",
        "ink": "#17202B",
        "quiet": "#414C59",
        "outline": "#6F7A87",
        "plus": "#175694",
        "minus": "#A04A00",
        "unknown": "#565F6A",
    },
    "dark": {
        "canvas": "#12171E",
        "surface": "#1D252F",
        "ink": "#F3F5F7",
        "quiet": "#C3CAD2",
        "outline": "#8A95A1",
        "plus": "#86BDF5",
        "minus": "#F6A95B",
        "unknown": "#B0B8C1",
    },
    "contrast": {
        "canvas": "#FFFFFF",
        "surface": "#FFFFFF",
        "ink": "#000000",
        "quiet": "#1A1A1A",
        "outline": "#000000",
        "plus": "#003E7E",
        "minus": "#7A2E00",
        "unknown": "#333333",
    },
}
_LIGHT: Final = {
    "bolig": "#6073D4",
    "helse": "#10625F",
    "okonomi": "#AD8D1D",
    "arbeid": "#6C4308",
    "relasjon": "#C96D83",
    "person": "#474D98",
    "oppvekst": "#64740B",
    "hendelse": "#631030",
    "justis": "#38206A",
    "system": "#039EBD",
}
_DARK: Final = {
    "bolig": "#5A8FEB",
    "helse": "#97D6B3",
    "okonomi": "#F9D060",
    "arbeid": "#AB7404",
    "relasjon": "#F4CFFE",
    "person": "#A167AA",
    "oppvekst": "#B7AD1B",
    "hendelse": "#D97674",
    "justis": "#BBA9FC",
    "system": "#18B4B8",
}
DOMAINS: Final[Mapping[Theme, Mapping[str, str]]] = {"light": _LIGHT, "dark": _DARK, "contrast": _LIGHT}


def domain_colours(domains: Iterable[str], theme: Theme) -> dict[str, str]:
    """Return a colour per domain; those of the default map keep theirs in any map."""
    known = DOMAINS[theme]
    wanted = list(dict.fromkeys(domains))
    found = {domain: known[domain] for domain in wanted if domain in known}
    left = [colour for domain, colour in known.items() if domain not in found] or list(known.values())
    strangers = [domain for domain in wanted if domain not in known]
    return found | {domain: left[number % len(left)] for number, domain in enumerate(strangers)}
