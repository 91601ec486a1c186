"""The district's rules for supervision in force: published whole, the newest counts."""

from collections.abc import Iterable
from datetime import UTC, datetime

from case_contracts.events.dispatch import (
    Allowance,
    Colour,
    SlipRule,
    SupervisionPublished,
    Trigger,
)
from case_contracts.values import Limit, LimitUnit, Versioned
from service_kit.matters import matches


def _working_days(amount: float) -> Limit:
    return Limit(amount=amount, unit=LimitUnit.WORKING_DAYS)


def _working_hours(amount: float) -> Limit:
    return Limit(amount=amount, unit=LimitUnit.WORKING_HOURS)


def _slip(trigger: Trigger, colour: Colour) -> SlipRule:
    return SlipRule(trigger=trigger, colour=colour, answer=_working_days(1))


DEFAULT = SupervisionPublished(
    supervision="supervision:default",
    version=1,
    slips=(
        _slip(Trigger.NEAR_DUE, Colour.BLUE),
        _slip(Trigger.OVERDUE, Colour.YELLOW),
        _slip(Trigger.TWICE_OVERDUE, Colour.ORANGE),
        _slip(Trigger.THIRD_BREACH, Colour.RED),
        _slip(Trigger.PUBLIC_SAFETY, Colour.RED),
    ),
    escalate=(Trigger.TWICE_OVERDUE, Trigger.SLIP_OVERDUE),
    levels=(),
    near_share=0.25,
    pauses=Allowance(times=2, longest=_working_days(10)),
    extensions=Allowance(times=1, longest=_working_days(5)),
    dispatch_limit=_working_hours(2),
    answer_limit=_working_days(1),
    ruling_limit=_working_days(2),
    arbiter=None,
    spot_checkers=(),
    by="service:dispatch",
    published_at=datetime(1970, 1, 1, tzinfo=UTC),
)
"""Until a district has published its own (domain.md's colours)."""


class Supervision:
    """What applies now; ``reference`` names the version for slips that a rule issues."""

    def __init__(self, rules: SupervisionPublished = DEFAULT) -> None:
        self.rules = rules
        self.reference = Versioned(id=rules.supervision, version=rules.version)

    def slip_rule(self, trigger: Trigger, matter: str) -> SlipRule | None:
        """The first rule that fits; None where no slip is issued."""
        for rule in self.rules.slips:
            if rule.trigger == trigger and matches(matter, rule.matters):
                return rule
        return None

    def answer_to(self, colour: Colour) -> Limit | None:
        """How long the answer to a slip of this colour may take where nobody says otherwise."""
        return next((r.answer for r in self.rules.slips if r.colour == colour), None)

    def level_of(self, matter: str) -> str | None:
        """The lowest level that handles the matter; None: the grid where it lies."""
        return next((r.level for r in self.rules.levels if matches(matter, r.matters)), None)


def build_supervision(published: Iterable[SupervisionPublished]) -> Supervision:
    """Of all versions the newest."""
    newest = max(published, key=lambda each: each.version, default=None)
    return Supervision() if newest is None else Supervision(newest)
