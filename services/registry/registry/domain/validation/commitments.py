"""What a department promises must be something that is measured, and can be kept or broken."""

from case_contracts.district import Origin
from case_contracts.events.registry import CommitmentPublished, Promise
from case_contracts.indicators import INDICATORS
from registry.domain.charters import matching
from registry.domain.validation.draft import Draft, Placed
from registry.domain.validation.findings import Findings


def check_commitments(draft: Draft, findings: Findings) -> None:
    """Departments that are there, indicators that are measured, bounds between 0 and 1."""
    for placed in draft.commitments:
        if placed.data.department not in draft.names.departments:
            findings.error("department_unknown", placed.origin.at(("department",)),
                           f"there is no department {placed.data.department}",
                           "correct the id, or add the department")  # fmt: skip
        _check_once(placed, findings)
        for n, promise in enumerate(placed.data.promises):
            where = f"{placed.data.department} {placed.data.year}, promise {n + 1}"
            origin = placed.origin.at(("promises", n))
            _check_indicator(promise, where, origin, findings)
            _check_bounds(promise, where, origin, findings)
            _check_matters(promise, where, origin, draft, findings)


def _check_once(placed: Placed[CommitmentPublished], findings: Findings) -> None:
    seen: set[tuple[str, str]] = set()
    for n, promise in enumerate(placed.data.promises):
        if (promise.indicator, promise.matters) in seen:
            findings.error("promise_twice", placed.origin.at(("promises", n)),
                           f"{promise.indicator} of {promise.matters} is promised twice",
                           "remove one")  # fmt: skip
        seen.add((promise.indicator, promise.matters))


def _check_indicator(promise: Promise, where: str, origin: Origin, findings: Findings) -> None:
    if promise.indicator not in INDICATORS:
        known = ", ".join(f"{code} ({text.zh})" for code, text in INDICATORS.items())
        findings.error("indicator_unknown", origin,
                       f"{where}: nobody measures {promise.indicator}",
                       f"promise one of {known}")  # fmt: skip


def _check_bounds(promise: Promise, where: str, origin: Origin, findings: Findings) -> None:
    bounds = [each for each in (promise.at_least, promise.at_most) if each is not None]
    if not bounds:
        findings.error("promise_open", origin, f"{where}: no figure is promised",
                       "give at_least, at_most or both, as shares: 0.95 is 95 %")  # fmt: skip
    elif not all(0 <= each <= 1 for each in bounds):
        findings.error("promise_out_of_range", origin,
                       f"{where}: a share lies between 0 and 1",
                       "write 0.95 for 95 %")  # fmt: skip
    elif bounds != sorted(bounds):
        findings.error("promise_out_of_range", origin,
                       f"{where}: at_least is more than at_most", "exchange the two")  # fmt: skip


def _check_matters(
    promise: Promise, where: str, origin: Origin, draft: Draft, findings: Findings
) -> None:
    if not any(matching((promise.matters,), matter) for matter in draft.names.matters):
        findings.warn("pattern_fits_nothing", origin,
                      f"{where}: no matter of the standard fits {promise.matters}",
                      "correct the pattern, if it was meant to fit one")  # fmt: skip
