"""The running service deletes coordinates by itself."""

from datetime import timedelta

import pytest

from tests.integration.intake.visits.conftest import Headers, Travel, checkin
from tests.support.twin import Twin, eventually


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the service starts."""
    monkeypatch.setattr("intake.adapters.visit_room.LOOK_SECONDS", 0.01)


async def test_the_service_forgets_coordinates_when_their_time_is_over(
    field: Twin, worker: Headers, travel: Travel
) -> None:
    places = field.runtime.database["checkin_places"]
    await field.http.post("/checkins", json=checkin(), headers=worker)
    assert await places.count_documents({}) == 1
    travel(timedelta(days=31))

    async def forgotten() -> bool:
        return await places.count_documents({}) == 0

    await eventually(forgotten)
