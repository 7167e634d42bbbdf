"""XMILE (Stella, Vensim, Simlin, sdeverywhere): connectors and flows of a model's diagrams.

A model without a diagram comes in from its equations, every sign unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final
from xml.etree.ElementTree import Element

from .errors import FormatError
from .reading import Draft, Reading
from .signs import SignReading, read_number, read_sign
from .xml_reading import child, child_text, children, descendants, name_of, read_xml

_VARIABLES: Final = ("stock", "flow", "aux", "module", "gf")
_CLOCK: Final = frozenset(
    {"time", "time step", "initial time", "final time", "saveper", "dt", "starttime", "stoptime"}
)
_NAME: Final = re.compile(r'"((?:\\.|[^"\\])*)"|([^\W\d][\w$.]*|\.[^\W\d][\w$.]*)')
_COMMENT: Final = re.compile(r"\{[^{}]*\}")


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
    drawn = any(next(descendants(view, "connector"), None) is not None for view in descendants(root, "view"))
    # The name of an only model is no module's.
    names = [_names_in(_key(model.get("name", "")) if len(models) > 1 else "") for model in models]
    for model, full in zip(models, names, strict=True):
        module = _label(model.get("name", "")) if len(models) > 1 else ""
        _read_variables(draft, model, full, draft.clean(module, "model"))
    for model, full in zip(models, names, strict=True):
        _read_diagram(draft, model, full)
        if not drawn:
            _read_equations(draft, model, full)
    if drawn:
        draft.note("equations", "", "links that stand only in equations are not drawn, and are not read")
    else:
        draft.note(
            "from-equations",
            "",
            "no connector is drawn; the links are those that the equations name. "
            "Equations are not evaluated, so the signs are unknown (?)",
        )
    return draft.finish()


def _bare(name: str) -> str:
    r"""Return a name without the quotation marks that XMILE puts around odd ones, with blanks for line ends."""
    name = name.strip()
    if len(name) > 1 and name.startswith('"') and name.endswith('"'):
        name = name[1:-1]
    return name.replace('\\"', '"').replace("\\n", " ").replace("_", " ").replace("\u00a0", " ")


def _key(name: str) -> str:
    return _label(name).casefold()


def _label(name: str) -> str:
    return " ".join(_bare(name).split())


def _names_in(prefix: str) -> Callable[[str], str]:
    """Return how a name written in a module is known in the file: after the module and a dot."""

    def full(name: str) -> str:
        key = _key(name)
        if key.startswith("."):
            return key[1:]
        return key if not prefix or "." in key else f"{prefix}.{key}"

    return full


def _variables(model: Element) -> Iterator[Element]:
    for holder in children(model, "variables"):
        for variable in children(holder, *_VARIABLES):
            if variable.get("name"):
                yield variable


def _read_variables(draft: Draft, model: Element, full: Callable[[str], str], module: str) -> None:
    for variable in _variables(model):
        name = variable.get("name", "")
        place = f"{name_of(variable)} {name!r}"
        if _key(name) in _CLOCK:
            draft.note("time", place, f"{name!r} belongs to the clock of the model; left out")
        elif not draft.has_factor(full(name)):
            note = draft.clean(child_text(variable, "doc"), name)
            attributes = {"module": module} if module else {}
            draft.factor(full(name), _label(name), place=place, note=note, attributes=attributes)


def _read_diagram(draft: Draft, model: Element, full: Callable[[str], str]) -> None:
    for variable in _variables(model):
        if name_of(variable) == "stock":
            _flows(draft, variable, full(variable.get("name", "")), full)
        _inputs(draft, variable, full)
    for view in descendants(model, "view"):
        aliases = {
            alias.get("uid", ""): child_text(alias, "of")
            for alias in descendants(view, "alias")
            if child(alias, "of") is not None
        }
        _positions(draft, view, full)
        for number, connector in enumerate(descendants(view, "connector"), 1):
            # The style of all connectors is an element of the same name, without ends.
            if child(connector, "from") is not None or child(connector, "to") is not None:
                _connector(draft, connector, aliases, full, f"connector {connector.get('uid') or number}")


def _read_equations(draft: Draft, model: Element, full: Callable[[str], str]) -> None:
    for variable in _variables(model):
        key = full(variable.get("name", ""))
        if name_of(variable) == "stock" or not draft.has_factor(key):
            continue
        equations = " ".join(one.text or "" for one in descendants(variable, "eqn"))
        causes = {full(quoted or plain): None for quoted, plain in _NAME.findall(_COMMENT.sub(" ", equations))}
        for cause in causes:
            if draft.has_factor(cause):
                draft.link(cause, key, place=f"{name_of(variable)} {variable.get('name')!r}")


def _flows(draft: Draft, stock: Element, key: str, full: Callable[[str], str]) -> None:
    for direction in ("inflow", "outflow"):
        for flow in children(stock, direction):
            name = full((flow.text or "").strip())
            place = f"stock {stock.get('name', '')!r}"
            if draft.has_factor(name):
                draft.link(name, key, place=place, sign=1 if direction == "inflow" else -1)
            else:
                draft.note("dangling", place, f"the {direction} {name!r} is no variable; left out")


def _inputs(draft: Draft, module: Element, full: Callable[[str], str]) -> None:
    """Link each input of a module to where its value comes from: the two are the same, so the link is +."""
    for connect in children(module, "connect"):
        place = f"{name_of(module)} {module.get('name', '')!r}"
        to = _key(connect.get("to", ""))
        ends = (
            full(connect.get("from", "")),
            to if "." in to else f"{_key(module.get('name', ''))}.{to}",
        )
        unknown = [one for one in ends if not draft.has_factor(one)]
        if unknown:
            draft.note("dangling", place, f"the module's input {unknown[0][:60]!r} is no variable; left out")
        elif ends[0] != ends[1]:
            draft.link(*ends, place=place, sign=1)
            end, name = connect.get("to", "")[:60], connect.get("from", "")[:60]
            draft.note("module-inputs", place, f"{end!r} has its value from {name!r}; linked with +")


def _shapes(view: Element) -> Iterator[Element]:
    for one in view.iter():
        if name_of(one) in _VARIABLES and one.get("name"):
            yield one


def _positions(draft: Draft, view: Element, full: Callable[[str], str]) -> None:
    for shape in _shapes(view):
        x, y = read_number(shape.get("x", "")), read_number(shape.get("y", ""))
        key = full(shape.get("name", ""))
        if draft.has_factor(key) and x is not None and y is not None:
            # With a size of its own a shape is placed by its corner, else by its middle.
            width, height = (read_number(shape.get(name, "")) for name in ("width", "height"))
            if width is not None and height is not None:
                x, y = x + width / 2, y + height / 2
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
    # isee systems' own attributes stand in a namespace.
    marks = {re.split("[}:]", name)[-1]: value for name, value in connector.items()}
    mark = marks.get("polarity", "")
    reading = read_sign({"s": "+", "o": "-"}.get(mark.casefold(), mark))
    if reading.sign is None:
        draft.note("no-sign", place, "the connector has no polarity; the sign is unknown (?)")
    delay = "true" in (marks.get("delay"), marks.get("delay_mark"))
    draft.link(
        *ends,
        place=place,
        sign=SignReading(sign=reading.sign, both=reading.both),
        delay="long" if delay else "",
    )
