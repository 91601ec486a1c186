"""A file of reports: each good line opens one case, each bad line is told of once."""

import csv
import io
from typing import Any

import orjson
import pytest

from case_contracts.events.intake import (
    CaseOpened,
    ImportFinished,
    ImportStarted,
    ReportReceived,
)
from tests.integration.intake.imports.conftest import CSV, Importer, told
from tests.support import stored
from tests.support.import_files import good_line, make
from tests.support.small_district import IN_WEST, MANHOLE, NOISE, OUTSIDE
from tests.support.twin import Twin, eventually


def rows(*lines: Any) -> bytes:
    return b"\n".join(orjson.dumps(line) for line in lines)


async def test_good_lines_open_cases_and_bad_ones_are_told_of(
    intake: Twin, importer: Importer
) -> None:
    made = make(700, MANHOLE, IN_WEST)

    job = await importer.done(made.content)

    figures = {name: job[name] for name in ("lines", "read", "opened", "rejected", "bad")}
    assert figures == {"lines": 700, "read": 700, "opened": 679, "rejected": 0, "bad": 21}
    assert (job["status"], job["percent"], job["seconds_left"]) == ("done", 100.0, 0.0)
    assert told(await importer.problems(job["job"])) == sorted(made.flaws.items())
    assert told(await importer.problems(job["job"], limit=2)) == sorted(made.flaws.items())
    await eventually(lambda: len(intake.published(CaseOpened)) >= 679)
    cases = intake.published(CaseOpened)
    assert len({case.case for case in cases}) == 679
    assert {case.origin for case in cases} == {job["job"]}


async def test_afterwards_it_shows_who_brought_what(intake: Twin, importer: Importer) -> None:
    content = rows(
        good_line("a", MANHOLE, IN_WEST), good_line("b", MANHOLE, OUTSIDE), {"ref": "c", "x": 1}
    )
    job = await importer.done(content)

    [begun] = await eventually(lambda: intake.published(ImportStarted))
    [finished] = await eventually(lambda: intake.published(ImportFinished))
    assert (begun.job, begun.by, begun.lines) == (job["job"], "p-000009", 3)
    assert (finished.opened, finished.rejected, finished.bad) == (1, 1, 1)
    assert (finished.outcome, finished.by, finished.cancelled_by) == ("done", "p-000009", None)
    commits = await stored.all_commits(intake.runtime.database)
    commit = next(c for c in commits if c["events"][0]["type"] == "report.received.v1")
    assert commit["actor"] == {
        "id": "p-000009", "kind": "staff", "on_behalf_of": None, "purpose": job["job"],
    }  # fmt: skip


async def test_each_line_is_taken_once_ever(intake: Twin, importer: Importer) -> None:
    lines = [good_line(ref, MANHOLE, IN_WEST) for ref in "abc"]
    await importer.done(rows(*lines))

    again = await importer.done(rows(*lines[1:], {**lines[0], "matter": NOISE}, lines[2]))

    assert (again["repeated"], again["opened"], again["bad"]) == (2, 0, 2)
    assert told(await importer.problems(again["job"])) == [(3, "ref_reused"), (4, "ref_twice")]
    assert len(intake.published(ReportReceived)) == 3


async def test_a_line_of_the_lines_route_is_the_same_line(intake: Twin, importer: Importer) -> None:
    line = {"ref": "a", "matter": MANHOLE, "point": IN_WEST, "reported_at": "2021-04-01T09:00:00Z"}
    answer = await intake.http.post("/imports", json={"lines": [line]}, headers=importer.headers)

    job = await importer.done(rows(line), kind="history")

    assert answer.json()[0]["status"] == "received"
    assert job["repeated"] == 1


async def test_a_spreadsheet_of_history_in_gbk(intake: Twin, importer: Importer) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["ref", "matter", "lon", "lat", "text", "reported_at", "closed_at", "note"])
    at = ["2021-04-01 09:00:00", "2021-04-02T10:00"]
    writer.writerow(["a", MANHOLE, 113.602, 34.702, "井盖\n“不见”了, 小心", *at, "x"])
    writer.writerow(["b", MANHOLE, 113.602, 34.702, "", "2999-01-01", "", ""])

    job = await importer.done(
        out.getvalue().encode("gbk"), CSV, kind="history", encoding="gb18030",
        timezone="Asia/Shanghai", ignore=["note"],
    )  # fmt: skip

    assert (job["opened"], job["bad"]) == (1, 1)
    assert told(await importer.problems(job["job"])) == [(4, "time_in_future")]
    [case] = await eventually(lambda: intake.published(CaseOpened))
    assert case.reported_at.isoformat() == "2021-04-01T01:00:00+00:00"
    assert case.recorded.closed_at.isoformat() == "2021-04-02T02:00:00+00:00"


async def test_live_reports_are_new_and_come_by_import(intake: Twin, importer: Importer) -> None:
    lines = [
        good_line("a", MANHOLE, IN_WEST, reported_at="2021-04-01T09:00:00Z"),
        good_line("b", MANHOLE, IN_WEST, recorded={"closed_at": "2021-04-01T09:00:00Z"}),
        good_line("c", MANHOLE, IN_WEST, by="p-000001"),
        good_line("d", MANHOLE, IN_WEST, channel="web"),
        good_line("e", MANHOLE, IN_WEST),
    ]
    job = await importer.done(rows(*lines))

    assert told(await importer.problems(job["job"])) == [
        (1, "time_too_old"), (2, "not_for_live"), (3, "not_for_live"), (4, "field_invalid"),
    ]  # fmt: skip
    [case] = await eventually(lambda: intake.published(CaseOpened))
    assert (case.channel, case.recorded) == ("import", None)


async def test_a_dry_run_says_what_would_be_and_stores_nothing(
    intake: Twin, importer: Importer
) -> None:
    content = rows(good_line("a", MANHOLE, IN_WEST), good_line("b", MANHOLE, OUTSIDE), {"ref": "c"})
    job = await importer.done(content, dry_run=True)

    assert (job["opened"], job["rejected"], job["bad"], job["dry_run"]) == (1, 1, 1, True)
    assert told(await importer.problems(job["job"])) == [
        (2, "outside_district"), (3, "field_invalid"),
    ]  # fmt: skip
    assert await intake.runtime.database["commits"].count_documents({}) == 0
    assert await intake.runtime.database["vault"].count_documents({}) == 0


@pytest.mark.parametrize("accept", [True, False])
async def test_problems_for_a_spreadsheet(intake: Twin, importer: Importer, accept: bool) -> None:
    content = rows(good_line("a", MANHOLE, OUTSIDE), {"ref": "b", "matter": "no code"})
    job = await importer.done(content)

    path = f"/imports/{job['job']}/problems" + ("" if accept else ".csv")
    headers = importer.headers | ({"Accept": "text/csv"} if accept else {})
    answer = await intake.http.get(path, headers=headers)

    assert answer.headers["content-type"].startswith("text/csv")
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(r["line"], r["fate"], r["ref"], r["field"], r["reason"]) for r in table] == [
        ("1", "rejected", "a", "", "outside_district"),
        ("2", "bad", "b", "matter", "field_invalid"),
    ]
    assert table[1]["zh"]
    assert table[1]["en"]
