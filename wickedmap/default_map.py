"""The default map: the housing situation of released prisoners, Ulfrstad (2011)."""

from __future__ import annotations

from functools import cache

from .causal_map import CausalMap
from .map_file import MapFileError, load_map_yaml
from .resources import resource_dir

__all__ = ["MapFileError", "default_map", "load_map_yaml"]

_FILE = "factors.yaml"


@cache
def default_map() -> CausalMap:
    """Return the default map, read from ``data/factors.yaml`` once.

    21 factors and the focal problem, 80 signed links with rationale and evidence,
    14 agencies, the source documents' instruments and ten example framings; every
    text in bokmål, nynorsk and English. Seven more factors are in ``suggested``.

    Raises
    ------
    MapFileError
        When the file has been changed and no longer holds together.

    Examples
    --------
    >>> m = default_map()
    >>> m, m.focal
    (<CausalMap 'Boligsituasjonen for løslatte som «wicked» problem': 22 factors, 80 links>, \
'boligsituasjon_loslatte')
    """
    return load_map_yaml((resource_dir("data") / _FILE).read_bytes(), _FILE)
