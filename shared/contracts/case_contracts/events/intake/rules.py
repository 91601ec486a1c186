"""The district's rules for intake, as versioned data: duplicates, triage, where to turn."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.events.intake.common import Rejection
from case_contracts.values import Instant, Ref, Text

MatterPattern = Annotated[str, Field(pattern=r"^[a-z*]+(/[a-z0-9*-]+){0,2}$", max_length=120)]
"""A matter's code with ``*`` for any run of letters, as in charters: ``part/utilities/*``."""


class DuplicateRule(EventData):
    """From when on two reports of the same matter are taken for one problem.

    Within ``metres`` and ``hours`` a link is proposed; from ``link_from`` (a score from 0 to 1,
    1 for the same place at the same moment) it is made by the machine. ``link_from`` of null:
    a person decides always.
    """

    matters: tuple[MatterPattern, ...] = ("*",)
    metres: Annotated[float, Field(gt=0, le=2000)]
    hours: Annotated[float, Field(gt=0, le=8760)]
    link_from: Annotated[float, Field(ge=0, le=1)] | None = None


class Referral(EventData):
    """Where a reporter can turn whose report opens no case here: the first that fits is shown."""

    reasons: tuple[Rejection, ...] = ()
    matters: tuple[MatterPattern, ...] = ()
    turn_to: Text


@event("rules.published", owner="intake", aggregate="rules")
class RulesPublished(EventData):
    """The district's rules for intake from now on. ``desk`` is the post that answers first for
    what comes by itself (web, Open311, sensor); ``triage_hours`` how long a reviewer has."""

    rules: Ref
    version: Annotated[int, Field(ge=1)]
    duplicates: tuple[DuplicateRule, ...] = ()
    referrals: tuple[Referral, ...] = ()
    desk: Ref | None = None
    triage_hours: Annotated[float, Field(gt=0, le=720)] = 8
    by: Ref
    published_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "rules": "rules:lanhe",
        "version": 2,
        "duplicates": [
            {"matters": ["part/*"], "metres": 60, "hours": 72, "link_from": 0.8},
            {"matters": ["*"], "metres": 30, "hours": 24, "link_from": None},
        ],
        "referrals": [
            {
                "reasons": ["outside_district"],
                "matters": [],
                "turn_to": {
                    "zh": "请拨打市政务服务热线。",
                    "en": "Please call the city's hotline.",
                },
            }
        ],
        "desk": "post-410199-desk",
        "triage_hours": 4,
        "by": "p-000009",
        "published_at": "2026-01-04T09:00:00+08:00",
    }
