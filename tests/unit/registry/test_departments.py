"""Which departments there are, and what they answer for now and later."""

from datetime import UTC, datetime, timedelta
from typing import Any

from case_contracts.events.base import EventData
from case_contracts.events.registry import CharterGranted, CharterRevoked, DepartmentRegistered
from registry.domain.chartering.departments import chartered

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def granted(department: str, **more: Any) -> CharterGranted:
    said = {"charter": f"charter:{department}:all", "department": department, **more}
    return CharterGranted.model_validate(CharterGranted.EXAMPLE | said)


def registered(department: str) -> DepartmentRegistered:
    return DepartmentRegistered.model_validate(
        DepartmentRegistered.EXAMPLE | {"department": department}
    )


def test_entries_in_force_and_to_come_are_apart_and_ended_ones_are_gone() -> None:
    parks = granted("parks", valid_from=NOW - DAY, valid_to=None)
    water = granted("water", valid_from=NOW + DAY, valid_to=None)
    fire = granted("fire", valid_from=NOW - DAY, valid_to=None)
    revoked = CharterRevoked(charter=fire.charter, version=1, department="fire", valid_to=NOW)
    known: dict[str, list[EventData]] = {
        "charter:parks:all": [parks],
        "charter:water:all": [water],
        "charter:fire:all": [fire, revoked],
        **{f"department:{name}": [registered(name)] for name in ("fire", "parks", "idle")},
    }
    found = {row.department: row for row in chartered(known, NOW)}
    assert list(found) == ["fire", "idle", "parks", "water"]
    assert (found["parks"].in_force, found["parks"].to_come) == (["charter:parks:all"], [])
    assert (found["water"].in_force, found["water"].to_come) == ([], ["charter:water:all"])
    for nothing in ("fire", "idle"):
        assert (found[nothing].in_force, found[nothing].to_come) == ([], [])
    assert found["water"].name is None
    assert found["parks"].name is not None


def test_a_version_in_force_whose_successor_waits_is_in_both() -> None:
    first = granted("parks", valid_from=NOW - DAY, valid_to=None)
    second = granted("parks", version=2, valid_from=NOW + DAY, valid_to=None)
    [row] = chartered({"charter:parks:all": [first, second]}, NOW)
    assert row.in_force == row.to_come == ["charter:parks:all"]
