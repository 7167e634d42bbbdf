"""What the marks of a map mean, as a strip below the picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..causal_map import CausalMap
from ..graphs.label_boxes import text_width
from ..texts import text as sentence
from .picture_colours import TOKENS, Theme, domain_colours
from .xml_reading import content


@dataclass(frozen=True, slots=True)
class Entry:
    """One mark and what it means; `kind` is a line, bars, widths, a border or a domain."""

    kind: str
    text: str
    colour: str
    dash: str = ""
    mark: str = ""


def legend_entries(m: CausalMap, language: str, theme: Theme) -> list[Entry]:
    """Return the marks that this map uses, and no others."""
    tokens = TOKENS[theme]

    def told(key: str) -> str:
        return sentence(language, key)

    entries = []
    if any(link.sign == 1 for link in m.links):
        entries.append(Entry("line", told("picture.plus"), tokens["plus"], "", "+"))
    if any(link.sign == -1 for link in m.links):
        entries.append(Entry("line", told("picture.minus"), tokens["minus"], "12 8", "−"))
    if any(link.sign is None and not link.both_signs for link in m.links):
        entries.append(Entry("line", told("picture.unknown"), tokens["unknown"], "2 8", "?"))
    if any(link.both_signs for link in m.links):
        entries.append(Entry("line", told("picture.both"), tokens["unknown"], "2 8", "±"))
    if any(link.contested for link in m.links):
        entries.append(Entry("contested", told("picture.contested"), tokens["ink"]))
    if any(link.delay == "long" for link in m.links):
        entries.append(Entry("bars", told("picture.delay"), tokens["unknown"]))
    if len({min(3, max(1, round(link.strength))) for link in m.links}) > 1:
        entries.append(Entry("widths", told("picture.strength"), tokens["unknown"]))
    if any(one.status == "proposed" for one in m.factors):
        entries.append(Entry("border", told("picture.proposed"), tokens["outline"]))
    used = {factor.domain for factor in m.factors}
    colours = domain_colours([domain.id for domain in m.domains], theme)
    entries.extend(
        Entry("domain", domain.labels.in_language(language), colours[domain.id])
        for domain in m.domains
        if domain.id in used
    )
    return entries


def legend_svg(
    entries: Sequence[Entry], tokens: Mapping[str, str], width: float, font_px: float
) -> tuple[str, float]:
    """Return the strip as SVG and its height; entries wrap to as many rows as they need."""
    size = font_px * 0.68
    icon, gap, row = size * 3.4, size * 1.7, size * 2.1
    left = font_px * 1.5
    x, y = left, size * 1.3
    out = [
        f'<path d="M{left:.1f} 0H{width - left:.1f}" stroke="{tokens["outline"]}" stroke-width="1" '
        'opacity="0.5"/>'
        f'<g font-size="{size:.1f}" font-weight="500" fill="{tokens["quiet"]}">'
    ]
    for number, entry in enumerate(entries):
        drawn = size * 1.1 if entry.kind == "domain" else icon
        needed = drawn + size * 0.5 + text_width(entry.text) * size
        first_domain = entry.kind == "domain" and entries[max(number - 1, 0)].kind != "domain"
        if x > left and (first_domain or x + needed > width - left):
            x, y = left, y + row
        out.append(_icon(entry, x, y, size, drawn))
        out.append(
            f'<text x="{x + drawn + size * 0.5:.1f}" y="{y + size * 0.35:.1f}">{content(entry.text)}</text>'
        )
        x += needed + gap
    out.append("</g>")
    return "".join(out), y + size * 1.6


def _icon(entry: Entry, x: float, y: float, size: float, wide: float) -> str:
    line = f'fill="none" stroke="{entry.colour}"'
    if entry.kind == "domain":
        return (
            f'<rect x="{x:.1f}" y="{y - size * 0.55:.1f}" width="{wide:.1f}" height="{size * 1.1:.1f}" rx="3" '
            f'fill="{entry.colour}"/>'
        )
    if entry.kind == "border":
        return (
            f'<rect x="{x:.1f}" y="{y - size * 0.6:.1f}" width="{wide:.1f}" height="{size * 1.2:.1f}" rx="5" '
            f'{line} stroke-width="2" stroke-dasharray="7 5"/>'
        )
    if entry.kind == "widths":
        third = wide / 3
        return "".join(
            f'<path d="M{x + third * number:.1f} {y:.1f}h{third * 0.8:.1f}" {line} '
            f'stroke-width="{stroke * size / 19:.1f}"/>'
            for number, stroke in enumerate((2.4, 4.2, 6.4))
        )
    if entry.kind == "contested":
        return (
            f'<text x="{x + wide * 0.25:.1f}" y="{y + size * 0.35:.1f}" font-weight="700" '
            f'fill="{entry.colour}" text-anchor="middle">+</text>'
            f'<path d="M{x + wide * 0.42:.1f} {y - size * 0.12:.1f}h{size * 0.4:.1f}'
            f"M{x + wide * 0.42:.1f} {y + size * 0.12:.1f}h{size * 0.4:.1f}"
            f'M{x + wide * 0.42 + size * 0.06:.1f} {y + size * 0.3:.1f}l{size * 0.28:.1f} {-size * 0.6:.1f}" '
            f'{line} stroke-width="{size * 0.08:.1f}"/>'
            f'<text x="{x + wide * 0.75:.1f}" y="{y + size * 0.35:.1f}" font-weight="700" '
            f'fill="{entry.colour}" text-anchor="middle">−</text>'
        )
    dash = f' stroke-dasharray="{entry.dash}" stroke-linecap="round"' if entry.dash.startswith("2 ") else ""
    dash = dash or (f' stroke-dasharray="{entry.dash}"' if entry.dash else "")
    head = size * 0.6
    shaft = wide * 0.68
    parts = [
        f'<path d="M{x:.1f} {y:.1f}h{shaft - head * 0.6:.1f}" {line} stroke-width="{size * 0.15:.1f}"{dash}/>',
        f'<path d="M{x + shaft:.1f} {y:.1f}l{-head:.1f} {-head * 0.45:.1f}v{head * 0.9:.1f}Z" '
        f'fill="{entry.colour}"/>',
    ]
    if entry.kind == "bars":
        middle = x + shaft * 0.4
        parts.append(
            f'<path d="M{middle:.1f} {y - size * 0.4:.1f}v{size * 0.8:.1f}'
            f'm{size * 0.28:.1f} 0v{-size * 0.8:.1f}" {line} stroke-width="{size * 0.13:.1f}"/>'
        )
    if entry.mark:
        parts.append(
            f'<text x="{x + wide * 0.86:.1f}" y="{y + size * 0.35:.1f}" font-weight="700" text-anchor="middle" '
            f'fill="{entry.colour}">{entry.mark}</text>'
        )
    return "".join(parts)
