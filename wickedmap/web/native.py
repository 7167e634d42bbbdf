"""Native HTML and SVG elements for the pages.

A page is built of `element`: one small Dash component that becomes exactly the tag
it names. ``assets/05-elements.js`` draws it and holds the same two allow-lists as
this module, so that nothing but harmless tags and attributes reaches a browser even
when the data is forged. Controls are uncontrolled (React's ``defaultValue``): what a
person types is the browser's until a form is sent, and no redraw takes it away.

Ids that begin with ``~`` are local: the browser makes them unique inside the nearest
element that has ``own_ids=True``. Every other id is also a Dash id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from dash.development.base_component import Component

Child: TypeAlias = "Component | str | int | float | Iterable[Child] | None"

_TAGS = """
a abbr article aside b bdi blockquote br button caption cite code col colgroup data dd del details dfn
dialog div dl dt em fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr i img input
ins kbd label legend li main mark meter nav ol optgroup option output p pre progress q s samp search section
select small span strong sub summary sup table tbody td textarea tfoot th thead time tr u ul var wbr svg
circle clipPath defs desc ellipse g line linearGradient marker path pattern polygon polyline rect stop
symbol text title tspan use
"""
TAGS: Final = frozenset(_TAGS.split())
_ATTRIBUTES = """
accept action alt autoCapitalize autoComplete autoFocus className colSpan cols dateTime decoding
defaultChecked defaultValue dir disabled download encType enterKeyHint form headers height hidden high href
htmlFor id inert inputMode label labelKey lang list loading low max maxLength method min minLength multiple
name noValidate open optimum ownIds pattern placeholder readOnly rel required reversed role rowSpan rows
scope size span spellCheck src start step style tabIndex target textKey title translate type value width
wrap clipPath cx cy d dominantBaseline dx dy fill fillOpacity fillRule focusable fontSize fontWeight
gradientTransform markerEnd markerHeight markerMid markerStart markerUnits markerWidth offset opacity orient
patternTransform patternUnits points preserveAspectRatio r refX refY rx ry stopColor stroke strokeDasharray
strokeLinecap strokeLinejoin strokeOpacity strokeWidth textAnchor transform vectorEffect viewBox x x1 x2 y
y1 y2
"""
ATTRIBUTES: Final = frozenset(_ATTRIBUTES.split())

_SPELLING: Final = {name.lower(): name for name in ATTRIBUTES} | {"class": "className", "for": "htmlFor"}
_WILDCARD: Final = re.compile(r"(?:data|aria)-[a-z][a-z0-9-]*")
_OWN_PATH: Final = re.compile(r"(?:/(?!/)|#|\?)[^\x00-\x20\\]*")
_PICTURE: Final = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml)[;,][^\x00-\x1f]*")
_VALUE_STAYS: Final = frozenset({"checkbox", "radio", "hidden", "submit", "button", "reset", "image"})
_VALUE_IS_DEFAULT: Final = frozenset({"input", "select", "textarea"})


def shown(value: object) -> str:
    """Return `value` unchanged when it is text; the one gate for what people wrote.

    A dictionary that reached a page as a child would be drawn as a component of
    the sender's choice, so nothing but a real ``str`` passes.

    Raises
    ------
    TypeError
        When the value is anything else, a subclass of ``str`` included.

    Examples
    --------
    >>> shown("Gjeld")
    'Gjeld'
    """
    if type(value) is not str:
        raise TypeError(f"expected text to show, got {type(value).__name__}")
    return value


class Native(Component):
    """One native element, or with `tree` a whole piece of page drawn in one go."""

    _namespace = "wickedmap_elements"
    _type = "Native"
    _prop_names = ["id", "children", "tag", "attributes", "tree"]  # noqa: RUF012 (Dash's own convention)
    available_properties = _prop_names
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_wildcard_properties: list[str] = []  # noqa: RUF012

    id: str
    children: Any
    tag: str
    attributes: dict[str, Any]
    tree: list[Any]

    def __init__(self, **props: Any) -> None:
        # Dash's own __init__ would look for a module of our namespace on the disk, once for each prop.
        for name, value in props.items():
            if name not in self._prop_names:
                raise TypeError(f"Native has no property {name!r}")
            setattr(self, name, value)


def element(tag: str, *children: Child, **attributes: object) -> Native:
    """Return a native element.

    Parameters
    ----------
    tag : str
        One of `TAGS`.
    *children
        Elements, Dash components, text, numbers, or iterables of them; None is
        left out.
    **attributes
        As HTML spells them, with ``_`` for ``-`` in ``data_`` and ``aria_`` and a
        last ``_`` where Python has the word (``class_``, ``for_``). None leaves the
        attribute out, and so does False except in ``aria_``. Besides: `own_ids` makes ``~`` ids below
        it unique, and `text_key` and `label_key` let the browser fill in text and
        ``aria-label`` from the ``browser.*`` catalogue.

    Raises
    ------
    ValueError
        For a tag or attribute that is not on the list, or an address that leaves
        this server.
    TypeError
        For a child or a value that is no text, number or component.

    Examples
    --------
    >>> element("input", name="x", value="Gjeld", data_type="int").attributes
    {'name': 'x', 'data-type': 'int', 'defaultValue': 'Gjeld'}
    """
    if tag not in TAGS:
        raise ValueError(f"no element {tag!r}: it is not on the list of allowed tags")
    kept: dict[str, Any] = {}
    for written, value in attributes.items():
        name = _attribute_name(written)
        if value is None or (value is False and not name.startswith("aria-")):
            continue
        kept[name] = _attribute_value(tag, name, value)
    if "value" in kept and tag in _VALUE_IS_DEFAULT and kept.get("type", "text") not in _VALUE_STAYS:
        kept["defaultValue"] = kept.pop("value")
    if "_blank" in str(kept.get("target", "")):
        kept["rel"] = "noopener"
    inside = list(_flat(children))
    identity = kept.pop("id") if not str(kept.get("id", "~")).startswith("~") else None
    made = Native(tag=tag, attributes=kept)
    if inside:
        made.children = inside[0] if len(inside) == 1 else inside
    if identity is not None:
        made.id = identity
    return made


def _attribute_name(written: str) -> str:
    name = written.rstrip("_")
    hyphened = name.replace("_", "-")
    if hyphened.startswith(("data-", "aria-")):
        if _WILDCARD.fullmatch(hyphened):
            return hyphened
    else:
        known = {"checked": "defaultChecked", "class_name": "className"}.get(name) or _SPELLING.get(
            name.replace("_", "").lower()
        )
        if known:
            return known
    raise ValueError(f"no attribute {written!r}: it is not on the list of allowed attributes")


def _attribute_value(tag: str, name: str, value: object) -> object:
    if name == "style":
        return _style(value)
    if name in ("href", "action"):
        return _address(name, value, picture=False)
    if name == "src":
        return _address(name, value, picture=tag == "img")
    if name == "target" and value not in ("_blank", "_self"):
        raise ValueError("target must be '_blank' or '_self'")
    if name == "value" and tag == "select" and isinstance(value, (list, tuple)):
        return [shown(one) for one in value]
    if type(value) in (str, int, float, bool):
        # The browser reads "true" and "false" in aria-* and data-*; a bare True would be an empty attribute.
        return str(value).lower() if isinstance(value, bool) and "-" in name else value
    raise TypeError(
        f"the attribute {name!r} must be text, a number or a truth value, not {type(value).__name__}"
    )


def _style(value: object) -> dict[str, str | int | float]:
    if not isinstance(value, Mapping):
        raise TypeError("style must be a mapping such as {'--agency': '#0072b2'}")
    for key, one in value.items():
        if type(one) not in (str, int, float) or "url(" in str(one).lower():
            raise ValueError(f"the style {key!r} must be a number or text without url(...)")
    return {shown(key): one for key, one in value.items()}


def _address(name: str, value: object, *, picture: bool) -> str:
    address = shown(value)
    if _OWN_PATH.fullmatch(address) or (picture and _PICTURE.fullmatch(address)):
        return address
    raise ValueError(f"{name} must be a path on this server, such as '/w/abc/me', not {address[:60]!r}")


def _flat(children: Iterable[Child]) -> Iterable[Component | str]:
    for child in children:
        if child is None:
            continue
        if isinstance(child, Component):
            yield child
        elif isinstance(child, str):
            yield shown(child)
        elif type(child) in (int, float):
            yield str(child)
        elif isinstance(child, Iterable) and not isinstance(child, (Mapping, bytes)):
            yield from _flat(child)
        else:
            raise TypeError(f"cannot show a {type(child).__name__} on a page")


def whole(*children: Child, tag: str = "div", **attributes: object) -> Native:
    """Return `children` as one component that is drawn in one go.

    Dash keeps books on every component of a page; a list of some hundred elements
    is drawn many times faster as one. The price: callbacks cannot reach the ids
    inside. Scripts and forms see no difference.

    Raises
    ------
    TypeError
        When something inside is neither an element of ours nor a ``dash.html`` one.

    Examples
    --------
    >>> whole(element("b", "Gjeld"), " øker", tag="p").tree
    ['p', {}, ['b', {}, 'Gjeld'], ' øker']
    """
    return Native(tree=_tree(element(tag, *children, **attributes)))


def _tree(node: Component | str) -> Any:
    if isinstance(node, str):
        return node
    if isinstance(node, Native) and getattr(node, "tree", None) is not None:
        return node.tree
    inside = [_tree(child) for child in _flat([getattr(node, "children", None)])]
    if isinstance(node, Native):
        identity = {"id": node.id} if getattr(node, "id", None) is not None else {}
        return [node.tag, {**node.attributes, **identity}, *inside]
    if getattr(node, "_namespace", "") == "dash_html_components":
        props = node.to_plotly_json()["props"]  # type: ignore[no-untyped-call]
        attributes = {name: value for name, value in props.items() if name not in ("children", "n_clicks")}
        plain = element(node._type.lower(), **attributes)
        return _tree(plain)[:2] + inside
    raise TypeError(f"{type(node).__name__} keeps state of its own and cannot be part of a whole")
