"""What assessment listens to, at a glance: facts alone, all in one numbered log."""

from assessment.domain.rows import Kind
from assessment.handlers import facts
from assessment.handlers.facts import settle
from assessment.views.blocks import FACTS
from assessment.views.places import PLACES
from case_contracts.events import dispatch, intake, registry
from service_kit.events import ties
from service_kit.events.numbered import Numbered
from service_kit.events.subscriptions import Fact, Mirror, Subscriptions

SUBSCRIPTIONS = Subscriptions(
    "assessment",
    [
        Numbered(intake.CaseOpened, FACTS, facts.on_case_opened, settle),
        Fact(intake.CaseOpened, PLACES, facts.place_of),
        Numbered(intake.SatisfactionRated, FACTS, facts.on_satisfaction_rated, settle),
        Numbered(dispatch.CasePlaced, FACTS, facts.on_case_placed, settle),
        Numbered(dispatch.TaskAssigned, FACTS, facts.on_task_assigned, settle),
        Numbered(dispatch.TaskReturned, FACTS, facts.on_task(Kind.RETURNED), settle),
        Numbered(dispatch.TaskRevoked, FACTS, facts.on_task(Kind.REVOKED), settle),
        Numbered(dispatch.TaskOverdue, FACTS, facts.on_task(Kind.OVERDUE), settle),
        Numbered(dispatch.TaskCompleted, FACTS, facts.on_task(Kind.COMPLETED), settle),
        Numbered(dispatch.VerificationPassed, FACTS, facts.on_verified(Kind.PASSED), settle),
        Numbered(dispatch.VerificationFailed, FACTS, facts.on_verified(Kind.FAILED), settle),
        Numbered(dispatch.ClockStarted, FACTS, facts.on_clock_started, settle),
        Numbered(dispatch.ClockPaused, FACTS, facts.on_clock_paused, settle),
        Numbered(dispatch.ClockResumed, FACTS, facts.on_clock_moved, settle),
        Numbered(dispatch.ClockExtended, FACTS, facts.on_clock_moved, settle),
        Numbered(dispatch.CaseClosed, FACTS, facts.on_case_closed, settle),
        Numbered(dispatch.CaseReopened, FACTS, facts.on_case_reopened, settle),
        Numbered(dispatch.CaseVoided, FACTS, facts.on_case_voided, settle),
        Mirror(registry.DistrictPublished, "mirror_district"),
        *ties.GRIDS,
        *ties.POSTINGS,
        *ties.LEADING,
    ],
)
