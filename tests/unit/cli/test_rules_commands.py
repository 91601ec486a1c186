"""``civicgrid dispatch rules``: what a person sees of changes and doubts."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from civicgrid import show
from civicgrid.commands import rules
from civicgrid.commands.dispatch import app
from tests.unit.cli.services import FakeServices

CHANGED: dict[str, Any] = {
    "dry_run": True,
    "version": 2,
    "changes": [{"field": "near_share", "before": 0.25, "after": 0.2}],
    "doubts": [
        {
            "code": "unknown_level",
            "field": "levels.0.level",
            "message": {"zh": "网格树没有层级 hamlet", "en": "the tree has no level hamlet"},
        }
    ],
}


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> FakeServices:
    found = FakeServices()
    found.on("GET dispatch /supervision", {"version": 1, "by": None, "rules": {"near_share": 0.25}})
    found.on("PUT dispatch /supervision", CHANGED)
    monkeypatch.setattr(rules, "addresses", lambda _: None)
    monkeypatch.setattr(rules, "Api", lambda _: found.api())
    monkeypatch.setattr(show.console, "_width", 200)
    return found


def test_show_prints_a_file_that_can_be_published(services: FakeServices) -> None:
    shown = CliRunner().invoke(app, ["rules", "show"])
    assert shown.output == "# version 1, defaults\nnear_share: 0.25\n"


def test_check_publishes_nothing_and_shows_doubts_in_both_languages(
    services: FakeServices, tmp_path: Path
) -> None:
    file = tmp_path / "supervision.yaml"
    file.write_text("near_share: 0.2\n", encoding="utf-8")
    shown = CliRunner().invoke(app, ["rules", "check", str(file)])
    assert shown.exit_code == 0
    assert services.bodies("PUT dispatch /supervision") == [{"after": 1, "near_share": 0.2}]
    assert "the tree has no level hamlet 网格树没有层级 hamlet" in shown.output
    assert "would change" in shown.output
