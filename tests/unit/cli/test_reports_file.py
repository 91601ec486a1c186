"""The file of reports: what is written reads the same, bad lines are named and not skipped."""

from datetime import datetime
from pathlib import Path

from case_contracts.events.intake import Channel
from case_contracts.values import Point
from civicgrid.reports_file import BadLine, Contact, ReportLine, read_reports, write_lines

REPORT = ReportLine(
    ref="r-1",
    reported_at=datetime.fromisoformat("2026-01-05T09:12:00+08:00"),
    channel=Channel.WEB,
    matter="part/utilities/manhole-cover",
    point=Point(lon=113.6, lat=34.7),
    text="井盖缺失",
    contact=Contact(email="resident@example.org"),
)


def test_what_is_written_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "reports.ndjson"
    assert write_lines(path, [REPORT, REPORT.model_copy(update={"ref": "r-2"})]) == 2
    assert list(read_reports(path)) == [REPORT, REPORT.model_copy(update={"ref": "r-2"})]
    assert "井盖缺失" in path.read_text(encoding="utf-8")


def test_bad_lines_come_with_their_number_and_the_others_are_read(tmp_path: Path) -> None:
    good = REPORT.model_dump_json()
    lines = [
        good,
        "{",
        "",
        good.replace("2026-01-05", "yesterday"),
        good.replace("ref", "reff"),
        good,
    ]
    path = tmp_path / "reports.ndjson"
    path.write_text("\n".join(lines), encoding="utf-8")
    read = list(read_reports(path))
    bad = {line.number: line.message for line in read if isinstance(line, BadLine)}
    assert sum(isinstance(line, ReportLine) for line in read) == 2
    assert list(bad) == [2, 4, 5]
    assert "reported_at" in bad[4]
    assert "reff" in bad[5]


def test_a_line_that_is_not_utf8_is_a_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "reports.ndjson"
    path.write_bytes(b"\xff\xfe\n" + REPORT.model_dump_json().encode())
    first, second = read_reports(path)
    assert isinstance(first, BadLine)
    assert second == REPORT
