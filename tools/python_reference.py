"""The list of docs/python.md, made from signatures and docstrings.

``python tools/python_reference.py`` writes it anew; a test compares.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import wickedmap
from wickedmap import formats, graphs

PAGE: Final = Path(__file__).parents[1] / "docs" / "python.md"
BEGIN: Final = "<!-- made by tools/python_reference.py: begin -->"
END: Final = "<!-- made by tools/python_reference.py: end -->"
_METHODS_OF: Final = (wickedmap.CausalMap, wickedmap.LiveWorkshop)


def reference() -> str:
    """Return every public name with its arguments and what it is for."""
    parts = [_section("wickedmap", wickedmap)]
    for owner in _METHODS_OF:
        parts.append(f"### {owner.__name__}\n\n" + "\n".join(_members(owner)))
    parts += [_section("wickedmap.graphs", graphs), _section("wickedmap.formats", formats)]
    return "\n\n".join(parts) + "\n"


def _section(title: str, module: ModuleType) -> str:
    named = {name: getattr(module, name) for name in module.__all__}
    functions = [
        _line(name, one) for name, one in sorted(named.items()) if callable(one) and not inspect.isclass(one)
    ]
    classes = [f"- `{name}`: {_first_line(one)}" for name, one in sorted(named.items()) if inspect.isclass(one)]
    return f"## {title}\n\n" + "\n".join([*functions, *classes])


def _members(owner: type[Any]) -> Iterator[str]:
    for name, member in sorted(vars(owner).items()):
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            yield f"- `.{name}`: {_first_line(member)}"
        elif isinstance(member, classmethod) or inspect.isfunction(member):
            yield _line(f".{name}", getattr(owner, name), method=inspect.isfunction(member))


def _line(name: str, function: Any, *, method: bool = False) -> str:
    parameters = list(inspect.signature(function).parameters.values())[int(method) :]
    bare = inspect.Signature([one.replace(annotation=inspect.Parameter.empty) for one in parameters])
    return f"- `{name}{str(bare).replace(str(1 / 6), '1/6')}`: {_first_line(function)}"


def _first_line(thing: Any) -> str:
    said = inspect.getdoc(thing) or ""
    return " ".join(said.partition("\n\n")[0].replace("``", "`").split())


def with_reference(page: str) -> str:
    """Return a page with the part between the two marks made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{reference()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_reference(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
