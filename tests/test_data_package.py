"""The data package: valid, complete, documented to the last column, and nobody in it can be picked out."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import math
import random
import re
import statistics
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest
import yaml
from frictionless import Package
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Meeting
from tests.formats.maps import maps
from wickedmap import data_package, formats, leaving
from wickedmap.access import Actor
from wickedmap.causal_map import CausalMap
from wickedmap.changes import Refused
from wickedmap.codebook import TABLES
from wickedmap.graphs import pairwise, perspective_maps
from wickedmap.model import Rating
from wickedmap.pseudonyms import SMALL, Suppressed, pseudonymised, pseudonyms, without_small_groups

SECRET = "KANARIFUGL"


def taken(meeting: Meeting, role: str = "facilitator", **options: Any) -> dict[str, bytes]:
    made = leaving.export_file(meeting.workshops, meeting.as_role(role), "package", **options)
    assert made.media_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def table(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"data/{name}.csv"].decode("utf-8"), newline="")))


def unpacked(files: dict[str, bytes], folder: Path) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder / "datapackage.json"


def complaints(descriptor: Path) -> list[str]:
    report = Package(str(descriptor)).validate()
    return [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors] + [
        error.message for error in report.errors
    ]


def everybody_speaks(meeting: Meeting, agencies: dict[str, int]) -> list[Actor]:
    people = []
    for agency, count in agencies.items():
        for number in range(count):
            person = meeting.join(agency, alias=f"{SECRET}-{agency}-{number}")
            meeting.does(person, "take_stance", link="L60", stance="asserts", sign="-", reason="=1+1")
            meeting.does(person, "rate_factor", factor="gjeld", importance=4)
            meeting.does(person, "annotate", target_kind="factor", target="gjeld", text=f"Bøter, {agency}")
            meeting.does(person, "write_framing", problem="For få boliger", factors=["gjeld"], links=["L60"])
            people.append(person)
    meeting.leads("reveal", notes=True, stances=True, ratings=True, framings=True)
    return people


def test_the_package_is_valid_for_the_frictionless_tool(meeting: Meeting, tmp_path: Path) -> None:
    everybody_speaks(meeting, {"nav_kommune": 3, "politi": 4})
    meeting.leads("conclude", link="L60", outcome="agreed_to_differ", text="Vi ser det ulikt")
    descriptor = unpacked(taken(meeting), tmp_path)
    assert complaints(descriptor) == []
    # The tool looks at what it says it looks at.
    broken = tmp_path / "data" / "stances.csv"
    broken.write_bytes(broken.read_bytes().replace(b'"asserts"', b'"perhaps"'))
    assert complaints(descriptor)


def test_an_empty_workshop_has_a_valid_package_too(begin: Callable[..., Meeting], tmp_path: Path) -> None:
    meeting = begin(factors=(), links=(), focal="", suggested=(), framings=())
    assert complaints(unpacked(taken(meeting), tmp_path)) == []


def test_the_checksums_are_those_of_the_files(meeting: Meeting, tmp_path: Path) -> None:
    files = taken(meeting)
    unpacked(files, tmp_path)
    subprocess.run(["sha256sum", "--check", "--quiet", "checksums.sha256"], cwd=tmp_path, check=True)
    assert files["checksums.sha256"].count(b"\n") == len(files) - 1
    for resource in json.loads(files["datapackage.json"])["resources"]:
        data = files[resource["path"]]
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert resource["bytes"] == len(data)


def test_every_column_is_in_the_codebook(meeting: Meeting) -> None:
    everybody_speaks(meeting, {"politi": 3})
    files = taken(meeting)
    book = {
        (row["table"], row["column"]): row
        for row in csv.DictReader(io.StringIO(files["codebook.csv"].decode()))
    }
    columns = {(name, column) for name in TABLES for column in _header(files, name)}
    assert set(book) == columns
    assert all(len(row["description"]) > 5 for row in book.values())
    assert all(f"`{column}`" in files["codebook.md"].decode() for _, column in columns)


def _header(files: dict[str, bytes], name: str) -> list[str]:
    return next(csv.reader(io.StringIO(files[f"data/{name}.csv"].decode())))


def test_the_tables_hold_what_the_map_holds(meeting: Meeting) -> None:
    everybody_speaks(meeting, {"nav_kommune": 3, "politi": 4})
    files = taken(meeting)
    m = formats.read_bytes(files["data/map.wickedmap.json"]).map
    for name in ("factors", "links", "stances", "ratings", "annotations", "framings", "domains", "agencies"):
        assert len(table(files, name)) == len(getattr(m, name)), name
    assert formats.read_bytes(files["data/map.graphml"], "map.graphml").map.links == m.links
    assert len(m.stances) == 7
    kinds = {row["kind"] for row in table(files, "instruments")}
    assert kinds == set(TABLES["instruments"].columns["kind"].values)
    frame = pd.read_csv(io.BytesIO(files["data/links.csv"]))
    assert frame.columns[0] == "id"
    assert len(frame) == 80
    assert set(frame["sign"]) <= {"positive", "negative", "unknown", "both"}


def test_no_name_id_or_alias_of_a_person_is_anywhere_in_it(meeting: Meeting) -> None:
    people = everybody_speaks(meeting, {"nav_kommune": 3, "politi": 1})
    for options in ({}, {"private": True}):
        whole = b"".join(taken(meeting, **options).values()).decode()
        assert SECRET not in whole
        assert not [person.person for person in people if person.person in whole]


def test_pseudonyms_are_the_same_in_every_table(meeting: Meeting) -> None:
    everybody_speaks(meeting, {"nav_kommune": 3, "politi": 4})
    files = taken(meeting)
    found = [{row["person"] for row in table(files, name)} for name in ("stances", "ratings", "annotations")]
    framed = {row["person"] for row in table(files, "framings")} - {""}
    assert found[0] == found[1] == found[2] == framed
    assert len(framed) == 7
    assert framed == {row["person"] for row in table(files, "events")} - {""}


# --- groups that are too small ---


def by_the_readmes_words(files: dict[str, bytes], agency: str) -> tuple[set[str], dict[tuple[str, str], float]]:
    """An agency's factors and signed strengths from the tables alone, as the README tells to make them."""
    links = {row["id"]: row for row in table(files, "links")}
    own = [row for row in table(files, "framings") if row["agency"] == agency and row["example"] == "false"]
    stances = [row for row in table(files, "stances") if row["agency"] == agency]
    notes = [row for row in table(files, "annotations") if row["agency"] == agency]
    said = {(row["person"], row["link"]): (row["stance"], row["sign"], row["strength"]) for row in stances}
    for framing in own:
        for link in filter(None, framing["links"].split("|")):
            said.setdefault((framing["person"], link), ("asserts", "", ""))
    factors = {row["factor"] for row in table(files, "ratings") if row["agency"] == agency}
    factors |= {row["target"] for row in notes if row["target_kind"] == "factor"}
    factors |= {factor for framing in own for factor in framing["factors"].split("|") if factor}
    touched = {link for _, link in said} | {row["target"] for row in notes if row["target_kind"] == "link"}
    factors |= {links[link][end] for link in touched for end in ("source", "target")}
    weights: dict[tuple[str, str], float] = {}
    for link in {link for (_, link), (stance, _, _) in said.items() if stance == "asserts"}:
        row = links[link]
        shown = {"positive": "1", "negative": "-1"}[row["sign"]]
        held = [(sign or shown, float(strength or row["strength"])) for (_, one), (stance, sign, strength)
                in said.items() if one == link and stance == "asserts"]  # fmt: skip
        signs = {sign for sign, _ in held}
        sign = int(signs.pop()) if len(signs) == 1 else math.nan
        weights[row["source"], row["target"]] = sign * statistics.median(strength for _, strength in held)
    return factors, weights


