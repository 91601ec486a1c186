"""Events of an older version are bound, found and read as the newest."""

import pytest

from case_bus.topology import event_bindings
from case_contracts.catalogue import UnknownEvent
from case_contracts.events.registry import PostingEnded
from case_contracts.events.upcasters import UPCASTERS, Upcaster
from service_kit.events.subscriptions import Fact, Subscriptions

TABLE = Subscriptions("intake", [Fact(PostingEnded, "fact_posting", lambda data, _: {})])


@pytest.fixture
def _older_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if ``posting.ended`` were at version 1 now, and version 0 had been released."""
    step = Upcaster(1, lambda data: {**data, "posting": data["post"]})
    monkeypatch.setitem(UPCASTERS.steps, ("posting.ended", 0), step)


@pytest.mark.usefixtures("_older_version")
def test_both_versions_are_bound() -> None:
    keys = [binding.key for binding in event_bindings("intake", TABLE.types)]

    assert keys == ["registry.posting.ended.v0", "registry.posting.ended.v1"]
    assert TABLE.readable == ("posting.ended.v0", "posting.ended.v1")


@pytest.mark.usefixtures("_older_version")
def test_the_older_one_finds_its_subscription() -> None:
    assert TABLE.of("posting.ended.v0") == TABLE.of("posting.ended.v1") == tuple(TABLE.entries)


def test_what_is_not_in_the_table_has_no_subscription() -> None:
    assert TABLE.of("case.opened.v1") == ()
    assert TABLE.of("posting.ended.v2") == ()
    with pytest.raises(UnknownEvent):
        TABLE.of("no type")
