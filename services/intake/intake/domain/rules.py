"""The district's rules for intake: duplicates, triage, where to turn. Defaults until published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from case_contracts.events.intake import DuplicateRule, Rejection, RulesPublished
from case_contracts.values import Text
from service_kit.alike import DEFAULT_RULES, rule_for
from service_kit.matters import matches

DEFAULT_DUPLICATES = DEFAULT_RULES
DEFAULT_TRIAGE_HOURS = 8.0


@dataclass(frozen=True)
class Rules:
    """What applies now; ``published`` is None until the district has published rules of its own."""

    published: RulesPublished | None = None

    @property
    def desk(self) -> str | None:
        """The post that answers first for what comes by itself."""
        return self.published.desk if self.published else None

    @property
    def triage_time(self) -> timedelta:
        hours = self.published.triage_hours if self.published else DEFAULT_TRIAGE_HOURS
        return timedelta(hours=hours)

    def duplicate(self, matter: str) -> DuplicateRule | None:
        """The first rule that names the matter; None where duplicates of it are not looked for."""
        return rule_for(self._duplicates, matter)

    @property
    def longest_hours(self) -> float:
        """How far back any rule for duplicates reaches; 0 where none are looked for."""
        return max((rule.hours for rule in self._duplicates), default=0.0)

    @property
    def _duplicates(self) -> Sequence[DuplicateRule]:
        return self.published.duplicates if self.published else DEFAULT_DUPLICATES

    def turn_to(self, reason: Rejection, matter: str) -> Text | None:
        """Where the reporter can turn; None where the district has said nothing of it."""
        for referral in self.published.referrals if self.published else ():
            fits_reason = not referral.reasons or reason in referral.reasons
            if fits_reason and (not referral.matters or matches(matter, referral.matters)):
                return referral.turn_to
        return None


def newest_rules(published: Sequence[RulesPublished]) -> Rules:
    """The version published last."""
    return Rules(max(published, key=lambda each: each.version, default=None))