def distance_by_hand(
    one: tuple[set[str], dict[tuple[str, str], float]], other: tuple[set[str], dict[tuple[str, str], float]]
) -> float:
    shared, c = one[0] & other[0], len(one[0] & other[0])
    u, v = len(one[0] - other[0]), len(other[0] - one[0])
    total = 0.0
    for pair in one[1].keys() | other[1].keys():
        a, b = one[1].get(pair, 0.0), other[1].get(pair, 0.0)
        if math.isnan(a) or math.isnan(b):
            continue
        total += (
            abs(a - b) if set(pair) <= shared else abs(math.copysign(bool(a), a) - math.copysign(bool(b), b))
        )
    return total / (6 * (c * c - c) + 2 * c * (u + v) + u * u - u + v * v - v)


def test_the_distances_of_the_compare_page_can_be_computed_from_the_tables_by_the_readmes_rules(
    meeting: Meeting,
) -> None:
    chance = random.Random(7)
    links = [link.id for link in meeting.state.to_map().links]
    for agency in ("nav_kommune", "politi", "brukerorg"):
        for _ in range(3):
            person = meeting.join(agency)
            for link in chance.sample(links, 12):
                own = {"sign": chance.choice("+-"), "strength": 3} if chance.random() < 0.4 else {}
                stance = chance.choice(["asserts", "asserts", "rejects", "unsure"])
                meeting.does(person, "take_stance", link=link, stance=stance, **own)
            meeting.does(person, "annotate", target_kind="link", target=chance.choice(links), text="Ja")
            meeting.does(person, "write_framing", problem="Få boliger", factors=["gjeld"], links=links[:2])
    meeting.leads("reveal", notes=True, stances=True, ratings=True, framings=True)
    files = taken(meeting)
    m = leaving.export_map(meeting.workshops, meeting.as_role("researcher"))
    on_the_page = pairwise(perspective_maps(m, sorted({row.agency for row in m.stances})))
    held = {agency: by_the_readmes_words(files, agency) for agency in on_the_page.columns}
    assert len(held) == 3
    for one, other in itertools.combinations(held, 2):
        assert distance_by_hand(held[one], held[other]) == pytest.approx(on_the_page.loc[one, other])
        assert on_the_page.loc[one, other] > 0


