"""What a department's service says about itself: metrics, and spans in the report's trace."""

import asyncio
import io
import os
import signal
import sys
import urllib.request
from collections.abc import Iterator

import pytest
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY

from case_contracts.commands import Accept
from case_contracts.inbox import WithdrawnItem
from department_sdk import (
    Call,
    Completed,
    Declined,
    Department,
    Outcome,
    Returned,
    Task,
    department,
    task_run,
)
from department_sdk.metrics import served
from department_sdk.testing import DEPARTMENT, Rehearsal
from tests.support.ports import free_port
from tests.support.twin import eventually
from tests.unit.sdk.handlers import MANHOLE, completing

TRACE = "0af7651916cd43dd8448eb211c80319c"
ABOVE = f"00-{TRACE}-b7ad6b7169203331-01"


def count(sample: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(sample, {"department": DEPARTMENT, **labels}) or 0.0


def tasks(outcome: str, matter: str = "part") -> float:
    return count("civicgrid_sdk_tasks_total", **{"class": matter, "outcome": outcome})


async def test_tasks_items_and_commands_are_counted_by_what_became_of_them() -> None:
    def answered(code: str) -> float:
        return count("civicgrid_sdk_commands_total", name="complete", code=code)

    def handled() -> float:
        return count("civicgrid_sdk_handler_seconds_count", **{"class": "part"})

    before = tasks("completed"), tasks("refused"), answered("accepted"), answered("over"), handled()
    items = count("civicgrid_sdk_items_total", kind="task.assigned")
    async with Rehearsal(completing) as rehearsal:
        await rehearsal.task(matter=MANHOLE)
        assert count("civicgrid_sdk_inbox_read") == 1
        rehearsal.line.refuse["complete"] = "over"
        await rehearsal.task(matter=MANHOLE)
    after = tasks("completed"), tasks("refused"), answered("accepted"), answered("over"), handled()
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 1, 1, 2]
    assert count("civicgrid_sdk_items_total", kind="task.assigned") == items + 2


async def test_a_handler_that_raises_is_a_retry_and_in_the_end_a_failed_task() -> None:
    def register(dept: Department) -> None:
        @dept.handles("*")
        async def fail(task: Task) -> Outcome:
            raise OSError("the works' system is away")

    retries = count("civicgrid_sdk_handler_retries_total", **{"class": "event"})
    failed = tasks("failed", "event")
    async with Rehearsal(register, retry_seconds=0.001) as rehearsal:
        await rehearsal.task(matter="event/order/parking")
    assert count("civicgrid_sdk_handler_retries_total", **{"class": "event"}) == retries + 4
    assert tasks("failed", "event") == failed + 1


async def test_open_work_goes_down_again_when_a_task_is_withdrawn() -> None:
    def register(dept: Department) -> None:
        @dept.handles("*")
        async def never(task: Task) -> Outcome:
            await asyncio.Event().wait()
            return Completed()

    before = tasks("withdrawn")
    async with Rehearsal(register) as rehearsal:
        item = rehearsal.task_item(matter=MANHOLE)
        await rehearsal.line.give(item)
        assert count("civicgrid_sdk_open_work") == 1
        gone = item.model_dump(include={"case", "taskid", "assignment"})
        told = {**rehearsal.line.head(), **gone, "reason": "charter_revoked"}
        await rehearsal.line.give(WithdrawnItem.model_validate(told))
        await rehearsal.idle()
        assert count("civicgrid_sdk_open_work") == 0
    assert tasks("withdrawn") == before + 1


async def test_what_is_left_at_a_stop_is_resumed_and_not_counted_as_ended() -> None:
    def register(dept: Department) -> None:
        @dept.handles("*")
        async def never(task: Task) -> Outcome:
            await asyncio.Event().wait()
            return Completed()

    before = tasks("withdrawn")
    async with Rehearsal(register) as rehearsal:
        await rehearsal.line.give(rehearsal.task_item(matter=MANHOLE))
    assert tasks("withdrawn") == before


