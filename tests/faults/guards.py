"""``python -m tests.faults.guards``: remove each guard in turn and play its fault.

Prints how many violations each fault leaves with the guard in place and without it; fails when
a guard in place lets one through, or its removal goes unnoticed.
"""

import asyncio
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import structlog
from rich.console import Console
from rich.table import Table

from civicgrid.local import find_store
from service_kit.mongo import connect, database
from tests.faults.removals import GUARDS, Guard
from tests.support import run_dir


@dataclass(frozen=True)
class Result:
    guard: str
    fault: str
    guarded: list[str]
    unguarded: list[str]
    seconds: float

    @property
    def holds(self) -> bool:
        return not self.guarded and bool(self.unguarded)


async def _play(url: str, guard: Guard, *, removed: bool) -> list[str]:
    client, name = connect(url), f"guards_{uuid.uuid4().hex[:12]}"
    with pytest.MonkeyPatch.context() as patch:
        if removed:
            guard.remove(patch)
        try:
            return await guard.fault(database(client, name), patch)
        finally:
            await client.drop_database(name)
            client.close()


def _result(url: str, guard: Guard) -> Result:
    started = time.perf_counter()
    guarded = asyncio.run(_play(url, guard, removed=False))
    unguarded = asyncio.run(_play(url, guard, removed=True))
    fault = " ".join((guard.fault.__doc__ or "").split())
    return Result(guard.name, fault, guarded, unguarded, time.perf_counter() - started)


def _table(results: list[Result]) -> Table:
    table = Table(title="Violations that each fault leaves", show_lines=True)
    for column in ("guard", "fault", "with it", "without it", "first violation", "seconds"):
        table.add_column(column)
    for r in results:
        table.add_row(
            r.guard, r.fault, str(len(r.guarded)), str(len(r.unguarded)),
            (r.guarded or r.unguarded or ["none: the removal goes unnoticed"])[0],
            f"{r.seconds:.1f}",
        )  # fmt: skip
    return table


@contextmanager
def _store_url() -> Iterator[str]:
    run_dir.create()
    store = find_store(run_dir.of_worker() / "store")
    try:
        yield store.url
    finally:
        store.close()
        run_dir.discard(run_dir.current())


def main() -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    console = Console(width=140)
    with _store_url() as url, console.status("") as status:
        results = []
        for guard in GUARDS:
            status.update(f"{guard.name} ...")
            results.append(_result(url, guard))
    console.print(_table(results))
    broken = [r.guard for r in results if not r.holds]
    if broken:
        console.print(f"Not as it should be: {', '.join(broken)}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
