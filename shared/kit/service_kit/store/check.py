"""What the commit store needs of a MongoDB server, each need as a check that can fail.

``civicgrid check-store MONGO_URL`` runs them against any server, the conformance suite against
the embedded one. Each takes a database that it may fill as it likes.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from service_kit.mongo import Database
from service_kit.store import commit_checks, server_checks


@dataclass(frozen=True)
class CheckResult:
    """``name`` of the check, whether it ``passed``, what was seen, and how long it took."""

    name: str
    passed: bool
    detail: str
    seconds: float


Check = Callable[[Database], Awaitable[str]]

CHECKS: Sequence[Check] = (
    commit_checks.once_per_cause_under_races,
    commit_checks.one_version_under_races,
    commit_checks.batches_race_whole,
    commit_checks.a_refused_batch_stores_nothing,
    commit_checks.a_repeated_batch_is_refused,
    commit_checks.lookups_are_exact,
    commit_checks.some_are_filed_by_id_alone,
    commit_checks.large_batches_are_read_together,
    server_checks.duplicates_in_a_bulk_are_told_by_position,
    server_checks.a_lease_is_taken_by_one,
    server_checks.views_never_go_back,
    commit_checks.ranges_are_exact,
    server_checks.documents_come_back_as_they_were,
    server_checks.a_single_duplicate_is_told,
    server_checks.upserts_of_one_id_meet_in_one_document,
)


async def run_check(check: Check, database: Database) -> CheckResult:
    """One check; whatever it raises is a failure with its reason."""
    started = time.perf_counter()
    try:
        detail, passed = await check(database), True
    except Exception as error:  # any error of the server is a finding, not ours to raise
        detail, passed = f"{type(error).__name__}: {error}", False
    return CheckResult(check.__name__, passed, detail, time.perf_counter() - started)


async def check_store(
    database: Database, tell: Callable[[CheckResult], None] = lambda _: None
) -> list[CheckResult]:
    """Every check, one after the other, in a database that should be empty."""
    results = []
    for check in CHECKS:
        results.append(await run_check(check, database))
        tell(results[-1])
    return results
