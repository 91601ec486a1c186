"""From events to notices, with a real store, a local mail server and a stand-in for the vault."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr
from structlog import wrap_logger
from structlog.testing import LogCapture

from case_contracts.events import dispatch, intake
from case_contracts.events import notification as events
from case_contracts.events.base import EventData
from notification.main import build
from notification.settings import NotificationSettings
from notification.subscriptions import SUBSCRIPTIONS
from service_kit.lease import Lease
from tests.integration.notification.outside import FakeVault, Post, post, vault
from tests.support.stored import all_commits
from tests.support.tokens import TestIssuer
from tests.support.twin import DISTRICT, Twin, eventually, running

ADDRESS = "canary-reporter@example.org"
REPORT = intake.ReportReceived.EXAMPLE["report"]
CASE = intake.ReportReceived.EXAMPLE["case"]


@pytest.fixture
def fake_vault() -> Iterator[FakeVault]:
    with vault() as fake:
        yield fake


@pytest.fixture
def mail() -> Iterator[Post]:
    with post() as taken:
        yield taken


@pytest.fixture
def settings(
    mongo_url: str, database: str, issuer: TestIssuer, fake_vault: FakeVault, mail: Post
) -> NotificationSettings:
    return NotificationSettings(
        district=DISTRICT,
        amqp_url=SecretStr("amqp://unused"),
        mongo_url=SecretStr(mongo_url),
        database=database,
        jwks_url=issuer.jwks_url,
        issuer=issuer.name,
        peers={"intake": fake_vault.url},
        smtp_host="127.0.0.1",
        smtp_port=mail.port,
        smtp_sender="city@city.example",
        smtp_attempts=3,
        smtp_longest_wait_seconds=0.05,
        mail_seconds=0.02,
        mail_lapse_seconds=2,
        public_url="https://city.example",
    )


@pytest.fixture
async def notification(settings: NotificationSettings) -> AsyncIterator[Twin]:
    async with running("notification", lambda e: build(settings, e), SUBSCRIPTIONS) as twin:
        yield twin


def received(*reachable: str, **changes: Any) -> EventData:
    example = {**intake.ReportReceived.EXAMPLE, "reachable": reachable, **changes}
    return intake.ReportReceived.model_validate(example)


def example(event: type[EventData]) -> EventData:
    return event.model_validate(event.EXAMPLE)


def settled(twin: Twin, *kinds: type[EventData]) -> Callable[[], list[Any]]:
    return lambda: twin.published(*kinds)


def plain(mail: Post, number: int = 0) -> str:
    return str(mail.messages[number].get_content())


async def test_a_reporter_hears_of_every_step(
    notification: Twin, fake_vault: FakeVault, mail: Post, issuer: TestIssuer
) -> None:
    receipt = fake_vault.add(REPORT, ADDRESS)
    await notification.say(received("inapp", "email"), REPORT)
    await notification.say(example(dispatch.TaskAssigned), CASE)
    await eventually(lambda: len(notification.published(events.NoticeSent)) == 4)
    await notification.say(example(dispatch.CaseClosed), CASE)
    await eventually(lambda: len(notification.published(events.NoticeSent)) == 6)
    await notification.settled()

    inbox = (await notification.http.get(f"/inbox/{receipt}?language=en")).json()
    staff = issuer.bearer("p-000001", "notices.read", "notification")
    listed = (await notification.http.get(f"/notices/{REPORT}", headers=staff)).json()

    assert [letter["kind"] for letter in inbox] == ["closed", "assigned", "received"]
    assert f"https://city.example/track#{receipt}" in inbox[0]["text"]
    assert {n["outcome"] for n in listed} == {"sent"}
    assert len(mail.messages) == 3
    assert f"评价：https://city.example/track#{receipt}" in plain(mail, 2)
    assert mail.messages[2]["To"] == ADDRESS
    assert set(fake_vault.purposes) == {"notice"}


async def test_the_same_events_again_tell_nobody_again(
    notification: Twin, fake_vault: FakeVault, mail: Post
) -> None:
    fake_vault.add(REPORT, ADDRESS)
    first = await notification.say(received("inapp", "email"), REPORT)
    await eventually(lambda: len(notification.published(events.NoticeSent)) == 2)
    await notification.send(first)
    await notification.say(example(dispatch.CaseClosed), CASE)
    await eventually(lambda: len(notification.published(events.NoticeSent)) == 4)

    assert [m["Subject"] for m in mail.messages] == ["已收到您的上报", "您上报的问题已办结，请评价"]
    assert len({m["Message-ID"] for m in mail.messages}) == 2


async def test_the_address_is_nowhere_but_in_the_email(
    notification: Twin,
    fake_vault: FakeVault,
    mail: Post,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    capture = LogCapture()
    monkeypatch.setattr("notification.mail.log", wrap_logger(None, processors=[capture]))
    caplog.set_level("INFO")
    fake_vault.add(REPORT, ADDRESS)
    mail.answers += [f"451 {ADDRESS} later", f"550 {ADDRESS} never"]
    await notification.say(received("email"), REPORT)
    await eventually(settled(notification, events.NoticeFailed))
    await notification.say(example(dispatch.CaseClosed), CASE)
    await eventually(settled(notification, events.NoticeSent))

    database = notification.runtime.database
    stored = [
        repr(document)
        for name in await database.list_collection_names()
        async for document in database[name].find({})
    ]
    published = [e.model_dump_json() for e in notification.publisher.envelopes]
    of_the_server = "mail.log"  # aiosmtpd runs in this process and has a log of its own
    lines = [r.getMessage() for r in caplog.records if r.name != of_the_server]
    logged = repr([capture.entries, lines])
    assert mail.messages[0]["To"] == ADDRESS
    assert "email_refused" in logged
    assert not [text for text in (*stored, *published, logged) if "canary-reporter" in text]


@pytest.mark.parametrize(
    ("address", "answers", "reason"),
    [
        (None, [], "no_address"),
        (ADDRESS, ["550 no such user"], "refused_by_server"),
        (ADDRESS, ["451 later"] * 3, "server_away"),
    ],
)
async def test_why_an_email_failed(
    notification: Twin,
    fake_vault: FakeVault,
    mail: Post,
    address: str | None,
    answers: list[str],
    reason: str,
) -> None:
    fake_vault.add(REPORT, address)
    mail.answers += answers
    await notification.say(received("email"), REPORT)

    (failed,) = await eventually(settled(notification, events.NoticeFailed))

    assert failed.reason == reason
    assert mail.messages == []


async def test_what_was_put_off_is_sent_later(
    notification: Twin, fake_vault: FakeVault, mail: Post
) -> None:
    fake_vault.add(REPORT, ADDRESS)
    mail.answers += ["451 later", "421 busy"]
    await notification.say(received("email"), REPORT)

    await eventually(settled(notification, events.NoticeSent))
    assert len(mail.messages) == 1


async def test_while_the_vault_is_away_nothing_is_lost(
    notification: Twin, fake_vault: FakeVault, mail: Post
) -> None:
    fake_vault.add(REPORT, ADDRESS)
    fake_vault.away = True
    await notification.say(received("email"), REPORT)
    await eventually(lambda: len(fake_vault.purposes) > 5)
    assert notification.published(events.NoticeSent, events.NoticeFailed) == []
    fake_vault.away = False

    await eventually(settled(notification, events.NoticeSent))
    assert len(mail.messages) == 1


async def test_news_that_come_before_their_report_wait_for_it(
    notification: Twin, fake_vault: FakeVault
) -> None:
    receipt = fake_vault.add(REPORT, None)
    await notification.say(example(dispatch.CaseClosed), CASE)
    await notification.say(received("inapp"), REPORT)
    await eventually(lambda: len(notification.published(events.NoticeSent)) == 2)
    await notification.settled()

    inbox = (await notification.http.get(f"/inbox/{receipt}")).json()
    assert {letter["kind"] for letter in inbox} == {"received", "closed"}


async def test_imported_history_tells_nobody(
    notification: Twin, fake_vault: FakeVault, mail: Post
) -> None:
    fake_vault.add(REPORT, ADDRESS)
    closed = dispatch.CaseClosed.model_validate({**dispatch.CaseClosed.EXAMPLE, "recorded": True})
    past = {"closed_at": "2025-12-01T00:00:00Z"}
    await notification.say(received("inapp", "email", recorded=past), REPORT)
    await notification.say(example(dispatch.TaskAssigned), CASE)
    await notification.say(closed, CASE)

    async def both() -> bool:
        return len(await all_commits(notification.runtime.database)) == 2

    await eventually(both)
    told = notification.published(events.NoticeSent, events.NoticeQueued, events.NoticeFailed)
    assert (told, mail.messages) == ([], [])


async def test_an_email_that_was_queued_before_a_restart_is_sent(
    settings: NotificationSettings, fake_vault: FakeVault, mail: Post
) -> None:
    fake_vault.add(REPORT, ADDRESS)
    fake_vault.away = True
    async with running("notification", lambda e: build(settings, e), SUBSCRIPTIONS) as before:
        await before.say(received("email"), REPORT)
        await eventually(settled(before, events.NoticeQueued))
    fake_vault.away = False
    async with running("notification", lambda e: build(settings, e), SUBSCRIPTIONS) as after:
        await eventually(settled(after, events.NoticeSent))

    assert len(mail.messages) == 1


async def test_of_two_replicas_one_sends(notification: Twin) -> None:
    database, now = notification.runtime.database, [0.0]
    first, second = (Lease(database, "test", 10, lambda: now[0]) for _ in range(2))

    async def both_ask(at: float) -> tuple[bool, bool]:
        now[0] = at
        await first.ask()
        await second.ask()
        return first.ours, second.ours

    assert await both_ask(0) == (True, False)
    assert await both_ask(9) == (True, False)
    assert await both_ask(18) == (True, False)


async def test_who_stops_renewing_stops_sending_before_anybody_takes_over(
    notification: Twin,
) -> None:
    database, now = notification.runtime.database, [0.0]
    first, second = (Lease(database, "test", 10, lambda: now[0]) for _ in range(2))
    await first.ask()
    await second.ask()

    now[0] = 6
    assert (first.ours, second.ours) == (False, False)
    await second.ask()
    now[0] = 11
    await second.ask()
    assert second.ours
    await first.ask()
    assert not first.ours


async def test_rights_and_bad_receipts(
    notification: Twin, issuer: TestIssuer, fake_vault: FakeVault
) -> None:
    http, staff = notification.http, issuer.bearer("p-000001", "notices.read", "notification")
    other = issuer.bearer("p-000001", "cases.read", "notification")
    unused = fake_vault.add("report:unknown", None)

    assert (await http.get(f"/notices/{REPORT}")).status_code == 401
    assert (await http.get(f"/notices/{REPORT}", headers=other)).status_code == 403
    assert (await http.get(f"/notices/{REPORT}", headers=staff)).status_code == 404
    wrong = unused[:-1] + ("2" if unused[-1] != "2" else "3")
    for receipt in (wrong, unused):
        assert (await http.get(f"/inbox/{receipt}")).status_code == 404
