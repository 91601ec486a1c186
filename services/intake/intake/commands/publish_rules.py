"""Publish the district's rules for intake: duplicates, triage, where to turn."""

from dataclasses import dataclass

from case_contracts.events.intake import RulesPublished
from intake.domain.rules_published import RulesContent, RulesState
from service_kit.changes import check_written_from
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class PublishRules:
    """``after`` is the version that was looked at when these were written; 0 for none."""

    content: RulesContent
    after: int
    by: str


def publish_rules(state: RulesState, command: PublishRules, context: Context) -> Decision:
    """``rules.published``, one version up; nothing where they say what is in force already.

    Raises Refused ``rules_changed`` where somebody else has published in between.
    """
    if state.published and RulesContent.of(state.published) == command.content:
        return []
    check_written_from(command.after, state.version)
    return [
        RulesPublished(
            rules=state.rules,
            version=state.version + 1,
            by=command.by,
            published_at=context.now,
            **dict(command.content),
        )
    ]
