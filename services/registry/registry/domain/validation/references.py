"""Names of other things: each grid, department and matter that is named must be there."""

from collections.abc import Iterable

from case_contracts.district import Origin
from registry.domain.charters import matching
from registry.domain.validation.draft import Draft
from registry.domain.validation.findings import Findings


def check_references(draft: Draft, findings: Findings) -> None:
    """Of postings, portfolios, charters, secondments, contact groups and admissions."""
    check = _References(draft, findings)
    for posting in draft.postings:
        check.grid(posting.data.grid, posting.origin)
    for portfolio in draft.portfolios:
        check.grid(portfolio.data.grid, portfolio.origin)
        check.departments(portfolio.data.departments, portfolio.origin)
        check.patterns(portfolio.data.matters, portfolio.origin)
    for charter in draft.charters:
        check.grid(charter.data.grid, charter.origin)
        check.departments([charter.data.department], charter.origin)
        check.patterns(charter.data.matters, charter.origin)
    for secondment in draft.secondments:
        check.grid(secondment.data.grid, secondment.origin)
        check.departments([secondment.data.department], secondment.origin)
    for group in draft.contact_groups:
        check.grid(group.data.grid, group.origin)
    for admission in draft.admissions:
        check.departments([admission.data.proposed_by], admission.origin)
        check.matter(admission.data.matter, admission.origin)


class _References:
    def __init__(self, draft: Draft, findings: Findings) -> None:
        self._names, self._findings = draft.names, findings

    def grid(self, code: str, origin: Origin) -> None:
        if code not in self._names.grids:
            self._findings.error("grid_unknown", origin.at(("grid",)), f"there is no grid {code}",
                                 "correct the code, or add the grid")  # fmt: skip

    def departments(self, ids: Iterable[str], origin: Origin) -> None:
        for department in ids:
            if department not in self._names.departments:
                self._findings.error("department_unknown", origin,
                                     f"there is no department {department}",
                                     "correct the id, or add the department")  # fmt: skip

    def matter(self, code: str, origin: Origin) -> None:
        if code not in self._names.matters:
            self._findings.error("matter_unknown", origin.at(("matter",)),
                                 f"the standard has no matter {code}",
                                 "correct the code, or add the matter")  # fmt: skip

    def patterns(self, patterns: Iterable[str], origin: Origin) -> None:
        for pattern in patterns:
            if not any(matching((pattern,), matter) for matter in self._names.matters):
                self._findings.warn("pattern_fits_nothing", origin.at(("matters",)),
                                    f"no matter of the standard fits {pattern}",
                                    "correct the pattern, if it was meant to fit one")  # fmt: skip
