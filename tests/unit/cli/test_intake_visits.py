"""``civicgrid intake visits``: rounds, and who is due next."""

from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from civicgrid import show
from civicgrid.commands.intake import app, visits
from tests.unit.cli.services import FakeServices

ROUND = {
    "round": "round:monthly", "name": {"zh": "每月三次", "en": "Three a month"}, "times": 3,
    "per": "month", "valid_from": "2026-01-01T00:00:00Z", "valid_to": None,
}  # fmt: skip


def row(target: str, due_at: str | None, *, overdue: bool = False) -> dict[str, Any]:
    return {
        "target": target, "contacts": ["p-1"], "done": 1, "expected": 3, "due_at": due_at,
        "overdue": overdue,
    }  # fmt: skip


@pytest.fixture
def intake(monkeypatch: pytest.MonkeyPatch) -> FakeServices:
    found = FakeServices()
    monkeypatch.setattr(visits, "addresses", lambda _: None)
    monkeypatch.setattr(visits, "Api", lambda _: found.api())
    monkeypatch.setattr(show.console, "_width", 200)
    return found


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["visits", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_rounds_are_listed_in_both_languages(intake: FakeServices) -> None:
    intake.on("GET intake /rounds", [ROUND])
    said = run("rounds")
    assert "monthly" in said
    assert "每月三次 Three a month" in said


def test_due_reads_every_page_and_shows_the_most_overdue_first(intake: FakeServices) -> None:
    pages: dict[str | None, dict[str, Any]] = {
        None: {"rows": [row("g:1", None), row("g:2", "2026-01-20T00:00:00Z")], "cursor": "g:2"},
        "g:2": {"rows": [row("g:3", "2026-01-10T00:00:00Z", overdue=True)], "cursor": None},
    }

    def answer(request: httpx.Request) -> dict[str, Any]:
        return pages[request.url.params.get("after")]

    intake.on("GET intake /rounds/monthly/progress", answer)
    said = run("due", "monthly")
    places = [said.index(target) for target in ("g:3", "g:2", "g:1")]
    assert places == sorted(places)
    assert "overdue 逾期" in said
