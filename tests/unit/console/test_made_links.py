"""Links that were made: the machine's are marked, and one that was wrong is undone."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from intake.api.link_schemas import MadeOut, UnlinkOut
from intake.api.schemas import FiledReport
from tests.unit.console.hotline import (
    AT,
    CASE,
    HOTLINE,
    MATTER,
    OLDER,
    REPORT,
    Services,
    csrf,
    filed,
    operator,
)

MADE, PAGE = "/staff/desk/links/made", f"/staff/desk/links/made/{REPORT}"
UNLINK = f"/reports/{REPORT}/unlink"
LIKE = {"metres": 12.4, "hours": 3.0, "score": 0.97}


def made(at: str, report: str = REPORT, **change: Any) -> dict[str, Any]:
    told = {
        "report": report, "case": OLDER, "from_case": None, "by": None, "matter": MATTER,
        "reported_at": AT, "likeness": LIKE, "linked_at": at, "stands": True, **change,
    }  # fmt: skip
    return MadeOut.model_validate(told).model_dump(mode="json")


def linked(**change: Any) -> dict[str, Any]:
    told = {
        "report": REPORT, "case": OLDER, "channel": "hotline", "matter": MATTER, "filing": None,
        "rejected": None, "waiting": False, "linked": True, "withdrawn": False, "reported_at": AT,
        "link": {"by": None, "likeness": LIKE, "at": AT}, "language": "zh", "recorded": False,
        "rating": None, **change,
    }  # fmt: skip
    return FiledReport.model_validate(told).model_dump(mode="json")


@pytest.fixture
def intake() -> Services:
    services = Services()
    undone = {"report": REPORT, "from_case": OLDER, "case": CASE}
    services.known = {
        "GET /links": (200, of_days(made("2026-01-05T02:00:00Z"))),
        f"GET /reports/{REPORT}": (200, linked()),
        f"GET /cases/{OLDER}": (200, filed(OLDER, status="verifying")),
        f"POST {UNLINK}": (200, UnlinkOut.model_validate(undone).model_dump(mode="json")),
    }
    return services


@pytest.fixture
async def http(intake: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with operator(intake) as found:
        yield found


def of_days(*rows: dict[str, Any]) -> Any:
    """As intake answers: those of the day of UTC that is asked for."""
    return lambda query: [each for each in rows if each["linked_at"].startswith(query["day"])]


def asked(intake: Services) -> list[dict[str, str]]:
    return [query for path, query in intake.asked if path == "/links"]


@pytest.mark.parametrize(
    ("lang", "machine", "alike"), [("en", "by the rule", "97% alike"), ("zh", "系统按规则", "97%")]
)
async def test_what_the_machine_linked_is_marked_and_can_be_looked_at(
    http: httpx.AsyncClient, lang: str, machine: str, alike: str
) -> None:
    for path in (f"{MADE}?day=2026-01-05", f"{PAGE}?"):
        page = (await http.get(f"{path}&lang={lang}")).text.split("<main")[1]
        assert machine in page
        assert alike in page
        assert f"/staff/cases/{OLDER}" in page


async def test_a_person_s_link_says_whose_it_is_and_one_that_was_undone_leads_nowhere(
    http: httpx.AsyncClient, intake: Services
) -> None:
    mine = made("2026-01-05T03:00:00Z", by="hotline-7", likeness=None, stands=False)
    intake.known["GET /links"] = (200, of_days(mine))
    page = (await http.get(f"{MADE}?day=2026-01-05&lang=en")).text.split("<main")[1]
    assert "hotline-7" in page
    assert "undone, or linked elsewhere" in page
    assert "by the rule" not in page
    assert PAGE not in page


async def test_a_day_is_the_district_s_and_the_newest_comes_first(
    http: httpx.AsyncClient, intake: Services
) -> None:
    """The fifth in Shanghai begins at 16:00 UTC of the fourth."""
    times = {"late": "04T15:59:59Z", "first": "04T16:00:00Z", "last": "05T15:59:59Z",
             "next": "05T16:00:00Z"}  # fmt: skip
    rows = [made(f"2026-01-{at}", f"report:{name}") for name, at in times.items()]
    intake.known["GET /links"] = (200, of_days(*rows))
    page = (await http.get(f"{MADE}?day=2026-01-05")).text
    assert sorted(query["day"] for query in asked(intake)) == ["2026-01-04", "2026-01-05"]
    assert "report:late" not in page
    assert "report:next" not in page
    assert 0 < page.index("report:last") < page.index("report:first")


@pytest.mark.parametrize("by", ["machine", "person"])
async def test_only_the_machine_s_or_only_people_s(
    http: httpx.AsyncClient, intake: Services, by: str
) -> None:
    assert (await http.get(f"{MADE}?day=2026-01-05&by={by}")).status_code == 200
    assert {query["made_by"] for query in asked(intake)} == {by}
    assert (await http.get(f"{MADE}?day=&by=")).status_code == 200
    assert "made_by" not in asked(intake)[-1]


@pytest.mark.parametrize(
    "query", ["day=yesterday", "day=9999-12-31", "day=0001-01-01", "by=nobody", "skip=-1"]
)
async def test_what_is_no_day_is_refused(http: httpx.AsyncClient, query: str) -> None:
    assert (await http.get(f"{MADE}?{query}")).status_code == 422


async def test_many_come_in_pages(http: httpx.AsyncClient, intake: Services) -> None:
    rows = [made(f"2026-01-05T02:00:{n:02}Z", f"report:n{n:02}") for n in range(51)]
    intake.known["GET /links"] = (200, of_days(*rows))
    page = (await http.get(f"{MADE}?day=2026-01-05")).text
    assert page.count("97%") == 50
    assert "report:n00" not in page
    assert "skip=50" in page
    page = (await http.get(f"{MADE}?day=2026-01-05&skip=50")).text
    assert "report:n00" in page
    assert "skip=" not in page.split("<main")[1]  # the other language's link, above, has it


@pytest.mark.parametrize(("own", "done"), [(CASE, "unlink"), (None, "unlink_waits")])
async def test_it_is_undone_and_said_what_came_of_it(
    http: httpx.AsyncClient, intake: Services, own: str | None, done: str
) -> None:
    intake.known[f"POST {UNLINK}"] = (200, {"report": REPORT, "from_case": OLDER, "case": own})
    form = {"csrf": csrf((await http.get(PAGE)).text), "case": OLDER}
    answer = await http.post(f"{PAGE}?lang=en", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{MADE}?done={done}&lang=en")
    assert intake.sent == [(UNLINK, {})]
    assert 'role="status"' in (await http.get(answer.headers["location"])).text


@pytest.mark.parametrize("change", [{"link": None}, {"case": CASE}])
async def test_a_link_that_is_another_one_by_now_is_not_undone(
    http: httpx.AsyncClient, intake: Services, change: dict[str, Any]
) -> None:
    form = {"csrf": csrf((await http.get(PAGE)).text), "case": OLDER}
    intake.known[f"GET /reports/{REPORT}"] = (200, linked(**change))
    answer = await http.post(f"{PAGE}?lang=en", data=form)
    assert answer.status_code == 409
    assert "somebody was faster" in answer.text
    assert intake.sent == []


@pytest.mark.parametrize(
    ("status", "code", "why"), [(410, "erased", "was erased"), (409, "not_linked", "was faster")]
)
async def test_a_refusal_says_why(
    http: httpx.AsyncClient, intake: Services, status: int, code: str, why: str
) -> None:
    form = {"csrf": csrf((await http.get(PAGE)).text), "case": OLDER}
    intake.refuse(f"POST {UNLINK}", status, code)
    answer = await http.post(f"{PAGE}?lang=en", data=form)
    assert answer.status_code == status
    assert why in answer.text


async def test_without_right_or_form_nothing_is_undone(intake: Services) -> None:
    async with operator(intake) as http:
        assert (await http.post(PAGE, data={"case": OLDER})).status_code == 403
    async with operator(intake, HOTLINE.replace("links.decide", "")) as http:
        for path in (MADE, PAGE):
            assert (await http.get(path)).status_code == 403
        assert (await http.post(PAGE, data={"case": OLDER})).status_code == 403
    assert intake.sent == []
