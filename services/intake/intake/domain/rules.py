"""The district's rules for intake: duplicates, triage, where to turn. Defaults until published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase

from case_contracts.events.intake import DuplicateRule, Rejection, RulesPublished
from case_contracts.values import Text

DEFAULT_DUPLICATES = (
    DuplicateRule(
        matters=("service/*", "inquiry/*", "dispute/*", "hazard/*"),
        metres=30,
        hours=168,
        link_from=None,
    ),
    DuplicateRule(matters=("*",), metres=50, hours=720, link_from=0.65),
)
"""Parts and events are one problem for everybody who passes, for as long as nobody has dealt with
it. A service, an answer, a quarrel or a dwelling is somebody's own: there a person decides."""
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
        rules = self.published.duplicates if self.published else DEFAULT_DUPLICATES
        return next((rule for rule in rules if _names(rule.matters, matter)), None)

    @property
    def longest_hours(self) -> float:
        """How far back any rule for duplicates reaches; 0 where none are looked for."""
        rules = self.published.duplicates if self.published else DEFAULT_DUPLICATES
        return max((rule.hours for rule in rules), default=0.0)

    def turn_to(self, reason: Rejection, matter: str) -> Text | None:
        """Where the reporter can turn; None where the district has said nothing of it."""
        for referral in self.published.referrals if self.published else ():
            fits_reason = not referral.reasons or reason in referral.reasons
            if fits_reason and (not referral.matters or _names(referral.matters, matter)):
                return referral.turn_to
        return None


def newest_rules(published: Sequence[RulesPublished]) -> Rules:
    """The version published last."""
    return Rules(max(published, key=lambda each: each.version, default=None))


def _names(patterns: Sequence[str], matter: str) -> bool:
    return any(fnmatchcase(matter, pattern) for pattern in patterns)
