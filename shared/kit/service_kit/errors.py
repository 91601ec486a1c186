"""Errors with a stable code, mapped in one place to HTTP problem details or held messages."""

import re
from typing import Any

_CODE = re.compile(r"^[a-z0-9_-]{1,60}$")  # as case_contracts.values.Code: codes get into events


class CivicError(Exception):
    """Base of our errors. ``retry`` says whether the same request can succeed later, ``after``
    in how many seconds, where that is known."""

    status = 500
    code = "internal_error"
    retry = False
    after: int | None = None

    def __init__(self, detail: str = "", *, code: str | None = None, **extra: Any) -> None:
        super().__init__(detail or self.code)
        self.detail = detail
        self.code = code or self.code
        if not _CODE.match(self.code):
            raise ValueError(f"{self.code!r} is no code: small letters, digits, _ and -")
        self.extra = extra


class NotFound(CivicError):
    """No such thing, or none that you may see: the two look the same."""

    status, code = 404, "not_found"


class Forbidden(CivicError):
    status, code = 403, "missing_right"


class Unauthenticated(CivicError):
    status, code = 401, "unauthenticated"


class Invalid(CivicError):
    status, code = 422, "invalid"


class TooLarge(CivicError):
    status, code = 413, "too_large"


class Refused(CivicError):
    """The domain's rules say no, in the present state."""

    status, code = 409, "refused"


class Erased(CivicError):
    """It was kept once; its key is destroyed, and with it what it said."""

    status, code = 410, "erased"


class KeyReused(CivicError):
    """The same idempotency key came with another body."""

    status, code = 422, "idempotency_key_reused"


class NotYet(CivicError):
    """What this depends on has not arrived: try again shortly."""

    status, code, retry = 409, "not_yet", True


class TooMany(CivicError):
    """Asked too often: the same request succeeds ``after`` so many seconds."""

    status, code, retry = 429, "too_many_requests", True

    def __init__(self, detail: str = "", *, after: int) -> None:
        super().__init__(detail)
        self.after = after


class Unavailable(CivicError):
    """The store or the broker does not answer; nothing is lost, try again."""

    status, code, retry = 503, "unavailable", True
