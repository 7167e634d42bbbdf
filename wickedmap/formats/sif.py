"""SIF, Cytoscape's simple interaction format: a node, a kind of interaction, and the nodes it leads to."""

from __future__ import annotations

from .edge_lists import factor_by_label
from .errors import FormatError
from .graph_attributes import edge_sign_rule
from .reading import Draft, Reading
from .signs import read_sign
from .tables import MAX_ROWS, decode_table


def read(data: bytes) -> Reading:
    """Return the map in a SIF file; cells are separated by tabs where there are any, else by blanks.

    A kind of interaction is a sign when it is a word for one, and kept as a column when
    it is not.
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
            kind = draft.clean(cells[1], place)
            reading = read_sign(kind, suggest=False)
            signed = bool(rule.column) and not reading.doubt
            draft.link(
                source,
                factor_by_label(draft, target, place),
                place=place,
                sign=draft.sign(kind, place) if rule.column else None,
                attributes={} if signed else {"interaction": kind},
            )
    return draft.finish()
