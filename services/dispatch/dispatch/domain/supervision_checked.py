"""Rules for supervision looked at before they are published: what may be meant otherwise."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from fnmatch import fnmatchcase

from pydantic import BaseModel

from case_contracts.events.registry import GridPublished
from case_contracts.values import Text
from dispatch.domain.supervision_published import SupervisionContent
from dispatch.domain.world import World


class Doubt(BaseModel):
    """Something that is allowed but may be a slip; ``field`` says where."""

    code: str
    field: str
    message: Text


def doubts(content: SupervisionContent, world: World, at: datetime) -> list[Doubt]:
    """Posts and people that hold none, levels that the tree does not have, patterns that fit no
    matter of any standard, rules that another before them hides, and triggers with neither."""
    return [
        *_posts(content, world, at),
        *_levels(content, world),
        *_patterns(content, world),
        *_hidden(content),
    ]


def _posts(content: SupervisionContent, world: World, at: datetime) -> Iterator[Doubt]:
    arbiter = content.arbiter
    spans = world.postings.by_posting.get(arbiter or "", ())
    if arbiter is not None and not any(span.valid(at) for span in spans):
        yield _doubt("unknown_post", "arbiter", f"岗位 {arbiter} 目前无人任职",
                     f"nobody holds the post {arbiter} now")  # fmt: skip
    for number, person in enumerate(content.spot_checkers):
        if not world.postings.of(person, at):
            yield _doubt("unknown_person", f"spot_checkers.{number}", f"{person} 目前无任何岗位",
                         f"{person} holds no post now")  # fmt: skip


def _levels(content: SupervisionContent, world: World) -> Iterator[Doubt]:
    known = {e.level for e in world.territory.grids if isinstance(e, GridPublished)}
    for number, rule in enumerate(content.levels):
        if rule.level not in known:
            listed = ", ".join(sorted(known)) or "none"
            yield _doubt("unknown_level", f"levels.{number}.level",
                         f"网格树没有层级 {rule.level}（现有：{listed}）",
                         f"the tree has no level {rule.level} (it has: {listed})")  # fmt: skip


def _patterns(content: SupervisionContent, world: World) -> Iterator[Doubt]:
    codes = {matter for each in world.standards.conditions.values() for matter, _ in each}
    for field, patterns in _named(content):
        for pattern in patterns:
            if not any(fnmatchcase(code, pattern) for code in codes):
                yield _doubt("fits_no_matter", field, f"标准中没有事项符合 {pattern}",
                             f"{pattern} fits no matter of the standard")  # fmt: skip


def _named(content: SupervisionContent) -> Iterator[tuple[str, Sequence[str]]]:
    for number, slip in enumerate(content.slips):
        yield f"slips.{number}.matters", slip.matters
    for number, level in enumerate(content.levels):
        yield f"levels.{number}.matters", level.matters


def _hidden(content: SupervisionContent) -> Iterator[Doubt]:
    """The first rule that fits applies, so what follows one for all is never asked."""
    slips = [
        (f"slips.{n}", str(rule.trigger), rule.matters) for n, rule in enumerate(content.slips)
    ]
    levels = [(f"levels.{n}", "level", rule.matters) for n, rule in enumerate(content.levels)]
    yield from _after_one_for_all([*slips, *levels])


def _after_one_for_all(rules: Iterable[tuple[str, str, Sequence[str]]]) -> Iterator[Doubt]:
    for_all: dict[str, str] = {}
    for field, of, matters in rules:
        if of in for_all:
            yield _doubt("never_applies", field,
                         f"永不适用：{for_all[of]} 已适用于全部事项",
                         f"never applies: {for_all[of]} fits every matter")  # fmt: skip
        elif "*" in matters:
            for_all[of] = field


def _doubt(code: str, field: str, zh: str, en: str) -> Doubt:
    return Doubt(code=code, field=field, message=Text(zh=zh, en=en))
