"""``civicgrid registry people``: what is asked of the registry, and what people see."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from civicgrid.commands.registry import app, asking
from tests.unit.cli.services import FakeServices, problem

RESULT = {"dry_run": False, "published": {"posting.ended.v1": 1}, "at": "2026-01-05T00:00:00Z"}
LINE = {
    "kind": "took_over", "id": "handover:1", "grid": "410101", "role": "worker",
    "since": "2026-06-01T00:00:00Z", "until": None, "department": None, "other": "p-3",
}  # fmt: skip
WHY = ["--reason", "rotation"]
SECOND = ["second", "secondment:1", "p-7", "--department", "roads", "--grid", "4101", "--power",
          "repair", "--basis", "decision 3", "--approver", "p-1", "--approver", "p-2", "--until",
          "2026-12-01T00:00:00Z"]  # fmt: skip


class Registry(FakeServices):
    """Takes every change; remembers path, query and body."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, dict[str, str], Any]] = []

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" or f"POST registry {request.url.path}" in self.answers:
            return super()._answer(request)
        text = request.content.decode()
        body = text if request.headers["content-type"] == "text/csv" else json.loads(text)
        self.sent.append((request.url.path, dict(request.url.params), body))
        return httpx.Response(200, json=RESULT)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    found = Registry()
    monkeypatch.setattr(asking, "addresses", lambda _: None)
    monkeypatch.setattr(asking, "Api", lambda _: found.api())
    return found


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["people", *arguments])
    assert done.exit_code == code, done.output
    return done.output


@pytest.mark.parametrize(
    ("arguments", "path", "body"),
    [
        (["end", "posting:1", *WHY], "/postings/posting:1/end", {"reason": "rotation"}),
        (["end", "secondment:a/1", "--until", "2026-06-01T00:00:00Z", *WHY],
         "/secondments/secondment:a/1/end",
         {"reason": "rotation", "valid_to": "2026-06-01T00:00:00Z"}),
        (["end", "contact_group:1", *WHY], "/contact-groups/contact_group:1/end",
         {"reason": "rotation"}),
        (["hand-over", "posting:1", "p-5", *WHY], "/handovers",
         {"reason": "rotation", "from_posting": "posting:1", "to_person": "p-5"}),
        (["group", "contact_group:1", "p-3", "--grid", "410101", "--households", "18", *WHY],
         "/contact-groups",
         {"reason": "rotation", "group": "contact_group:1", "person": "p-3", "grid": "410101",
          "households": 18}),
        ([*SECOND, *WHY], "/secondments",
         {"reason": "rotation", "secondment": "secondment:1", "person": "p-7",
          "department": "roads", "grid": "4101", "powers": ["repair"],
          "legal_basis": "decision 3", "approved_by": ["p-1", "p-2"],
          "valid_to": "2026-12-01T00:00:00Z"}),
    ],
)  # fmt: skip
def test_a_change_is_asked_for(
    registry: Registry, arguments: list[str], path: str, body: dict[str, Any]
) -> None:
    assert "posting.ended.v1" in run(*arguments)
    run(*arguments, "--dry-run")
    assert registry.sent == [
        (path, {"dry_run": "false"}, body), (path, {"dry_run": "true"}, body),
    ]  # fmt: skip


def test_a_table_is_sent_as_it_is(registry: Registry, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("posting,person,role,grid\n", "utf-8")
    run("import", str(file), "--reason", "new year", "--dry-run")
    query = {"reason": "new year", "dry_run": "true"}
    assert registry.sent == [("/postings/csv", query, "posting,person,role,grid\n")]
    run("import", str(tmp_path / "none.csv"), *WHY, code=2)
    assert len(registry.sent) == 1


def test_every_bad_line_is_shown(registry: Registry, tmp_path: Path) -> None:
    error = {"code": "role_unknown", "origin": {"file": "postings.csv", "line": 3},
             "message": "no role driver", "hint": "the roles are worker"}  # fmt: skip
    refused = problem(422, "change_invalid", errors=[error])
    registry.on("POST registry /handovers", lambda _: refused)
    assert "postings.csv:3: no role driver; the roles are worker" in run(
        "hand-over", "posting:1", "p-5", *WHY, code=1
    )


def test_a_team_and_who_is_on_duty(registry: Registry) -> None:
    member = {"person": "p-3", "posting": "posting:1", "accountable": True, "on_duty": True}
    role = {"role": "worker", "name": {"zh": "网格员", "en": "Worker"}, "members": [member]}
    registry.on("GET registry /teams/410101", {
        "people": 1, "wanted": {"least": 6, "most": 8}, "complete": False, "roles": [role],
        "seconded": ["p-7"],
    })  # fmt: skip
    shown = run("team", "410101")
    for text in ("6-8 wanted: not complete", "worker 网格员", "p-3", "seconded 下沉: p-7"):
        assert text in shown
    registry.on("GET registry /on-duty",
                {"nearest": None, "zone": "Asia/Shanghai", "on_duty": []})  # fmt: skip
    shown = run("on-duty", "410101")
    assert "nobody 无人" in shown
    assert "(Asia/Shanghai)" in shown


def test_a_service_file_and_open_work(registry: Registry) -> None:
    registry.on("GET registry /persons/p-5/service", [LINE])
    shown = run("service-file", "p-5")
    assert "took over" in shown
    assert "p-3" in shown
    work = {"case": "case:1", "kind": "task", "posting": "posting:1", "grid": "1",
            "since": "2026-01-05T00:00:00Z", "due_at": None}  # fmt: skip
    registry.on("GET registry /open-work", [work])
    assert "case:1" in run("open-work", "p-5")
