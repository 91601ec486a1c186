"""For each operation of intake a request that must succeed."""

from collections.abc import Sequence
from typing import Any

from service_kit import clock
from tests.integration.intake.every_operation.arranged import JPEG, TASK, Arranged, Reported
from tests.support import evidence_files
from tests.support.fuzz import Seed
from tests.support.small_district import IN_WEST, LITTER, MANHOLE, NOISE, ROOT, WEST

ROUND = {"name": {"zh": "每月三次走访", "en": "Three visits a month"}, "grids": [ROOT], "times": 3,
         "per": "month", "valid_from": "2026-01-01T00:00:00+08:00"}  # fmt: skip
PURPOSE = {"purpose": "notice"}
OPERATOR, WORKER = "operator", "worker"
Seeds = dict[str, Sequence[Seed]]


def seeds_of(there: Arranged) -> Seeds:
    return {
        **_reports(there),
        **_track(there),
        **_desks(there),
        **_vault(there),
        **_links(there),
        **_evidence(there),
        **_imports(there),
        **_field(there),
        **_operations(),
    }


def _one(role: str | None = OPERATOR, body: Any = None, media_type: str | None = None,
         query: dict[str, Any] | None = None, **path: str) -> list[Seed]:  # fmt: skip
    return [Seed(path=path, query=query or {}, body=body, role=role, media_type=media_type)]


def _reports(there: Arranged) -> Seeds:
    return {
        "POST /reports": _one(None, {"matter": MANHOLE, "point": IN_WEST, "text": "open"}),
        "GET /reports/{report}": _one(report=there.open.report),
        "GET /cases/{case}": _one(case=there.open.case),
        "GET /rules": _one(),
        "PUT /rules": _one(body={"after": 1, "triage_hours": 4}),
    }


def _track(there: Arranged) -> Seeds:
    def of(reported: Reported, body: Any = None) -> list[Seed]:
        return _one("nobody", body, receipt=reported.receipt)

    return {
        "GET /track/{receipt}": of(there.open),
        "POST /track/{receipt}/rating": of(there.rated, {"solved": True, "score": 5}),
        "POST /track/{receipt}/reopening": of(there.closed, {"reason": "not_done"}),
        "POST /track/{receipt}/additions": of(there.open, {"text": "one more"}),
        "POST /track/{receipt}/withdrawal": of(there.dull, {"reason": "solved_itself"}),
        "GET /track/{receipt}/evidence": of(there.open),
    }


def _desks(there: Arranged) -> Seeds:
    return {
        "GET /triage": _one(),
        "GET /triage/{report}": _one(report=there.unread.report),
        "POST /triage/{report}": _one(
            body={"matter": LITTER, "condition": "heap"}, report=there.unclear.report
        ),
        "GET /desk/received": _one(),
        "GET /callbacks": _one(),
        "POST /callbacks/{callback}/claim": _one(callback=there.callback),
        "POST /callbacks/{callback}/result": _one(
            body={"outcome": "not_reached"}, callback=there.claimed
        ),
    }


def _vault(there: Arranged) -> Seeds:
    case = there.open.case
    return {
        "GET /vault/purposes": _one(),
        "GET /vault/audit": _one(),
        "GET /vault/reports/{report}/contact": _one(query=PURPOSE, report=there.open.report),
        "GET /vault/cases/{case}/words": _one(query=PURPOSE, case=case),
        "GET /vault/words": _one(query={**PURPOSE, "case": [case]}),
        "GET /vault/receipts/{receipt}": _one(receipt=there.open.receipt),
        "DELETE /vault/cases/{case}/key": _one(query=PURPOSE, case=there.erasable.case),
    }


