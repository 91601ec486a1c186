"""What reporters may ask of their report, and what the calls to them may, at a glance."""

from typing import Any

from intake.commands import (
    answer_by_phone,
    callback_claim,
    callback_drop,
    callback_request,
    callback_result,
    rate_satisfaction,
    request_reopening,
    supplement_report,
    withdraw_report,
)
from intake.domain.callback import CaseCalls
from intake.domain.deciding import Decide
from intake.domain.report import ReportState

RIGHTS: dict[type[Any], Decide[ReportState]] = {
    rate_satisfaction.RateSatisfaction: rate_satisfaction.rate_satisfaction,
    withdraw_report.WithdrawReport: withdraw_report.withdraw_report,
    supplement_report.SupplementReport: supplement_report.supplement_report,
    request_reopening.RequestReopening: request_reopening.request_reopening,
    answer_by_phone.AnswerByPhone: answer_by_phone.answer_by_phone,
}

CALLBACKS: dict[type[Any], Decide[CaseCalls]] = {
    callback_request.PromiseCallback: callback_request.promise_callback,
    callback_request.RequestCallbacks: callback_request.request_callbacks,
    callback_claim.ClaimCallback: callback_claim.claim_callback,
    callback_result.RecordCall: callback_result.record_call,
    callback_drop.DropCallbacks: callback_drop.drop_callbacks,
}
