"""A case is followed until it is so far, and what keeps it is said."""

import itertools
from typing import Any

import pytest
from typer.testing import CliRunner

from civicgrid import following
from civicgrid.commands import report
from civicgrid.following import Until, follow
from civicgrid.local import LocalError
from civicgrid.main import app
from tests.unit.cli.services import FakeServices, problem

HANDLER = {"kind": "department", "id": "parks"}
VERIFIER = {"kind": "post", "id": "post:1", "person": "p-7"}
STATES: list[Any] = [
    problem(404, "not_found"),
    {"status": "assigned", "task": {"handler": HANDLER, "accept_by": "12:00"}},
    {"status": "assigned", "task": {"handler": HANDLER, "accept_by": "12:00"}},
    {"status": "verifying", "verification": {"verifier": VERIFIER, "due_at": None}},
    {"status": "closed", "closed_at": "12:30"},
]
CASE, VERIFICATION = "GET dispatch /cases/case:1", "POST dispatch /cases/case:1/verification"


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> FakeServices:
    monkeypatch.setattr(following, "LOOK_SECONDS", 0)
    found, states = FakeServices(), itertools.chain(STATES, itertools.repeat(STATES[-1]))
    found.on(CASE, lambda _: next(states))
    found.on(VERIFICATION, {})
    return found


async def test_each_change_is_told_once_and_the_work_passed_where_that_is_asked(
    services: FakeServices,
) -> None:
    told: list[str] = []
    async with services.api() as api:
        await follow(api, "case:1", Until.CLOSED, 10, told.append, verify=True)
    assert [line.partition(":")[0] for line in told] == [
        "on its way", "assigned", "verifying", "closed",
    ]  # fmt: skip
    assert services.bodies(VERIFICATION) == [{"passed": True, "confirms": True}]


async def test_handled_is_enough_where_no_more_is_asked(services: FakeServices) -> None:
    async with services.api() as api:
        await follow(api, "case:1", Until.HANDLED, 10, lambda _: None, verify=False)
    assert services.bodies(VERIFICATION) == []


async def test_what_takes_longer_says_whom_it_waits_for(services: FakeServices) -> None:
    services.on(CASE, STATES[1])
    async with services.api() as api:
        with pytest.raises(LocalError, match=r"not handled after 0 s: assigned: .*parks"):
            await follow(api, "case:1", Until.HANDLED, 0, lambda _: None, verify=False)


def test_what_is_no_report_or_opens_no_case_says_so(
    services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "addresses", lambda _: None)
    monkeypatch.setattr(report, "Api", lambda _: services.api())

    def said(at: str) -> str:
        line = ["report", "--matter", "part/a/b", "--at", at, "--text", "x"]
        return str(CliRunner().invoke(app, line).exception)

    assert "longitude,latitude" in said("here")
    assert "no report: lon" in said("500,1")
    answer = {
        "status": "rejected",
        "case": None,
        "report": "r",
        "receipt": "R",
        "reason": "outside",
    }
    services.on("POST intake /reports", answer)
    assert "opened no case: rejected, outside" in said("113,34")
