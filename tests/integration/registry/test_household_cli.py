"""``civicgrid registry households|audit|changes`` against a registry on a port of its own."""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from case_bus.memory import MemoryBroker, MemoryConsumer
from case_bus.topology import base
from civicgrid import show
from civicgrid.main import app as cli
from registry.main import build
from registry.settings import RegistrySettings
from service_kit.mongo import connect
from service_kit.runtime import Edges
from tests.support import stored
from tests.support.keys import vault_key
from tests.support.served import served
from tests.support.tokens import TestIssuer
from tests.support.twin import DISTRICT, Recording
from tests.unit.registry.small import bundle

SCOPES = "households.read households.write registry.read registry.write"
Run = Callable[..., Result]


@pytest.fixture
def run(
    mongo_url: str, database: str, issuer: TestIssuer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """Runs ``civicgrid registry ...`` on a loaded district."""
    broker = MemoryBroker(base())
    settings = RegistrySettings(
        district=DISTRICT, amqp_url=SecretStr("amqp://unused"), mongo_url=SecretStr(mongo_url),
        database=database, jwks_url=issuer.jwks_url, issuer=issuer.name,
        vault_keys=SecretStr(vault_key("k1")),
    )  # fmt: skip
    token = issuer.token("operator-1", SCOPES, "registry", "operator")
    app = build(settings, Edges(Recording(broker), MemoryConsumer(broker)))
    with served(app) as url:
        body, headers = bundle().model_dump(mode="json"), {"Authorization": f"Bearer {token}"}
        assert httpx.post(f"{url}/districts", json=body, headers=headers).is_success
        monkeypatch.setenv("CIVICGRID_ADDRESSES", json.dumps({"registry": url}))
        monkeypatch.setenv("CIVICGRID_TOKEN", token)
        monkeypatch.setattr(show.console, "_width", 220)
        yield lambda *words, **more: CliRunner().invoke(cli, ["registry", *words], **more)


def test_a_household_from_registration_to_erasure(run: Run, tmp_path: Path) -> None:
    until = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    said = {"grid": "410101", "address": "7 canary lane", "consented_at": "2026-01-02T00:00:00Z"}
    file = tmp_path / "household.json"
    file.write_text(json.dumps({**said, "valid_to": until}), encoding="utf-8")
    dry = run("households", "register", str(file), "--dry-run")
    assert "would be said" in dry.output, dry.output
    done = run("households", "register", str(file))
    entry = next(word for word in done.output.split() if word.startswith("household:"))
    need = json.dumps({"kind": "lives-alone", "purpose": "visits", "valid_to": until})
    assert "need.consented.v1" in run("households", "need", entry, "-", input=need).output

    shown = json.loads(run("households", "show", entry, "--purpose", "visit").output)
    assert shown["needs"][0]["name"]["zh"] == "独居"
    assert entry in run("households", "list", "41").output
    sheet = run("households", "map", "41")
    assert "独居 Lives alone" in sheet.output, sheet.output
    assert "…" in sheet.output
    assert "household.erased.v1" in run("households", "erase", entry).output
    trail = run("households", "audit", entry).output
    assert all(word in trail for word in ("read", "visit", "statistics", "household.erased.v1"))
    assert run("households", "show", entry, "--purpose", "visit").exit_code != 0


def test_the_trail_and_what_becomes_of_a_broken_one(
    run: Run, mongo_url: str, database: str
) -> None:
    listed = run("changes")
    assert "operator-1" in listed.output, listed.output
    assert "applied" in listed.output
    assert "grid:410101" in run("changes", "1").output
    whole = run("audit", "grid:410101")
    assert (whole.exit_code, "chain whole" in whole.output) == (0, True), whole.output
    asyncio.run(_edited(mongo_url, database))
    broken = run("audit", "grid:410101")
    assert broken.exit_code == 1
    assert "breaks at version 1" in broken.output


async def _edited(url: str, database: str) -> None:
    """By somebody with access to the store."""
    client = connect(url)
    await stored.change(
        client[database], "grid:410101:1", lambda d: d["actor"].update(id="somebody")
    )
    client.close()
