"""What the data says is compared when assessment has heard of all that dispatch has."""

from typing import Any, cast

import pytest

from civicgrid import answers
from civicgrid.client import Api
from civicgrid.replay import pacing


class Assessment:
    """Gives one answer after the other, and the last one again and again."""

    def __init__(self, *told: dict[str, str | None]) -> None:
        self._told, self.asked = list(told), 0

    async def get(self, *_: Any, **__: Any) -> dict[str, Any]:
        self.asked += 1
        told = self._told.pop(0) if len(self._told) > 1 else self._told[0]
        rows = [{"case": case, "closed_at": at} for case, at in told.items()]
        return {"cases": rows, "cursor": None}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "LEAST", 0.0)
    monkeypatch.setattr(answers, "STILL_SECONDS", 0.05)


async def _asked(assessment: Assessment, closed: int) -> dict[str, dict[str, Any]]:
    return await answers.finished_cases(cast(Api, assessment), ["case:1", "case:2"], closed)


async def test_it_is_asked_until_it_has_closed_as_many() -> None:
    late = Assessment(
        {}, {"case:1": None}, {"case:1": None, "case:2": None}, {"case:1": "at", "case:2": None}
    )
    found = await _asked(late, closed=1)

    assert {case: row["closed_at"] for case, row in found.items()} == {
        "case:1": "at", "case:2": None,
    }  # fmt: skip
    assert late.asked == 4


async def test_one_that_knows_all_is_asked_once() -> None:
    ready = Assessment({"case:1": "at", "case:2": "at", "case:other": None})
    assert len(await _asked(ready, closed=2)) == 3
    assert ready.asked == 1


async def test_what_it_never_hears_of_is_left_out() -> None:
    deaf = Assessment({"case:1": None})
    assert list(await _asked(deaf, closed=1)) == ["case:1"]
