"""A small district for walks: two units, three departments' worth of matters, work at all hours."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from civicgrid.replay.habits import Rating, Verifying
from civicgrid.replay.scenario import Scenario
from civicgrid.reports_file import Contact, ReportLine
from civicgrid.system import Wish
from tests.unit.registry.small import edited

WHERE = {"lon": 113.5, "lat": 34.5}
OUTSIDE = {"lon": 120.0, "lat": 34.5}
DISTRICT, DEPARTMENTS = "lanhe", ("roads", "water")
POTHOLE, LITTER, FORM = "part/roads/pothole", "event/street/litter", "service/errands/form"

START = "2026-01-05T08:00+08:00x60"
HABITS = Scenario(verifiers=Verifying(fail=0.2), reporters=Rating(rate=0.5, dissent=0.3))

_FORM = """\
- code: service/errands/form
  matter_class: service
  name: {zh: 代办, en: Form}
  conditions:
  - code: asked
    name: {zh: 受托, en: Asked}
    closing: {zh: 办妥, en: Handed in}
    handle: {amount: 4, unit: hours}
"""
_ALL_DAY = "weekdays:\n" + "".join(
    f"  '{day}': [{{start: '00:00', end: '00:00'}}]\n" for day in range(1, 8)
)
_PEOPLE = """\
posting:41:supervisor:1,p-9,supervisor,41,false,,,
posting:41:leader:1,p-8,leader,41,true,,,
posting:4101:leader:1,p-5,leader,4101,true,,,
posting:4101:deputy:1,p-6,deputy,4101,false,,,
"""


def wish(department_config: str | Path, replicas: int = 1) -> Wish:
    """A system for this district on free ports, a minute of domain time to a real second."""
    return Wish(
        DISTRICT, DEPARTMENTS, department_config, clock=START, replicas=replicas, port_base=None
    )


def files() -> dict[str, str]:
    """The district's files."""
    made = edited("standard.yaml", "unit: working_days", "unit: hours")
    made["standard.yaml"] += _FORM
    made["postings.csv"] += _PEOPLE
    made = edited("charters.yaml", "role: support", "role: lead", made)
    made = edited("charters.yaml", "grid: '4101'", "grid: '41'", made)
    admitted = "- matter: service/errands/form\n  proposed_by: roads\n  reviewed_by: p-1\n"
    made["district.yaml"] += admitted
    made["intake.yaml"] = "duplicates: []\n"  # the walks' reports lie on one spot
    week = "weekdays:\n  '1': [{start: '08:00', end: '12:00'}, {start: '14:00', end: '18:00'}]\n"
    return edited("calendar.yaml", week, _ALL_DAY, made)


def write(folder: Path, texts: dict[str, str]) -> Path:
    """The district directory."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def reports() -> Iterator[ReportLine]:
    """36 that open cases (four without a place), two outside the district, two of no matter.
    None is beside another: each is a problem of its own."""
    for n in range(32):
        yield _report(n, (POTHOLE, LITTER, POTHOLE, FORM)[n % 4], beside(n))
    for n in range(32, 36):
        yield _report(n, (POTHOLE, FORM)[n % 2], None)
    for n in range(36, 38):
        yield _report(n, POTHOLE, OUTSIDE)
    for n in range(38, 40):
        yield _report(n, "part/roads/dragon", WHERE)


def beside(number: int) -> dict[str, float]:
    """So many hundred metres to the north of WHERE."""
    return {**WHERE, "lat": WHERE["lat"] + number / 1000}


def _report(number: int, matter: str, point: dict[str, float] | None) -> ReportLine:
    return ReportLine.model_validate(
        {
            "ref": f"walk-{number}",
            "reported_at": datetime(2026, 1, 5, tzinfo=UTC),
            "channel": "web",
            "matter": matter,
            "point": point,
            "text": f"报告 {number}",
            "contact": Contact(email=f"r{number}@example.org") if number % 2 else None,
        }
    )
