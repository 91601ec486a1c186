"""What people do with a case, as forms: which fields, and where dispatch takes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "words", "code", "pick", "yes", "limit", "until", "department", "grid", "post", "evidence",
    "slip", "case", "tick", "papers",
]  # fmt: skip


@dataclass(frozen=True)
class Field:
    """``options`` are codes to choose from; a ``code`` is why, a ``pick`` anything else."""

    name: str
    kind: Kind
    needed: bool = True
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Act:
    """``path`` with ``{case}``, ``{taskid}``, ``{asked}`` (a request for more time) and ``{slip}``
    in it; ``fixed`` goes with every body. ``bulk``: dispatch takes it for many cases at once, and
    so for one. ``danger``: it ends or takes away something."""

    step: str
    path: str
    fields: tuple[Field, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    bulk: bool = False
    danger: bool = False


def _why(*codes: str) -> Field:
    return Field("reason", "code", options=codes)


def _words(name: str = "words", *, needed: bool = True) -> Field:
    return Field(name, "words", needed)


_UP = ("beyond_our_powers", "needs_other_powers", "no_handler", "overdue")
_TIME = ("needs_approval", "parts_ordered", "needs_other_powers")
_POST, _DEPARTMENT = Field("post", "post", needed=False), Field("department", "department", False)
_SHOWN = Field("evidence", "evidence", needed=False)
_STATEMENT = _words("statement", needed=False)

ACTS: tuple[Act, ...] = (
    Act("take", "/cases/{case}/take"),
    Act("place_case", "/cases/{case}/place", (Field("grid", "grid"),)),
    Act("complete_task", "/cases/{case}/completion",
        (_SHOWN, _words("answer", needed=False)), {"taskid": "{taskid}"}),
    Act("verify", "/cases/{case}/verification",
        (Field("passed", "yes"), Field("reason", "code", False, ("not_done", "problem_is_there")),
         _SHOWN, Field("confirms", "tick", needed=False))),
    Act("decide_relief", "/cases/{case}/relief/{asked}",
        (Field("grant", "yes"), Field("reason", "code", False, ("no_need_seen", "too_long")),
         _STATEMENT)),
    Act("decide_voiding", "/cases/{case}/voiding/decision",
        (Field("approve", "yes"), Field("reason", "code", False, ("problem_is_there",)),
         _STATEMENT)),
    Act("decide_reopening", "/cases/{case}/reopening",
        (Field("reopen", "yes"),
         _why("not_done", "problem_is_there", "dissatisfied", "done_as_the_standard_says"))),
    Act("answer_slip", "/cases/{case}/slips/{slip}/answer", (Field("slip", "slip"), _words())),
    Act("give_answer", "/cases/{case}/answer", (_words(),)),
    Act("press", "/cases/{case}/press",
        (_why("reporter_waits", "near_due", "overdue", "public_safety"), _words(needed=False))),
    Act("reassign", "/cases/{case}/assignment",
        (_why("lapsed", "not_ours", "no_handler", "needs_other_powers", "overdue"),
         _DEPARTMENT, _POST)),
    Act("issue_slip", "/cases/{case}/slips",
        (Field("colour", "pick", options=("blue", "yellow", "orange", "red")), _words(),
         Field("answer", "limit", needed=False))),
    Act("escalate", "/cases/{case}/escalation", (_why(*_UP), _words(needed=False)),
        {"take_over": False}),
    Act("take_over", "/cases/{case}/escalation", (_why(*_UP), _words(needed=False)),
        {"take_over": True}),
    Act("extend", "/cases/bulk", (_why(*_TIME, "public_safety"), Field("limit", "limit")),
        {"action": "extend"}, bulk=True),
    Act("resume_clock", "/cases/{case}/resume"),
    Act("name_verifier", "/cases/{case}/verifier", (Field("posting", "post"),)),
    Act("return_task", "/cases/{case}/return",
        (_why("not_ours", "no_handler", "needs_other_powers"),
         Field("proposed", "department", needed=False), _STATEMENT)),
    Act("ask_task_pause", "/cases/{case}/relief",
        (_why(*_TIME), Field("until", "until"), _STATEMENT)),
    Act("ask_task_extension", "/cases/{case}/relief",
        (_why(*_TIME), Field("limit", "limit"), _STATEMENT)),
    Act("hold_mediation", "/cases/{case}/mediation/sittings", (_words(),)),
    Act("end_mediation", "/cases/{case}/mediation",
        (Field("outcome", "pick", options=("agreement", "failed", "passed_on")), _words(),
         Field("passed_to", "pick", False, ("commission", "court", "police")))),
    Act("hand_on_documents", "/cases/{case}/documents",
        (Field("to", "post"), Field("documents", "papers"))),
    Act("return_result", "/cases/{case}/result",
        (Field("result", "pick", options=("granted", "refused", "more_needed")), _words())),
    Act("answer_inquiry", "/cases/{case}/inquiry-answer", (_words(),)),
    Act("request_voiding", "/cases/{case}/voiding",
        (_why("no_such_problem", "already_done", "reporter_withdrew"), _words("statement")),
        danger=True),
    Act("merge", "/cases/bulk", (_why("linked"), Field("into", "case")), {"action": "link"},
        bulk=True, danger=True),
)  # fmt: skip
"""In their order on the page: first what is asked of somebody, then what they may do."""
BY_STEP: Mapping[str, Act] = {act.step: act for act in ACTS}
ELSEWHERE: Mapping[str, str] = {"rule": "/staff/cases/{case}/ruling"}
"""Steps that have a page of their own."""
REASONS = sorted({code for act in ACTS for each in act.fields if each.kind == "code"
                  for code in each.options})  # fmt: skip