def _links(there: Arranged) -> Seeds:
    return {
        "GET /links": _one(),
        "GET /links/proposed": _one(),
        "POST /reports/{report}/link": _one(
            body={"case": there.open.case}, report=there.proposed.report
        ),
        "POST /reports/{report}/unlink": _one(
            body={"reason": "other_problem"}, report=there.linked.report
        ),
        "POST /reports/{report}/decline": _one(
            body={"case": there.beside}, report=there.declined.report
        ),
    }


def _evidence(there: Arranged) -> Seeds:
    work = {"case": there.open.case, "taskid": TASK, "phase": "before"}
    photo = evidence_files.jpeg(evidence_files.scene(3))
    return {
        "POST /evidence": _one(OPERATOR, photo, JPEG, work),
        "GET /evidence": _one(query={"case": there.open.case}),
        "GET /evidence/attachments": _one(query={"case": there.open.case}),
        "POST /evidence/{evidence}/link": _one(body={"purpose": "verify"}, evidence=there.evidence),
        "GET /evidence/files/{token}": _one("nobody", token=there.file),
        "POST /evidence/{evidence}/removal": _one(
            body={"reason": "shows_a_bystander"}, evidence=there.removable
        ),
    }


def _imports(there: Arranged) -> Seeds:
    now = clock.now().isoformat()
    line = {"ref": "past-1", "matter": NOISE, "point": IN_WEST,
            "reported_at": "2025-12-01T00:00:00Z"}  # fmt: skip
    noted = {"id": "0b8f8a52-5f0e-4d5c-9d0e-3f6f1a2b3c4d", "kind": "report", "made_at": now,
             "report": {"matter": MANHOLE, "point": IN_WEST}}  # fmt: skip
    return {
        "POST /imports": _one(body={"lines": [line]}),
        "POST /imports/files": _one(
            OPERATOR, f"ref,matter\nfile-1,{MANHOLE}\n".encode(), "text/csv", {"kind": "live"}
        ),
        "GET /imports": _one(),
        "GET /imports/{job}": _one(job=there.job),
        "GET /imports/{job}/problems": _one(job=there.job),
        "GET /imports/{job}/problems.csv": _one(job=there.job),
        "POST /imports/{job}/cancel": _one(job=there.running),
        "POST /patrol/batches": _one(WORKER, {"sent_at": now, "items": [noted]}),
        "GET /patrol/batches/items": _one(WORKER, query={"ids": [noted["id"]]}),
    }


def _field(there: Arranged) -> Seeds:
    now = clock.now().isoformat()
    place = {"purpose": "safety"}
    return {
        "POST /visits": _one(
            WORKER, {"id": "visit-9", "grid": WEST, "kind": "routine", "visited_at": now}
        ),
        "GET /visits": _one(WORKER),
        "GET /visits/codes": _one(WORKER),
        "GET /visits/{visit}/note": _one(WORKER, query=place, visit=there.visit),
        "DELETE /visits/{visit}/note": _one(query=place, visit=there.forgettable),
        "POST /checkins": _one(WORKER, {"id": "checkin-9", "point": IN_WEST, "made_at": now}),
        "GET /checkins/{checkin}/place": _one("leader", query=place, checkin=there.checkin),
        "GET /rounds": _one(),
        "GET /rounds/due": _one("leader", query={"grid": ROOT}),
        "PUT /rounds/{name}": _one(body=ROUND, name="monthly"),
        "GET /rounds/{name}/progress": _one(name="arranged"),
        "POST /rounds/{name}/end": _one(body={"valid_to": now}, name="ending"),
        "GET /me/rounds": _one(WORKER),
        "GET /me/data": _one(WORKER),
    }


def _operations() -> Seeds:
    return {
        "GET /commits": _one(query={"writer": "w", "first": 1, "last": 1}),
        "GET /commits/writers": _one(),
        "GET /held": _one(),
        "GET /held/{held_id}": _one(held_id="h-1"),
        "POST /held/{held_id}/replay": _one(held_id="h-1"),
        "DELETE /held/{held_id}": _one(held_id="h-2"),
    }
