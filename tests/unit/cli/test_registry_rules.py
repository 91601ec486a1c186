"""``civicgrid registry standards|calendars|admissions|commitments``: what is asked of the
registry, and what people see."""

from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from typer.testing import CliRunner

from case_contracts.events.registry import CalendarPublished
from civicgrid.client import ApiError
from civicgrid.commands.registry import app, asking
from tests.unit.cli.services import FakeServices, problem

RESULT = {"dry_run": False, "published": {"x.y.v1": 1}, "at": "2026-01-05T00:00:00Z"}
LITTER = "event/street/litter"
NAME = {"zh": "垃圾", "en": "Litter"}


class Registry(FakeServices):
    """Remembers of each request its path, query, media type and body."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[httpx.Request] = []

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        known = self.answers.get(f"{request.method} registry {request.url.path}")
        if known is None:
            return httpx.Response(200, json=RESULT)
        found = known(request)
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    found = Registry()
    monkeypatch.setattr(asking, "addresses", lambda _: None)
    monkeypatch.setattr(asking, "Api", lambda _: found.api())
    return found


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


@pytest.mark.parametrize(
    ("name", "path", "media"),
    [
        ("s.xlsx", "/standards/xlsx", "spreadsheetml"),
        ("s.yaml", "/standards/yaml", "yaml"),
        ("S.YML", "/standards/yaml", "yaml"),
    ],
)
def test_a_standard_is_imported_as_its_ending_says(
    registry: Registry, tmp_path: Path, name: str, path: str, media: str
) -> None:
    (tmp_path / name).write_bytes(b"content")
    assert "x.y.v1" in run("standards", "import", str(tmp_path / name), "--dry-run")
    [sent] = registry.requests
    assert (sent.url.path, sent.url.params["dry_run"], sent.content) == (path, "true", b"content")
    assert media in sent.headers["content-type"]


def test_another_ending_is_refused_before_anything_is_sent(
    registry: Registry, tmp_path: Path
) -> None:
    (tmp_path / "s.xls").write_bytes(b"old")
    run("standards", "import", str(tmp_path / "s.xls"), code=2)
    assert registry.requests == []


def test_every_error_of_a_workbook_is_shown_with_its_cell(
    registry: Registry, tmp_path: Path
) -> None:
    (tmp_path / "s.xlsx").write_bytes(b"")
    errors = [
        {"code": "formula", "origin": {"file": "Conditions!H2"}, "message": "a formula",
         "hint": "paste its value"},
        {"field": "body", "message": "too long", "kind": "x"},
    ]  # fmt: skip
    registry.on("POST registry /standards/xlsx", problem(422, "change_invalid", errors=errors))
    shown = run("standards", "import", str(tmp_path / "s.xlsx"), code=1)
    assert "Conditions!H2: a formula; paste its value" in shown
    assert "too long" in shown
    assert "2 errors" in shown


def test_a_standard_is_exported_to_a_file(registry: Registry, tmp_path: Path) -> None:
    registry.on("GET registry /standards/lanhe/export", httpx.Response(200, content=b"PK"))
    run("standards", "export", "lanhe", str(tmp_path / "out.xlsx"), "--version", "2")
    assert (tmp_path / "out.xlsx").read_bytes() == b"PK"
    assert dict(registry.requests[0].url.params) == {"format": "xlsx", "version": "2"}
    registry.on("GET registry /standards/none/export", problem(404, "not_found"))
    with pytest.raises(ApiError):
        run("standards", "export", "none", str(tmp_path / "no.xlsx"))
    assert not (tmp_path / "no.xlsx").exists()


def test_two_versions_are_compared_in_words(registry: Registry) -> None:
    words = {"zh": "时限改为4小时", "en": "limit is 4 hours"}
    found = {
        "matters_added": [{"matter": LITTER, "condition": None, "name": NAME}],
        "matters_removed": [], "conditions_added": [], "conditions_removed": [],
        "changes": [{"matter": "part/a/b", "condition": "c", "field": "handle", "words": words}],
    }  # fmt: skip
    registry.on("GET registry /standards/lanhe/compare", found)
    shown = run("standards", "compare", "lanhe", "1", "2")
    assert all(each in shown for each in ("Litter", "时限改为4小时", "limit is 4 hours"))


def test_a_calendar_is_drafted_corrected_and_imported(registry: Registry, tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    draft = {"source": "chinesecalendar", "holidays": 33, "make_up_days": 6,
             "note": {"zh": "请核对", "en": "check"},
             "draft": CalendarPublished.EXAMPLE}  # fmt: skip
    registry.on("POST registry /calendars/draft", draft)
    shown = run("calendars", "draft", "lanhe-work", "--year", "2026", "-o", str(file))
    assert "33 holidays" in shown
    assert yaml.safe_load(file.read_text(encoding="utf-8"))["calendar"] == "lanhe-work"

    run("calendars", "import", str(file), "--pinned-by", "lanhe")
    sent = registry.requests[-1]
    assert (sent.url.path, sent.url.params["pinned_by"]) == ("/calendars", "lanhe")
    body = CalendarPublished.model_validate_json(sent.content, extra="forbid")
    assert body == CalendarPublished.model_validate(CalendarPublished.EXAMPLE)


def test_a_file_that_is_no_yaml_is_not_sent(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("a: [", encoding="utf-8")
    assert "c.yaml:2" in run("calendars", "import", str(tmp_path / "c.yaml"), code=1)
    (tmp_path / "c.yaml").write_text("- a", encoding="utf-8")
    run("commitments", "set", str(tmp_path / "c.yaml"), code=1)
    assert registry.requests == []


@pytest.mark.parametrize(
    ("arguments", "path", "body"),
    [
        (["propose", LITTER, "--department", "roads", "--urgent", "--until", "2026-06-01T00:00Z"],
         "/admissions", {"matter": LITTER, "department": "roads", "urgent": True,
                         "valid_to": "2026-06-01T00:00Z"}),
        (["review", LITTER, "--as", "p-21"], f"/admissions/{LITTER}/review", {"verdict": "admit"}),
        (["review", LITTER, "--as", "p-21", "--refuse", "--reason", "no"],
         f"/admissions/{LITTER}/review", {"verdict": "refuse", "reason": "no"}),
        (["withdraw", LITTER, "--reason", "load"], f"/admissions/{LITTER}/withdrawal",
         {"reason": "load"}),
    ],
)  # fmt: skip
def test_admissions_are_asked_for(
    registry: Registry, arguments: list[str], path: str, body: dict[str, Any]
) -> None:
    run("admissions", *arguments)
    [sent] = registry.requests
    assert (sent.url.path, httpx.Response(200, content=sent.content).json()) == (path, body)
    assert sent.headers["idempotency-key"]


def test_what_is_admitted_proposed_and_promised_is_listed(registry: Registry) -> None:
    since = "2026-01-01T00:00:00Z"
    registry.on("GET registry /admissions", [
        {"matter": LITTER, "name": NAME, "department": "roads", "since": since, "until": None,
         "urgent": False}])  # fmt: skip
    registry.on("GET registry /admissions/proposals", [
        {"matter": LITTER, "proposal": "proposal:1", "department": "roads", "proposed_by": "p-11",
         "state": "open", "reviews": [{"reviewed_by": "p-21", "verdict": "admit"}]}])  # fmt: skip
    registry.on("GET registry /commitments", [
        {"year": 2026, "department": "roads",
         "promises": [{"words": {"zh": "不低于0.95", "en": "at least 0.95"}}]}])  # fmt: skip
    assert "for good" in run("admissions", "list", "--department", "roads")
    assert "p-21" in run("admissions", "proposals", "--state", "open")
    assert "at least 0.95" in run("commitments", "list", "--year", "2026")


def test_a_commitment_is_sent_from_its_file(registry: Registry, tmp_path: Path) -> None:
    file = tmp_path / "promises.yaml"
    file.write_text(
        "department: roads\nyear: 2026\npromises:\n- {indicator: on_time, at_least: 0.95}\n",
        encoding="utf-8",
    )
    run("commitments", "set", str(file))
    assert registry.requests[0].url.path == "/commitments"
    assert b'"at_least":0.95' in registry.requests[0].content.replace(b" ", b"")
