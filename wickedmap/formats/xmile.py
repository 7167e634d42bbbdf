"""XMILE (Stella, Vensim, Simlin, sdeverywhere): connectors and flows of a model's diagrams."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from .errors import FormatError
from .reading import Draft, Reading
from .signs import SignReading, read_number, read_sign
from .xml_reading import child, child_text, children, descendants, name_of, read_xml

_VARIABLES = ("stock", "flow", "aux", "module", "gf")


def read(data: bytes) -> Reading:
    """Return the map in an XMILE file.

    A connector's ``polarity`` is its sign; without one the sign is unknown, for
    equations are not evaluated. A flow fills or empties its stock.
    """
    root = read_xml(data)
    if name_of(root) != "xmile":
        raise FormatError(f"expected <xmile>, found <{name_of(root)}>", code="syntax")
    draft = Draft("xmile")
    header = child(root, "header")
    draft.title = child_text(header, "name") if header is not None else ""
    models = list(children(root, "model"))
    if not models:
        raise FormatError("there is no <model> in the file", code="missing")
    for model in models:
        _read_model(draft, model, _key(model.get("name", "")))
    draft.note("equations", "", "links that stand only in equations are not drawn, and are not read")
    return draft.finish()


def _key(name: str) -> str:
    return re.sub(r"[\s_\u00a0]+|\\n", " ", name.replace("\\n", " ").strip('"')).strip().casefold()


def _label(name: str) -> str:
    return " ".join(name.replace("\\n", " ").strip('"').replace("_", " ").split())


def _read_model(draft: Draft, model: Element, prefix: str) -> None:
    def full(name: str) -> str:
        return f"{prefix}.{_key(name)}" if prefix else _key(name)

    holder = child(model, "variables")
    variables = [one for one in (holder if holder is not None else ()) if name_of(one) in _VARIABLES]
    for variable in variables:
        name = variable.get("name", "")
        if name and not draft.has_factor(full(name)):
            note = draft.clean(child_text(variable, "doc"), name)
            draft.factor(full(name), _label(name), place=f"{name_of(variable)} {name!r}", note=note)
    for variable in variables:
        if name_of(variable) == "stock":
            _flows(draft, variable, full(variable.get("name", "")), full)
    for view in descendants(model, "view"):
        aliases = {
            alias.get("uid", ""): child_text(alias, "of")
            for alias in descendants(view, "alias")
            if child(alias, "of") is not None
        }
        _positions(draft, view, full)
        for number, connector in enumerate(descendants(view, "connector"), 1):
            _connector(draft, connector, aliases, full, f"connector {connector.get('uid') or number}")


def _flows(draft: Draft, stock: Element, key: str, full: Callable[[str], str]) -> None:
    for direction in ("inflow", "outflow"):
        for flow in children(stock, direction):
            name = full((flow.text or "").strip())
            place = f"stock {stock.get('name', '')!r}"
            if draft.has_factor(name):
                draft.link(name, key, place=place, sign=1 if direction == "inflow" else -1)
            else:
                draft.note("dangling", place, f"the {direction} {flow.text!r} is no variable; left out")


def _shapes(view: Element) -> Iterator[Element]:
    for one in view.iter():
        if name_of(one) in _VARIABLES and one.get("name"):
            yield one


def _positions(draft: Draft, view: Element, full: Callable[[str], str]) -> None:
    for shape in _shapes(view):
        x, y = read_number(shape.get("x", "")), read_number(shape.get("y", ""))
        key = full(shape.get("name", ""))
        if draft.has_factor(key) and x is not None and y is not None:
            draft.update_factor(key, position=(x, y))


def _connector(
    draft: Draft, connector: Element, aliases: dict[str, str], full: Callable[[str], str], place: str
) -> None:
    ends = []
    for name in ("from", "to"):
        holder = child(connector, name)
        alias = child(holder, "alias") if holder is not None else None
        text = aliases.get(alias.get("uid", ""), "") if alias is not None else child_text(connector, name)
        key = full(text)
        if not draft.has_factor(key):
            draft.note("dangling", place, f"the connector's {name!r} {text[:60]!r} is no variable; left out")
            return
        ends.append(key)
    mark = connector.get("polarity", "")
    reading = read_sign({"s": "+", "o": "-"}.get(mark.casefold(), mark))
    if reading.sign is None:
        draft.note("no-sign", place, "the connector has no polarity; the sign is unknown (?)")
    delay = connector.get("delay", "") in ("true", "1")
    draft.link(
        *ends,
        place=place,
        sign=SignReading(sign=reading.sign, both=reading.both),
        delay="long" if delay else "",
    )
