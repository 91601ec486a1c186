"""What the store needs of the server: the checks that ``civicgrid check-store`` runs as well."""

import pytest

from service_kit.mongo import Database
from service_kit.store.check import CHECKS, Check, CheckResult, check_store, run_check
from service_kit.store.commits import Commits
from service_kit.store.server_checks import CheckFailed


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_the_server_keeps(check: Check, db: Database) -> None:
    result = await run_check(check, db)

    assert result.passed, result.detail


async def test_a_server_without_unique_indexes_is_found_out(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def none(_: Commits) -> None:
        return None

    monkeypatch.setattr(Commits, "create_indexes", none)
    told: list[CheckResult] = []

    results = await check_store(db, told.append)

    failed = {result.name for result in results if not result.passed}
    assert failed == {
        "once_per_cause_under_races",
        "one_version_under_races",
        "batches_race_whole",
        "a_refused_batch_stores_nothing",
        "some_are_filed_by_id_alone",
    }
    assert told == results


async def test_a_check_that_breaks_is_a_failure_with_its_reason(db: Database) -> None:
    async def broken(_: Database) -> str:
        raise CheckFailed("two of them")

    result = await run_check(broken, db)

    assert not result.passed
    assert result.detail == "CheckFailed: two of them"
