"""What is asked of the registry when every operation is tried, and what is arranged for it."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from tests.integration.registry.things import (
    JUNE,
    NEED,
    TWO,
    WHY,
    charter,
    group,
    household,
    names,
    part,
    posting,
    ring,
    secondment,
    standard,
    workbook,
)
from tests.support.fuzz import XLSX, Seed
from tests.unit.registry.small import bundle, edited

Roles = dict[str, dict[str, str]]


class Arranged:
    """What the requests are about: asked for beforehand, as people would."""

    def __init__(self, url: str, roles: Roles) -> None:
        self._http, self._roles = httpx.Client(base_url=url, timeout=30), roles

    def post(self, role: str, path: str, body: Any = None, **query: Any) -> Any:
        answer = self._http.post(path, json=body, params=query, headers=self._roles[role])
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json()

    def get(self, role: str, path: str, **query: Any) -> Any:
        answer = self._http.get(path, params=query, headers=self._roles[role])
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json()

    def content(self, role: str, path: str) -> bytes:
        return self._http.get(path, headers=self._roles[role]).content


def arrange(there: Arranged) -> dict[str, Sequence[Seed]]:
    """Load the district, ask for what the requests are about, and say what those are."""
    files = edited("district.yaml", "2026-01-01", "2020-01-01")
    files = edited("charters.yaml", "grid: '4101'", "grid: '41'", files)
    district = bundle(files).model_dump(mode="json")
    there.post("operator", "/districts", district)
    _split_everything(there)
    for name in ("approve", "reject"):
        there.post("proposer", "/charters", charter(name))
    there.post("approver", "/charters/charter:approve/versions/1/approval", {})
    proposed = {"matter": "part/roads/pothole", "department": "roads"}
    there.post("proposer", "/admissions", proposed)
    there.post("operator", "/admissions/event/street/litter/withdrawal", WHY)
    there.post("operator", "/postings", {"postings": [posting(1), posting(2)], **WHY})
    there.post("operator", "/secondments", secondment(1))
    there.post("operator", "/contact-groups", group(1))
    over = {"from_posting": "posting:4101:extra:1", "to_person": "p-300", "valid_from": JUNE}
    there.post("operator", "/handovers", {**over, **WHY})
    slip = there.get("reader", "/handovers", person="p-300")[0]["handover"]
    there.post("operator", "/standards", standard(2))
    entry = there.post("field staff", "/households", household())["entry"]
    gone = there.post("field staff", "/households", household())["entry"]
    need = there.post("field staff", f"/households/{entry}/needs", NEED)["need"]
    exported = there.content("reader", "/standards/lanhe/export?format=xlsx")
    return {
        **_territory(district),
        **_charters(),
        **_rules(exported),
        **_people(slip),
        **_households(entry, gone, need),
        "GET /audit/{aggregate}": [Seed({"aggregate": "grid:41"}, role="reader")],
        "GET /proofs/{aggregate}": [Seed({"aggregate": "grid:41"}, role="reader")],
        "GET /changes/{number}": [Seed({"number": 1}, role="reader")],
        "GET /commits": [Seed(query={"writer": "w", "first": 1, "last": 2}, role="operator")],
        "GET /held/{held_id}": [Seed({"held_id": "h-1"}, role="operator")],
        "POST /held/{held_id}/replay": [Seed({"held_id": "h-1"}, role="operator")],
        "DELETE /held/{held_id}": [Seed({"held_id": "h-2"}, role="operator")],
    }


def _split_everything(there: Arranged) -> None:
    """Each unit in 2034, the street in 2050: so that there is something to merge and to move."""
    first = [part("410103", 113, 113.5), part("410104", 113.5, 114)]
    second = [part("410106", 114, 114.5), part("410107", 114.5, 115)]
    streets = [part("4102", 113, 114), part("4103", 114, 115)]
    for code, parts, year in (
        ("410101", first, 2034), ("410102", second, 2034), ("4101", streets, 2050),
    ):  # fmt: skip
        body = {"parts": parts, "valid_from": f"{year}-01-01T00:00:00Z", **WHY}
        there.post("operator", f"/grids/{code}/split", body)


def _territory(district: Any) -> dict[str, Sequence[Seed]]:
    def change(body: dict[str, Any], year: int, **path: str) -> Sequence[Seed]:
        when = {"valid_from": f"{year}-01-01T00:00:00Z"}
        return [Seed(path, body=body | WHY | when, role="operator")]

    features = [
        {
            "type": "Feature",
            "properties": {"grid": "410107", "parent": "4103", "name_zh": "二", "name_en": "two"},
            "geometry": ring(114.5, 115),
        }
    ]
    parts = [part("410108", 114.4, 114.8), part("410109", 114.8, 115)]
    borders = [{"grid": "410106", "geometry": ring(114, 114.4)},
               {"grid": "410107", "geometry": ring(114.4, 115)}]  # fmt: skip
    into = {"grid": "410105", "name": names("c")}
    return {
        "POST /districts": [Seed(body=district, role="operator")],
        "POST /grids/import": [
            Seed(
                query={"level": "unit", "reason": "again", "valid_from": "2050-06-01T00:00:00Z"},
                body={"type": "FeatureCollection", "features": features},
                role="operator",
            )
        ],
        "POST /grids/merge": change({"grids": ["410103", "410104"], "into": into}, 2051),
        "POST /grids/redraw": change({"grids": borders}, 2051),
        "POST /grids/{code}/split": change({"parts": parts}, 2052, code="410107"),
        "POST /grids/{code}/move": change({"parent": "4102"}, 2053, code="410106"),
        "POST /grids/{code}/retirement": change({}, 2054, code="410109"),
        "GET /grids/at": [Seed(query={"lon": 113.2, "lat": 34.2, "within": 50}, role="reader")],
        "GET /grids/{code}": [Seed({"code": "410101"}, role="reader")],
        "GET /grids/{code}/household-map": [Seed({"code": "41"}, role="operator")],
    }


def _charters() -> dict[str, Sequence[Seed]]:
    asked = {"matter": "part/roads/pothole", "grid": "410101"}
    versioned = "POST /charters/{charter}/versions/{version}"
    return {
        "POST /charters": [Seed(body=charter("new"), role="proposer")],
        "GET /charters/explain": [Seed(query=asked, role="reader")],
        "GET /charters/{charter}": [Seed({"charter": "charter:roads"}, role="reader")],
        f"{versioned}/approval": [
            Seed({"charter": "charter:approve", "version": 1}, body={}, role="second approver")
        ],
        f"{versioned}/rejection": [
            Seed({"charter": "charter:reject", "version": 1}, body={}, role="approver")
        ],
        "POST /charters/{charter}/revocation": [
            Seed({"charter": "charter:water"}, body={**WHY, **TWO}, role="operator")
        ],
    }


def _rules(exported: bytes) -> dict[str, Sequence[Seed]]:
    lanhe = {"standard": "lanhe"}
    calendar = {**bundle().calendar.value, "version": 2, "valid_from": "2040-01-01T00:00:00Z"}
    matter = {"matter": "part/roads/pothole"}
    promises = [{"indicator": "on_time", "matters": "part/*", "at_least": 0.9}]
    return {
        "POST /standards/yaml": [
            Seed(body=standard(3), media_type="application/yaml", role="operator")
        ],
        "POST /standards/xlsx": [
            Seed(
                body=workbook(exported, 4),
                media_type=XLSX,
                query={"dry_run": True},
                role="operator",
            )
        ],
        "POST /standards": [Seed(body=standard(4), role="operator")],
        "GET /standards/{standard}/export": [Seed(lanhe, role="reader")],
        "GET /standards/{standard}/compare": [
            Seed(lanhe, query={"from_version": 1, "to_version": 2}, role="reader")
        ],
        "GET /standards/{standard}": [Seed(lanhe, role="reader")],
        "POST /calendars": [Seed(body=calendar, role="operator")],
        "POST /calendars/draft": [
            Seed(body={"calendar": "lanhe-work", "country": "CN", "year": 2026}, role="operator")
        ],
        "GET /calendars/{calendar}": [Seed({"calendar": "lanhe-work"}, role="reader")],
        "POST /admissions": [
            Seed(body={"matter": "event/street/litter", "department": "roads"}, role="proposer")
        ],
        "POST /admissions/{matter}/review": [
            Seed(matter, body={"verdict": "admit"}, role="approver"),
            Seed(matter, body={"verdict": "admit"}, role="second approver"),
        ],
        "POST /admissions/{matter}/withdrawal": [Seed(matter, body=WHY, role="operator")],
        "POST /commitments": [Seed(body={"year": 2036, "promises": promises}, role="proposer")],
    }


def _people(slip: str) -> dict[str, Sequence[Seed]]:
    def ended(name: str, value: str) -> Sequence[Seed]:
        return [Seed({name: value}, body={**WHY, "valid_to": JUNE}, role="operator")]

    csv = "posting,person,role,grid,accountable,shifts,valid_from,valid_to\n"
    csv += "posting:4101:extra:5,p-105,deputy,4101,false,,,\n"
    over = {"from_posting": "posting:4101:extra:2", "to_person": "p-301", "valid_from": JUNE}
    leader = {"portfolio": "portfolio:p-1", "person": "p-1", "grid": "41", "valid_from": JUNE}
    return {
        "POST /postings": [Seed(body={"postings": [posting(4)], **WHY}, role="operator")],
        "POST /postings/csv": [Seed(query=WHY, body=csv, media_type="text/csv", role="operator")],
        "POST /postings/{posting}/end": ended("posting", "posting:4101:extra:4"),
        "GET /postings": [Seed(query={"grid": "410101"}, role="reader")],
        "POST /portfolios": [Seed(body={**leader, **WHY}, role="operator")],
        "POST /secondments": [Seed(body=secondment(2), role="operator")],
        "POST /secondments/{secondment}/end": ended("secondment", "secondment:roads:1"),
        "GET /secondments": [Seed(query={"department": "roads"}, role="reader")],
        "GET /portfolios": [Seed(query={"person": "p-1"}, role="reader")],
        "POST /contact-groups": [Seed(body=group(2), role="operator")],
        "POST /contact-groups/{group}/end": ended("group", "contact_group:410101:1"),
        "GET /contact-groups": [Seed(query={"grid": "410101"}, role="reader")],
        "GET /teams/{code}": [Seed({"code": "410101"}, role="reader")],
        "GET /on-duty": [Seed(query={"grid": "410101"}, role="reader")],
        "POST /handovers": [Seed(body={**over, **WHY}, role="operator")],
        "GET /handovers": [Seed(query={"person": "p-300"}, role="reader")],
        "GET /handovers/{handover}": [Seed({"handover": slip}, role="reader")],
        "GET /open-work": [Seed(query={"person": "p-3"}, role="reader")],
        "GET /persons/{person}/service": [Seed({"person": "p-3"}, role="reader")],
    }


def _households(entry: str, gone: str, need: str) -> dict[str, Sequence[Seed]]:
    def about(path: Mapping[str, str], **more: Any) -> Sequence[Seed]:
        return [Seed(path, role="field staff", **more)]

    one = {"entry": entry}
    return {
        "POST /households": about({}, body=household()),
        "GET /households": about({}, query={"grid": "410101"}),
        "POST /households/{entry}/needs": about(one, body=NEED),
        "GET /households/{entry}": about(one, query={"purpose": "visit"}),
        "GET /households/{entry}/audit": about(one),
        "POST /households/{entry}/needs/{need}/withdrawal": about({**one, "need": need}),
        "POST /households/{entry}/erasure": about({"entry": gone}),
    }
