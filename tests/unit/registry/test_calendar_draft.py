"""A calendar's draft for a year: the source's days, one's own before them, other years kept."""

from datetime import date

import pytest

from case_contracts.events.registry import CalendarPublished
from case_contracts.values import DayException
from registry.adapters.holiday_sources import CHINESE, HOLIDAYS, NONE, days_of
from registry.domain.calendar_draft import blank, drafted, usual_hours
from service_kit.errors import Invalid

BASE = CalendarPublished.model_validate(CalendarPublished.EXAMPLE)


def test_the_announced_days_of_2026_with_make_up_days() -> None:
    draft = drafted(BASE, 2026, days_of(CHINESE, "CN", None, 2026), ())
    days = {each.day: each for each in draft.exceptions}
    assert draft.version == BASE.version + 1
    assert days[date(2026, 10, 1)].hours == ()
    assert days[date(2026, 10, 1)].name is not None
    made_up = days[date(2026, 10, 10)]
    assert made_up.hours == usual_hours(BASE) != ()
    assert made_up.name is not None
    assert made_up.name.zh == "国庆节调休上班"
    assert list(days) == sorted(days)


def test_other_years_stay_and_own_days_prevail() -> None:
    first = drafted(BASE, 2025, days_of(CHINESE, "CN", None, 2025), ())
    own = DayException(day=date(2026, 10, 1), hours=usual_hours(BASE))
    second = drafted(first, 2026, days_of(CHINESE, "CN", None, 2026), [own])
    assert [d for d in second.exceptions if d.day.year == 2025] == [
        d for d in first.exceptions if d.day.year == 2025
    ]
    assert next(d for d in second.exceptions if d.day == own.day) == own


def test_drafting_a_year_again_replaces_its_days() -> None:
    once = drafted(BASE, 2026, days_of(CHINESE, "CN", None, 2026), ())
    again = drafted(once, 2026, days_of(NONE, "CN", None, 2026), ())
    assert [d for d in again.exceptions if d.day.year == 2026] == []


def test_a_calendar_of_its_own_begins_at_version_one_with_the_local_year() -> None:
    draft = drafted(
        blank("boston", "America/New_York", BASE.weekdays), 2027,
        days_of(HOLIDAYS, "US", "MA", 2027), (),
    )  # fmt: skip
    assert (draft.version, draft.valid_from.isoformat()) == (1, "2027-01-01T05:00:00+00:00")
    assert any(d.name and "Patriots" in d.name.en for d in draft.exceptions)
    assert CalendarPublished.model_validate(draft.model_dump()) == draft


def test_names_are_in_both_languages_where_the_package_has_them() -> None:
    names = [each.name for each in days_of(HOLIDAYS, "TW", None, 2026)]
    assert any("国" in name.zh and "Founding Day" in name.en for name in names)


@pytest.mark.parametrize(
    ("source", "country", "subdivision", "year", "code"),
    [
        (CHINESE, "CN", None, 2999, "year_unknown"),
        (CHINESE, "TW", None, 2026, "country_unknown"),
        (CHINESE, "CN", "BJ", 2026, "country_unknown"),
        (HOLIDAYS, "QQ", None, 2026, "country_unknown"),
        (HOLIDAYS, "US", "QQ", 2026, "subdivision_unknown"),
        (HOLIDAYS, "US", None, 2900, "year_unknown"),
    ],
)
def test_what_is_not_known_is_said(
    source: str, country: str, subdivision: str | None, year: int, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        days_of(source, country, subdivision, year)
    assert refused.value.code == code
    assert str(year) in refused.value.detail or country in refused.value.detail


def test_an_unannounced_year_says_what_to_do() -> None:
    with pytest.raises(Invalid, match="State Council") as refused:
        days_of(CHINESE, "CN", None, 2999)
    assert "source=holidays" in refused.value.detail
