"""A period is frozen (domain rule 6): what was published once is not published otherwise."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from assessment.commands.aggregate import PeriodAggregate
from assessment.commands.publish_score import PublishScore
from assessment.domain.scores import Figure
from assessment.reading import formula
from case_contracts.events.assessment import ScorePublished
from service_kit.store import Actor, Context

CONTEXT = Context(datetime(2026, 2, 1, tzinfo=UTC), str, None, "1", "1", Actor("test"))
FIGURES = st.builds(Figure, st.sampled_from(["handled", "on_time"]), *[st.integers(0, 100)] * 2)
COMMANDS = st.lists(
    st.lists(FIGURES, min_size=1, max_size=5).map(
        lambda figures: PublishScore(
            "2026-01", "department", "urban", formula().reference, tuple(figures)
        )
    ),
    min_size=1,
    max_size=4,
)


@given(COMMANDS)
def test_rule_6_what_is_frozen_stays_whatever_has_come_to_light_since(
    commands: list[PublishScore],
) -> None:
    aggregate = PeriodAggregate()
    state = aggregate.initial("period:2026-01:department:urban")
    published = []
    for command in commands:
        for event in aggregate.decide(state, command, CONTEXT):
            assert isinstance(event, ScorePublished)
            state = aggregate.evolve(state, event)
            published.append(event)
    (only,) = published
    said = [(f.indicator, f.numerator, f.denominator) for f in only.figures]
    assert said == [(f.indicator, f.numerator, f.denominator) for f in commands[0].figures]
    assert (only.formula, state.published) == (formula().reference, only)
