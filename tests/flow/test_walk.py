"""The way of every case, all services as processes, two of each, on a real broker and store."""

from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console
from typer.testing import CliRunner

from civicgrid.client import Api
from civicgrid.commands.options import scenario_file
from civicgrid.deployment import Run
from civicgrid.deployment.names import SERVICES
from civicgrid.insides import verify_run
from civicgrid.loading import LOADER, DistrictRefused, load_district
from civicgrid.main import app
from civicgrid.replay.live import Pace, Replay
from civicgrid.standing import standings
from civicgrid.system import System
from civicgrid.tracing import trace_case
from civicgrid.tracing_view import render
from tests.flow import district
from tests.support.twin import eventually
from tests.unit.registry.small import edited

pytestmark = [pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def run(system: System) -> Run:
    wish = district.wish(scenario_file("departments-at-once.yaml"), replicas=2)
    return system.start(wish, lambda _: None)


async def test_a_broken_district_is_refused_whole(api: Api, tmp_path: Path) -> None:
    texts = edited("charters.yaml", "department: roads", "department: rods", district.files())
    texts = edited("postings.csv", "410102,true", "410109,true", texts)
    with pytest.raises(DistrictRefused) as raised:
        await load_district(api, district.write(tmp_path, texts))
    where = {(e.origin.file, e.origin.line) for e in raised.value.errors if e.origin}
    assert ("postings.csv", 3) in where
    assert any(file == "charters.yaml" for file, _ in where)
    assert await api.get("registry", "/grids", LOADER) == []


async def test_every_case_goes_its_whole_way(api: Api, run: Run, tmp_path: Path) -> None:
    await load_district(api, district.write(tmp_path, district.files()))
    pace = Pace(quiet=60, most=200)
    replay = Replay(api, run.domain_clock(), district.HABITS, pace, lambda _: None)
    outcome = await replay.run(list(district.reports()))

    assert outcome.waiting == []
    assert outcome.statuses == {"received": 36, "rejected": 4}
    assert outcome.turned_away == {"outside_district": 2, "not_in_standard": 2}
    figures = outcome.figures
    assert figures["opened"] == figures["closed"] == figures["verified"] == 36
    assert set(figures["assigned"]) == {"roads", "water", "post"}
    assert figures["reopened"] > 0
    assert outcome.notices["inapp.sent"] >= 36 * 3
    assert outcome.notices["email.sent"] >= 18 * 3
    assert outcome.to_inbox is not None
    report = await verify_run(run)
    assert report.violations == []
    assert report.counts["held"] == 0


async def test_each_task_is_once_in_its_departments_store(api: Api) -> None:
    rows = [
        row
        for name in district.DEPARTMENTS
        for row in await api.get("department", f"/departments/{name}/tasks")
    ]
    cases = [row["case"] for row in rows]
    assert len(cases) == len(set(cases)) > 0
    assert {row["state"] for row in rows} == {"over"}


async def test_a_case_can_be_traced_through_every_service(api: Api) -> None:
    report = {"channel": "web", "matter": district.POTHOLE, "point": district.beside(-1)}
    sent = await api.post("intake", "/reports", report)

    async def at_the_department() -> Any:
        found = await trace_case(api, sent["receipt"])
        return found["gateway"] and found

    found = await eventually(at_the_department, 30)
    assert found["case"] == sent["case"]
    assert not [n for n, value in found.items() if isinstance(value, dict) and "error" in value]
    assert found["gateway"][0]["department"] == "roads"
    console = Console(width=200, record=True, file=StringIO())
    console.print(render(found))
    assert "roads" in console.export_text()


async def test_both_replicas_of_every_service_are_ready_and_work(system: System, run: Run) -> None:
    rows = {row.name: row for row in standings(system)}
    assert len(rows) == 2 * len(SERVICES) + 4
    assert {row.state for row in rows.values()} == {"ready"}
    async with httpx.AsyncClient() as http:
        for url in run.urls("dispatch"):
            assert _commands((await http.get(f"{url}/metrics")).text) > 0


def _commands(metrics: str) -> float:
    lines = [x for x in metrics.splitlines() if x.startswith("civicgrid_commands_total")]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("status",), "dispatch-2"),
        (("held", "list"), "held 滞留: 0"),
        (("verify",), "deliveries"),
        (("rebuild", "dispatch"), "case"),
    ],
)
def test_operators_commands_work_on_a_running_system(
    system: System, run: Run, arguments: tuple[str, ...], said: str
) -> None:
    done = CliRunner().invoke(app, [*arguments, "--run-dir", str(system.folder)])
    assert done.exit_code == 0, done.output
    assert said in done.output
