"""The furthest that a question can name is answered like any other, never by a failure; nothing
that is no id is written into the vault's audit."""

import pytest

from tests.support.tokens import TestIssuer
from tests.support.twin import Twin

SCOPES = "links.decide commits.read vault.read"
BEYOND = 10**20


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/links?day=9999-12-31", 200),
        ("/links?day=0001-01-01", 200),
        (f"/commits?writer=w&first={2**53}&last={2**53}", 200),
        (f"/commits?writer=w&first={BEYOND}&last={BEYOND}", 422),
        (f"/commits?writer=w&first=1&last={BEYOND}", 422),
        (f"/vault/cases/{'x' * 5000}/words?purpose=verify", 422),
        (f"/vault/reports/{'x' * 5000}/contact?purpose=verify", 422),
        (f"/vault/words?purpose=verify&case={'x' * 5000}", 422),
    ],
)
async def test_an_answer(intake: Twin, issuer: TestIssuer, path: str, status: int) -> None:
    asker = issuer.bearer("p-000777", SCOPES, "intake")
    assert (await intake.http.get(path, headers=asker)).status_code == status
