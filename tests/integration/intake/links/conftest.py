"""Intake that looks for duplicates, beside what makes two reports alike."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from case_contracts.events.intake import CaseOpened, DuplicateRule
from tests.support.small_district import IN_WEST, MANHOLE
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually

RULES = (
    DuplicateRule(matters=("event/*",), metres=50, hours=24, link_from=None),
    DuplicateRule(matters=("*",), metres=50, hours=72, link_from=0.65),
)
METRE = 1 / 111_320


@pytest.fixture
def duplicates() -> tuple[DuplicateRule, ...]:
    return RULES


@pytest.fixture
def linker(issuer: TestIssuer) -> dict[str, str]:
    return issuer.bearer("p-000077", "links.decide reports.read", "intake")


@pytest.fixture
def keeper(issuer: TestIssuer) -> dict[str, str]:
    return issuer.bearer("service:gateway", "vault.read vault.erase", "intake", "service")


@dataclass
class Reporter:
    """Somebody's report, as intake answered it."""

    report: str
    case: str
    receipt: str


def beside(metres: float) -> dict[str, float]:
    """So many metres north of a place in the western unit."""
    return {**IN_WEST, "lat": IN_WEST["lat"] + metres * METRE}


async def reported(twin: Twin, metres: float = 0, matter: str = MANHOLE, **more: Any) -> Reporter:
    body = {"matter": matter, "point": beside(metres), "text": f"{metres} m", **more}
    answer = await twin.http.post("/reports", json=body)
    assert answer.status_code == 202, answer.text
    found = answer.json()
    return Reporter(found["report"], found["case"], found["receipt"])


async def opened(twin: Twin, metres: float = 0, matter: str = MANHOLE, **more: Any) -> Reporter:
    """A report that has opened its own case, known to everybody."""
    found = await reported(twin, metres, matter, **more)
    await eventually(lambda: found.case in [case.case for case in twin.published(CaseOpened)])
    return found


async def say(
    twin: Twin, who: dict[str, str], report: str, verb: str, **body: Any
) -> httpx.Response:
    """What a person says of a report's link."""
    return await twin.http.post(f"/reports/{report}/{verb}", json=body, headers=who)
