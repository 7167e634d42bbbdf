"""What a factor or a link holds beside its plain columns, as texts with a name each, and back again.

Only what is filled has a name here: the wording in each language when there are several
(``label_nb``, ``label_en``), lists joined by "|", evidence and phrases as JSON. Attributes
stand under their own names; those whose name means something else here stand together
in ``attributes``, as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any, Final

from .model import Evidence, Factor, Link, MapError
from .text import Texts

FACTOR_NAMES: Final = (
    *("id", "label", "definition", "domain", "valence", "kind", "agencies", "status", "reveal_stage", "x", "y"),
    *("seed_label", "members", "aliases", "provenance", "note", "phrases", "attributes"),
)
LINK_NAMES: Final = (
    *("id", "source", "target", "source_label", "target_label", "sign", "mark", "strength", "weight", "delay"),
    *("status", "contested", "reveal_stage", "rationale"),
    *("evidence", "counter_evidence", "provenance", "attributes"),
)
_IN_A_LANGUAGE: Final = re.compile(r"(label|definition|rationale|title)_([A-Za-z]{2,3})")
_PIECE: Final = re.compile(r"\\.?|\||[^\\|]+", re.DOTALL)


def joined(parts: Iterable[str]) -> str:
    r"""Return a list as one text, with "|" between the parts.

    Examples
    --------
    >>> joined(["a", "b|c"]), split(joined(["a", "b|c", ""])), split("")
    ('a|b\\|c', ('a', 'b|c', ''), ())
    """
    return "|".join(re.sub(r"([\\|])", r"\\\1", part) if part else r"\e" for part in parts)


def split(text: str) -> tuple[str, ...]:
    """Return the parts of a text made by `joined`."""
    if not text:
        return ()
    if "\\" not in text:
        return tuple(text.split("|"))
    parts: list[list[str]] = [[]]
    for found in _PIECE.finditer(text):
        piece = found.group()
        if piece == "|":
            parts.append([])
        else:
            parts[-1].append(piece if piece[0] != "\\" else "" if piece[1:] == "e" else piece[1:])
    return tuple("".join(part) for part in parts)


# --- out -------------------------------------------------------------------


def further_of_factor(factor: Factor, language: str) -> dict[str, str]:
    """Return what the plain columns of a factor do not tell."""
    return {
        **languages_of("label", factor.labels, language),
        **languages_of("definition", factor.definitions, language),
        **_filled(
            seed_label=factor.seed_label,
            members=joined(factor.members),
            aliases=joined(factor.aliases),
            provenance=factor.provenance,
            note=factor.note,
            phrases=_json({key: dict(texts) for key, texts in factor.phrases.items()}),
        ),
        **attributes_out(factor.attributes, FACTOR_NAMES),
    }


def further_of_link(link: Link, language: str) -> dict[str, str]:
    """Return what the plain columns of a link do not tell."""
    return {
        **languages_of("rationale", link.rationale, language),
        **_filled(
            evidence=_json([[one.reference, one.finding] for one in link.evidence]),
            counter_evidence=_json([[one.reference, one.finding] for one in link.counter_evidence]),
            provenance=link.provenance,
        ),
        **attributes_out(link.attributes, LINK_NAMES),
    }


def languages_of(name: str, texts: Texts, language: str) -> dict[str, str]:
    """Return the wording in each language, when the one that is shown does not tell it all."""
    if set(texts) <= {language}:
        return {}
    return {f"{name}_{one}": text for one, text in texts.items()}


def attributes_out(attributes: Mapping[str, str], known: Iterable[str]) -> dict[str, str]:
    """Return attributes under their own names, and those whose name is taken as JSON."""
    taken = set(known)
    own = {name: value for name, value in attributes.items() if name in taken or _IN_A_LANGUAGE.fullmatch(name)}
    free = {name: value for name, value in attributes.items() if name not in own}
    return {**free, **_filled(attributes=_json(own))}


def _filled(**named: str) -> dict[str, str]:
    return {name: text for name, text in named.items() if text}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


# --- in --------------------------------------------------------------------


def take_of_factor(row: MutableMapping[str, str], shown: Mapping[str, str], where: str) -> dict[str, Any]:
    """Take what `further_of_factor` gives out of a row, and return it as fields of a `Factor`.

    Parameters
    ----------
    row : mapping of name to text
        What is left in it when this returns is nobody's but the caller's.
    shown : mapping of name to text
        ``label`` and ``definition`` as they are shown, and the ``language`` of both.
    where : str
        What an error calls the row.

    Raises
    ------
    MapError
        For a cell that should hold JSON and does not.
    """
    return {
        "labels": take_texts(row, "label", shown["label"], shown["language"]),
        "definitions": take_texts(row, "definition", shown["definition"], shown["language"]),
        "seed_label": row.pop("seed_label", ""),
        "members": split(row.pop("members", "")),
        "aliases": split(row.pop("aliases", "")),
        "provenance": row.pop("provenance", ""),
        "note": row.pop("note", ""),
        "phrases": {
            key: Texts(_texts_by_language(texts, f"{where} phrases"))
            for key, texts in _take_json(row, "phrases", dict, where).items()
        },
        "attributes": take_attributes(row, where),
    }


def take_of_link(row: MutableMapping[str, str], rationale: str, language: str, where: str) -> dict[str, Any]:
    """Take what `further_of_link` gives out of a row, and return it as fields of a `Link`."""
    return {
        "rationale": take_texts(row, "rationale", rationale, language),
        "evidence": _take_evidence(row, "evidence", where),
        "counter_evidence": _take_evidence(row, "counter_evidence", where),
        "provenance": row.pop("provenance", ""),
        "attributes": take_attributes(row, where),
    }


def take_texts(row: MutableMapping[str, str], name: str, shown: str, language: str) -> Texts:
    """Take the wording in every language; what is shown wins, as it is what people change."""
    by_language = {
        match.group(2): row.pop(column)
        for column in list(row)
        if (match := _IN_A_LANGUAGE.fullmatch(column)) and match.group(1) == name
    }
    made = Texts(by_language)
    return made if not shown or made.in_language(language) == shown else made.with_text(language, shown)


def take_attributes(row: MutableMapping[str, str], where: str) -> dict[str, str]:
    """Take everything that is left, and what stands as JSON in ``attributes``."""
    own = _texts_by_language(_take_json(row, "attributes", dict, where), f"{where} attributes")
    rest = dict(row)
    row.clear()
    return {**rest, **own}


def _take_evidence(row: MutableMapping[str, str], name: str, where: str) -> tuple[Evidence, ...]:
    pairs = _take_json(row, name, list, where)
    for pair in pairs:
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)):
            raise MapError(f"{where} {name}", f"{pair!r} is not a pair of reference and finding")
    return tuple(Evidence(reference, finding) for reference, finding in pairs)


def _take_json(row: MutableMapping[str, str], name: str, kind: type, where: str) -> Any:
    text = row.get(name, "")
    # Whoever has a column of this name with something else in it keeps it as an attribute.
    if text[:1] != ("{" if kind is dict else "["):
        if not text:
            row.pop(name, None)
        return kind()
    del row[name]
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise MapError(f"{where} {name}", f"{text[:60]!r} is not valid JSON") from None


def _texts_by_language(value: Any, where: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise MapError(where, f"{value!r} is not a text for each name")
    return value
