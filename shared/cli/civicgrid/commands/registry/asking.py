"""What all of ``civicgrid registry`` does alike: ask the registry, show what a change comes to."""

import asyncio
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from case_contracts.district import ChangeResult, DistrictError
from civicgrid.client import LONG, Api, ApiError, As
from civicgrid.commands.options import addresses
from civicgrid.district_dir import describe
from civicgrid.show import console, errors, say, table
from civicgrid.under_way import telling

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be published.")]
READER = As("operator", "registry.read", "operator")
WRITER = As("operator", "registry.read registry.write", "operator")
MOST_WARNINGS = 10


def ask(run_dir: Path | None, path: str, who: As = READER, **query: Any) -> Any:
    """The registry's JSON answer to a question."""

    async def go() -> Any:
        async with Api(addresses(run_dir)) as api:
            wanted = {key: value for key, value in query.items() if value is not None}
            return await api.get("registry", path, who, **wanted)

    return asyncio.run(go())


def post(run_dir: Path | None, path: str, body: Any, who: As) -> Any:
    """The answer to a question that is too long for an address."""

    async def go() -> Any:
        async with Api(addresses(run_dir)) as api:
            return await api.post("registry", path, body, who)

    return asyncio.run(go())


def fetch(run_dir: Path | None, path: str, who: As = READER, **query: Any) -> bytes:
    """A file that the registry gives."""

    async def go() -> bytes:
        async with Api(addresses(run_dir)) as api:
            wanted = {key: value for key, value in query.items() if value is not None}
            return await api.content("registry", path, who, **wanted)

    return asyncio.run(go())


def change(
    run_dir: Path | None, path: str, body: Any, *, dry_run: bool, who: As = WRITER,
    map_file: Path | None = None, **request: Any,
) -> ChangeResult:  # fmt: skip
    """Ask for a change and show what came, or would come, of it; a refusal lists every error.

    ``body`` is JSON, unless ``request`` brings its own ``content`` and headers.
    """
    headers = {"Idempotency-Key": str(uuid.uuid4()), **request.pop("headers", {})}
    params = {"dry_run": dry_run, **request.pop("params", {})}
    sent = {"json": body} if body is not None else {}

    async def go(tell: Callable[[str], None]) -> Any:
        async with Api(addresses(run_dir)) as api:
            asked = api.send("POST", "registry", path, who, headers=headers, params=params,
                             timeout=LONG, **sent, **request)  # fmt: skip
            return await telling(api, tell, asked)

    try:
        with errors.status(f"{path} ...") as shown:
            answer = asyncio.run(go(lambda progress: shown.update(f"{path} ... {progress}")))
    except ApiError as error:
        keep_map(map_file, error.problem.get("map"))
        show_refusal(error)
        raise typer.Exit(1) from error
    result = ChangeResult.model_validate(answer)
    show_change(result, map_file)
    return result


def show_refusal(error: ApiError) -> None:
    """Everything that is wrong with a change, or the one reason why it is refused."""
    listed = error.problem.get("errors")
    found = listed if isinstance(listed, list) else []
    for each in found:
        say(describe(DistrictError.model_validate(each)) if "hint" in each else str(each))
    if not found:
        raise error
    say(f"{len(found)} errors; nothing was applied")


def show_change(result: ChangeResult, map_file: Path | None = None) -> None:
    """Counts by event type, warnings, and the map where one was asked for."""
    for warning in result.warnings[:MOST_WARNINGS]:
        say(f"warning: {describe(warning)}")
    if len(result.warnings) > MOST_WARNINGS:
        say(f"... and {len(result.warnings) - MOST_WARNINGS} more warnings")
    title = "would be published 将发布" if result.dry_run else "published 已发布"
    rows = [(each, str(count)) for each, count in result.published.items()] or [("nothing 无", "0")]
    console.print(table(title, ("event 事件", "count 数量#"), rows))
    if len(result.things) == 1 and result.things[0].version is not None:
        say(f"{result.things[0].aggregate} version {result.things[0].version}")
    keep_map(map_file, result.map)


def keep_map(file: Path | None, drawn: str | None) -> None:
    """Write the map where one was asked for and something is on it."""
    if file is not None and drawn:
        file.write_text(drawn, encoding="utf-8")
        say(f"map: {file}")
