"""SIF, Cytoscape's simple interaction format: a node, a kind of interaction, and the nodes it leads to."""

from __future__ import annotations

from .columns import link_fields
from .edge_lists import factor_by_label
from .errors import FormatError
from .graph_attributes import common_link, edge_sign_rule
from .reading import Draft, Reading
from .tables import MAX_ROWS, decode_table


def read(data: bytes) -> Reading:
    """Return the map in a SIF file; cells are separated by tabs where there are any, else by blanks.

    A kind of interaction is a sign as in the other files of graph tools.
    """
    draft = Draft("sif")
    lines = decode_table(data, draft).splitlines()
    if len(lines) > MAX_ROWS:
        raise FormatError(f"more than {MAX_ROWS} rows", place=f"line {MAX_ROWS + 1}", code="limit")
    separator = "\t" if any("\t" in line for line in lines) else None
    rows = [
        (f"line {number}", [cell.strip() for cell in line.split(separator) if cell.strip()])
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]
    if not rows:
        raise FormatError("the table has no rows", code="missing")
    rule = edge_sign_rule(draft, [{"interaction": cells[1]} for _, cells in rows if len(cells) > 2])
    for place, cells in rows:
        source = factor_by_label(draft, cells[0], place)
        if len(cells) == 2:
            raise FormatError("an edge lacks source or target", place=place, code="missing")
        for target in cells[2:]:
            fields = link_fields(draft, common_link({"interaction": cells[1]}, rule), place)
            draft.link(source, factor_by_label(draft, target, place), place=place, **fields)
    return draft.finish()
