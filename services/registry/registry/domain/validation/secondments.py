"""Secondments: a department lends its people only with powers that it holds itself (职责下放)."""

from collections.abc import Iterator
from datetime import datetime

from case_contracts.events.registry import GridPublished, SecondmentStarted
from registry.domain.kinds import ends, starts
from registry.domain.validation.draft import Draft, Placed
from registry.domain.validation.findings import Findings
from service_kit.validity import gaps

Secondment = Placed[SecondmentStarted]


def check_secondments(draft: Draft, findings: Findings) -> None:
    """Two approvers, and powers that the department's charters give on that ground."""
    for secondment in draft.secondments:
        if len(set(secondment.data.approved_by)) < 2:
            findings.error("approvers_same", secondment.origin.at(("approved_by",)),
                           f"{secondment.data.secondment}: a secondment is approved by two"
                           " different people",
                           "name the second one")  # fmt: skip
        for power in sorted(set(secondment.data.powers)):
            _check_power(secondment, power, draft, findings)


def _check_power(secondment: Secondment, power: str, draft: Draft, findings: Findings) -> None:
    data = secondment.data
    left = gaps(starts(data), ends(data), held(draft, data, power))
    if not left:
        return
    origin, since = secondment.origin.at(("powers",)), left[0][0]
    said = f"{data.secondment}: {data.department} has no charter with the power {power} on the"
    said += f" ground of {data.grid} from {since.isoformat()} on"
    if since == starts(data):
        findings.error("power_not_held", origin, said,
                       f"leave {power} out, or grant the department a charter with it")  # fmt: skip
    else:
        findings.warn("power_runs_out", origin, said, "the delegated power ends with the charter")


def held(draft: Draft, data: SecondmentStarted, power: str) -> Iterator[tuple[datetime, datetime]]:
    """When charters of the department give the power on all of the ground."""
    ground = {data.grid, *_above(draft.grids, data.grid)}
    for charter in draft.charters:
        own = charter.data.department == data.department and charter.data.grid in ground
        if own and power in charter.data.powers:
            yield starts(charter.data), ends(charter.data)


def _above(grids: list[Placed[GridPublished]], code: str) -> set[str]:
    return {above for p in grids if p.data.grid == code for above in p.data.path}
