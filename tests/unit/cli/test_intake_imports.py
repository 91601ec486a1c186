"""``civicgrid intake import|imports``: what is sent, what people see, and how it ends."""

import gzip
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from civicgrid import bulk
from civicgrid.client import Api
from civicgrid.commands.intake import app, imports
from civicgrid.local import LocalError
from tests.unit.cli.services import problem

JOB = "import:3d0c2a5e-1f7b-5b39-8a40-7c0d6c1f2b11"
CSV = b"\xef\xbb\xbfline,reason\r\n2,not_json\r\n"


class Intake:
    """Takes a file and is done with it at the second look."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.bodies: list[bytes] = []
        self.bad, self.busy, self.interrupted, self.looks = 0, 0, False, 0

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.bodies.append(await request.aread())
        if self.busy:
            self.busy -= 1
            return httpx.Response(
                429, json=problem(429, "x", retry=True).json(), headers={"Retry-After": "0"}
            )
        if request.url.path.endswith("problems.csv"):
            return httpx.Response(200, content=CSV)
        if request.method == "GET":
            self.looks += 1
            if self.interrupted:
                raise KeyboardInterrupt
        if request.url.path == "/imports":
            return httpx.Response(200, json={"imports": [self.job("done")], "next": None})
        return httpx.Response(200, json=self.job("done" if self.looks > 1 else "running"))

    def job(self, status: str) -> dict[str, Any]:
        counts = dict.fromkeys(("opened", "linked", "waiting", "rejected", "repeated"), 0)
        return counts | {
            "job": JOB, "kind": "live", "dry_run": False, "status": status, "by": "operator",
            "lines": 2, "read": 2, "bad": self.bad, "percent": 50.0, "lines_per_second": 300.0,
            "seconds_left": 0.0,
        }  # fmt: skip


@pytest.fixture
def intake(monkeypatch: pytest.MonkeyPatch) -> Intake:
    found = Intake()
    monkeypatch.setattr(bulk, "POLL_SECONDS", 0)
    monkeypatch.setattr(imports, "Api", lambda where: Api(where, httpx.MockTransport(found.answer)))
    monkeypatch.setenv("CIVICGRID_TOKEN", "t")
    return found


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, [*arguments, "--url", "http://intake/"], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written = tmp_path / "reports.csv"
    written.write_bytes(b"ref,text\n" + b"a,b\n" * 200_000)
    return written


def test_a_file_is_sent_as_it_is_and_followed_to_its_end(intake: Intake, file: Path) -> None:
    shown = run("import", str(file), "--kind", "live", "--timezone", "UTC", "--ignore", "note")

    sent = intake.requests[0]
    assert sent.url.path == "/imports/files"
    assert dict(sent.url.params.multi_items()) == {
        "kind": "live", "dry_run": "false", "encoding": "utf-8", "ignore": "note",
        "timezone": "UTC",
    }  # fmt: skip
    assert sent.headers["content-type"] == "text/csv"
    assert sent.headers["authorization"] == "Bearer t"
    assert intake.bodies[0] == file.read_bytes()
    assert intake.looks == 2
    assert "done" in shown
    assert not file.with_name("reports.csv.problems.csv").exists()


def test_bad_lines_are_written_beside_the_file(intake: Intake, file: Path) -> None:
    intake.bad = 1

    run("import", str(file), "--kind", "history", code=1)

    assert file.with_name("reports.csv.problems.csv").read_bytes() == CSV


def test_the_same_file_again_is_the_same_import(intake: Intake, file: Path) -> None:
    def keys(*more: str) -> set[str]:
        intake.requests.clear()
        for _ in range(2):
            run("import", str(file), "--kind", "live", *more)
        posts = [each for each in intake.requests if each.method == "POST"]
        return {each.headers["idempotency-key"] for each in posts}

    same = keys()
    assert len(same) == 1
    assert len(keys("--dry-run")) == 2
    assert keys("--encoding", "gb18030").isdisjoint(same)
    file.write_bytes(gzip.compress(b"another"))
    assert keys().isdisjoint(same)


def test_who_asks_too_often_waits_and_sends_the_whole_file_again(
    intake: Intake, file: Path
) -> None:
    intake.busy = 2

    run("import", str(file), "--kind", "live")

    assert intake.bodies[:3] == [file.read_bytes()] * 3


def test_an_interrupted_import_goes_on(intake: Intake, file: Path) -> None:
    intake.interrupted = True

    run("import", str(file), "--kind", "live", code=130)


def test_a_file_must_say_what_it_is(intake: Intake, tmp_path: Path) -> None:
    written = tmp_path / "reports.txt"
    written.write_text("x")

    with pytest.raises(LocalError, match="CSV or NDJSON"):
        run("import", str(written), "--kind", "live")


def test_imports_are_listed_shown_and_cancelled(intake: Intake) -> None:
    listed = run("imports", "list")
    assert "live" in listed
    assert JOB in listed, "an id that is broken over lines cannot be copied"
    assert "running" in run("imports", "show", JOB) or intake.looks > 1
    run("imports", "cancel", JOB)
    assert intake.requests[-1].url.path == f"/imports/{JOB}/cancel"
    assert "not_json" in run("imports", "problems", JOB)