def test_the_links_and_factors_of_the_package_are_read_as_frames(meeting: Meeting) -> None:
    files = taken(meeting)
    m = formats.read_bytes(files["data/map.wickedmap.json"]).map
    links, factors = (pd.read_csv(io.BytesIO(files[f"data/{name}.csv"])) for name in ("links", "factors"))
    again = CausalMap.from_pandas(links, factors, language=m.language)
    assert (again.factors, again.links) == (m.factors, m.links)


def test_it_says_how_to_cite_it_under_the_licence_that_was_chosen(meeting: Meeting) -> None:
    meeting.leads("rename", title='Bolig: «nå» "først"')
    cited = yaml.safe_load(taken(meeting, licence="CC-BY-4.0")["CITATION.cff"])
    assert cited["cff-version"] == "1.2.0"
    assert cited["type"] == "dataset"
    assert cited["title"] == 'Bolig: «nå» "først"'
    assert cited["license"] == "CC-BY-4.0"
    assert cited["version"] == str(meeting.state.seq)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", cited["date-released"])
    assert cited["authors"][0]["name"].endswith(meeting.state.workshop)
    assert "license" not in yaml.safe_load(taken(meeting)["CITATION.cff"])


def test_the_readme_says_how_many_spoke_in_each_group_and_when(meeting: Meeting) -> None:
    everybody_speaks(meeting, {"nav_kommune": 3, "politi": 4})
    files = taken(meeting)
    readme = files["README.md"].decode()
    groups = {row["agency"]: row["person"] for row in table(files, "stances")}
    found = re.search(r"People whose words or stances are here: (.*)\.", readme)
    assert found is not None
    assert sorted(found.group(1).split(", ")) == sorted(
        f"{agency} {sum(row['agency'] == agency for row in table(files, 'ratings'))}" for agency in groups
    )
    assert table(files, "events")[0]["at"] in readme
    assert f"# {formats.read_bytes(files['data/map.wickedmap.json']).map.titles.in_language('nb')}" in readme


