"""What changed between two versions of a standard, in words that people read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from case_contracts.events.registry import Condition, StandardMatter, StandardPublished
from case_contracts.values import Limit, LimitUnit, Text

_UNITS = {
    LimitUnit.WORKING_HOURS: ("个工作小时", "working hour"),
    LimitUnit.WORKING_DAYS: ("个工作日", "working day"),
    LimitUnit.HOURS: ("小时", "hour"),
    LimitUnit.DAYS: ("天", "day"),
}
_NONE = Text(zh="无", en="none")
_YES, _NO = Text(zh="是", en="yes"), Text(zh="否", en="no")
_FIELDS = {
    "name": Text(zh="名称", en="name"),
    "default_condition": Text(zh="默认立案条件", en="default condition"),
    "handle": Text(zh="处置时限", en="limit for handling"),
    "verify": Text(zh="核实时限", en="limit for verification"),
    "closing": Text(zh="结案条件", en="closing condition"),
    "evidence": Text(zh="证据要求", en="evidence"),
    "urgent": Text(zh="紧急（连续计时）", en="urgent (time runs on)"),
}
_OF_CONDITION = ("name", "handle", "verify", "closing", "evidence", "urgent")


@dataclass(frozen=True)
class Named:
    """A matter, or with ``condition`` one of its conditions, as people call it."""

    matter: str
    condition: str | None
    name: Text


@dataclass(frozen=True)
class Change:
    """One field that differs; ``words`` says so in a sentence."""

    matter: str
    condition: str | None
    field: str
    before: Text
    after: Text
    words: Text


@dataclass(frozen=True)
class Comparison:
    """All that differs. What is part of an added or removed matter is not listed again."""

    matters_added: list[Named]
    matters_removed: list[Named]
    conditions_added: list[Named]
    conditions_removed: list[Named]
    changes: list[Change]


def compare(before: StandardPublished, after: StandardPublished) -> Comparison:
    """From one version to another, either may be the newer."""
    old, new = _by_code(before.matters), _by_code(after.matters)
    both = [(old[code], new[code]) for code in old if code in new]
    return Comparison(
        matters_added=[_matter(m) for code, m in new.items() if code not in old],
        matters_removed=[_matter(m) for code, m in old.items() if code not in new],
        conditions_added=[each for one, other in both for each in _more(one, other)],
        conditions_removed=[each for one, other in both for each in _more(other, one)],
        changes=[change for pair in both for change in _changes(*pair)],
    )


def _by_code(matters: Iterable[StandardMatter]) -> dict[str, StandardMatter]:
    return {matter.code: matter for matter in matters}


def _conditions(matter: StandardMatter) -> dict[str, Condition]:
    return {condition.code: condition for condition in matter.conditions}


def _matter(matter: StandardMatter) -> Named:
    return Named(matter.code, None, matter.name)


def _more(one: StandardMatter, other: StandardMatter) -> list[Named]:
    known = _conditions(one)
    return [Named(other.code, c.code, c.name) for c in other.conditions if c.code not in known]


def _changes(one: StandardMatter, other: StandardMatter) -> Iterator[Change]:
    yield from _differing(one.code, None, one.name, _shown_matter(one), _shown_matter(other))
    old, new = _conditions(one), _conditions(other)
    for code in (code for code in old if code in new):
        name = _joined(one.name, old[code].name)
        yield from _differing(one.code, code, name, _shown(old[code]), _shown(new[code]))


def _differing(
    matter: str, condition: str | None, name: Text, old: Mapping[str, Text], new: Mapping[str, Text]
) -> Iterator[Change]:
    for field in old:
        before, after, label = old[field], new[field], _FIELDS[field]
        if before != after:
            words = Text.model_construct(
                zh=f"{name.zh}：{label.zh}由“{before.zh}”改为“{after.zh}”",
                en=f"{name.en}: {label.en} changed from {before.en!r} to {after.en!r}",
            )
            yield Change(matter, condition, field, before, after, words)


def _shown_matter(matter: StandardMatter) -> dict[str, Text]:
    default = matter.default_condition
    shown = Text(zh=default, en=default) if default else _NONE
    return {"name": matter.name, "default_condition": shown}


def _shown(condition: Condition) -> dict[str, Text]:
    evidence = ", ".join(condition.evidence)
    return {
        "name": condition.name,
        "handle": limit_words(condition.handle),
        "verify": limit_words(condition.verify),
        "closing": condition.closing,
        "evidence": Text.model_construct(zh=evidence, en=evidence) if evidence else _NONE,
        "urgent": _YES if condition.urgent else _NO,
    }


def limit_words(limit: Limit | None) -> Text:
    """2 working days: 2个工作日."""
    if limit is None:
        return _NONE
    zh, en = _UNITS[limit.unit]
    amount = int(limit.amount) if limit.amount.is_integer() else limit.amount
    return Text(zh=f"{amount}{zh}", en=f"{amount} {en}{'' if amount == 1 else 's'}")


def _joined(one: Text, other: Text) -> Text:
    return Text.model_construct(zh=f"{one.zh}·{other.zh}", en=f"{one.en}, {other.en}")
