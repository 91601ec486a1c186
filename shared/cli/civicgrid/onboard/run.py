"""Makes a district directory and a file of reports from a city's own files."""

import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from case_contracts.district import DistrictBundle, Raw
from case_contracts.events.intake import Channel, Recorded
from case_contracts.events.registry import CalendarPublished
from civicgrid.district_dir import raw, write_district
from civicgrid.onboard import people
from civicgrid.onboard.errors import refuse
from civicgrid.onboard.grids import Territory, territory
from civicgrid.onboard.learn import Learnt, Progress, learn
from civicgrid.onboard.load import Source, load_config
from civicgrid.onboard.matters import Standard, admissions, standard, standard_value
from civicgrid.onboard.report import OnboardReport, figures, targets
from civicgrid.onboard.rows import Row
from civicgrid.reports_file import ANSWERS, REPORTS, AnswerLine, Contact, ReportLine, write_lines
from civicgrid.rules_files import INTAKE, SUPERVISION, write_rules
from service_kit.worktime import WorkCalendar, WorktimeError

_RESIDENTS = (Channel.WEB, Channel.OPEN311, Channel.HOTLINE)
REPORT = "onboarding-report.json"


def _quiet(stage: str, done: int) -> None:
    """Tells nobody."""


def onboard(
    config_path: Path,
    out_dir: Path,
    progress: Progress = _quiet,
    variables: Mapping[str, str] | None = None,
) -> OnboardReport:
    """Write a district, ``reports.ndjson``, ``answers.ndjson`` and a report into ``out_dir``.

    ``variables`` fill ``${...}`` in the configuration's paths; by default the environment.

    Raises:
        OnboardError: with everything that is wrong with the configuration, or the first thing
            that makes a file of the city useless. Nothing is written then.
    """
    source = load_config(config_path, os.environ if variables is None else variables)
    calendar = _calendar(source)
    progress("reading boundaries", 0)
    found = territory(source)
    learnt = learn(source, progress)
    made = standard(source, sorted(learnt.matters))
    bundle = _bundle(source, found, learnt, made, calendar)
    progress("writing", len(learnt.rows))
    write_district(bundle, out_dir)
    write_rules(INTAKE, source.config.intake, out_dir)
    write_rules(SUPERVISION, source.config.supervision, out_dir)
    _write_rows(source, learnt, made, out_dir)
    report = _report(source, found, learnt, made, calendar, bundle)
    (out_dir / REPORT).write_text(report.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return report


def _report(
    source: Source,
    found: Territory,
    learnt: Learnt,
    made: Standard,
    calendar: CalendarPublished,
    bundle: DistrictBundle,
) -> OnboardReport:
    due = targets(learnt.rows, made, WorkCalendar.from_event(calendar))
    counts = {
        "departments": len(bundle.departments),
        "admitted": len(bundle.admissions),
        "postings": len(bundle.postings),
    }
    gaps = list(people.gaps(source, found))
    return figures(source.config.district, learnt, found, made, due, counts, gaps)


def _calendar(source: Source) -> CalendarPublished:
    config = source.config.calendar
    weekdays: dict[int, list[dict[str, str]]] = {}
    for shift in config.hours:
        for day in shift["weekdays"]:
            weekdays.setdefault(day, []).append(shift["hours"])
    holidays = [{"day": day, "name": name} for day, name in config.holidays.items()]
    make_up = [
        {"day": day, "name": one.name, "hours": [_hours(part) for part in one.hours.split(";")]}
        for day, one in config.make_up.items()
    ]
    try:
        event = CalendarPublished.model_validate(
            {
                "calendar": config.id,
                "version": 1,
                "zone": source.config.zone,
                "weekdays": weekdays,
                "exceptions": sorted([*holidays, *make_up], key=lambda one: str(one["day"])),
                "valid_from": source.config.valid_from,
            }
        )
        WorkCalendar.from_event(event)
    except (WorktimeError, ValueError) as error:
        origin = source.at("calendar")
        hint = "give hours such as '1-5 08:30-17:00'"
        raise refuse("calendar_invalid", origin, f"calendar: {error}", hint) from error
    return event


def _hours(text: str) -> dict[str, str]:
    start, _, end = text.strip().partition("-")
    return {"start": start, "end": end}


def _bundle(
    source: Source,
    found: Territory,
    learnt: Learnt,
    made: Standard,
    calendar: CalendarPublished,
) -> DistrictBundle:
    head = _head(source, found)
    since = head["valid_from"]
    return DistrictBundle(
        head=raw(head),
        departments=_raws(people.departments(source, learnt)),
        grids=found.grids,
        postings=_raws(people.postings(source, found)),
        charters=_raws(people.charters(source, learnt, made)),
        admissions=_raws(admissions(source, made)),
        standard=raw(standard_value(source, made)),
        calendar=raw(calendar.model_dump(mode="json") | {"valid_from": since}),
    )


def _raws(values: list[dict[str, Any]]) -> list[Raw]:
    return [raw(value) for value in values]


def _head(source: Source, found: Territory) -> dict[str, Any]:
    config = source.config
    return {
        "district": config.district,
        "name": config.name.model_dump(),
        "levels": found.levels,
        "root_grid": config.grids.root.id,
        "zone": config.zone,
        "calendar": config.calendar.id,
        "standard": config.district,
        "valid_from": config.valid_from.astimezone(source.zone).isoformat(),
    }


def _write_rows(source: Source, learnt: Learnt, made: Standard, out_dir: Path) -> None:
    write_lines(out_dir / REPORTS, (_line(source, row, made) for row in learnt.rows))
    write_lines(out_dir / ANSWERS, (_answer(row, made) for row in learnt.rows))


def _line(source: Source, row: Row, made: Standard) -> ReportLine:
    return ReportLine(
        ref=row.ref,
        reported_at=row.reported_at,
        channel=row.channel,
        matter=made.codes[row.key],
        condition=source.config.matters.condition.code,
        point=row.point,
        text=row.text,
        contact=_contact(row, source.config.requests.contact_share),
        language=source.config.language,
        recorded=Recorded(closed_at=row.closed_at),
    )


def _contact(row: Row, share: float) -> Contact | None:
    """An invented address for a share of the residents' reports, always the same ones."""
    digest = sha256(row.ref.encode()).digest()
    if row.channel not in _RESIDENTS or int.from_bytes(digest[:4]) >= share * 2**32:
        return None
    return Contact(email=f"reporter-{digest.hex()[:12]}@example.org")


def _answer(row: Row, made: Standard) -> AnswerLine:
    return AnswerLine(
        ref=row.ref,
        matter=made.codes[row.key],
        due_at=row.due_at,
        closed_at=row.closed_at,
        on_time=row.on_time,
        grids=row.grids,
    )