def test_the_codebooks_sentences_end_before_the_language_is_named() -> None:
    assert TABLES["factors"].column("label_en").description == (
        "Label, worded so that it can go up and down. In English."
    )


def test_with_hidden_names_no_group_has_fewer_than_three_people(meeting: Meeting) -> None:
    everybody_speaks(meeting, {"nav_kommune": 4, "politi": 1, "husbanken": 2})
    files = taken(meeting)
    groups: dict[str, set[str]] = {}
    for name in ("stances", "ratings", "annotations", "framings"):
        for row in table(files, name):
            if row["person"]:
                groups.setdefault(row["agency"], set()).add(row["person"])
    assert sorted(len(people) for people in groups.values()) == [3, 4]
    assert len(groups[SMALL]) == 3
    assert "2 agencies with 3 people together" in " ".join(files["README.md"].decode().split())
    assert "No contribution is left out" in files["datapackage.json"].decode()
    assert len(table(files, "stances")) == 7


def test_a_group_that_is_still_too_small_takes_the_next_smallest_with_it(meeting: Meeting) -> None:
    everybody_speaks(meeting, {"nav_kommune": 4, "politi": 1, "husbanken": 5})
    rows = table(taken(meeting), "stances")
    assert {row["agency"] == SMALL for row in rows} == {True, False}
    assert sum(row["agency"] == SMALL for row in rows) == 5


def test_fewer_than_three_people_in_all_are_withheld_and_counted(meeting: Meeting) -> None:
    everybody_speaks(meeting, {"nav_kommune": 1, "politi": 1})
    files = taken(meeting)
    for name in ("stances", "ratings", "annotations"):
        assert table(files, name) == [], name
    assert {row["example"] for row in table(files, "framings")} == {"true"}
    said = " ".join(files["README.md"].decode().split())
    assert "withheld: 2 stances, 2 ratings, 2 annotations, 2 framings" in said
    assert not {row["person"] for row in table(files, "events")} - {""}


def test_shown_names_promise_nothing_and_are_kept(meeting: Meeting) -> None:
    everybody_speaks(meeting, {"politi": 1})
    meeting.leads("show_names", shown=True)
    files = taken(meeting)
    assert {row["agency"] for row in table(files, "stances")} == {"politi"}
    assert "nothing is merged or withheld" in files["README.md"].decode()


def test_what_is_taken_out_as_private_has_letters_all_the_same(meeting: Meeting) -> None:
    everybody_speaks(meeting, {"politi": 3, "nav_kommune": 3})
    meeting.leads("reveal", notes=False, stances=False, ratings=False, framings=False)
    assert table(taken(meeting), "stances") == []
    files = taken(meeting, private=True)
    assert {row["agency"][:7] for row in table(files, "stances")} == {"letter-"}
    assert {row["agency"] for row in table(files, "annotations")} <= {
        row["id"] for row in table(files, "agencies")
    }


def test_examples_do_not_betray_whose_letter_it_is(meeting: Meeting) -> None:
    meeting.leads("reveal", framings=True)
    rows = table(taken(meeting), "framings")
    assert len(rows) == 10
    assert not any(row["agency"].startswith("letter") for row in rows)


def test_times_are_whole_minutes_where_names_are_hidden_and_seconds_where_not(meeting: Meeting) -> None:
    everybody_speaks(meeting, {"politi": 3})
    for shown in (False, True):
        meeting.leads("show_names", shown=shown)
        files = taken(meeting)
        times = [row["at"] for name in ("stances", "events") for row in table(files, name)]
        assert all(len(at) == 20 for at in times)
        assert all(at.endswith(":00Z") for at in times) is not shown
        assert ("." in str(formats.read_bytes(files["data/map.wickedmap.json"]).map.stances[0].at)) is shown


# --- events ---


