"""Rules looked at before they are published: what may be meant otherwise."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from pydantic import BaseModel

from intake.domain.world import World


class Doubt(BaseModel):
    """Something that is allowed but may be a slip; ``field`` says where."""

    field: str
    message: str


def doubts(content: Any, world: World, now: datetime) -> list[Doubt]:
    """Patterns that name no matter of the standard, rules that another before them hides, a desk
    that is no post."""
    codes = sorted(world.standard_at(now).matters)
    found = list(_unknown(content.duplicates, "duplicates", codes))
    found += _unknown(content.referrals, "referrals", codes)
    found += _hidden(content.duplicates)
    if content.desk is not None and content.desk not in world.postings.by_posting:
        found.append(Doubt(field="desk", message=f"{content.desk} is no post of the registry's"))
    return found


def _unknown(rules: Sequence[Any], field: str, codes: Sequence[str]) -> Iterator[Doubt]:
    for number, rule in enumerate(rules):
        for pattern in rule.matters:
            if not any(fnmatchcase(code, pattern) for code in codes):
                where = f"{field}.{number}.matters"
                yield Doubt(field=where, message=f"{pattern} fits no matter of the standard")


def _hidden(rules: Sequence[Any]) -> Iterator[Doubt]:
    """The first rule that fits a matter applies, so what follows one for all is never asked."""
    for number, rule in enumerate(rules[:-1]):
        if "*" in rule.matters:
            message = "the rules after this one never apply: it fits every matter"
            yield Doubt(field=f"duplicates.{number}.matters", message=message)
