"""Under which version of the standard a report is filed."""

from datetime import UTC, datetime, timedelta

from case_contracts.events.registry import StandardPublished
from intake.domain.world import Standards

T0 = datetime(2026, 1, 1, tzinfo=UTC)


def version(number: int, day: int) -> StandardPublished:
    content = {**StandardPublished.EXAMPLE, "version": number}
    return StandardPublished.model_validate(content | {"valid_from": T0 + timedelta(days=day)})


def at(standards: Standards, day: int) -> int:
    found = standards.at("lanhe", T0 + timedelta(days=day))
    assert found is not None
    return found.version.version


def test_a_version_is_filed_under_from_its_beginning_on() -> None:
    standards = Standards([version(2, 30), version(1, 0)])
    assert [at(standards, day) for day in (-5, 0, 29, 30, 90)] == [1, 1, 1, 2, 2]


def test_a_later_version_prevails_over_one_that_was_still_to_come() -> None:
    standards = Standards([version(1, 0), version(2, 60), version(3, 30)])
    assert [at(standards, day) for day in (29, 30, 60, 90)] == [1, 3, 3, 3]


def test_an_unknown_standard_is_none() -> None:
    assert Standards([version(1, 0)]).at("other", T0) is None