async def test_without_opentelemetry_set_up_commands_carry_the_items_traceparent() -> None:
    async with Rehearsal(completing) as rehearsal:
        said = await rehearsal.task(matter=MANHOLE, traceparent=ABOVE)
        assert {command.traceparent for command in said} == {ABOVE}
        assert {c.traceparent for c in await rehearsal.task(matter=MANHOLE)} == {None}


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """OpenTelemetry as a department sets it up; its spans."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    yield exporter
    provider.shutdown()


async def test_a_handler_runs_in_a_span_of_the_reports_trace_and_commands_go_on_from_it(
    spans: InMemorySpanExporter,
) -> None:
    def register(dept: Department) -> None:
        @dept.handles("*")
        def give_back(task: Task) -> Outcome:
            with trace.get_tracer("crew").start_as_current_span("crew sent"):
                return Returned("not_ours")

    async with Rehearsal(register) as rehearsal:
        said = await rehearsal.task(traceparent=ABOVE, taskid="task:9")
    crew, work = spans.get_finished_spans()
    assert (work.name, crew.name) == ("department.task", "crew sent")
    assert work.parent is not None
    assert format(work.parent.span_id, "016x") == ABOVE.split("-")[2]
    assert crew.parent is not None
    assert crew.parent.span_id == work.context.span_id
    assert (work.attributes or {})["task"] == "task:9"
    below = f"00-{TRACE}-{work.context.span_id:016x}-01"
    assert [command.traceparent for command in said] == [below, below]


async def test_an_operation_is_a_span_too(spans: InMemorySpanExporter) -> None:
    def register(dept: Department) -> None:
        @dept.joins
        async def stay(_: Call) -> Declined:
            return Declined("no_unit_free")

    async with Rehearsal(register) as rehearsal:
        (decline,) = await rehearsal.call(traceparent=ABOVE)
    (work,) = spans.get_finished_spans()
    assert work.name == "department.operation"
    assert decline.traceparent == f"00-{TRACE}-{work.context.span_id:016x}-01"


RUNS = """
from department_sdk import Department
from department_sdk.testing import RehearsalLine
Department("parks", RehearsalLine(), metrics_port={port}).run()
"""


async def test_run_serves_metrics_until_it_is_told_to_stop() -> None:
    port = free_port()
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", RUNS.format(port=port), env=os.environ
    )
    page = await eventually(lambda: asyncio.to_thread(_metrics, port))
    assert 'civicgrid_sdk_inbox_read{department="parks"} 1.0' in page
    program.send_signal(signal.SIGTERM)
    assert await program.wait() == 0


def test_a_port_that_is_taken_is_named() -> None:
    port = free_port()
    with (
        served(port),
        pytest.raises(OSError, match=f"CIVICGRID_METRICS_PORT={port}: .*another port"),
        served(port),
    ):
        pass


def _metrics(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=2) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


async def test_a_failure_is_logged_without_the_task_s_words_and_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By structlog as it is where nobody has configured it."""

    def register(dept: Department) -> None:
        @dept.handles("*")
        async def fail(task: Task) -> Outcome:
            raise OSError("the works' system is away")

    written = io.StringIO()
    drawn = structlog.wrap_logger(
        structlog.PrintLogger(written), processors=[structlog.dev.ConsoleRenderer(colors=False)]
    )
    monkeypatch.setattr(task_run, "log", drawn)
    monkeypatch.setattr(department, "log", drawn)
    async with Rehearsal(register, retry_seconds=0.001) as rehearsal:
        [accepted, *_] = await rehearsal.task(matter="event/order/parking", text="canary 井盖没了")
    said = written.getvalue()
    assert "OSError: the works' system is away" in said
    assert isinstance(accepted, Accept)
    assert accepted.taskid in said
    assert "canary" not in said
