"""The analysis of a map as headings, sentences and tables, for reading in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from .analyse_report import MEASURES, Analysis
from .analysis_words import all_minimal, cut_loops, listed, loops_found, percent, written
from .causal_map import CausalMap
from .sentences import link_sentence, loop_sentence
from .texts import text

LOOPS_IN_TEXT: Final = 20
_LARGEST_CELL: Final = 46


def as_text(found: Analysis, language: str = "nb") -> str:
    """Return the analysis as headings, sentences and tables, for reading in a terminal."""
    m = found.m
    title = m.titles.in_language(language) if m.titles else ""
    size = listed(
        [
            text(language, "common.factors", count=len(m.factors)),
            text(language, "common.links", count=len(m.links)),
        ],
        language,
    )
    parts = [
        f"{title}\n{size}" if title else size,
        text(language, "analyse.without_focal") if found.focal else "",
        text(language, "analyse.caution"),
        *_loops_text(found, language),
        *_leverage_text(found, language),
        *_held_text(found, language),
        *_measures_text(found, language),
        *_quadrants_text(found, language),
        *_settling_text(found, language),
        *_merges_text(found, language),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _heading(words: str) -> str:
    return f"{words}\n{'=' * len(words)}"


def _label(m: CausalMap, factor: object, language: str) -> str:
    return m.factor(str(factor)).labels.in_language(language)


def _names(m: CausalMap, factors: Iterable[object], language: str) -> str:
    return listed([_label(m, one, language) for one in factors], language)


def _loops_text(found: Analysis, language: str) -> list[str]:
    m, loops = found.m, found.loops
    parts = [_heading(text(language, "analyse.loops.title"))]
    if not len(loops) and loops.exhaustive:
        key = "analyse.loops.none" if m.links else "analyse.no_links"
        return [*parts, text(language, key if m.factors else "analyse.no_factors")]
    parts.append(
        loops_found(
            language,
            len(loops),
            loops.completeness,
            loops.complete_to,
            loops.stopped_by,
            loops.polarities,
        )
    )
    rows = [
        (
            name,
            len(loop),
            " → ".join(_label(m, one, language) for one in (*loop.factors, loop.factors[0])),
        )
        for name, loop in found.named[:LOOPS_IN_TEXT]
    ]
    if rows:
        head = [text(language, key) for key in ("common.loop", "analyse.links", "analyse.loops.chain")]
        parts.append(table(head, rows))
        if len(loops) > len(rows):
            parts.append(
                text(
                    language,
                    "analyse.first_only",
                    shown=len(rows),
                    number=written(len(loops), language),
                )
            )
        name, first = found.named[0]
        told = loop_sentence(m, [m.link(str(one)) for one in first.links], language)
        parts.append(f"{name}: {told}")
    return parts


def _leverage_text(found: Analysis, language: str) -> list[str]:
    m, feedback = found.m, found.feedback
    if not feedback.factors:
        return []
    parts = [
        _heading(text(language, "analyse.leverage.title")),
        cut_loops(language, len(feedback)) + " " + _names(m, feedback.factors, language) + ".",
        all_minimal(language, len(feedback), feedback.lower_bound, optimal=feedback.optimal),
    ]
    if feedback.alternatives:
        rows = "\n".join(f"- {_names(m, one, language)}" for one in feedback.alternatives)
        parts.append(f"{text(language, 'analyse.leverage.others')}:\n{rows}")
    parts.append(text(language, "analyse.leverage.basis", count=len(found.basis)) + ".")
    if not found.basis.complete:
        parts.append(text(language, "analyse.leverage.basis_incomplete", rank=found.basis.rank))
    return parts


def _held_text(found: Analysis, language: str) -> list[str]:
    m, check = found.m, found.valences
    if not m.links:
        return []
    parts = [_heading(text(language, "analyse.held.title"))]
    if check.question:
        key = "by_valence" if check.by_valence else "all_reinforcing"
        parts.append(
            text(language, f"analyse.held.{key}") + " " + text(language, f"analyse.reason.{check.question}")
        )
    elif not check.links_on_loops:
        parts.append(text(language, "analyse.held.no_loops"))
    else:
        key = "open" if check.all_reinforcing is None else "has_balancing"
        parts.append(text(language, f"analyse.held.{key}"))
    if check.share is None:
        parts.append(text(language, f"analyse.reason.{check.reason}"))
    else:
        judged = len(check.follows) + len(check.differs)
        share = percent(check.share, language)
        parts.append(
            text(language, "analyse.held.share", share=share, follows=len(check.follows), judged=judged)
        )
    if check.differs:
        said = [f"- {link_sentence(m, m.link(str(one)), language)}" for one in check.differs]
        head = text(language, "analyse.verdict.differs", count=len(said))
        parts.append(f"{head}:\n" + "\n".join(said))
    return parts


def _measures_text(found: Analysis, language: str) -> list[str]:
    central = found.centralities
    if not central.factors:
        return []
    ordered = sorted(central.factors, key=lambda one: (-one.strength, str(one.factor)))
    rows = [
        (
            _label(found.m, one.factor, language),
            *(_figure(getattr(one, name), name, language) for name in MEASURES),
            text(language, f"analyse.role.{one.role}"),
        )
        for one in ordered
    ]
    head = [
        text(language, "analyse.factor"),
        *(text(language, f"analyse.central.{name}") for name in MEASURES),
        text(language, "analyse.role.title"),
    ]
    reasons = [
        text(language, f"analyse.central.{name}")
        + ": "
        + text(language, f"analyse.reason.{central.reasons[name]}")
        for name in MEASURES
        if name in central.reasons
    ]
    return [
        _heading(text(language, "analyse.central.title")),
        text(language, "analyse.central.lead"),
        table(head, rows),
        "\n".join(reasons),
    ]


def _figure(value: float | None, name: str, language: str) -> str:
    if value is None:
        return "–"
    return written(
        value, language, 0 if name in ("in_degree", "out_degree") else 1 if name == "strength" else 2
    )


def _quadrants_text(found: Analysis, language: str) -> list[str]:
    sorted_ = found.quadrants
    heading = _heading(text(language, "analyse.quadrants.title"))
    if sorted_ is None:
        return [heading, text(language, "analyse.reason.not_finished")]
    if not sorted_.factors:
        return []
    if sorted_.reason:
        return [heading, text(language, f"analyse.reason.{sorted_.reason}")]
    rows = [
        (
            _label(found.m, one.factor, language),
            written(one.driving, language, 1),
            written(one.dependence, language, 1),
            text(language, f"analyse.quadrant.{one.quadrant}"),
        )
        for one in sorted_.factors
    ]
    head = [
        text(language, "analyse.factor"),
        *(text(language, f"analyse.quadrants.{name}") for name in ("driving", "dependence", "place")),
    ]
    cut = text(
        language,
        "analyse.quadrants.cut",
        driving=written(sorted_.driving_cut or 0.0, language, 2),
        dependence=written(sorted_.dependence_cut or 0.0, language, 2),
    )
    return [heading, table(head, rows), cut]


def _settling_text(found: Analysis, language: str) -> list[str]:
    settling = found.settling
    if settling is None or not found.m.links:
        return []
    said = text(language, f"analyse.certificate.{settling.kind}", period=settling.period or 0)
    if settling.proof:
        said += " " + text(language, f"analyse.proof.{settling.proof}")
    elif settling.kind == "fixed_point":
        said += " " + text(language, "analyse.certificate.not_unique")
    return [_heading(text(language, "analyse.certificate.title")), said]


def _merges_text(found: Analysis, language: str) -> list[str]:
    pairs = found.merges.pairs
    if not pairs:
        return []
    rows = [f"- {one.first_label} / {one.second_label}" for one in pairs[:LOOPS_IN_TEXT]]
    parts = [_heading(text(language, "analyse.merges")), "\n".join(rows)]
    if found.merges.found > len(rows):
        number = written(found.merges.found, language)
        parts.append(text(language, "analyse.first_only", shown=len(rows), number=number))
    return parts


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return rows set under their heads; columns of figures stand to the right.

    Examples
    --------
    >>> print(table(["Factor", "Links"], [("Debt", 12), ("Housing", 3)]))
    Factor   Links
    -------  -----
    Debt        12
    Housing      3
    """
    cells = [[str(cell) for cell in row] for row in rows]
    last = len(head) - 1
    widths = [
        max(len(head[column]), *(min(len(row[column]), _LARGEST_CELL) for row in cells)) if cells else len(one)
        for column, one in enumerate(head)
    ]
    right = [bool(cells) and all(_is_figure(row[column]) for row in cells) for column in range(len(head))]

    def line(row: Sequence[str]) -> str:
        set_ = [
            cell.rjust(widths[column])
            if right[column]
            else (cell if column == last else cell.ljust(widths[column]))
            for column, cell in enumerate(row)
        ]
        return "  ".join(set_).rstrip()

    return "\n".join([line(head), "  ".join("-" * width for width in widths), *map(line, cells)])


def _is_figure(cell: str) -> bool:
    return cell == "–" or cell.replace("\u202f", "").replace(",", "").replace(".", "").lstrip("-").isdigit()
