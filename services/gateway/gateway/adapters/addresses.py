"""Where departments' vhosts are: as the environment says, and a file that may change meanwhile."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import structlog
from pydantic import SecretStr, StringConstraints, TypeAdapter, ValidationError

from gateway.metrics import FILE_READ

log = structlog.get_logger()
DEPARTMENT = r"^[a-z0-9-]{1,60}$"
Addresses = Mapping[str, SecretStr]
_FILE = TypeAdapter(dict[Annotated[str, StringConstraints(pattern=DEPARTMENT)], SecretStr])
_READABLE_BY_OTHERS = 0o077
FORM = "amqp(s)://<user>:<password>@<host>/<vhost>"


class AddressBook:
    """Addresses by department. Those of the file go before those of the environment; while the
    file cannot be used, what it last said goes on."""

    def __init__(self, named: Addresses, file: Path | None) -> None:
        self._named, self._file = dict(named), file
        self._said: dict[str, SecretStr] = {}
        self._seen: bytes | None = None
        self.wrong = ""
        """Why the file cannot be used now; never with anything that is in it."""

    def look(self) -> Addresses:
        """The addresses as they are now."""
        if self._file is not None:
            self._read(self._file)
        FILE_READ.set(0 if self.wrong else 1)
        return self._named | self._said

    def _read(self, file: Path) -> None:
        try:
            found = file.read_bytes()
            if found != self._seen:
                self._seen = found
                self._said, self.wrong = parse(found), ""
                _warn_if_open(file)
        except (OSError, ValueError) as error:
            self._say(file, error)

    def _say(self, file: Path, error: Exception) -> None:
        why = error.strerror if isinstance(error, OSError) else str(error)
        if why != self.wrong:
            log.error("departments_file_unusable", file=str(file), reason=why)
        self.wrong = why or type(error).__name__
        if isinstance(error, OSError):
            self._seen = None


def parse(content: bytes) -> dict[str, SecretStr]:
    """``{department: address of its vhost as the gateway's user}``; ValueError says what is
    wrong with which department, without the address."""
    try:
        found = _FILE.validate_json(content)
    except ValidationError as error:
        rows = error.errors(include_input=False, include_context=False, include_url=False)
        raise ValueError("; ".join(_told(row["loc"], row["msg"]) for row in rows)) from None
    for department, address in found.items():
        if not _leads_to_a_vhost(address.get_secret_value()):
            raise ValueError(f"the address of {department} is not like {FORM}")
    return found


def _told(where: tuple[int | str, ...], what: str) -> str:
    return f"{where[0]}: {what}" if where else what


def _leads_to_a_vhost(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("amqp", "amqps") and bool(parts.hostname) and len(parts.path) > 1


def _warn_if_open(file: Path) -> None:
    mode = file.stat().st_mode & 0o777
    if mode & _READABLE_BY_OTHERS:
        log.warning("departments_file_readable_by_others", file=str(file), mode=oct(mode))
