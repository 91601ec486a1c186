"""Sample people: chosen from a district's own postings, with rights that the services know."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from case_contracts.values import Point
from civicgrid.deployment.services import PEOPLE
from civicgrid.district_dir import read_district
from civicgrid.local import checkout
from civicgrid.sample import generate
from civicgrid.staff import people_here, write_people
from civicgrid.staff.chosen import SamplePerson, chosen
from civicgrid.staff.rights import JOBS, START_OF_AREAS
from civicgrid.staff.shown import people_table
from service_kit.auth.issuer_people import people_of
from tests.flow import district

SAMPLE = checkout() / "deploy" / "sample"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a run with the sample's people."""
    folder = tmp_path_factory.mktemp("run")
    write_people(folder, SAMPLE)
    return folder


@pytest.fixture(scope="module")
def people(kept: Path) -> list[SamplePerson]:
    return list(people_here(kept))


def test_every_kind_of_staff_is_there(people: list[SamplePerson]) -> None:
    counts = Counter(each.name.en for each in people)
    assert counts["Grid worker"] == 3
    assert counts["District deputy leader"] == 2
    once = {
        "District leader", "District supervisor", "District arbiter", "Street supervisor",
        "Street leader", "Community leader", "Base grid leader", "Water Affairs Bureau",
        "Command centre", "Hotline operator", "Operator",
    }  # fmt: skip
    assert {name: counts[name] for name in once} == dict.fromkeys(once, 1)
    assert len({each.id for each in people}) == len(people)
    assert {each.start for each in people} == set(START_OF_AREAS)


def test_they_hold_the_posts_that_they_are_shown_with(people: list[SamplePerson]) -> None:
    bundle = read_district(SAMPLE)
    names = {each["role"]: each["name"]["en"] for each in bundle.head.value["roles"]}
    posts = {(each.value["person"], names[each.value["role"]]) for each in bundle.postings}
    posted = [each for each in people if re.fullmatch(r"p-\d{6}", each.id)]
    assert len(posted) == 12
    assert {(each.id, each.name.en) for each in posted} <= posts


def test_workers_are_those_from_whose_grids_most_reports_come() -> None:
    bundle = read_district(SAMPLE)
    last = [each.value for each in bundle.grids if each.value["level"] == "unit"][-1]
    ring = last["geometry"]["coordinates"][0]
    lon, lat = (sum(each[axis] for each in ring[:-1]) / (len(ring) - 1) for axis in (0, 1))
    found = chosen(bundle, [Point(lon=lon, lat=lat)])
    worker = next(each for each in found if each.name.en == "Grid worker")
    assert last["name"]["en"] in worker.place.en


def test_a_department_acts_for_itself_alone(people: list[SamplePerson]) -> None:
    departments = [each for each in people if each.kind == "department"]
    assert {each.department for each in departments} == {
        "urban-management", "market-regulation", "water-affairs",
    }  # fmt: skip
    assert {each.scope for each in departments} == {"department"}


def test_every_scope_is_one_that_a_service_asks_for() -> None:
    sources = "".join(each.read_text() for each in (checkout() / "services").rglob("*/api/**/*.py"))
    known = set(re.findall(r'"([a-z]+\.[a-z]+|operate|department)"', sources))
    asked = {scope for rights in JOBS.values() for scope in rights.scope.split()}
    assert asked - known == set()


def test_what_a_real_provider_is_told_is_the_same() -> None:
    told = (checkout() / "shared" / "contracts" / "login.md").read_text()
    for job, rights in JOBS.items():
        assert f"| {job} | `{rights.start}` | `{rights.scope}` |" in told


def test_contact_details_are_for_supervisors_alone() -> None:
    readers = {job for job, rights in JOBS.items() if "vault.read" in rights.scope.split()}
    assert readers == {"street-supervisor", "district-supervisor"}


def test_the_issuer_reads_the_same_file_and_nobody_else_does(
    kept: Path, people: list[SamplePerson]
) -> None:
    file = kept / PEOPLE
    assert file.stat().st_mode & 0o777 == 0o600
    read = people_of(file)
    assert [(each.id, each.scope) for each in read] == [(each.id, each.scope) for each in people]


def test_a_small_district_has_those_that_it_has(tmp_path: Path) -> None:
    directory = district.write(tmp_path, district.files())
    found = write_people(tmp_path / "run", directory)
    assert {each.start for each in found} >= {"/staff/field", "/staff/department"}


def test_somebody_with_two_posts_is_there_once_with_the_rights_of_both(tmp_path: Path) -> None:
    generate(tmp_path, 1)
    rows = (tmp_path / "postings.csv").read_text().replace("p-000002", "p-000003")
    (tmp_path / "postings.csv").write_text(rows)
    (both,) = [each for each in chosen(read_district(tmp_path), []) if each.id == "p-000003"]
    assert {"cases.supervise", "cases.arbitrate"} <= set(both.scope.split())


def test_the_table_says_where_everybody_begins(people: list[SamplePerson]) -> None:
    shown = json.dumps([list(each.cells) for each in people_table("http://x", people).columns])
    assert "/staff/command" in shown
    assert "p-000003" in shown
    assert people_table("http://x", []).row_count == 1
