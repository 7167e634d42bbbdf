"""Map a wicked problem together: every agency's view kept, none of them merged away.

The public face for notebooks::

    import wickedmap
    m = wickedmap.default_map()
    factors, links = m.to_pandas()
"""

from ._version import __version__
from .causal_map import CausalMap
from .connect import ConnectError, LiveWorkshop, connect
from .default_map import default_map
from .formats import FormatError, load, save
from .model import Agency, Annotation, Factor, Framing, Link, MapError, Rating, Stance
from .notebook import Drawing, draw
from .text import Texts

__all__ = [
    "Agency",
    "Annotation",
    "CausalMap",
    "ConnectError",
    "Drawing",
    "Factor",
    "FormatError",
    "Framing",
    "Link",
    "LiveWorkshop",
    "MapError",
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
