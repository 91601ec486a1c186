"""What each kind of member of staff may do: the scopes of their token, and the page on which their
day begins.

A real identity provider can take this table as it is. Whoever supervises has ``cases.supervise``
and needs no ``cases.verify``. Nobody in the field has ``vault.read``: it opens contact details too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from service_kit.auth.issuer_people import Text

Job = Literal[
    "worker", "base-lead", "community-leader", "street-leader", "street-supervisor",
    "district-leader", "district-supervisor", "arbiter", "approver", "department", "command",
    "hotline", "operator",
]  # fmt: skip
START_OF_AREAS = tuple(
    f"/staff/{area}" for area in ("field", "desk", "command", "department", "operator")
)
"""Where the pages of each kind of work begin."""
FIELD, DESK, COMMAND, DEPARTMENT, OPERATOR = START_OF_AREAS


@dataclass(frozen=True)
class Rights:
    """``start`` is a path of the pages. ``kind`` is the token's. ``name`` is for those who have no
    post, and therefore none by the district's own names."""

    start: str
    scope: str
    kind: Literal["staff", "department", "operator"] = "staff"
    name: Text | None = None


def _scope(*parts: str) -> str:
    return " ".join(sorted({word for part in parts for word in part.split()}))


_WORKS = (
    "cases.read cases.verify cases.place evidence.read evidence.write registry.read reports.staff"
    " visits.write households.read households.write"
)
"""On the ground: tasks, verification, patrol, visits, check-ins, evidence, the households that
somebody answers for. What is held on oneself (``/me/data``) needs no scope."""
_LEADS = (
    "cases.read cases.supervise evidence.read registry.read scores.read visits.read"
    " operations.read rounds.plan"
)
"""Who answers for what lies below: pressing, slips, rounds, and how it stands."""
_SUPERVISES = "cases.place cases.export reports.read vault.read locations.read"

JOBS: Mapping[Job, Rights] = {
    "worker": Rights(FIELD, _scope(_WORKS)),
    "base-lead": Rights(FIELD, _scope(_WORKS, _LEADS)),
    "community-leader": Rights(DESK, _scope(_LEADS, "households.read")),
    "street-leader": Rights(DESK, _scope(_LEADS)),
    "street-supervisor": Rights(DESK, _scope(_LEADS, _SUPERVISES)),
    "district-leader": Rights(DESK, _scope(_LEADS, "cases.approve registry.approve")),
    "district-supervisor": Rights(
        DESK,
        _scope(_LEADS, _SUPERVISES, "audit.read evidence.remove registry.propose"),
    ),
    "arbiter": Rights(
        DESK, "cases.arbitrate cases.read cases.verify evidence.read registry.read"
    ),
    "approver": Rights(DESK, _scope(_LEADS, "cases.approve registry.approve")),
    "department": Rights(DEPARTMENT, "department", "department"),
    "command": Rights(
        COMMAND,
        "cases.read operations.read registry.read scores.read",
        name=Text(zh="指挥中心值班员", en="Command centre"),
    ),
    "hotline": Rights(
        DESK,
        "callbacks.make cases.read links.decide registry.read reports.read reports.staff"
        " triage.decide",
        name=Text(zh="热线坐席", en="Hotline operator"),
    ),
    "operator": Rights(
        OPERATOR,
        "audit.read cases.read gateway.read knowledge.publish notices.read operate"
        " operations.read registry.read registry.write reports.read rules.publish scores.publish"
        " scores.read supervision.publish",
        "operator",
        name=Text(zh="系统运维", en="Operator"),
    ),
}  # fmt: skip
