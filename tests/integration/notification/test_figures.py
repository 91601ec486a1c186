"""Notices counted over all cases, by the real store."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from notification.domain.state import CaseNotices, Channel, Notice, Outcome
from notification.views import notices
from service_kit.mongo import Database, connect
from service_kit.mongo import database as opened


@pytest.fixture
async def told(mongo_url: str, database: str) -> AsyncIterator[Database]:
    client = connect(mongo_url)
    yield opened(client, database)
    client.close()


def _notice(number: int, channel: Channel, outcome: Outcome) -> Notice:
    at = datetime.now(UTC)
    return Notice(notice=f"notice:{number}", report="report:1", kind="received",
                  channel=channel, outcome=outcome, at=at)  # fmt: skip


async def test_notices_are_counted_by_channel_and_outcome(told: Database) -> None:
    first = (_notice(1, "inapp", Outcome.SENT), _notice(2, "email", Outcome.FAILED))
    cases = [
        CaseNotices(case="case:1", notices=first),
        CaseNotices(case="case:2", notices=(_notice(3, "inapp", Outcome.SENT),)),
        CaseNotices(case="case:3"),
    ]
    await told[notices.VIEW].insert_many(
        [{"_id": each.case, "state": each.model_dump(mode="json")} for each in cases]
    )
    assert await notices.counts(told) == {"inapp.sent": 2, "email.failed": 1}
