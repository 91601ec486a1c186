"""The picture of the flow says what the subscriptions say, and the README has it."""

import pytest

from civicgrid import flow
from civicgrid.deployment.subscribed import subscribed_types
from civicgrid.local import LocalError


def test_an_arrow_for_each_owner_and_subscriber() -> None:
    picture = flow.mermaid({"dispatch": ["case.opened.v1", "grid.published.v1"]})
    assert 'intake -->|"case.opened"| dispatch' in picture
    assert 'registry -->|"grid.published"| dispatch' in picture


def test_a_thick_arrow_for_what_a_service_follows_at_once() -> None:
    picture = flow.mermaid({}, {"intake": ["report.received.v1"], "dispatch": []})
    assert 'intake ==>|"report.received"| intake' in picture


def test_many_events_are_counted_not_listed() -> None:
    picture = flow.mermaid(subscribed_types())
    assert "more" in picture
    assert max(len(line) for line in picture.splitlines()) < 300


def test_only_what_is_between_the_markers_changes() -> None:
    before = f"a\n{flow.BEGIN}\nold\n{flow.END}\nb"
    assert flow.drawn(before, "new") == f"a\n{flow.BEGIN}\nnew\n{flow.END}\nb"
    with pytest.raises(LocalError, match="lacks"):
        flow.drawn("no markers", "new")


def test_the_readme_shows_the_flow_as_it_is() -> None:
    assert flow.main(["--check"]) == 0
