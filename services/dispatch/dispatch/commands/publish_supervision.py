"""Publish the district's rules for supervision: slips, escalation, levels, more time, rulings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from case_contracts.events.base import EventData
from case_contracts.events.dispatch import SupervisionPublished
from dispatch.domain.supervision_published import SupervisionContent, SupervisionState
from service_kit.changes import check_written_from
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class PublishSupervision:
    """``after`` is the version that was looked at when these were written; 0 for none."""

    content: SupervisionContent
    after: int
    by: str


def publish(state: SupervisionState, command: PublishSupervision, context: Context) -> Decision:
    """``supervision.published``, one version up; nothing where they say what is in force already.

    Raises Refused ``rules_changed`` where somebody else has published in between.
    """
    if state.published and SupervisionContent.of(state.published) == command.content:
        return []
    check_written_from(command.after, state.version)
    return [
        SupervisionPublished(
            supervision=state.supervision,
            version=state.version + 1,
            by=command.by,
            published_at=context.now,
            **dict(command.content),
        )
    ]


class SupervisionAggregate:
    """One for the district."""

    kind, schema, state = "supervision", 1, SupervisionState

    def initial(self, aggregate: str) -> SupervisionState:
        return SupervisionState(supervision=aggregate)

    def evolve(self, state: SupervisionState, event: EventData) -> SupervisionState:
        assert isinstance(event, SupervisionPublished)
        return state.model_copy(update={"published": event})

    def decide(self, state: SupervisionState, command: Any, context: Context) -> Decision:
        assert isinstance(command, PublishSupervision)
        return publish(state, command, context)

    def fields(self, state: SupervisionState) -> Mapping[str, Any]:
        return {}
