from __future__ import annotations

import pytest

from wickedmap.formats.errors import FormatError
from wickedmap.formats.xml_reading import read_xml


def xml(declared: str) -> str:
    return f'<?xml version="1.0" encoding="{declared}"?>\n<a t="Økt ‘gjeld’"/>'


@pytest.mark.parametrize(
    "data",
    [
        xml("UTF-8").encode(),
        b"\xef\xbb\xbf" + xml("utf-8").encode(),
        b"\r\n  " + xml("utf-8").encode(),
        xml("utf-16").encode("utf-16"),
        xml("windows-1252").encode("cp1252"),
    ],
    ids=["utf-8", "byte order mark", "lines before", "utf-16", "windows-1252"],
)
def test_a_file_is_read_in_the_encoding_it_names(data):
    assert read_xml(data).get("t") == "Økt ‘gjeld’"


def test_a_file_that_says_utf_16_and_is_utf_8_is_read_as_dotnet_programs_write_it():
    assert read_xml(xml("utf-16").encode()).get("t") == "Økt ‘gjeld’"
    assert read_xml(b"\xef\xbb\xbf" + xml("utf-16").encode()).get("t") == "Økt ‘gjeld’"


def test_windows_quotes_in_a_file_that_says_latin_1_are_kept():
    assert read_xml(xml("ISO-8859-1").encode("cp1252")).get("t") == "Økt ‘gjeld’"


def test_other_encodings_of_one_region_are_read():
    assert (
        read_xml('<?xml version="1.0" encoding="ISO-8859-2"?><a t="ł"/>'.encode("iso-8859-2")).get("t") == "ł"
    )
    assert read_xml('<?xml version="1.0" encoding="windows-1251"?><a t="ж"/>'.encode("cp1251")).get("t") == "ж"
    assert read_xml('<?xml version="1.0" encoding="GB2312"?><a t="数"/>'.encode("gb2312")).get("t") == "数"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("<a t='Ø'/>".encode("latin-1"), "not UTF-8 text"),
        (b'<?xml version="1.0" encoding="UTF-7"?><a/>', "encoding 'utf-7' is not read"),
        (b'<?xml version="1.0" encoding="zlib"?><a/>', "encoding 'zlib' is not read"),
        (b'<?xml version="1.0" encoding="big5"?><a t="\xff"/>', "not big5 text as it says"),
        (b'<?xml version="1.0"?><a><b></a>', "line 1: this is not valid XML"),
    ],
)
def test_what_cannot_be_decoded_is_refused_with_the_reason(data, words):
    with pytest.raises(FormatError) as caught:
        read_xml(data)
    assert words in str(caught.value)


OLD = '<!DOCTYPE graphml SYSTEM "http://graphml.graphdrawing.org/dtds/graphml.dtd">'


def test_a_document_type_that_only_names_a_file_elsewhere_is_passed_over_and_nothing_is_fetched():
    assert read_xml(f'<?xml version="1.0"?>\n{OLD}\n<graphml/>'.encode()).tag == "graphml"
    assert read_xml(b'<!DOCTYPE a PUBLIC "-//A//B//EN" "file:///etc/passwd"><a>x</a>').text == "x"
    assert read_xml(b"<!DOCTYPE a><a/>").tag == "a"
    assert read_xml(b'<!DOCTYPE a SYSTEM "a.dtd"><y:a>x &amp; y</y:a>').text == "x & y"
    assert read_xml('<!-- <!DOCTYPE b> --><!DOCTYPE a SYSTEM "b>"><a>Ø</a>'.encode("utf-16")).text == "Ø"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "line 1: the file has a document type"),
        ('<!DOCTYPE a SYSTEM "a.dtd" [<!ENTITY % b SYSTEM "c"> %b;]><a/>', "a document type"),
        ("<!DOCTYPE a []><a/>", "a document type"),
        (f"{OLD}\n<a>&nbsp;</a>", "line 2: this is not valid XML (undefined entity"),
        ("<!DOCTYPE a\nSYSTEM 'b'>\n<y:a>&nbsp;</y:a>", "line 3: this is not valid XML (undefined entity"),
        (f'{OLD}\n<a b="&nbsp;"/>', "line 2: this is not valid XML (undefined entity"),
    ],
)
def test_declarations_and_entities_stay_refused(text, words):
    with pytest.raises(FormatError) as caught:
        read_xml(text.encode())
    assert words in str(caught.value)
