"""Intake's aggregates, each with what can be asked of it."""

from typing import Any

from intake.commands.evidence import EVIDENCE
from intake.commands.finish_import import FinishImport, finish_import
from intake.commands.linking import LINKING
from intake.commands.log_visit import LogVisit, log_visit
from intake.commands.open_case import OpenCase, open_case
from intake.commands.publish_rules import PublishRules, publish_rules
from intake.commands.receive_report import ReceiveReport, receive_report
from intake.commands.record_checkin import RecordCheckin, record_checkin
from intake.commands.release_receiver import ReleaseReceiver, release_receiver
from intake.commands.reporters import CALLBACKS, RIGHTS
from intake.commands.round_planning import EndRound, PlanRound, end_round, plan_round
from intake.commands.start_import import StartImport, start_import
from intake.commands.triage_report import REVIEWING
from intake.domain.callback import CallbackAggregate
from intake.domain.case import CaseAggregate
from intake.domain.checkin import CheckinAggregate
from intake.domain.evidence.state import EvidenceAggregate
from intake.domain.imports import ImportAggregate
from intake.domain.report import ReportAggregate
from intake.domain.round import RoundAggregate
from intake.domain.rules_published import RulesAggregate
from intake.domain.visit import VisitAggregate
from service_kit.store.model import Aggregate

AGGREGATES: list[Aggregate[Any]] = [
    ReportAggregate({ReceiveReport: receive_report, **RIGHTS, **REVIEWING, **LINKING}),
    CaseAggregate({OpenCase: open_case, ReleaseReceiver: release_receiver}),
    RulesAggregate({PublishRules: publish_rules}),
    EvidenceAggregate(EVIDENCE),
    CallbackAggregate(CALLBACKS),
    ImportAggregate({StartImport: start_import, FinishImport: finish_import}),
    VisitAggregate({LogVisit: log_visit}),
    CheckinAggregate({RecordCheckin: record_checkin}),
    RoundAggregate({PlanRound: plan_round, EndRound: end_round}),
]