def test_events_hold_no_text_and_nothing_that_is_not_revealed(meeting: Meeting) -> None:
    nav = meeting.join("nav_kommune")
    meeting.does(nav, "annotate", target_kind="factor", target="gjeld", text=SECRET)
    meeting.does(nav, "take_stance", link="L60", stance="asserts", reason=SECRET)
    meeting.leads("add_factor", label=f"{SECRET} faktor")
    meeting.leads("set_stage", stage=3)
    meeting.leads("reveal", stances=True)
    files = taken(meeting)
    assert SECRET not in files["data/events.csv"].decode()
    rows = {row["kind"]: row for row in table(files, "events")}
    assert not {"annotate", "join"} & set(rows)
    assert (rows["take_stance"]["target_kind"], rows["take_stance"]["target"]) == ("link", "L60")
    assert rows["set_stage"]["value"] == "3"
    assert rows["reveal"]["value"] == "stances true"
    assert rows["add_factor"]["target_kind"] == "factor"
    assert rows["open_workshop"]["role"] == "system"
    seqs = [int(row["seq"]) for row in table(files, "events")]
    assert seqs == sorted(set(seqs))


# --- who may, and with which licence ---


@pytest.mark.parametrize("role", ["viewer", "representative"])
def test_others_may_not_take_it(meeting: Meeting, role: str) -> None:
    with pytest.raises(Refused) as caught:
        taken(meeting, role)
    assert caught.value.code == "not_allowed"
    with pytest.raises(Refused):
        taken(meeting, "researcher", private=True)


def test_a_licence_is_stated_only_when_somebody_has_chosen_one(meeting: Meeting) -> None:
    files = taken(meeting)
    assert json.loads(files["datapackage.json"])["licenses"][0]["name"] == "notspecified"
    assert "No licence has been chosen" in files["LICENCE.md"].decode()
    files = taken(meeting, licence="CC-BY-4.0")
    assert json.loads(files["datapackage.json"])["licenses"][0]["name"] == "CC-BY-4.0"
    for wrong in ("x" * 100, "../../etc", "CC BY", "<b>"):
        with pytest.raises(Refused) as caught:
            taken(meeting, licence=wrong)
        assert (caught.value.code, caught.value.field) == ("bad_value", "licence")


def test_it_says_where_it_comes_from(meeting: Meeting) -> None:
    files = taken(meeting, "researcher")
    source = f"workshop {meeting.id}, changes 1-{meeting.state.seq}"
    assert source in json.loads(files["datapackage.json"])["sources"][0]["title"]
    assert source in formats.read_bytes(files["data/map.wickedmap.json"]).map.provenance


def test_a_zip_by_name_is_the_package_and_a_csv_zip_is_not() -> None:
    assert leaving.form_of("Data.ZIP") == "package"
    assert leaving.form_of("kart.csv.zip") == "csv-zip"
    assert "package" in leaving.forms()


# --- any map ---


words = st.sampled_from(["Gjeld", "=1+1", "'=x", "a|b", 'sa "nei"', "linje\nlinje", "数", "-0.5", "true"])


@settings(max_examples=40, deadline=None)
@given(maps(words, words, st.sampled_from(["a", "b", "c.1", "d:2", "-e"])))
def test_any_map_makes_a_valid_package(m: CausalMap) -> None:
    merged, suppressed = without_small_groups(m)
    names = pseudonyms(merged)
    about = data_package.About("abc", 7, "2026-11-22T10:32:00Z")
    content = data_package.package(pseudonymised(merged, names), [], about, suppressed)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    descriptor = json.loads(files["datapackage.json"])
    for resource in descriptor["resources"]:
        if resource["path"].endswith(".csv"):
            header = _header(files, resource["name"])
            assert header == [one["name"] for one in resource["schema"]["fields"]]
    assert formats.read_bytes(files["data/map.wickedmap.json"]).map == pseudonymised(merged, names)
    people = {row.agency: set() for row in merged.ratings if row.person and row.agency}
    assert not people or suppressed.promised


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 6), max_size=8))
def test_no_group_is_small_and_no_voice_is_lost_unless_all_are_too_few(sizes: dict[str, int]) -> None:
    said = tuple(
        Rating("f", f"{agency}{number}", agency, 3)
        for agency, count in sizes.items()
        for number in range(count)
    )
    m = CausalMap.from_links([], factors=["f"]).replace(ratings=said)
    merged, taken_away = without_small_groups(m)
    groups: dict[str, int] = {}
    for row in merged.ratings:
        groups[row.agency] = groups.get(row.agency, 0) + 1
    assert all(count >= 3 for count in groups.values())
    if len(said) >= 3:
        assert len(merged.ratings) == len(said)
        assert taken_away.withheld == {}
    else:
        assert merged.ratings == ()
    assert isinstance(str(taken_away), str)
    assert Suppressed().promised is False


