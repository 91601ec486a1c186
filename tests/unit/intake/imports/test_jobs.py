"""How far an import is, when it starts and ends, and times without a zone."""

from datetime import UTC, datetime

import pytest

from case_contracts.events.intake import ImportFinished, ImportKind, ImportOutcome, ImportStarted
from intake.api.import_lines import zoned
from intake.commands.finish_import import FinishImport, finish_import
from intake.commands.start_import import StartImport, start_import
from intake.domain.imports import Counts, ImportAggregate, ImportState, Progress
from service_kit.store.model import Actor, Context

NOW = datetime(2026, 1, 5, tzinfo=UTC)
CONTEXT = Context(NOW, lambda noun: noun, None, "cause", "cause", Actor("p-1"))
JOB = ImportAggregate({}).initial("import:1")


def test_an_import_starts_and_ends_once() -> None:
    aggregate = ImportAggregate({})
    start = StartImport(ImportKind.LIVE, 7, "p-1")
    finish = FinishImport(ImportOutcome.CANCELLED, Counts(read=5, opened=3, bad=2), "p-2")

    [started] = start_import(JOB, start, CONTEXT)
    assert isinstance(started, ImportStarted)
    running = aggregate.evolve(JOB, started)
    [finished] = finish_import(running, finish, CONTEXT)
    assert isinstance(finished, ImportFinished)
    ended = aggregate.evolve(running, finished)

    assert (finished.lines, finished.opened, finished.bad, finished.by) == (7, 3, 2, "p-1")
    assert (ended.outcome, ended.cancelled_by, ended.finished_at) == ("cancelled", "p-2", NOW)
    assert start_import(ended, start, CONTEXT) == finish_import(ended, finish, CONTEXT) == []


def test_what_never_started_does_not_end() -> None:
    finish = FinishImport(ImportOutcome.CANCELLED, Counts(), "p-2")

    assert finish_import(ImportState(job="import:1"), finish, CONTEXT) == []


def test_progress() -> None:
    begun = Progress(400)
    half = Progress(400, Counts(read=100, opened=100), 2.0)

    assert (begun.percent, begun.lines_per_second, begun.seconds_left) == (0.0, None, None)
    assert (half.percent, half.lines_per_second, half.seconds_left) == (25.0, 50.0, 6.0)


@pytest.mark.parametrize(
    ("said", "zone", "meant"),
    [
        ("2026-01-05T09:00:00", "Asia/Shanghai", "2026-01-05T09:00:00+08:00"),
        ("2026-01-05 09:00", "UTC", "2026-01-05T09:00:00+00:00"),
        ("2026-01-05T09:00:00Z", "Asia/Shanghai", "2026-01-05T09:00:00Z"),
        ("yesterday", "Asia/Shanghai", "yesterday"),
        (17, "Asia/Shanghai", 17),
    ],
)
def test_times_without_a_zone_get_the_imports(said: object, zone: str, meant: object) -> None:
    found = zoned({"reported_at": said, "recorded": {"closed_at": said}}, zone)

    assert found == {"reported_at": meant, "recorded": {"closed_at": meant}}
