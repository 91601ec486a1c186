"""Every operation of Open311, tried with what the documentation says and with much that is made
up: nothing ends in an error of ours, and no answer is other than documented."""

import asyncio

import httpx
import pytest

from intake.adapters.vault import Vault
from tests.integration.intake.open311.conftest import COVER, REQUEST, Asking, report_of
from tests.support.fuzz import EACH, NUMBER, Seed, try_all
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin

pytestmark = pytest.mark.timeout(600)
FORM = "application/x-www-form-urlencoded"
BASE = "/open311/v2"


@pytest.mark.parametrize("format_", ["json", "xml"])
async def test_every_operation(
    address: str, intake: Twin, issuer: TestIssuer, format_: str
) -> None:
    made = (await Asking(intake, "json").made())["service_request_id"]
    vault: Vault = intake.runtime.extras["vault"]
    token = vault.references.token(report_of(made))
    wanted = {"format": format_}
    seeds = {
        "GET /open311/discovery.{format}": [Seed(wanted)],
        f"GET {BASE}/services.{{format}}": [Seed(wanted)],
        f"GET {BASE}/services/{{service_code}}.{{format}}": [
            Seed({**wanted, "service_code": COVER})
        ],
        f"POST {BASE}/requests.{{format}}": [Seed(wanted, body=REQUEST, media_type=FORM)],
        f"GET {BASE}/requests.{{format}}": [Seed(wanted, {"status": "open"})],
        f"GET {BASE}/requests/{{service_request_id}}.{{format}}": [
            Seed({**wanted, "service_request_id": made})
        ],
        f"GET {BASE}/tokens/{{token}}.{{format}}": [Seed({**wanted, "token": token})],
    }
    roles = {"nobody": {}, "app": issuer.bearer("open311:app", "", "intake", "service")}

    tried = await asyncio.to_thread(
        lambda: try_all(address, roles, seeds, each=EACH, number=NUMBER, leave_out=others(address))
    )

    print(*tried.lines(), f"seed {NUMBER}", sep="\n")  # noqa: T201  (counted and printed)
    assert set(tried.operations) == set(seeds)
    assert tried.refused == []
    assert tried.never == []
    assert tried.wrong == []


def others(address: str) -> frozenset[str]:
    """Operations that are not Open311's."""
    paths = httpx.get(f"{address}/openapi.json").json()["paths"]
    return frozenset(
        f"{method.upper()} {path}"
        for path, item in paths.items()
        for method in item
        if not path.startswith("/open311")
    )
