"""Handing an email to the mail server."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate

import aiosmtplib

from notification.domain.texts import Written

PERMANENT = range(500, 600)


class PutOff(Exception):
    """The mail server is away or says later: try again."""


class RefusedByServer(Exception):
    """The mail server will never take this message."""


@dataclass(frozen=True)
class MailServer:
    """Where emails go, and from whom."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = None
    starttls: bool = False
    seconds: float = 10.0

    async def send(self, notice: str, address: str, written: Written) -> None:
        """Return when the server has accepted it; raises PutOff or RefusedByServer.

        The Message-ID is the notice's: a mail system that gets it twice can tell.
        """
        message = self._message(notice, address, written)
        try:
            await aiosmtplib.send(
                message,
                hostname=self.host,
                port=self.port,
                username=self.user,
                password=self.password,
                start_tls=self.starttls,
                timeout=self.seconds,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            _raise(max(refused.code for refused in error.recipients))
        except aiosmtplib.SMTPResponseException as error:
            _raise(error.code)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise PutOff(type(error).__name__) from None

    def _message(self, notice: str, address: str, written: Written) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.sender
        try:
            message["To"] = address
        except ValueError:
            raise RefusedByServer("not an address") from None
        message["Subject"] = written.subject
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = f"<{notice.replace(':', '.')}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(written.text)
        return message


def _raise(code: int) -> None:
    """The server's words may hold the address, so that only the code goes on."""
    if code in PERMANENT:
        raise RefusedByServer(str(code)) from None
    raise PutOff(str(code)) from None
