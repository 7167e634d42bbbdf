"""Every colour of the product, as named tokens in three themes, and how to test them.

Plus and minus are blue and amber, never red and green; domains and agencies have
colours that stay apart with normal sight, protanopia and deuteranopia, and always
something beside the colour: a text tag, a pattern, initials.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote

Theme = Literal["light", "dark", "contrast"]
THEMES: Final[tuple[Theme, ...]] = ("light", "dark", "contrast")

FONT_STACK: Final = '"Atkinson Hyperlegible Next", "Segoe UI", "Liberation Sans", Arial, sans-serif'

TOKENS: Final[dict[Theme, dict[str, str]]] = {
    "light": {
        "canvas": "#F6F5F1",
        "surface": "#FFFFFF",
        "ink": "#17202B",
        "quiet": "#414C59",
        "dim-ink": "#6B7480",
        "dim-surface": "#FBFAF8",
        "dim-line": "#CFD3D8",
        "outline": "#6F7A87",
        "plus": "#175694",
        "minus": "#A04A00",
        "unknown": "#565F6A",
        "accent": "#0A5A8C",
        "ring": "#8A5A00",
        "trace": "#5B2A86",
        "badge": "#E7E9EC",
    },
    "dark": {
        "canvas": "#12171E",
        "surface": "#1D252F",
        "ink": "#F3F5F7",
        "quiet": "#C3CAD2",
        "dim-ink": "#87919C",
        "dim-surface": "#171D25",
        "dim-line": "#37414D",
        "outline": "#8A95A1",
        "plus": "#86BDF5",
        "minus": "#F6A95B",
        "unknown": "#B0B8C1",
        "accent": "#7CC7F2",
        "ring": "#F0C75E",
        "trace": "#D3A8FF",
        "badge": "#323D4A",
    },
    "contrast": {
        "canvas": "#FFFFFF",
        "surface": "#FFFFFF",
        "ink": "#000000",
        "quiet": "#1A1A1A",
        "dim-ink": "#5E5E5E",
        "dim-surface": "#FFFFFF",
        "dim-line": "#C4C4C4",
        "outline": "#000000",
        "plus": "#003E7E",
        "minus": "#7A2E00",
        "unknown": "#333333",
        "accent": "#004B87",
        "ring": "#6A3D00",
        "trace": "#4B1578",
        "badge": "#E4E4E4",
    },
}
"""Tokens by theme. Text tokens are `ink`, `quiet`; `dim-ink` is for what the spotlight
leaves in the background."""

_LIGHT_DOMAINS: Final = {
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
_DARK_DOMAINS: Final = {
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
DOMAIN_COLOURS: Final[dict[Theme, dict[str, str]]] = {
    "light": _LIGHT_DOMAINS,
    "dark": _DARK_DOMAINS,
    "contrast": _LIGHT_DOMAINS,
}
"""Ten hues chosen so that the smallest distance between any two, as seen with normal
sight, protanopia and deuteranopia (Machado, Oliveira & Fernandes 2009), is large, and
each is 3:1 against the label it borders."""

PATTERNS: Final = ("solid", "stripes", "dots", "bars", "checks", "rising", "grid")

# Matrices for linear RGB at full severity, Machado, Oliveira & Fernandes (2009).
_VISION: Final = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}


def _linear(colour: str) -> tuple[float, float, float]:
    if len(colour) != 7 or not colour.startswith("#"):
        raise ValueError(f"colour: {colour!r} is not written like #1A2B3C")
    try:
        parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    except ValueError:
        raise ValueError(f"colour: {colour!r} is not written like #1A2B3C") from None
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours by WCAG 2, from 1 to 21.

    Examples
    --------
    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    bright = [
        0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in (_linear(one), _linear(other))
    ]
    return round((max(bright) + 0.05) / (min(bright) + 0.05), 3)


def difference(one: str, other: str, vision: str = "normal") -> float:
    """Return how far apart two colours look: distance in OKLab (Ottosson 2020).

    `vision` is ``"normal"``, ``"protanopia"`` or ``"deuteranopia"``. Black and white
    are 1 apart; two fields side by side are told apart from about 0.02, patches on a
    wall from about 0.08.
    """
    if vision not in _VISION:
        raise ValueError(f"vision: {vision!r} is not one of {', '.join(_VISION)}")
    first, second = (_oklab(_linear(colour), vision) for colour in (one, other))
    return float(sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5)


def _oklab(linear: tuple[float, float, float], vision: str) -> tuple[float, float, float]:
    red, green, blue = (
        min(1.0, max(0.0, sum(weight * part for weight, part in zip(row, linear, strict=True))))
        for row in _VISION[vision]
    )
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def domain_colours(domains: Iterable[str], theme: Theme) -> dict[str, str]:
    """Return a colour per domain; those of the default map keep theirs in any map.

    Other domains take the colours that are left, in their order, and then share.
    """
    known = DOMAIN_COLOURS[theme]
    wanted = list(dict.fromkeys(domains))
    found = {domain: known[domain] for domain in wanted if domain in known}
    left = [colour for domain, colour in known.items() if domain not in found] or list(known.values())
    strangers = [domain for domain in wanted if domain not in known]
    return found | {domain: left[number % len(left)] for number, domain in enumerate(strangers)}


@dataclass(frozen=True, slots=True)
class AgencyMark:
    """How an agency is recognised: colour, pattern and initials, never colour alone."""

    colour: str
    pattern: str
    initials: str


def agency_marks(agencies: Sequence[tuple[str, str]], theme: Theme) -> dict[str, AgencyMark]:
    """Return a mark per agency from ``(id, initials)``, no two with colour and pattern alike.

    Up to 70 agencies are told apart by colour and pattern; initials come on top.

    Examples
    --------
    >>> marks = agency_marks([("nav", "N"), ("police", "P")], "light")
    >>> marks["nav"].pattern, marks["police"].pattern
    ('solid', 'stripes')
    """
    colours = list(DOMAIN_COLOURS[theme].values())
    return {
        agency: AgencyMark(colours[number % len(colours)], PATTERNS[number % len(PATTERNS)], initials)
        for number, (agency, initials) in enumerate(agencies)
    }


def pattern_svg(mark: AgencyMark, theme: Theme, *, width: int = 24, height: int = 24) -> str:
    """Return an agency's colour and pattern as a small SVG picture."""
    paper = TOKENS[theme]["surface"]
    lines = {
        "solid": "",
        "stripes": "M-2 10L10-2M-2 18L18-2M6 18L18 6",
        "rising": "M-2 -2L18 18M-2 6L10 18M6-2L18 10",
        "bars": "M4 0V16M12 0V16",
        "grid": "M4 0V16M12 0V16M0 4H16M0 12H16",
    }
    if mark.pattern in lines:
        inner = f'<path d="{lines[mark.pattern]}" stroke="{paper}" stroke-width="2.4" fill="none"/>'
    elif mark.pattern == "dots":
        inner = (
            f'<circle cx="4" cy="4" r="2.2" fill="{paper}"/><circle cx="12" cy="12" r="2.2" fill="{paper}"/>'
        )
    else:
        inner = f'<path d="M0 0h8v8h-8zM8 8h8v8h-8z" fill="{paper}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<defs><pattern id="p" width="16" height="16" patternUnits="userSpaceOnUse">'
        f'<rect width="16" height="16" fill="{mark.colour}"/>{inner}</pattern></defs>'
        f'<rect width="{width}" height="{height}" rx="4" fill="url(#p)" stroke="{mark.colour}"/></svg>'
    )


def svg_uri(svg: str) -> str:
    """Return an SVG text as an address that ``img-src data:`` lets through."""
    return "data:image/svg+xml;utf8," + quote(svg, safe="~()*!.'/:,=;")


def css_variables(theme: Theme) -> Mapping[str, str]:
    """Return the CSS custom properties of a theme: ``--wm-ink`` and so on."""
    tokens = {f"--wm-{name}": colour for name, colour in TOKENS[theme].items()}
    domains = {f"--wm-domain-{name}": colour for name, colour in DOMAIN_COLOURS[theme].items()}
    return {**tokens, **domains}


def css() -> str:
    """Return a style sheet with every theme's variables, under ``[data-theme=...]``.

    The light theme is also the one without the attribute.
    """
    blocks = []
    for theme in THEMES:
        selector = f'[data-theme="{theme}"]'
        if theme == "light":
            selector = f":root, {selector}"
        body = "".join(f"  {name}: {colour};\n" for name, colour in css_variables(theme).items())
        blocks.append(f"{selector} {{\n{body}}}\n")
    return "".join(blocks)
