"""``civicgrid registry grids``: what is sent to the registry, and what people see."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from civicgrid.commands.registry import app, asking
from tests.unit.cli.services import FakeServices, problem

RESULT = {
    "dry_run": True, "published": {"grid.published.v1": 2}, "map": "<svg/>",
    "at": "2026-01-05T00:00:00Z",
}  # fmt: skip
JUNE = "2026-06-01T00:00:00+08:00"
ERROR = {
    "code": "ground_changes", "origin": {"file": "body.parts"}, "message": "2.00% is lost",
    "hint": "draw it anew", "grids": ["u1"],
}  # fmt: skip
WHY = ["--reason", "decision 7"]


class Registry(FakeServices):
    """Takes every change; remembers path, query and body."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, dict[str, str], Any]] = []

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" or f"POST registry {request.url.path}" in self.answers:
            return super()._answer(request)
        body = json.loads(request.content)
        self.sent.append((request.url.path, dict(request.url.params), body))
        return httpx.Response(200, json=RESULT)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    found = Registry()
    monkeypatch.setattr(asking, "addresses", lambda _: None)
    monkeypatch.setattr(asking, "Api", lambda _: found.api())
    return found


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["grids", *arguments])
    assert done.exit_code == code, done.output
    return done.output


@pytest.mark.parametrize(
    ("arguments", "path", "body"),
    [
        (["merge", "u1", "u2", "--into", "u1", *WHY], "/grids/merge",
         {"grids": ["u1", "u2"], "into": {"grid": "u1"}, "reason": "decision 7"}),
        (["move", "u1", "c2", "--code", "u1=v1", "--from", JUNE, *WHY], "/grids/u1/move",
         {"parent": "c2", "codes": {"u1": "v1"}, "reason": "decision 7", "valid_from": JUNE}),
        (["retire", "a/b", *WHY], "/grids/a/b/retirement", {"reason": "decision 7"}),
    ],
)  # fmt: skip
def test_changes_are_sent(
    registry: Registry, arguments: list[str], path: str, body: dict[str, Any]
) -> None:
    output = run(*arguments, "--dry-run")
    assert registry.sent == [(path, {"dry_run": "true", "map": "false"}, body)]
    assert "would be published" in output
    assert "grid.published.v1" in output


def test_files_are_sent_as_they_are(registry: Registry, tmp_path: Path) -> None:
    plan, drawn, out = tmp_path / "split.yaml", tmp_path / "unit.geojson", tmp_path / "map.svg"
    plan.write_text(f"reason: x\nvalid_from: {JUNE}\nparts: []\n", encoding="utf-8")
    drawn.write_text('{"type":"FeatureCollection","features":[]}', encoding="utf-8")
    run("split", "u1", str(plan), "--map", str(out))
    run("import", str(drawn), "--level", "unit", *WHY)
    split, imported = registry.sent
    assert split[0] == "/grids/u1/split"
    assert split[2] == {"reason": "x", "valid_from": JUNE, "parts": []}
    assert out.read_text() == "<svg/>"
    assert imported[1] == {
        "dry_run": "false", "level": "unit", "reason": "decision 7", "map": "false",
    }  # fmt: skip
    plan.write_text("reason: [", encoding="utf-8")
    assert "give a JSON or YAML file" in run("redraw", str(plan), code=1)


def test_a_refusal_lists_its_errors_and_keeps_the_map(registry: Registry, tmp_path: Path) -> None:
    registry.on(
        "POST registry /grids/u1/retirement",
        problem(422, "change_invalid", errors=[ERROR], map="<svg/>"),
    )
    out = tmp_path / "map.svg"
    output = run("retire", "u1", *WHY, "--map", str(out), code=1)
    assert "body.parts: 2.00% is lost; draw it anew" in output
    assert out.read_text() == "<svg/>"


def test_a_place_in_the_west_is_no_option(registry: Registry) -> None:
    hit = {"grid": "ward-01", "level": "ward", "path": ["boston"], "on_border": False,
           "share": 0.75, "rank": 1}  # fmt: skip
    registry.on("GET registry /grids/at", [hit])
    output = run("at", "-71.06", "42.36", "--within", "50")
    assert "ward-01" in output
    assert "75.0%" in output


def test_findings_and_export(registry: Registry, tmp_path: Path) -> None:
    registry.on("GET registry /grids/findings", {
        "grids": {"unit": 2}, "errors": [], "warnings": [ERROR], "map": "<svg/>",
    })  # fmt: skip
    registry.on("GET registry /grids/export", {
        "type": "FeatureCollection", "features": [{"type": "Feature"}]
    })  # fmt: skip
    out = tmp_path / "out.svg"
    assert "2.00% is lost" in run("findings", "--map", str(out))
    assert out.read_text() == "<svg/>"
    grids = tmp_path / "out.geojson"
    run("export", str(grids), "--level", "unit")
    assert json.loads(grids.read_text())["features"] == [{"type": "Feature"}]
