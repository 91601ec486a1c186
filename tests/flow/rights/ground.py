"""The district that is played with: 12 unit grids, five matters, two departments, a post each."""

from dataclasses import dataclass
from itertools import product

from case_contracts.district import DistrictBundle
from tests.unit.registry.small import CALENDAR, HEAD, bundle, collection, feature

ROOT, STREETS, UNITS = "41", ("4101", "4102"), 6
STEADY = "part/roads/steady"
"""A matter that a department leads for all the time: the load in the background."""
PLAYED = tuple(f"part/roads/played-{n}" for n in range(1, 6))


@dataclass(frozen=True)
class Slot:
    """One matter on one unit grid: nobody but who is granted it leads there."""

    matter: str
    grid: str

    @property
    def name(self) -> str:
        return f"{self.matter.rpartition('-')[2]}-{self.grid}"


def slots() -> list[Slot]:
    units = [f"{street}{n:02}" for street in STREETS for n in range(1, UNITS + 1)]
    return [Slot(matter, unit) for matter, unit in product(PLAYED, units)]


def _department(name: str) -> str:
    return f"- department: {name}\n  name: {{zh: {name}, en: {name}}}\n"


def _matter(code: str) -> str:
    return f"""\
- code: {code}
  matter_class: part
  name: {{zh: 坑洞, en: Pothole}}
  conditions:
  - code: seen
    name: {{zh: 有, en: Seen}}
    closing: {{zh: 填平, en: Filled}}
    handle: {{amount: 2, unit: days}}
"""


def _charter(department: str, matter: str, name: str) -> str:
    return f"""\
- charter: charter:{name}
  version: 1
  department: {department}
  matters: [{matter}]
  grid: '{ROOT}'
  role: lead
  powers: [repair]
  legal_basis: list 2026, no. 1
  approved_by: [p-1, p-2]
"""


def _units() -> list[str]:
    return [
        feature(f"{street}{n:02}", street, 113 + place + (n - 1) / UNITS, 113 + place + n / UNITS)
        for place, street in enumerate(STREETS)
        for n in range(1, UNITS + 1)
    ]


def district(name: str) -> DistrictBundle:
    """The district as the command line reads it."""
    head = HEAD[: HEAD.index("departments:")].replace("district: lanhe", f"district: {name}")
    streets = [feature(code, ROOT, 113 + n, 114 + n) for n, code in enumerate(STREETS)]
    posts = [
        f"posting:{unit}:1,p-{unit},leader,{unit},true,,," for unit in {s.grid for s in slots()}
    ]
    return bundle(
        {
            "district.yaml": head.replace("2026-01-01", "2020-01-01")
            + "departments:\n"
            + "".join(map(_department, ("um", "wa"))),
            "calendar.yaml": CALENDAR,
            "standard.yaml": "standard: lanhe\nversion: 1\ncalendar: {id: lanhe-work, version: 1}\n"
            + "matters:\n"
            + "".join(map(_matter, (STEADY, *PLAYED))),
            "charters.yaml": _charter("um", STEADY, "steady"),
            "postings.csv": "posting,person,role,grid,accountable,shifts,valid_from,valid_to\n"
            + "\n".join(posts) + "\n",
            "portfolios.csv": "portfolio,person,departments,matters,grid,valid_from,valid_to\n",
            "grids/district.geojson": collection(feature(ROOT, None, 113, 115)),
            "grids/street.geojson": collection(*streets),
            "grids/unit.geojson": collection(*_units()),
        }
    )  # fmt: skip
