"""The work calendar against a city's own due times: 14,565 deadlines nobody here made up."""

from datetime import timedelta
from pathlib import Path

from case_contracts.values import LimitUnit
from service_kit.worktime import deadline, elapsed
from tests.integration.data import boston

TWO_MINUTES = timedelta(seconds=120)


def test_our_deadlines_are_the_citys(data_dir: Path) -> None:
    limits = boston.limits(data_dir)
    known = [target for target in boston.targets(data_dir) if target.type in limits]
    assert len(limits) == 84
    assert len(known) == 14_565
    assert sum(target.closed is not None for target in known) == 12_512
    exact = sum(
        abs(deadline(target.opened, limits[target.type], boston.CALENDAR) - target.due)
        <= TWO_MINUTES
        for target in known
    )
    assert exact >= 0.99 * len(known)


def test_on_time_is_what_the_city_says(data_dir: Path) -> None:
    limits = boston.limits(data_dir)
    differing = [
        target
        for target in boston.targets(data_dir)
        if target.type in limits
        and target.closed is not None
        and (target.closed <= deadline(target.opened, limits[target.type], boston.CALENDAR))
        != target.on_time
    ]
    assert len(differing) <= 15


def test_the_working_days_until_a_target_are_the_limit(data_dir: Path) -> None:
    wanted = "Building Inspection Request"
    limit = boston.limits(data_dir)[wanted]
    assert limit.unit is LimitUnit.WORKING_DAYS
    spent = [
        elapsed(target.opened, target.due, limit.unit, boston.CALENDAR)
        for target in boston.targets(data_dir)
        if target.type == wanted
    ]
    assert len(spent) > 500
    assert sum(abs(days - limit.amount) < 0.01 for days in spent) >= 0.99 * len(spent)
