"""What intake listens to, and what it does at once on events of its own."""

from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events.dispatch import (
    AnswerGiven,
    CaseClosed,
    CaseReopened,
    CaseVoided,
    MergingRequested,
    ReopeningReferred,
    ReopeningRefused,
    TaskAccepted,
    TaskAssigned,
    TaskCompleted,
    TaskOverdue,
    VerificationRequested,
)
from case_contracts.events.intake import (
    CallbackMade,
    ReportLinked,
    ReportReceived,
    ReportRejected,
    ReportSupplemented,
    ReportTriaged,
    ReportUnlinked,
    ReportWithdrawn,
    RulesPublished,
)
from case_contracts.events.notification import NoticeSent
from case_contracts.events.registry import (
    CalendarPublished,
    ContactGroupDissolved,
    ContactGroupFormed,
    DistrictPublished,
    GridPublished,
    GridRetired,
    HouseholdErased,
    HouseholdRegistered,
    PostingEnded,
    PostingStarted,
    StandardPublished,
)
from intake.handlers import on_acceptance, on_callback, on_links, on_open311, on_progress
from intake.handlers.on_report_received import open_its_case
from intake.views import reports
from service_kit.events.subscriptions import Command, Fact, Mirror, Subscriptions
from service_kit.events.ties import LEADING
from service_kit.store.follow import FollowUp
from service_kit.store.kept import Kept

GRIDS, STANDARDS, DISTRICT = "mirror_grid", "mirror_standard", "mirror_district"
RULES = "mirror_rules"
POSTINGS, CALENDARS = "mirror_posting", "mirror_calendar"
CONTACT_GROUPS, HOUSEHOLDS = "mirror_contact_group", "mirror_household"
PROGRESS = "fact_progress"
LINKS, MERGINGS = "fact_link", "fact_merging"
REQUEST_ENDS = "fact_request_ends"


def _from(data: Any, envelope: Envelope) -> str:
    return f"{envelope.subject}|{data.valid_from.isoformat()}"


def _until(data: Any, envelope: Envelope) -> str:
    return f"{envelope.subject}|{data.valid_to.isoformat()}"


def _version(data: Any, envelope: Envelope) -> str:
    return f"{envelope.subject}|{data.version}"


def _entry(data: HouseholdRegistered | HouseholdErased, _: Envelope) -> str:
    return data.entry


SUBSCRIPTIONS = Subscriptions(
    "intake",
    [
        Mirror(DistrictPublished, DISTRICT),
        Mirror(GridPublished, GRIDS, _from),
        Mirror(GridRetired, GRIDS, _until),
        Mirror(StandardPublished, STANDARDS, _version),
        Mirror(RulesPublished, RULES),
        *LEADING,
        Command(TaskAccepted, "intake.work-taken", on_acceptance.on_work_taken),
        Command(TaskCompleted, "intake.work-done", on_acceptance.on_work_taken),
        Mirror(PostingStarted, POSTINGS, _from),
        Mirror(PostingEnded, POSTINGS, _until),
        Mirror(CalendarPublished, CALENDARS, _version),
        Mirror(ContactGroupFormed, CONTACT_GROUPS, _from),
        Mirror(ContactGroupDissolved, CONTACT_GROUPS, _until),
        Mirror(HouseholdRegistered, HOUSEHOLDS, _entry),
        Mirror(HouseholdErased, HOUSEHOLDS, _entry),
        Fact(TaskAssigned, PROGRESS, on_progress.assigned),
        Fact(TaskOverdue, PROGRESS, on_progress.overdue),
        Fact(VerificationRequested, PROGRESS, on_progress.done),
        Fact(CaseClosed, PROGRESS, on_progress.closed),
        Fact(CaseReopened, PROGRESS, on_progress.reopened),
        Fact(ReopeningReferred, PROGRESS, on_progress.referred),
        Fact(ReopeningRefused, PROGRESS, on_progress.refused),
        Fact(CaseVoided, PROGRESS, on_progress.voided),
        Fact(AnswerGiven, PROGRESS, on_progress.answered),
        Fact(NoticeSent, PROGRESS, on_progress.told),
        Fact(MergingRequested, MERGINGS, on_links.merging),
        Command(CaseClosed, "intake.callback-closed", on_callback.closed, True),
        Command(CaseReopened, "intake.callback-reopened", on_callback.reopened, True),
        Command(ReopeningRefused, "intake.callback-refused", on_callback.stays_closed, True),
        Fact(CaseClosed, REQUEST_ENDS, on_open311.closed),
        Fact(CaseReopened, REQUEST_ENDS, on_open311.reopened),
    ],
)

KEPT = [Kept(ReportLinked, LINKS, on_links.made), reports.KEPT]
"""Rows of its own events, stored with them."""

FOLLOW_UPS = [
    FollowUp(ReportReceived, "intake.open-case", open_its_case),
    FollowUp(ReportReceived, "intake.callback-promised", on_callback.promised),
    FollowUp(ReportRejected, "intake.callback-rejected", on_callback.rejected),
    FollowUp(ReportSupplemented, "intake.callback-promised-later", on_callback.promised_later),
    FollowUp(ReportLinked, "intake.callback-promised-linked", on_callback.promised_later),
    FollowUp(ReportUnlinked, "intake.callback-promised-again", on_callback.promised),
    FollowUp(ReportWithdrawn, "intake.callback-withdrawn", on_callback.withdrawn),
    FollowUp(CallbackMade, "intake.answer-by-phone", on_callback.answered),
    FollowUp(ReportTriaged, "intake.open-triaged", open_its_case),
    FollowUp(ReportUnlinked, "intake.open-case", on_links.open_its_own),
]
"""Committed in the batch of the event that they follow, behind it."""
