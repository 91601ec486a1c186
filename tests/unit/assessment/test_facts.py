"""What is kept of an event for figures."""

import pytest

from assessment.handlers.facts import filing
from case_contracts.events.intake import CaseOpened, Channel


@pytest.mark.parametrize(
    ("channel", "said"), [(Channel.PATROL, "found-first"), (Channel.WEB, None)]
)
def test_of_a_filing_whether_patrol_found_it_before_any_resident(
    channel: Channel, said: str | None
) -> None:
    assert filing(CaseOpened.model_validate(CaseOpened.EXAMPLE | {"channel": channel})) == said
