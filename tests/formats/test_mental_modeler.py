from __future__ import annotations

import json

import pytest

from wickedmap.formats import mental_modeler
from wickedmap.formats.errors import FormatError


def xml(groups: str, concepts: str) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<mentalmodeler ><info ><name ><![CDATA[Kart]]></name></info>
<groupNames >{groups}</groupNames><concepts >{concepts}</concepts>
<scenarios ></scenarios></mentalmodeler>""".encode()


def concept(identity: str, group: str) -> str:
    return f"""<concept ><id ><![CDATA[{identity}]]></id><name ><![CDATA[Gjeld ]]></name>
<group ><![CDATA[{group}]]></group><x ><![CDATA[4]]></x><y ><![CDATA[141]]></y>
<preferredState ><![CDATA[0]]></preferredState><actualState ><![CDATA[-1]]></actualState>
<relationships ></relationships></concept>"""


@pytest.mark.parametrize(
    "names",
    ["<group0/><group1>Helse</group1>", '<name index="0"/><name index="1">Helse</name>', "<n/><n>Helse</n>"],
)
def test_a_group_that_has_a_name_is_the_domain(names):
    factor = mental_modeler.read(xml(names, concept("a", "1"))).map.factors[0]
    assert (factor.label, factor.domain, dict(factor.attributes)) == ("Gjeld", "Helse", {"actualState": "-1"})
    unnamed = mental_modeler.read(xml(names, concept("a", "2"))).map.factors[0]
    assert (unnamed.domain, unnamed.attributes["group"]) == ("", "2")


def test_groups_in_the_json_form_are_numbered_keys():
    whole = {
        "groupNames": {"0": "Samfunn", "1": ""},
        "concepts": [{"id": 1, "name": "A", "group": 0}, {"id": 1, "name": "B"}],
    }
    for data in (json.dumps(whole).encode(), json.dumps(whole).encode("utf-16")):
        reading = mental_modeler.read(data)
        assert [(factor.label, factor.domain) for factor in reading.map.factors] == [("A", "Samfunn")]
        assert [notice.code for notice in reading.report] == ["listed-twice"]


def test_another_kind_of_file_is_refused():
    with pytest.raises(FormatError, match="found <svg>"):
        mental_modeler.read(b"<svg/>")
    with pytest.raises(FormatError, match="expected a list"):
        mental_modeler.read(b"{}")
