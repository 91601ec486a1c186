"""The aggregate of notification: the notices of one case, to all who reported it."""

from collections.abc import Callable, Mapping
from typing import Any

from case_contracts.events.base import EventData
from notification.commands import (
    follow_report,
    hear_report,
    reach_otherwise,
    record_sending,
    tell_reporters,
)
from notification.domain.evolve import evolve
from notification.domain.state import CaseNotices
from service_kit.store import Context, Decision

PREFIX = "notice:"
DECIDE: dict[type, Callable[[CaseNotices, Any, Context], Decision]] = {
    hear_report.HearReport: hear_report.decide,
    follow_report.JoinCase: follow_report.join,
    follow_report.LeaveCase: follow_report.leave,
    reach_otherwise.ReachOtherwise: reach_otherwise.decide,
    tell_reporters.TellReporters: tell_reporters.decide,
    record_sending.RecordSending: record_sending.decide,
}
"""What can be asked, at a glance."""


def id_of(case: str) -> str:
    return PREFIX + case


class NoticeAggregate:
    kind = "notice"
    schema = 2
    state = CaseNotices

    def initial(self, aggregate: str) -> CaseNotices:
        return CaseNotices(case=aggregate.removeprefix(PREFIX))

    def evolve(self, state: CaseNotices, event: EventData) -> CaseNotices:
        return evolve(state, event)

    def decide(self, state: CaseNotices, command: Any, context: Context) -> Decision:
        return DECIDE[type(command)](state, command, context)

    def fields(self, state: CaseNotices) -> Mapping[str, Any]:
        """``waiting`` only while an email is to be sent."""
        return {"waiting": True} if state.waiting() else {}
