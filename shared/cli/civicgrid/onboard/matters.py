"""The city's own kinds of requests become a standard with limits, and admissions."""

import csv
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from case_contracts.values import Limit
from civicgrid.onboard.config import LimitTable, OneCondition
from civicgrid.onboard.errors import refuse
from civicgrid.onboard.load import Source
from civicgrid.onboard.rows import Key
from civicgrid.onboard.slugs import slugs


@dataclass(slots=True)
class Standard:
    """Matters by the city's own words, their limits, and items whose limit is nothing at all."""

    codes: dict[Key, str]
    limits: dict[Key, Limit]
    limits_of_nothing: list[str]


def standard(source: Source, keys: list[Key]) -> Standard:
    """Codes and limits for these matters.

    Raises:
        OnboardError: the table of limits cannot be read.
    """
    limits, nothing = _limits(source)
    matters = source.config.matters
    categories = slugs(sorted({category for category, _ in keys}))
    items = {
        category: slugs(sorted(item for one, item in keys if one == category))
        for category in categories
    }
    codes = {
        (category, item): "/".join(
            (
                matters.classes.get(category, matters.default),
                categories[category],
                items[category][item],
            )
        )
        for category, item in sorted(keys)
    }
    found = {key: limits[key[1]] for key in codes if key[1] in limits}
    return Standard(codes, found, nothing)


def _limits(source: Source) -> tuple[dict[str, Limit], list[str]]:
    found: dict[str, Limit] = {}
    nothing: list[str] = []
    if source.config.limits.table:
        table = source.config.limits.table
        for row in _table_rows(table, source):
            amount, unit, share = _best(row, table, source)
            if share >= table.minimum_share and amount > 0:
                found[row[table.item]] = Limit(amount=amount, unit=unit)
            elif share >= table.minimum_share:
                nothing.append(row[table.item])
    return {**found, **source.config.limits.fixed}, nothing


def _table_rows(table: LimitTable, source: Source) -> list[dict[str, str]]:
    path = source.file(table.file, "limits", "table", "file")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    wanted = [table.item, *(name for one in table.options for name in (one.amount, one.share))]
    for column in wanted:
        if column not in (reader.fieldnames or []):
            message = f"limits.table: {path.name} has no column {column!r}"
            hint = f"its columns are {', '.join(reader.fieldnames or [])}"
            raise refuse("column_missing", source.at("limits", "table"), message, hint)
    return rows


def _best(row: dict[str, str], table: LimitTable, source: Source) -> tuple[float, Any, float]:
    try:
        options = [
            (float(row[one.amount] or 0), one.unit, float(row[one.share] or 0))
            for one in table.options
        ]
    except ValueError as error:
        message = f"limits.table: {row[table.item]}: {error}"
        origin = source.at("limits", "table")
        raise refuse("limit_invalid", origin, message, "correct the table") from error
    return max(options, key=lambda option: option[2])


def standard_value(source: Source, made: Standard) -> dict[str, Any]:
    """The payload of the standard."""
    config = source.config
    return {
        "standard": config.district,
        "version": 1,
        "calendar": {"id": config.calendar.id, "version": 1},
        "matters": [
            {
                "code": code,
                "matter_class": code.split("/")[0],
                "name": label(source, key[1]),
                "default_condition": config.matters.condition.code,
                "conditions": [_condition(config.matters.condition, made.limits.get(key))],
            }
            for key, code in made.codes.items()
        ],
    }


def _condition(one: OneCondition, limit: Limit | None) -> dict[str, Any]:
    value = one.model_dump(mode="json", exclude_none=True)
    return value if limit is None else value | {"handle": limit.model_dump(mode="json")}


def label(source: Source, words: str) -> dict[str, str]:
    """The city's own words in both languages; they stand for both where no translation is given."""
    other = source.config.translations.get(words, words)[:400]
    own = words[:400]
    return {"zh": other, "en": own} if source.config.language == "en" else {"zh": own, "en": other}


def admissions(source: Source, made: Standard) -> list[dict[str, Any]]:
    """The matters that grid workers may get, as the configuration's patterns say."""
    admitted = source.config.admissions
    if admitted is None:
        return []
    return [
        {
            "matter": code,
            "proposed_by": admitted.proposed_by,
            "reviewed_by": admitted.reviewed_by,
        }
        for code in made.codes.values()
        if any(fnmatchcase(code, pattern) for pattern in admitted.matters)
    ]
