"""``--begin-until EPOCH``: no test is begun after that, and the summary counts those that were not.

CI is cut off at a fixed time, which says nothing about the code on a machine a third as fast. What
is left out is another part each time: the files come in an order drawn from that time.
"""

import random
import time

import pytest

OPTION = "--begin-until"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        OPTION,
        type=float,
        metavar="EPOCH",
        help="begin no test after this time (seconds since 1970); files come in a random order",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The same order in every worker: it is drawn from the option."""
    until = config.getoption(OPTION)
    if until is None:
        return
    files = sorted({item.path for item in items})
    random.Random(until).shuffle(files)
    place = {path: number for number, path in enumerate(files)}
    items.sort(key=lambda item: place[item.path])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture is made for it."""
    until = item.config.getoption(OPTION)
    if until is not None and time.time() > until:
        pytest.skip(f"NOT BEGUN: {OPTION} is over")
