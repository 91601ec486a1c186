"""How each process of a run stands, asked of the processes themselves."""

from dataclasses import dataclass

import httpx
from prometheus_client.parser import text_string_to_metric_families

from civicgrid.local import Status
from civicgrid.system import System

OUTBOX_LAG, HELD_DEPTH = "civicgrid_outbox_lag_batches", "civicgrid_held_depth"


@dataclass(frozen=True)
class Standing:
    """A process: its state, what waits to be published, what is held; ``why`` it is not ready."""

    name: str
    state: str
    pid: int | None
    url: str
    outbox_lag: int | None
    held: int | None
    why: str


def standings(system: System) -> list[Standing]:
    """All processes that were started, by name."""
    with httpx.Client(timeout=3, trust_env=False) as http:
        return [_standing(http, each) for each in system.supervisor.status()]


def _standing(http: httpx.Client, status: Status) -> Standing:
    sums, why = {}, ""
    if status.state == "stopped":
        why = f"see {status.log}"
    else:
        sums = _sums(_text(http, f"{status.url}/metrics"))
        why = "" if status.state == "ready" else _text(http, f"{status.url}/readyz")[:200]
    lag, held = sums.get(OUTBOX_LAG), sums.get(HELD_DEPTH)
    return Standing(status.name, status.state, status.pid, status.url, lag, held, why)


def _text(http: httpx.Client, url: str) -> str:
    try:
        return http.get(url).text
    except httpx.HTTPError as error:
        return f"# {type(error).__name__}"


def _sums(exposition: str) -> dict[str, int]:
    """Sum over labels of each metric that we show."""
    found: dict[str, int] = {}
    try:
        for family in text_string_to_metric_families(exposition):
            if family.name in (OUTBOX_LAG, HELD_DEPTH):
                found[family.name] = int(sum(sample.value for sample in family.samples))
    except ValueError:
        return {}  # a process without metrics answers something else
    return found
