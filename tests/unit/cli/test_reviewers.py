"""The played reviewers, and the district's rules for intake as a file."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from case_contracts.clock import Clock
from civicgrid.commands.options import sample_dir
from civicgrid.loading import load_district
from civicgrid.local import LocalError
from civicgrid.replay.agenda import Agenda
from civicgrid.replay.habits import Habit
from civicgrid.replay.reviewers import Reviewers
from civicgrid.replay.scenario import Scenario
from civicgrid.replay.send import Sent
from civicgrid.rules_files import INTAKE, publish_rules, read_rules, write_rules
from tests.support.twin import eventually
from tests.unit.cli.services import FakeServices, problem

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
WAITING = Sent("r1", "part/a/b", "waiting", report="report:1", receipt="R")


async def played(
    seen: dict[str, Any], judged: dict[str, Any], scenario: Scenario
) -> tuple[list[Sent], Reviewers, FakeServices]:
    services, told = FakeServices(), list[Sent]()
    services.on("GET intake /triage/report:1", seen)
    services.on("POST intake /triage/report:1", judged)
    agenda = Agenda(Clock(NOW, time.time(), 60_000))
    async with services.api() as api:
        reviewers = Reviewers(api, agenda, scenario, told.append)
        reviewers.know(WAITING)
        running = asyncio.create_task(agenda.run())
        await eventually(lambda: not len(agenda))
        running.cancel()
    assert reviewers.outstanding == 0
    return told, reviewers, services


async def test_a_reviewer_files_under_a_condition_of_the_matter() -> None:
    seen = {"matter": "part/a/b", "choices": [{"condition": "broken"}]}
    judged = {"case": "case:1", "status": "filed", "reason": None}
    [sent], reviewers, services = await played(seen, judged, Scenario())

    assert (sent.status, sent.case, sent.receipt) == ("received", "case:1", "R")
    assert reviewers.waiting == {}
    body = {"matter": "part/a/b", "condition": "broken"}
    assert services.bodies("POST intake /triage/report:1") == [body]


async def test_what_a_reviewer_cannot_make_out_is_rejected() -> None:
    judged = {"case": None, "status": "rejected", "reason": "not_understandable"}
    [sent], _, services = await played({"matter": "", "choices": []}, judged, Scenario())

    assert (sent.status, sent.case, sent.reason) == ("rejected", None, "not_understandable")
    body = {"reject": "not_understandable"}
    assert services.bodies("POST intake /triage/report:1") == [body]


async def test_where_no_reviewer_comes_it_waits() -> None:
    told, reviewers, services = await played({}, {}, Scenario(reviewers=Habit(never=1)))
    assert (told, services.asked) == ([], [])
    assert list(reviewers.waiting.values()) == [WAITING]


async def test_rules_are_published_after_the_version_in_force(tmp_path: Path) -> None:
    services = FakeServices()
    services.on("GET intake /rules", {"version": 3})
    services.on("PUT intake /rules", {"version": 4})
    write_rules(INTAKE, {"duplicates": [], "triage_hours": 4}, tmp_path)
    async with services.api() as api:
        await publish_rules(api, INTAKE, read_rules(tmp_path / "intake.yaml"))
    assert services.bodies("PUT intake /rules") == [
        {"after": 3, "duplicates": [], "triage_hours": 4}
    ]


async def test_a_token_for_the_registry_alone_loads_the_district_and_says_what_is_left() -> None:
    services = FakeServices()
    services.on("POST registry /districts", {"changed": True, "published": {}, "warnings": []})
    services.on("GET intake /rules", problem(401, "unauthenticated"))
    async with services.api() as api:
        with pytest.raises(LocalError, match="the district is loaded") as said:
            await load_district(api, sample_dir())
    assert "civicgrid intake rules publish" in said.value.remedy


async def test_rules_for_supervision_are_published_after_those_for_intake() -> None:
    services = FakeServices()
    loaded = {
        "district": "lanhe", "dry_run": False, "changed": True, "published": {}, "warnings": [],
    }  # fmt: skip
    services.on("POST registry /districts", loaded)
    for rules in ("intake /rules", "dispatch /supervision"):
        services.on(f"GET {rules}", {"version": 0})
        services.on(f"PUT {rules}", {"version": 1})
    async with services.api() as api:
        await load_district(api, sample_dir())
    [published] = services.bodies("PUT dispatch /supervision")
    assert (published["after"], published["slips"][0]["colour"]) == (0, "blue")
    asked = [what for what, _ in services.asked if what.startswith("PUT")]
    assert asked == ["PUT intake /rules", "PUT dispatch /supervision"]


@pytest.mark.parametrize("text", ["- a\n- list", "a: [", None])
def test_what_is_no_file_of_rules(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "intake.yaml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(LocalError):
        read_rules(file)
