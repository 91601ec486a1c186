"""Some people of a district, of every kind: from its own postings, around the unit grids from which
most reports come, so that each of them finds something on their pages."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from case_contracts.district import DistrictBundle
from case_contracts.values import Point
from civicgrid.staff.rights import JOBS, Job
from service_kit.auth.issuer_people import Person, Text

WORKERS = 3
_AT_THE_TOP: Sequence[tuple[Job, str, int]] = (
    ("district-supervisor", "supervisor", 1),
    ("arbiter", "arbiter", 1),
    ("approver", "deputy", 2),
)
"""Posts of the whole district, by what is in their names, and how many of each."""
_DESKS: Sequence[tuple[Job, str]] = (
    ("command", "command-centre"),
    ("hotline", "hotline-operator"),
    ("operator", "operator"),
)
"""Those without a post, and their ids."""
Posting = dict[str, Any]


class SamplePerson(Person):
    """``start`` is where their day begins in the pages."""

    start: str


def chosen(bundle: DistrictBundle, places: Iterable[Point]) -> list[SamplePerson]:
    """``places`` are those of reports. A district without some post has nobody of it here; somebody
    with several posts is here once, with the rights of all."""
    found: dict[str, SamplePerson] = {}
    for person in _Choice(bundle, places).people():
        before = found.get(person.id)
        words = {*person.scope.split(), *(before.scope.split() if before else ())}
        kept = before or person
        found[person.id] = kept.model_copy(update={"scope": " ".join(sorted(words))})
    return list(found.values())


class _Choice:
    def __init__(self, bundle: DistrictBundle, places: Iterable[Point]) -> None:
        self._head = bundle.head.value
        self._levels: list[str] = list(self._head["levels"])
        self._grids = {each.value["grid"]: each.value for each in bundle.grids}
        self._departments = [each.value for each in bundle.departments]
        self._roles = {each["role"]: each["name"] for each in self._head.get("roles", ())}
        self._posts: dict[str, list[Posting]] = {}
        for each in bundle.postings:
            if not each.value.get("valid_to"):
                self._posts.setdefault(each.value["grid"], []).append(each.value)
        self._busiest = self._ranked(places)

    def people(self) -> Iterator[SamplePerson]:
        """From the district down, then those without a post."""
        root = str(self._head["root_grid"])
        yield from self._posted("district-leader", self._accountable(root)[:1])
        for job, word, most in _AT_THE_TOP:
            yield from self._posted(job, self._named(root, word)[:most])
        workers = self._workers()
        if workers:
            yield from self._above(str(workers[0]["grid"]))
        yield from self._posted("worker", workers)
        for each in self._departments:
            department = str(each["department"])
            name, place = Text.model_validate(each["name"]), self._place(root)
            yield _person("department", f"staff-of-{department}", name, place, department)
        for job, person in _DESKS:
            called = JOBS[job].name
            assert called is not None, f"{job} has no post and needs a name"
            yield _person(job, person, called, self._place(root))

    def _above(self, unit: str) -> Iterator[SamplePerson]:
        """Who answers for the grids in which this one lies."""
        for number, grid in enumerate(self._path(unit)[1:-1]):
            job = self._job_between(grid, number)
            if job == "street-leader":
                yield from self._posted("street-supervisor", self._named(grid, "supervisor")[:1])
            yield from self._posted(job, self._accountable(grid)[:1])

    def _job_between(self, grid: str, number: int) -> Job:
        if number == 0:
            return "street-leader"
        above_units = self._grids[grid]["level"] == self._levels[-2]
        return "base-lead" if above_units and number > 1 else "community-leader"

    def _workers(self) -> list[Posting]:
        """Of the busiest unit grids, each another person."""
        found: dict[str, Posting] = {}
        for grid in self._busiest:
            for posting in self._accountable(grid)[:1]:
                found.setdefault(str(posting["person"]), posting)
            if len(found) == WORKERS:
                break
        return list(found.values())

    def _ranked(self, places: Iterable[Point]) -> list[str]:
        """The lowest grids, those with most of the places first."""
        units = [grid for grid in self._grids.values() if grid["level"] == self._levels[-1]]
        tree = shapely.STRtree([shape(each["geometry"]) for each in units])
        at = shapely.points(np.array([(p.lon, p.lat) for p in places]).reshape(-1, 2))
        counts = Counter(int(unit) for unit in tree.query(at, predicate="intersects")[1])
        order = sorted(range(len(units)), key=lambda unit: -counts[unit])
        return [str(units[unit]["grid"]) for unit in order]

    def _accountable(self, grid: str) -> list[Posting]:
        return [each for each in self._posts.get(grid, ()) if each.get("accountable")]

    def _named(self, grid: str, word: str) -> list[Posting]:
        return [each for each in self._posts.get(grid, ()) if word in each["role"]]

    def _posted(self, job: Job, postings: Iterable[Posting]) -> Iterator[SamplePerson]:
        for each in postings:
            name = self._roles.get(each["role"]) or dict.fromkeys(("zh", "en"), each["role"])
            place = self._place(str(each["grid"]))
            yield _person(job, str(each["person"]), Text.model_validate(name), place)

    def _path(self, grid: str) -> list[str]:
        """From the root down to the grid."""
        parent = self._grids[grid].get("parent")
        return [*(self._path(parent) if parent else ()), grid]

    def _place(self, grid: str) -> Text:
        """The grid, behind the street (or what is below the district) in which it lies."""
        path = self._path(grid)
        names = [self._grids[each]["name"] for each in dict.fromkeys((*path[1:2], grid))]
        return Text(**{tongue: " · ".join(n[tongue] for n in names) for tongue in ("zh", "en")})


def _person(
    job: Job, person: str, name: Text, place: Text, department: str | None = None
) -> SamplePerson:
    rights = JOBS[job]
    return SamplePerson(
        id=person,
        kind=rights.kind,
        scope=rights.scope,
        department=department,
        name=name,
        place=place,
        start=rights.start,
    )
