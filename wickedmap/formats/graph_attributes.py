"""What graph tools call things, translated to our columns; shared by all their formats."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from .columns import SIGN_WORDS
from .reading import Draft
from .signs import SIZES, SignReading, is_mark, read_number, read_sign, sign_in_name

# In the order in which they are tried; compared without case, with "_" and "-" as spaces.
_SIGN_NAMES: Final = (
    *("sign", "polarity", "fortegn", "mark", "edge sign", "link sign", "edge polarity", "link polarity"),
    *("interaction", "shared interaction", "connection type", "influence type", "relationship impact"),
    *("relationship type", "type", "edge type", "link type", "influence", "effect", "causality", "valence"),
    *("relation", "relationship", "direction of effect", "kind"),
    *("edgelabel", "edge label", "label", "drawn label", "labele", "name", "shared name"),
)
_SIGNS_BY_NAME: Final = frozenset(_SIGN_NAMES[:8]) | {"influence", "influence type"}
# The name of an edge in Cytoscape has the names of its ends in it: no phrase there is about the sign.
_NAMES_OF_LINKS: Final = frozenset({"name", "shared name"})
_LABELS_OF_LINKS: Final = _NAMES_OF_LINKS | {"edgelabel", "edge label", "label", "drawn label", "labele"}
_AMOUNT_NAMES: Final = (
    *("weight", "edge weight", "strength", "value", "influence", "effect", "correlation", "cor", "coefficient"),
    *("beta", "effect size"),
)
_LABEL_NAMES: Final = (
    *(
        "label",
        "name",
        "shared name",
        "title",
        "nodelabel",
        "node label",
        "vertexlabel",
        "vertex label",
        "caption",
        "display name",
        "displayname",
    ),
    *("text", "concept", "factor", "variable", "id"),
)
_NOTE_NAMES: Final = ("description", "desc", "note", "notes", "comment", "comments")
_PLACE_NAMES: Final = (("x", "y"), ("pos x", "pos y"), ("posx", "posy"), ("x position", "y position"))
_NUMBER: Final = r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
_PAIR: Final = re.compile(
    rf"\s*[\[(]?\s*{_NUMBER}(?:\s*[,;]\s*|\s+){_NUMBER}(?:[,;\s]+[-+.\deE]+)?\s*[\])]?\s*"
)
_DELAY_MARK: Final = re.compile(
    r"\s*[(\[]?\s*(?:\|\||//|=|delay(?:ed)?|forsinke(?:t|lse))\s*[)\]]?\s*", re.IGNORECASE
)
_MOST_WAYS: Final = 4
"""In more colours than these lines are drawn for another reason than their sign."""


@dataclass(frozen=True, slots=True)
class SignRule:
    """Where the signs of a file stand, decided from all its links at once.

    Attributes
    ----------
    column : str
        The column of sign words, or ``""``.
    amount : str
        The column of numbers whose sign is that of the link, or ``""``.
    phrases : bool
        Whether a phrase such as "Strong negative" in the column is a sign.
    """

    column: str = ""
    amount: str = ""
    phrases: bool = False

    def sign_of(self, word: str) -> SignReading:
        """Return the sign that a word or a phrase of the column stands for."""
        return sign_in_name(word) if self.phrases else read_sign(word, suggest=False)


def plain_name(name: str) -> str:
    """Return a column's name for comparing: without case, "_" and "-" as spaces.

    Examples
    --------
    >>> plain_name("Edge_Type"), plain_name(" Connection  Type ")
    ('edge type', 'connection type')
    """
    return " ".join(name.replace("_", " ").replace("-", " ").casefold().split())


def split_mark(text: str) -> tuple[str, bool]:
    """Return what is written on a line without its mark for delay, and whether there was one.

    Examples
    --------
    >>> split_mark("+ ||"), split_mark("- (delay)"), split_mark("||"), split_mark("rent")
    (('+', True), ('-', True), ('', True), ('rent', False))
    """
    text = text.strip()
    if len(text) > 40:
        return text, False
    for found in _DELAY_MARK.finditer(text):
        rest = (text[: found.start()] + " " + text[found.end() :]).strip()
        if not rest or is_mark(rest):
            return rest, True
    return text, False


def texts_of_link(texts: Iterable[str]) -> dict[str, str]:
    """Return what is written on a line as columns: its sign or first text, its delay, and what else it says.

    Examples
    --------
    >>> texts_of_link(["slow", "-", "||"])
    {'delay': 'long', 'drawn label': '-', 'label': 'slow'}
    """
    drawn = [split_mark(text) for text in texts]
    row = {"delay": "long"} if any(delayed for _, delayed in drawn) else {}
    shown = [text for text, _ in drawn if text]
    # A line may carry several texts: its sign, and what it is called.
    shown.sort(key=lambda text: read_sign(text, suggest=False).doubt != "" or read_number(text) is not None)
    if shown:
        row["drawn label"] = shown[0]
    if len(shown) > 1:
        row["label"] = "; ".join(shown[1:])
    return row


def common_factor(values: Mapping[str, str]) -> dict[str, str]:
    """Return a node's values under our column names; what is not known keeps its name."""
    row = _without_broken_json(values)
    # Columns without a name are found under none.
    by_name = {plain_name(name): name for name in reversed(row) if name}
    if not row.get("label", "").strip():
        for wanted in _LABEL_NAMES:
            name = by_name.get(wanted)
            if name is not None and row.get(name, "").strip():
                row["label"] = row.pop(name)
                break
    if "note" not in row:
        for wanted in _NOTE_NAMES:
            name = by_name.get(wanted)
            if name is not None and name in row:
                row["note"] = row.pop(name)
                break
    if not ("x" in row and "y" in row):
        for names in _PLACE_NAMES:
            found = [by_name[name] for name in names if name in by_name]
            if len(found) == 2 and all(read_number(row.get(name, "")) is not None for name in found):
                row["x"], row["y"] = (row.pop(name) for name in found)
                break
        else:
            # As graph-tool and many a script write a place: "1.5, 2" or "[1.5 2 0]".
            for name in ("pos", "position", "coordinates"):
                pair = _PAIR.fullmatch(row[by_name[name]][:100]) if by_name.get(name) in row else None
                if pair:
                    row["x"], row["y"] = pair.groups()
                    del row[by_name[name]]
                    break
    return row


