"""A grid is split, a post handed over and a charter revoked in the middle of a running replay:
every case keeps the grid, the person and the department of its time."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from civicgrid.client import Api, As
from civicgrid.deployment import Run
from civicgrid.insides import verify_run
from civicgrid.loading import LOADER, load_district
from civicgrid.replay.deeds.stage import LOOKER
from civicgrid.replay.live import Pace, Replay
from civicgrid.replay.send import Sent
from civicgrid.reports_file import ReportLine
from tests.flow import district
from tests.support.twin import eventually

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
COUNT, RATE, FIRST = 180, 8.0, 20
PEER = As("test", "commits.read", "service")
PLACES = (
    {"lon": 113.25, "lat": 34.5},  # of 410101, afterwards of its western part
    {"lon": 113.75, "lat": 34.5},  # of 410101, afterwards of its eastern part
    {"lon": 114.5, "lat": 34.5},  # of 410102, whose post is handed over
)
MATTERS = (district.POTHOLE, district.FORM)
AHEAD = timedelta(minutes=14)  # of domain time: 14 seconds, of which a busy machine needs five


def reports() -> Iterator[ReportLine]:
    for n in range(COUNT):
        yield ReportLine.model_validate(
            {
                "ref": f"underway-{n}",
                "reported_at": datetime(2026, 1, 5, tzinfo=UTC),
                "channel": "web",
                "matter": MATTERS[n // len(PLACES) % len(MATTERS)],
                "point": {**PLACES[n % len(PLACES)], "lat": 34.5 + n / 1000},
                "text": f"报告 {n}",
            }
        )


def _part(grid: str, west: float, east: float) -> dict[str, Any]:
    ring = [[west, 34], [east, 34], [east, 35], [west, 35], [west, 34]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"grid": grid, "name": {"zh": grid, "en": grid}, "geometry": geometry}


def _posting(grid: str, person: str) -> dict[str, Any]:
    return {"posting": f"posting:{grid}:1", "person": person, "role": "worker", "grid": grid,
            "accountable": True}  # fmt: skip


async def _change_everything(api: Api, at: datetime) -> None:
    """All three are decided now for ``at``."""
    begin = {"valid_from": at.isoformat(), "reason": "test"}
    parts = [_part("410103", 113, 113.5), _part("410104", 113.5, 114)]
    postings = [_posting("410103", "p-11"), _posting("410104", "p-12")]
    split = begin | {"parts": parts, "postings": postings}
    await api.post("registry", "/grids/410101/split", split, LOADER)
    over = begin | {"from_posting": "posting:410102:1", "to_person": "p-13"}
    await api.post("registry", "/handovers", over, LOADER)
    end = {"valid_to": at.isoformat(), "reason": "test", "approved_by": ["p-1", "p-2"]}
    await api.post("registry", "/charters/charter:roads/revocation", end, LOADER)


async def _events(api: Api, *types: str) -> list[dict[str, Any]]:
    """Everything that dispatch published of these types."""
    found: list[dict[str, Any]] = []
    for writer in await api.get("dispatch", "/commits/writers", PEER):
        for first in range(1, writer["sent"] + 1, 500):
            query = {"writer": writer["writer"], "first": first, "last": writer["sent"]}
            found += await api.get(
                "dispatch", "/commits", PEER, full=True, types=",".join(types), **query
            )
    return found


async def test_every_case_keeps_what_was_of_its_time(
    api: Api, run: Run, tmp_path: Path, record_property: Any
) -> None:
    await load_district(api, district.write(tmp_path, district.files()))
    pace = Pace(RATE, quiet=60, most=200)
    replay = Replay(api, run.domain_clock(), district.HABITS, pace, lambda _: None)
    running = asyncio.create_task(replay.run(list(reports())))
    await eventually(lambda: len(replay.sent) >= FIRST, 60)
    at = (run.domain_clock().now() + AHEAD).replace(microsecond=0)
    await _change_everything(api, at)
    assert run.domain_clock().now() < at, "the changes were decided too late to be of use"
    outcome = await running

    assert outcome.waiting == []
    assert outcome.statuses == {"received": COUNT}
    grids = await _grids_of_their_time(api, outcome.sent, at)
    people = await _people_of_their_time(api, at)
    departments = await _departments_of_their_time(api, at)
    record_property("cases by grid", str(dict(grids)))
    assert set(grids) == {"410101", "410102", "410103", "410104"}
    assert set(people) == {"p-3", "p-4", "p-11", "p-12", "p-13"} | (set(people) & {"p-5", "p-8"})
    assert departments["roads"] > 0
    assert (await verify_run(run)).violations == []


async def _grids_of_their_time(api: Api, sent: Sequence[Sent], at: datetime) -> Counter[str]:
    """Each case's grid is the one that the registry knows for its place at its time."""
    places = {line.ref: line.point for line in reports()}
    found: Counter[str] = Counter()
    for each in sent:
        case = await api.get("dispatch", f"/cases/{each.case}", LOOKER)
        point = places[each.ref]
        assert point is not None
        [hit] = await api.get(
            "registry", "/grids/at", LOADER, lon=point.lon, lat=point.lat, at=case["reported_at"]
        )
        assert case["grid"] == hit["grid"], case
        early = datetime.fromisoformat(case["reported_at"]) < at
        assert (case["grid"] == "410101") == (early and point.lon < 114)
        found[case["grid"]] += 1
    return found


async def _people_of_their_time(api: Api, at: datetime) -> Counter[str]:
    """Whoever was given a task or a verification held the post at that moment."""
    found: Counter[str] = Counter()
    for event in await _events(api, "task.assigned.v1", "verification.requested.v1"):
        party = event["data"].get("handler") or event["data"].get("verifier")
        if not party or party["kind"] != "post":
            continue
        when = event["occurredat"]
        holders = await api.get("registry", "/postings", LOADER, grid=party["grid"], at=when)
        assert party["person"] in {holder["person"] for holder in holders}, event
        if party["grid"] == "410102":
            early = datetime.fromisoformat(when) < at
            assert party["person"] == ("p-4" if early else "p-13"), event
        found[party["person"]] += 1
    return found


async def _departments_of_their_time(api: Api, at: datetime) -> Counter[str]:
    """Nothing was given to a department, or done by it, once its charter had ended."""
    found: Counter[str] = Counter()
    types = ("task.assigned.v1", "task.accepted.v1", "task.completed.v1")
    for event in await _events(api, *types):
        handler = event["data"]["handler"]
        if handler["kind"] == "department":
            assert datetime.fromisoformat(event["occurredat"]) < at, event
            found[handler["id"]] += 1
    return found
