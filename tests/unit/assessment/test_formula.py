"""Formulas are data, and bad data is refused with its place."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from assessment.domain.formula import read_formula
from assessment.domain.period import month
from assessment.reading import formula

NOW = datetime(2026, 2, 1, tzinfo=UTC)


SIDE = [{"count": "stints", "where": ["due_in_period"]}]
INDICATOR = {
    "code": "handled",
    "name": {"zh": "处置率", "en": "Handled"},
    "numerator": SIDE,
    "denominator": SIDE,
}


def raw(**term: object) -> dict[str, object]:
    side = [{**SIDE[0], **term}]
    indicator = {**INDICATOR, "numerator": side, "denominator": side}
    return {"id": "default", "version": 1, "indicators": [indicator]}


def test_the_shipped_formula_has_the_six_rates() -> None:
    codes = [i.code for i in formula().indicators]

    assert codes == ["handled", "on_time", "closed", "routed_right", "rework", "found_first"]


@pytest.mark.parametrize(
    "term", [{"count": "people"}, {"where": ["punctual"]}, {"where": []}, {"weight": 2}]
)
def test_a_word_that_nobody_knows_is_refused(term: dict[str, object]) -> None:
    read_formula(raw())
    with pytest.raises(ValidationError) as refused:
        read_formula(raw(**term))

    assert refused.value.errors()[0]["loc"][:3] == ("indicators", 0, "numerator")


@pytest.mark.parametrize("side", ["numerator", "denominator"])
@pytest.mark.parametrize("stated", [False, True], ids=["left out", "empty"])
def test_rule_6_a_formula_without_numerator_or_denominator_is_refused(
    side: str, stated: bool
) -> None:
    indicator: dict[str, object] = {**INDICATOR}
    if stated:
        indicator[side] = []
    else:
        del indicator[side]
    with pytest.raises(ValidationError) as refused:
        read_formula({"id": "default", "version": 1, "indicators": [indicator]})

    assert refused.value.errors()[0]["loc"] == ("indicators", 0, side)


def test_rule_6_every_shipped_formula_states_what_is_above_and_below() -> None:
    for indicator in formula().indicators:
        for side in (indicator.numerator, indicator.denominator):
            assert side, indicator.code
            assert all(term.count and term.where for term in side), indicator.code


def test_an_indicator_is_there_once() -> None:
    twice = raw()
    indicators = twice["indicators"]
    assert isinstance(indicators, list)
    indicators.append(indicators[0])
    with pytest.raises(ValidationError, match="twice"):
        read_formula(twice)


def test_a_month_begins_and_ends_in_the_districts_zone() -> None:
    january = month("2026-01", "Asia/Shanghai", NOW)
    march = month("2026-03", "America/New_York", NOW)

    assert datetime.fromtimestamp(january.start, UTC).isoformat() == "2025-12-31T16:00:00+00:00"
    assert january.over
    assert (march.end - march.start) / 3600 == 31 * 24 - 1  # the clocks go forward


@pytest.mark.parametrize("name", ["2026-13", "2026", "2026-1", "26-01", "2026-01-01"])
def test_what_is_no_month_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM"):
        month(name, "Asia/Shanghai", NOW)