def _without_broken_json(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values with columns that only look like ours under another name.

    We write JSON into these columns; another tool's column of the same name may hold
    anything, and is kept as it is.
    """
    row = dict(values)
    for name, opening, kind in (
        ("attributes", "{", dict),
        ("phrases", "{", dict),
        ("evidence", "[", list),
        ("counter_evidence", "[", list),
    ):
        text = row.get(name, "")
        if text.startswith(opening):
            try:
                value = json.loads(text)
                fits = type(value) is kind and (
                    name in ("attributes", "phrases")
                    or all(isinstance(pair, list) and len(pair) == 2 for pair in value)
                )
            except (ValueError, RecursionError):
                fits = False
            if not fits:
                row[f"{name} in the file"] = row.pop(name)
    return row


def edge_sign_rule(draft: Draft, rows: Iterable[Mapping[str, str]]) -> SignRule:
    """Decide which column holds the signs, and whether weights are signed.

    A column counts when at least one of its values is a sign and no more than a
    tenth are something else; what is written on the lines counts also when many
    lines say something else, as long as what is read as a sign is a mark such as
    "+" or a word such as "negative". A weight has a sign only when one of them is
    below 0: most tools write weight 1 on every link.
    """
    rows = list(rows)
    names: dict[str, str] = {}
    for row in rows:
        for name in row:
            names.setdefault(plain_name(name), name)
    for wanted in _SIGN_NAMES:
        column = names.get(wanted)
        if column is None:
            continue
        words = [word for row in rows if (word := row.get(column, "").strip())]
        is_label = wanted in _LABELS_OF_LINKS
        if is_label:
            words = [word for one in words if (word := split_mark(one)[0]) and read_number(word) is None]
        elif wanted not in _SIGNS_BY_NAME:
            # Numbers there are codes or amounts, unless one of them is below 0.
            numbers = [read_number(word) for word in words]
            if not any(number is not None and number < 0 for number in numbers):
                words = [word for word, number in zip(words, numbers, strict=True) if number is None]
        rule = _rule_of_words(column, words, mixed=is_label, phrases=wanted not in _NAMES_OF_LINKS)
        if rule is not None:
            if wanted not in ("sign", "polarity"):
                draft.note("sign-column", "", f"signs are read from the column {column!r}")
            return rule
    for wanted in (*_AMOUNT_NAMES, "drawn label", "label", "edgelabel", "edge label"):
        column = names.get(wanted)
        numbers = [read_number(row[column]) for row in rows if row.get(column)] if column is not None else []
        known = [number for number in numbers if number is not None]
        if column is not None and any(number < 0 for number in known) and len(known) * 10 >= len(numbers) * 9:
            draft.note(
                "sign-column", "", f"signs are read from the column {column!r}, which has values below 0"
            )
            return SignRule(amount=column)
    if rows and not ({"sign", "polarity"} & names.keys()):
        draft.note("no-signs", "", "the file has no signs; every link is unknown (?)")
        colour = names.get("colour") or names.get("color") or "colour"
        ways = len({(row.get(colour, ""), row.get("line style", "")) for row in rows})
        if 1 < ways <= _MOST_WAYS:
            draft.note(
                "no-signs",
                "",
                f"the lines are drawn in {ways} colours or styles. If these stand for signs, write the signs "
                "on the lines or in a column; each link keeps its colour and style as columns",
            )
    return SignRule()


def _rule_of_words(column: str, words: list[str], *, mixed: bool, phrases: bool) -> SignRule | None:
    """Return how signs stand in a column, or None; `mixed` lets marks stand among other texts."""
    readings = [(sign_in_name(word) if phrases else read_sign(word, suggest=False)) for word in words]
    if sum(bool(one.doubt) for one in readings) * 10 <= len(words):
        return SignRule(column, phrases=phrases) if any(one.sign or one.both for one in readings) else None
    signed = [word for word in words if (one := read_sign(word, suggest=False)).sign or one.both]
    return SignRule(column) if mixed and signed and all(map(is_mark, signed)) else None


def signs_of_labels(labels: Iterable[str]) -> dict[str, SignReading]:
    """Return the signs that texts on lines stand for, by text; none where they are about something else.

    Examples
    --------
    >>> {text: one.sign for text, one in signs_of_labels(["Strong negative", "+"]).items()}
    {'Strong negative': -1, '+': 1}
    >>> list(signs_of_labels(["+", "rent", "same"])), list(signs_of_labels(["+", "rent", "debt"]))
    ([], ['+'])
    """
    words = [label for label in labels if label and read_number(label) is None]
    rule = _rule_of_words("", words, mixed=True, phrases=True)
    if rule is None:
        return {}
    return {word: one for word in words if not (one := rule.sign_of(word)).doubt}


def common_link(values: Mapping[str, str], rule: SignRule) -> dict[str, str]:
    """Return an edge's values under our column names, the sign where `rule` says it is."""
    row = _without_broken_json(values)
    _take_sign(row, rule)
    if "sign" in row:
        row.pop("polarity", None)
    # What our own writers add for the eye only.
    for name in ("drawn label", "label", "edgelabel", "Edge Label"):
        if row.get(name) in SIGN_WORDS or row.get(name, "") == row.get("sign", " "):
            row.pop(name, None)
    drawn = row.pop("drawn label", "")
    if drawn and "label" not in row:
        row["label"] = drawn
    for name in [name for name in row if plain_name(name) in ("weight", "edge weight")]:
        weight = read_number(row[name])
        if weight is not None:
            if "strength" not in row and weight != 0:
                row["strength"] = str(abs(weight))
            del row[name]
            break
    if row.get("strength", "").casefold() in SIZES:
        row["strength"] = str(SIZES[row["strength"].casefold()])
    for name in [name for name in row if plain_name(name) in ("delay", "delayed")][:1]:
        row["delay"] = row.pop(name)
    if row.get("delay", "").casefold() in ("true", "1", "yes", "ja"):
        row["delay"] = "long"
    elif row.get("delay", "").casefold() in ("false", "0", "no", "nei", "none"):
        row["delay"] = ""
    for name in _NOTE_NAMES:
        if row.get(name) and "rationale" not in row:
            row["rationale"] = row.pop(name)
    return row


def _take_sign(row: dict[str, str], rule: SignRule) -> None:
    """Move the sign to the column "sign"; a word that is no plain sign is kept."""
    if rule.amount:
        number = read_number(row.get(rule.amount, ""))
        if number is not None:
            row["sign"] = "0" if number == 0 else ("1" if number > 0 else "-1")
            del row[rule.amount]
            if number != 0:
                row.setdefault("strength", str(abs(number)))
        return
    if rule.column in ("", "sign", "polarity"):
        for name in ("sign", "polarity"):
            word = row.get(name, "")
            if read_sign(word, suggest=False).doubt:
                row[f"{name} in the file"] = word
                row[name] = _plain_sign(word, rule.sign_of(word))
        if rule.column == "polarity" and not row.get("sign"):
            row["sign"] = row.get("polarity", "")
        return
    if plain_name(rule.column) in _LABELS_OF_LINKS:
        sign, delayed = split_mark(row.get(rule.column, ""))
        if delayed:
            row.setdefault("delay", "long")
        spoken = rule.sign_of(sign)
        if (sign or delayed) and not spoken.doubt:
            if not read_sign(sign, suggest=False).doubt:
                row.pop(rule.column, None)
            if not row.get("sign"):
                row["sign"] = _plain_sign(sign, spoken)
        return
    sign = row.get(rule.column, "")
    known = not read_sign(sign, suggest=False).doubt
    if not row.get("sign"):
        row["sign"] = _plain_sign(sign, rule.sign_of(sign))
    if known:
        row.pop(rule.column, None)


def _plain_sign(text: str, spoken: SignReading) -> str:
    """Return a text that is a sign, or none at all, as it is; a phrase as the sign it speaks of."""
    if spoken.doubt or spoken.sign is None or not read_sign(text, suggest=False).doubt:
        return text
    return "1" if spoken.sign == 1 else "-1"
