"""Settings of notification."""

from typing import Annotated

from pydantic import Field, SecretStr

from service_kit.settings import ServiceSettings


class NotificationSettings(ServiceSettings):
    """``smtp_host``: the mail server; without one, email notices fail as ``no_smtp``.

    ``public_url`` is where residents reach the pages, for the link in a notice. All seconds are
    real time. After ``smtp_attempts`` tries that the mail server put off, a notice has failed.
    """

    smtp_host: str | None = None
    smtp_port: Annotated[int, Field(gt=0, le=65_535)] = 25
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_starttls: bool = False
    smtp_sender: str = "no-reply@localhost"
    smtp_seconds: float = 10.0
    smtp_attempts: Annotated[int, Field(ge=1)] = 12
    smtp_longest_wait_seconds: float = 300.0
    mail_seconds: float = 0.3
    mail_at_once: Annotated[int, Field(ge=1, le=64)] = 8
    mail_lapse_seconds: float = 30.0
    public_url: str = "http://127.0.0.1:8000"
