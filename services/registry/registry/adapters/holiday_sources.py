"""Public holidays of a year, from the ``chinesecalendar`` and the ``holidays`` packages.

``chinesecalendar`` holds what the State Council has announced, with make-up working days, and
so only years for which that has happened; ``holidays`` computes most countries' holidays for
any year, without make-up days where a government announces them.
"""

from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from typing import Any

import chinese_calendar
import holidays

from case_contracts.values import Text
from registry.domain.calendar_draft import Day
from service_kit.errors import Invalid

CHINESE, HOLIDAYS, NONE = "chinesecalendar", "holidays", "none"
LONGEST = 400


def days_of(source: str, country: str, subdivision: str | None, year: int) -> list[Day]:
    """In order; raises Invalid (``year_unknown``, ``country_unknown``, ``subdivision_unknown``)."""
    if source == NONE:
        return []
    if source == CHINESE:
        return _chinese(country, subdivision, year)
    return _of_country(country, subdivision, year)


def _chinese(country: str, subdivision: str | None, year: int) -> list[Day]:
    if country != "CN" or subdivision is not None:
        raise Invalid(
            f"{CHINESE} knows mainland China as a whole, and nothing of"
            f" {'-'.join(filter(None, (country, subdivision)))}: use source={HOLIDAYS}",
            code="country_unknown",
        )
    known = sorted({day.year for day in chinese_calendar.holidays})
    if year not in known:
        raise Invalid(
            f"{CHINESE} {version(CHINESE)} knows {known[0]} to {known[-1]}, not {year}: the State"
            " Council announces a year's days in the November before it. Update the package once"
            f" that has happened, give the days yourself (source={NONE}, days), or take the"
            f" statutory days without make-up days (source={HOLIDAYS})",
            code="year_unknown",
        )
    names = {each.value: Text(zh=each.chinese, en=each.value) for each in chinese_calendar.Holiday}
    rest = [Day(d, names[n]) for d, n in chinese_calendar.holidays.items() if d.year == year]
    worked = [
        Day(d, _make_up(names[n]), working=True)
        for d, n in chinese_calendar.workdays.items()
        if d.year == year
    ]
    return sorted([*rest, *worked], key=lambda each: each.day)


def _make_up(name: Text) -> Text:
    return Text(zh=f"{name.zh}调休上班", en=f"{name.en}, make-up day")


def _of_country(country: str, subdivision: str | None, year: int) -> list[Day]:
    try:
        plain = holidays.country_holidays(country, subdiv=subdivision, years=year)
    except NotImplementedError as error:
        code = "subdivision_unknown" if _known(country) else "country_unknown"
        raise Invalid(f"{HOLIDAYS}: {error}"[:LONGEST], code=code) from None
    if not plain:
        raise Invalid(
            f"{HOLIDAYS} {version(HOLIDAYS)} knows no holidays of {country} in {year}; it knows"
            f" {plain.start_year} to {plain.end_year}",
            code="year_unknown",
        )
    zh, en = (_named(plain, country, subdivision, year, lang) for lang in ("zh", "en"))
    found = [Day(day, _text(zh[day], en[day])) for day in plain]
    worked: Iterable[date] = getattr(plain, "weekend_workdays", ())
    made_up = _make_up(Text(zh="节假日", en="Holidays"))
    found += [Day(day, made_up, working=True) for day in worked if day.year == year]
    return sorted(found, key=lambda each: each.day)


def _known(country: str) -> bool:
    return country in holidays.list_supported_countries()


def _named(
    plain: Any, country: str, subdivision: str | None, year: int, language: str
) -> dict[date, str]:
    """The names in a language that the package has for the country; else in its default one."""
    languages = sorted(plain.supported_languages)
    chosen = next((each for each in languages if each.startswith(language)), None)
    if chosen is None:
        return dict(plain)
    found = holidays.country_holidays(country, subdiv=subdivision, years=year, language=chosen)
    return {day: found.get(day) or plain[day] for day in plain}


def _text(zh: str, en: str) -> Text:
    return Text(zh=zh[:LONGEST], en=en[:LONGEST])
