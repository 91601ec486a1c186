"""``civicgrid registry charters``: what is asked of the registry, and what people see."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from civicgrid import show
from civicgrid.commands.registry import app, asking
from civicgrid.local import LocalError
from tests.unit.cli.services import FakeServices, problem

ENTRY = """\
charter: charter:roads:kerbs
department: roads
matters:
- part/roads/kerb
- part/sea/*
grid: '41'
role: lead
powers: [repair]
legal_basis: list 2026, no. 7
"""
SAID = {
    "charter": "charter:roads:kerbs", "version": 2, "department": "roads", "matters": ["part/*"],
    "grid": "41", "role": "lead", "powers": ["repair"], "rate": None, "legal_basis": "list",
    "valid_from": "2026-01-01T00:00:00Z", "valid_to": None,
}  # fmt: skip
RESULT = {
    "dry_run": False, "published": {"charter.proposed.v1": 1}, "at": "2026-01-05T00:00:00Z",
    "things": [{"aggregate": "charter:roads:kerbs", "events": ["charter.proposed.v1"],
                "version": 2}],
}  # fmt: skip


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> FakeServices:
    found = FakeServices()
    monkeypatch.setattr(asking, "addresses", lambda _: None)
    monkeypatch.setattr(asking, "Api", lambda _: found.api())
    monkeypatch.setattr(show.console, "_width", 300)
    return found


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["charters", *arguments], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


def test_a_proposal_is_sent_with_the_lines_of_its_file(
    services: FakeServices, tmp_path: Path
) -> None:
    file = tmp_path / "entry.yaml"
    file.write_text(ENTRY)
    services.on("POST registry /charters", RESULT)
    assert "charter:roads:kerbs version 2" in run("propose", str(file), "--as", "p-10")
    [body] = services.bodies("POST registry /charters")
    assert body["matters"] == ["part/roads/kerb", "part/sea/*"]
    assert body["origin"]["parts"]["matters.1"] == 5


def test_a_refused_proposal_shows_where_and_what_to_do(
    services: FakeServices, tmp_path: Path
) -> None:
    file = tmp_path / "entry.yaml"
    file.write_text(ENTRY)
    error = {"code": "matter_unknown", "origin": {"file": "entry.yaml", "line": 5},
             "message": "matters.1: no matter of the standard fits part/sea/*",
             "hint": "correct the pattern"}  # fmt: skip
    services.on("POST registry /charters", problem(422, "change_invalid", errors=[error]))
    shown = run("propose", str(file), "--as", "p-10", code=1)
    assert "entry.yaml:5" in shown
    assert "nothing was applied" in shown


def test_a_file_that_is_no_yaml_is_not_sent(services: FakeServices, tmp_path: Path) -> None:
    file = tmp_path / "entry.yaml"
    file.write_text("charter: [")
    assert "entry.yaml" in run("propose", str(file), "--as", "p-10", code=1)
    assert services.asked == []


@pytest.mark.parametrize(("command", "what"), [("approve", "approval"), ("reject", "rejection")])
def test_a_version_is_approved_or_rejected(services: FakeServices, command: str, what: str) -> None:
    path = f"POST registry /charters/charter:roads:kerbs/versions/2/{what}"
    services.on(path, RESULT)
    run(command, "charter:roads:kerbs", "2", "--as", "p-1", "--dry-run")
    assert services.bodies(path) == [{}]


def test_a_revocation_names_the_two_who_decided_it(services: FakeServices) -> None:
    path = "POST registry /charters/charter:roads/revocation"
    services.on(path, RESULT)
    run("revoke", "charter:roads", "--reason", "parted", "--approved-by", "p-1",
        "--approved-by", "p-2")  # fmt: skip
    [body] = services.bodies(path)
    assert body == {"reason": "parted", "approved_by": ["p-1", "p-2"], "valid_to": None}


def test_lists_files_reasons_and_gaps_are_shown(services: FakeServices) -> None:
    word = {"by": "p-1", "at": "2026-01-01T00:00:00Z"}
    version: dict[str, Any] = {
        "state": "in_force", "entry": SAID, "proposed": word, "approvals": [word],
        "rejected": None, "granted": word, "revoked": None,
        "stands_from": "2026-01-01T00:00:00Z", "stands_to": None,
    }  # fmt: skip
    row = {"charter": "charter:roads:kerbs", "in_force": SAID, "pending": SAID | {"version": 3},
           "approved_by": ["p-1"]}  # fmt: skip
    services.on("GET registry /charters", [row])
    assert "v3 waits 待批 1/2" in run("list", "--pending")
    file = {"charter": "charter:roads:kerbs", "versions": [version]}
    services.on("GET registry /charters/charter:roads:kerbs", file)
    assert "approved 批准 p-1" in run("show", "charter:roads:kerbs")
    passed = {"charter": "charter:x", "department": "water", "why": "ended", "at": None}
    explained = {"matter": "part/a/b", "grid": "41", "lead": None, "support": [],
                 "fallback": "41", "considered": [passed]}  # fmt: skip
    services.on("GET registry /charters/explain", explained)
    shown = run("explain", "--matter", "part/a/b", "--grid", "41")
    assert "falls back to grid 41" in shown
    assert "ended" in shown
    ground = {"grid": "41", "level": "district", "matters": ["part/a/b"], "falls_back_to": None}
    services.on("GET registry /charters/unled", [ground])
    assert "part/a/b" in run("unled")


def test_a_grant_registers_proposes_and_has_two_others_approve(
    services: FakeServices, tmp_path: Path
) -> None:
    file = tmp_path / "charter.yaml"
    entry = "".join(f"  {line}\n" for line in ENTRY.splitlines())
    head = "department: {department: roads, name: {zh: 道路局, en: Roads}}\n"
    file.write_text(f"{head}charter:\n{entry}")
    approval = "POST registry /charters/charter:roads:kerbs/versions/2/approval"
    for what in ("POST registry /departments", "POST registry /charters", approval):
        services.on(what, RESULT)
    run("grant", str(file), "--as", "p-1", "--approved-by", "p-2", "--approved-by", "p-3")
    [department] = services.bodies("POST registry /departments")
    assert department["name"]["en"] == "Roads"
    [proposed] = services.bodies("POST registry /charters")
    assert proposed["matters"] == ["part/roads/kerb", "part/sea/*"]
    assert len(services.bodies(approval)) == 2


def test_a_grant_needs_both_parts(services: FakeServices, tmp_path: Path) -> None:
    file = tmp_path / "charter.yaml"
    file.write_text(ENTRY)
    approvers = ("--approved-by", "p-2", "--approved-by", "p-3")
    with pytest.raises(LocalError, match=r"charter.yaml has no department and no charter"):
        run("grant", str(file), "--as", "p-1", *approvers)
