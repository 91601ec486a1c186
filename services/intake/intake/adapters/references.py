"""Keyed references: what stands for a person's request without saying anything about it.

All come from one secret of the vault, so that nobody without it can tell which receipt, contact
or request belongs to which report.
"""

import hmac
import uuid

from service_kit.ids import RECEIPT_ALPHABET, RECEIPT_LENGTH, as_uuid5, with_check_letter


class References:
    """A receipt follows from the request's cause, the report's id from the receipt.

    So a repeated request gets the same receipt, no receipt is stored in clear, and finding the
    report of a receipt needs no index.
    """

    def __init__(self, secret: bytes) -> None:
        self._keys = {use: hmac.digest(secret, use.encode(), "sha256") for use in _USES}

    def receipt(self, cause: str) -> str:
        """The receipt code of the request with this cause; unguessable without the secret."""
        number = int.from_bytes(self._digest("receipt", cause.encode()))
        letters = []
        for _ in range(RECEIPT_LENGTH):
            number, letter = divmod(number, len(RECEIPT_ALPHABET))
            letters.append(RECEIPT_ALPHABET[letter])
        return with_check_letter("".join(letters))

    def report(self, receipt: str) -> str:
        """The aggregate id of the report that this receipt is for."""
        return f"report:{self._uuid('report', receipt)}"

    def case(self, report: str) -> str:
        """The case that a report opens, if it opens one."""
        return f"case:{self._uuid('case', report)}"

    def reporter(self, contact: str, case: str) -> str:
        """The reporter of a case: the same contact differs from case to case."""
        return f"r-{self._digest('reporter', f'{case}|{contact}'.encode()).hex()[:16]}"

    def body(self, content: bytes) -> str:
        """What a request said, for telling repetitions from other requests."""
        return self._digest("body", content).hex()

    def token(self, report: str) -> str:
        """What Open311 calls a token: leads to the report's request id, and gives no right."""
        return report.removeprefix("report:").replace("-", "") + self._tag(report)

    def report_of_token(self, token: str) -> str | None:
        """The report that a token was made for; None where none was."""
        try:
            report = f"report:{uuid.UUID(token[:32])}"
        except ValueError:
            return None
        made = hmac.compare_digest(self.token(report).encode(), token.encode())
        return report if made else None

    def _tag(self, report: str) -> str:
        return self._digest("token", report.encode()).hex()[:16]

    def evidence(self, cause: str) -> str:
        """The aggregate id of the evidence that this request attaches."""
        return f"evidence:{self._uuid('evidence', cause)}"

    def file(self, content: bytes) -> str:
        """A file as it was sent: the same file again has the same."""
        return self._digest("file", content).hex()

    def link_key(self) -> bytes:
        """What links to evidence are signed with."""
        return self._keys["link"]

    def _uuid(self, use: str, text: str) -> str:
        return as_uuid5(self._digest(use, text.encode()))

    def _digest(self, use: str, content: bytes) -> bytes:
        return hmac.digest(self._keys[use], content, "sha256")


_USES = ("receipt", "report", "case", "reporter", "body", "token", "evidence", "file", "link")
