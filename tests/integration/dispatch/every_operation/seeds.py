"""For each operation of dispatch a request that must succeed."""

from collections.abc import Sequence
from typing import Any

from tests.integration.dispatch.every_operation.arranged import BOSS, DUTY, KNOWLEDGE, LEAD, WORKER
from tests.support.fuzz import Seed

Seeds = dict[str, Sequence[Seed]]
WORDS = {"words": "As it was."}
LIMIT = {"amount": 1, "unit": "hours"}
RULES = {
    "after": 0, "slips": [], "escalate": [], "levels": [], "near_share": 0.25,
    "pauses": {"times": 2, "longest": {"amount": 10, "unit": "working_days"}},
    "extensions": {"times": 2, "longest": {"amount": 5, "unit": "working_days"}},
}  # fmt: skip


def seeds_of(found: dict[str, Any]) -> Seeds:
    return {**_reading(found), **_work(found), **_ends(), **_time(found), **_rulings(),
            **_services(), **_supervision(found), **_operations()}  # fmt: skip


def _one(
    role: str | None, case: str | None = None, body: Any = None, query: Any = None, **path: str
) -> list[Seed]:
    own = path if case is None else {"case": f"case:{case}", **path}
    return [Seed(path=own, query=query or {}, body=body, role=role)]


def _reading(found: dict[str, Any]) -> Seeds:
    return {
        "POST /cases/lookup": _one(BOSS, body={"cases": ["case:look"]}),
        "GET /cases/turns": _one(BOSS, query={"kind": "person"}),
        "GET /cases/figures": _one(BOSS),
        "GET /cases/ground": _one(BOSS, query={"grid": "c"}),
        "GET /cases/days": _one(BOSS, query={"grid": "c"}),
        "GET /cases/list": _one(BOSS, query={"grid": "c"}),
        "GET /workers/load": _one(BOSS, query={"grid": "c"}),
        "GET /cases/desk": _one(WORKER),
        "GET /cases/export": _one(BOSS, query={"purpose": "monthly"}),
        "POST /cases/search": _one(LEAD, body={"words": "as it", "purpose": "sitting"}),
        "POST /cases/bulk": _one(
            BOSS, body={"action": "press", "cases": ["case:bulk"], "reason": "now"}
        ),
        "GET /cases/mine": _one(WORKER),
        "GET /cases": _one(BOSS, query={"desk": f"person:{WORKER}"}),
        "GET /cases/waiting": _one(BOSS),
        "GET /cases/{case}": _one(BOSS, "look"),
        "GET /cases/{case}/clock": _one(BOSS, "look"),
        "GET /cases/{case}/actions": _one(BOSS, "look"),
        "GET /cases/{case}/timeline": _one(BOSS, "look"),
        "GET /cases/{case}/turn": _one(BOSS, "look"),
        "GET /cases/{case}/words": _one(WORKER, "look"),
        "GET /neighbourhood/figures": _one("nobody"),
        "GET /statements/purposes": _one(BOSS),
        "GET /cases/{case}/statements": _one(BOSS, "slipped", query={"purpose": "supervise"}),
        "DELETE /cases/{case}/statements": _one("eraser", "erase", query={"purpose": "retention"}),
        "GET /answers/{statement}": _one("nobody", statement=found["statement"]),
    }


def _work(found: dict[str, Any]) -> Seeds:
    return {
        "POST /cases/{case}/take": _one(DUTY, "fire", {}),
        "POST /cases/{case}/completion": _one(WORKER, "do", {"taskid": found["do"]}),
        "POST /cases/{case}/verification": _one(LEAD, "check", {"passed": True}),
        "POST /cases/{case}/assignment": _one(BOSS, "assign", {"reason": "ill"}),
        "POST /cases/{case}/place": _one(BOSS, "place", {"grid": "u1"}),
        "POST /cases/{case}/reopening": _one("other boss", "reopening", {"reopen": True}),
        "POST /cases/{case}/verifier": _one(
            "other boss", "verifier", {"posting": "posting:d:p-boss"}
        ),
    }


def _ends() -> Seeds:
    why = {"reason": "no_such_problem", "statement": "Nothing found."}
    return {
        "POST /cases/{case}/answer": _one(BOSS, "answer", WORDS),
        "POST /cases/{case}/voiding": _one(BOSS, "void", why),
        "POST /cases/{case}/voiding/decision": _one("approver", "voiding", {"approve": True}),
    }


def _time(found: dict[str, Any]) -> Seeds:
    return {
        "POST /cases/{case}/relief": _one(WORKER, "relief", {"reason": "parts", "limit": LIMIT}),
        "POST /cases/{case}/relief/{asked}": _one(
            BOSS, "asked", {"grant": False}, asked=found["asked"]
        ),
        "POST /cases/{case}/resume": _one(BOSS, "paused", {}),
    }


def _rulings() -> Seeds:
    body = {"lead": {"post": "posting:c:p-lead"}, "reason": "its_ground"}
    return {
        "POST /cases/{case}/return": _one(WORKER, "return", {"reason": "not_here"}),
        "GET /rulings": _one(BOSS),
        "GET /cases/{case}/ruling": _one(BOSS, "ruling"),
        "POST /cases/{case}/ruling": _one(BOSS, "ruling", body),
    }


def _services() -> Seeds:
    papers = {"to": "posting:d:p-boss", "documents": ["copy:id-card"]}
    return {
        "POST /cases/{case}/mediation/sittings": _one(LEAD, "sitting", WORDS),
        "POST /cases/{case}/mediation": _one(LEAD, "mediate", {"outcome": "agreement", **WORDS}),
        "POST /cases/{case}/documents": _one(LEAD, "papers", papers),
        "POST /cases/{case}/result": _one(LEAD, "result", {"result": "granted", **WORDS}),
        "POST /cases/{case}/inquiry-answer": _one(LEAD, "inquiry", WORDS),
        "GET /knowledge": _one(BOSS),
        "PUT /knowledge/{knowledge}": _one(
            "publisher", body=KNOWLEDGE, knowledge="knowledge:other"
        ),
        "GET /knowledge/{knowledge}": _one(BOSS, knowledge="knowledge:permit"),
        "DELETE /knowledge/{knowledge}": _one(
            "publisher", query={"after": 1}, knowledge="knowledge:permit"
        ),
    }


def _supervision(found: dict[str, Any]) -> Seeds:
    return {
        "POST /cases/{case}/press": _one(BOSS, "press", {"reason": "waits"}),
        "POST /cases/{case}/slips": _one(BOSS, "slip", {"colour": "orange", **WORDS}),
        "POST /cases/{case}/slips/{slip}/answer": _one(
            WORKER, "slipped", WORDS, slip=found["slip"]
        ),
        "POST /cases/{case}/escalation": _one(BOSS, "up", {"reason": "hard"}),
        "GET /supervision": _one(BOSS),
        "PUT /supervision": _one("publisher", body=RULES),
    }


def _operations() -> Seeds:
    return {
        "GET /commits": _one("operator", query={"writer": "w", "first": 1, "last": 1}),
        "GET /commits/writers": _one("operator"),
        "GET /held": _one("operator"),
        "GET /held/{held_id}": _one("operator", held_id="h-1"),
        "POST /held/{held_id}/replay": _one("operator", held_id="h-1"),
        "DELETE /held/{held_id}": _one("operator", held_id="h-2"),
    }
