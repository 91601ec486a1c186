"""Post-holders of the sample: invented ids, no names and nothing else about anybody."""

from collections.abc import Iterator
from typing import Any

from civicgrid.sample.layout import Node

_DAY = [([1, 2, 3, 4, 5], "08:00", "12:00"), ([1, 2, 3, 4, 5], "14:00", "18:00")]
_ROUND = [([1, 2, 3, 4, 5, 6, 7], "07:30", "19:30")]
_HOURS = {
    "worker": _ROUND,
    "base-lead": [([1, 2, 3, 4, 5, 6], "08:00", "18:00")],
    "district-supervisor": [([1, 2, 3, 4, 5, 6, 7], "07:00", "22:00")],
}
_POSTS = {
    "district": (
        ("district-leader", True),
        ("district-supervisor", False),
        ("district-arbiter", False),
        ("district-deputy", False),
        ("district-deputy", False),
    ),
    "street": (("street-leader", True), ("street-supervisor", False)),
    "community": (("community-leader", True), ("community-deputy", False)),
    "base": (("base-lead", True),),
    "unit": (("worker", True),),
}
_NAMES = {
    "district-leader": ("区级总网格长", "District leader"),
    "district-supervisor": ("区级督查员", "District supervisor"),
    "district-arbiter": ("区级裁定员", "District arbiter"),
    "district-deputy": ("区级副总网格长", "District deputy leader"),
    "street-leader": ("街道网格长", "Street leader"),
    "street-supervisor": ("街道督查员", "Street supervisor"),
    "community-leader": ("社区网格长", "Community leader"),
    "community-deputy": ("社区副网格长", "Community deputy leader"),
    "base-lead": ("基础网格长", "Base grid leader"),
    "worker": ("网格员", "Grid worker"),
    "coordinator": ("协管员", "Coordinator"),
    "volunteer": ("信息员", "Volunteer"),
    "party-contact": ("联系户党员", "Party-member contact"),
}
_EXCLUSIVE = ("district-arbiter", "base-lead", "worker")
ROLES = [
    {"role": role, "name": {"zh": zh, "en": en}, "exclusive": role in _EXCLUSIVE}
    for role, (zh, en) in _NAMES.items()
]
"""Posts that the district knows. Nobody holds two exclusive ones at a time."""
TEAM = {level: {"least": least, "most": 8} for level, least in (("base", 1), ("unit", 1))}
LEADER, DEPUTIES = "p-000001", ("p-000004", "p-000005")


def postings(root: Node) -> list[dict[str, Any]]:
    """One accountable person in every grid, and the supervisors, deputies and arbiter."""
    rows: list[dict[str, Any]] = []
    for node in _walk(root):
        for number, (role, accountable) in enumerate(_POSTS[node.level], start=1):
            rows.append(
                {
                    "posting": f"posting:{node.code}:{role}:{number}",
                    "person": f"p-{len(rows) + 1:06d}",
                    "role": role,
                    "grid": node.code,
                    "accountable": accountable,
                    "shifts": _shifts(role),
                }
            )
    return rows


def _shifts(role: str) -> list[dict[str, Any]]:
    return [
        {"weekdays": days, "hours": {"start": start, "end": end}}
        for days, start, end in _HOURS.get(role, _DAY)
    ]


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def portfolios(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The deputies share the departments, the leader has the rest, street leaders their street."""
    root = rows[0]["grid"]
    found = [
        _portfolio(LEADER, ["market-regulation"], ["hazard/*", "dispute/*"], root),
        _portfolio(DEPUTIES[0], ["urban-management"], ["part/*", "event/*"], root),
        _portfolio(DEPUTIES[1], ["water-affairs"], ["*/water/*", "part/drainage/*"], root),
    ]
    leaders = [row for row in rows if row["role"] == "street-leader"]
    return found + [_portfolio(row["person"], [], ["*"], row["grid"]) for row in leaders]


def _portfolio(
    person: str, departments: list[str], matters: list[str], grid: str
) -> dict[str, Any]:
    return {
        "portfolio": f"portfolio:{person}",
        "person": person,
        "departments": departments,
        "matters": matters,
        "grid": grid,
    }
