"""Map a wicked problem together: every agency's view kept, none of them merged away.

The public face for notebooks::

    import wickedmap
    m = wickedmap.default_map()
    factors, links = m.to_pandas()
    wickedmap.graphs.find_loops(m)
"""

from typing import TYPE_CHECKING, Any

from ._version import __version__
from .causal_map import CausalMap
from .connect import ConnectError, LiveWorkshop, connect
from .default_map import default_map
from .formats import FormatError, load, save
from .model import (
    Agency,
    Annotation,
    Conclusion,
    Domain,
    Evidence,
    Factor,
    Framing,
    Link,
    MapError,
    Meaning,
    Rating,
    Stance,
)
from .notebook import Drawing, draw
from .perspective import PerspectiveRule
from .text import Texts

if TYPE_CHECKING:
    from . import graphs as graphs

__all__ = [
    "Agency",
    "Annotation",
    "CausalMap",
    "Conclusion",
    "ConnectError",
    "Domain",
    "Drawing",
    "Evidence",
    "Factor",
    "FormatError",
    "Framing",
    "Link",
    "LiveWorkshop",
    "MapError",
    "Meaning",
    "PerspectiveRule",
    "Rating",
    "Stance",
    "Texts",
    "__version__",
    "connect",
    "default_map",
    "draw",
    "load",
    "save",
]


def __getattr__(name: str) -> Any:
    # The analyses take SciPy with them; whoever only reads a map need not wait for it.
    if name == "graphs":
        from importlib import import_module

        return import_module(".graphs", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), "graphs"})
