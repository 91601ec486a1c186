"""The district's rule on two reports that are alike, and the rule where it has none of its own."""

from collections.abc import Sequence

from case_contracts.events.intake import Channel, DuplicateRule
from service_kit.alike.likeness import Alike, Located
from service_kit.matters import matches

STAFF = frozenset({Channel.PATROL, Channel.INSPECTION, Channel.CAMPAIGN})
"""Channels of people who are trained to tell one problem from another."""

DEFAULT_RULES = (
    DuplicateRule(
        matters=("service/*", "inquiry/*", "dispute/*", "hazard/*"),
        metres=30,
        hours=720,
        link_from=None,
    ),
    DuplicateRule(matters=("*",), metres=50, hours=1440, link_from=0.85),
)
"""Parts and events are one problem for everybody who passes, for as long as nobody has dealt with
it. A service, an answer, a quarrel or a dwelling is somebody's own: there a person decides."""


def rule_for(rules: Sequence[DuplicateRule], matter: str) -> DuplicateRule | None:
    """The first rule that names the matter; None where duplicates of it are not looked for."""
    for rule in rules:
        if matches(matter, rule.matters):
            return rule
    return None


def certain(new: Located, alike: Alike, rule: DuplicateRule) -> bool:
    """Whether the machine may link without a person.

    Staff who report two things side by side have seen two: a person decides, always.
    """
    two_seen = new.staff and alike.older.staff
    return rule.link_from is not None and alike.score >= rule.link_from and not two_seen
