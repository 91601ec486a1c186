"""The worker that sends emails: beside the committer, so that no decision waits for a server.

Sending is an effect outside the commit. ``notice.sent`` is committed once the server has taken
the message; a crash between the two sends it again, under the same Message-ID.
"""

import asyncio
import time
from dataclasses import dataclass, field

import structlog

from notification.adapters.smtp import MailServer, PutOff, RefusedByServer
from notification.adapters.vault import Vault
from notification.commands.record_sending import RecordSending
from notification.domain.state import CaseNotices, Notice
from notification.domain.texts import write
from notification.settings import NotificationSettings
from notification.views.notices import waiting
from service_kit.errors import Unavailable
from service_kit.lease import Lease
from service_kit.mongo import UNKNOWN_OUTCOME
from service_kit.runtime import Runtime
from service_kit.store import Actor, Work

log = structlog.get_logger()
WORKER = Actor("service:notification", purpose="notice")
NO_ADDRESS, REFUSED, GAVE_UP = "no_address", "refused_by_server", "server_away"


@dataclass
class Patience:
    """How often a notice was put off, and when (monotonic) it may be tried again."""

    tries: int = 0
    next_at: float = 0.0


@dataclass
class Mailer:
    """Sends what waits. Tries and pauses are this process's: a restart begins them anew."""

    runtime: Runtime
    settings: NotificationSettings
    server: MailServer
    vault: Vault
    lease: Lease
    patience: dict[str, Patience] = field(default_factory=dict)

    async def round(self) -> int:
        """Send what is due, a few at once; how many were tried."""
        free = asyncio.Semaphore(self.settings.mail_at_once)
        due = await self._due()
        results = await asyncio.gather(
            *(self._one(free, *each) for each in due), return_exceptions=True
        )
        for (*_, notice), result in zip(due, results, strict=True):
            if isinstance(result, Exception):
                self._wait(notice, counts=False)
                log.error("email_not_settled", notice=notice.notice, error=type(result).__name__)
        return len(due)

    async def _due(self) -> list[tuple[str, CaseNotices, Notice]]:
        now = time.monotonic()
        found = [
            (aggregate, state, notice)
            for aggregate, state in await waiting(self.runtime.database)
            for notice in state.waiting()
        ]
        self.patience = {
            n.notice: self.patience[n.notice] for *_, n in found if n.notice in self.patience
        }
        return [f for f in found if self._patience(f[2]).next_at <= now]

    def _patience(self, notice: Notice) -> Patience:
        return self.patience.setdefault(notice.notice, Patience())

    async def _one(
        self, free: asyncio.Semaphore, aggregate: str, state: CaseNotices, notice: Notice
    ) -> None:
        async with free:
            if not self.lease.ours:
                return
            try:
                reason = await self._send(state, notice)
            except Unavailable as error:
                self._wait(notice, counts=False)
                log.warning("vault_away", notice=notice.notice, error=error.detail)
                return
            except PutOff as error:
                reason = self._put_off(notice, str(error))
                if reason is None:
                    return
            await self._record(aggregate, notice, reason)

    async def _send(self, state: CaseNotices, notice: Notice) -> str | None:
        """None when the server has taken it, else why it never will be."""
        contact = await self.vault.contact(notice.report)
        if contact is None or not contact.email or not contact.receipt:
            return NO_ADDRESS
        subscriber = next(s for s in state.subscribers if s.report == notice.report)
        written = write(notice.kind, subscriber.language, contact.receipt, self.settings.public_url)
        try:
            await self.server.send(notice.notice, contact.email, written)
        except RefusedByServer as error:
            log.warning("email_refused", notice=notice.notice, code=str(error))
            return REFUSED
        return None

    def _put_off(self, notice: Notice, why: str) -> str | None:
        """Another try later, or the reason to give up."""
        tries = self._wait(notice, counts=True)
        log.warning("email_put_off", notice=notice.notice, tries=tries, error=why)
        return GAVE_UP if tries >= self.settings.smtp_attempts else None

    def _wait(self, notice: Notice, *, counts: bool) -> int:
        patience = self._patience(notice)
        patience.tries += counts
        pause = min(2.0**patience.tries, self.settings.smtp_longest_wait_seconds)
        patience.next_at = time.monotonic() + pause
        return patience.tries

    async def _record(self, aggregate: str, notice: Notice, reason: str | None) -> None:
        work = Work(
            aggregate=aggregate,
            handler="notification.record-sending",
            cause=f"sending:{notice.notice}",
            command=RecordSending(notice.notice, reason),
            actor=WORKER,
        )
        await self.runtime.committer.submit(work)


def server_of(settings: NotificationSettings) -> MailServer | None:
    if settings.smtp_host is None:
        return None
    password = settings.smtp_password
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_sender,
        user=settings.smtp_user,
        password=password.get_secret_value() if password is not None else None,
        starttls=settings.smtp_starttls,
        seconds=settings.smtp_seconds,
    )


def vault_of(runtime: Runtime) -> Vault:
    return Vault(runtime.http, runtime.settings.peers.get("intake"))


async def sending(runtime: Runtime) -> None:
    """Of all replicas the one with the lease sends; nothing is sent without a mail server."""
    settings = runtime.settings
    assert isinstance(settings, NotificationSettings)
    server = server_of(settings)
    if server is None:
        await asyncio.Event().wait()
        return
    lease = Lease(runtime.database, "mail", settings.mail_lapse_seconds)
    mailer = Mailer(runtime, settings, server, vault_of(runtime), lease)
    async with asyncio.TaskGroup() as group:
        group.create_task(lease.keep())
        while True:
            await _turn(mailer)
            await asyncio.sleep(settings.mail_seconds)


async def _turn(mailer: Mailer) -> None:
    try:
        if mailer.lease.ours:
            await mailer.round()
    except UNKNOWN_OUTCOME as error:
        log.warning("mail_waits", error=type(error).__name__)