def test_the_page_about_it_names_every_file(meeting: Meeting) -> None:
    page = (Path(__file__).parents[1] / "docs" / "data-package.md").read_text(encoding="utf-8")
    missing = [name for name in taken(meeting) if name.removeprefix("data/") not in page]
    assert missing == []


def test_proposals_go_along_when_revealed_with_what_became_of_them(meeting: Meeting, tmp_path: Path) -> None:
    people = everybody_speaks(meeting, {"nav_kommune": 3, "politi": 3})
    quiet = meeting.join("kommune_bolig")
    meeting.does(people[0], "propose_factor", label="Lang ventetid", reason="Vi ser det hver dag")
    (waiting,) = meeting.state.tables["proposals"]
    meeting.does(people[0], "propose_link", source=waiting, target="gjeld", sign="+", rationale="Renter")
    meeting.does(quiet, "propose_factor", label="Dårlig økonomi")
    declined = next(one.id for one in meeting.state.tables["proposals"].values() if one.person == quiet.person)
    meeting.leads("decline_proposal", proposal=declined, reason="Det er «Gjeld»")
    assert table(taken(meeting), "proposals") == []

    meeting.leads("reveal", proposals=True)
    files = taken(meeting)
    rows = table(files, "proposals")
    assert [(row["kind"], row["status"], row["label"] or row["sign"]) for row in rows] == [
        ("factor", "open", "Lang ventetid"),
        ("link", "open", "positive"),
        ("factor", "declined", "Dårlig økonomi"),
    ]
    assert (rows[1]["source"], rows[1]["target"], rows[1]["rationale"]) == (waiting, "gjeld", "Renter")
    assert (rows[0]["reason"], rows[2]["answer"]) == ("Vi ser det hver dag", "Det er «Gjeld»")
    # Who proposed it has the pseudonym of the stances; who said nothing else has none.
    spoke = {row["person"]: row["agency"] for row in table(files, "stances")}
    assert spoke[rows[0]["person"]] == rows[0]["agency"]
    assert (rows[2]["person"], rows[2]["agency"]) == ("", "")
    assert complaints(unpacked(files, tmp_path)) == []


def test_the_package_has_the_map_over_time_with_counts_and_nobody_in_it(meeting: Meeting) -> None:
    everybody_speaks(meeting, {"nav_kommune": 3, "politi": 4})
    files = taken(meeting)
    graph = nx.read_gexf(io.BytesIO(files["data/map.dynamic.gexf"]))
    assert graph.number_of_nodes() == len(meeting.state.to_map().factors)
    assert b"asserting" in files["data/map.dynamic.gexf"]
    assert b"politi-" not in files["data/map.dynamic.gexf"]
    assert b"map.dynamic.gexf" in files["README.md"]


def test_proposals_are_withheld_with_all_else_when_too_few_spoke(meeting: Meeting) -> None:
    (one,) = everybody_speaks(meeting, {"politi": 1})
    meeting.does(one, "propose_factor", label="Lang ventetid", reason=SECRET)
    meeting.leads("reveal", proposals=True)
    assert table(taken(meeting), "proposals") == []
