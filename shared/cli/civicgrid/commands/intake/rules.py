"""``civicgrid intake rules ...``: duplicates, triage and where to turn (受理规则)."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from civicgrid.client import Api, ApiError
from civicgrid.commands.options import RunDir, addresses
from civicgrid.intake_rules import PUBLISHER, publish_rules, read_rules
from civicgrid.show import console, say, table

rules = typer.Typer(
    name="rules",
    help="The district's rules for intake: show, publish. 受理规则：查看、发布。",
    no_args_is_help=True,
)
Shown = dict[str, Any]


@rules.command("show")
def show(run_dir: RunDir = None) -> None:
    """What applies now, as a file that can be edited and published."""

    async def go() -> Shown:
        async with Api(addresses(run_dir)) as api:
            found: Shown = await api.get("intake", "/rules", PUBLISHER)
            return found

    found = asyncio.run(go())
    by = f"published by {found['by']} at {found['published_at']}" if found["by"] else "defaults"
    typer.echo(f"# version {found['version']}, {by}")
    typer.echo(yaml.safe_dump(found["rules"], allow_unicode=True, sort_keys=False), nl=False)


@rules.command("publish")
def publish(
    file: Annotated[Path, typer.Argument(help="YAML, as `rules show` prints it.")],
    after: Annotated[
        int | None, typer.Option(help="The version it was written from; the one in force.")
    ] = None,
    run_dir: RunDir = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
) -> None:
    """Publish the rules whole; a refusal names every field that is wrong."""
    content = read_rules(file)

    async def go() -> Shown:
        async with Api(addresses(run_dir)) as api:
            return await publish_rules(api, content, after=after, dry_run=dry_run)

    try:
        found = asyncio.run(go())
    except ApiError as error:
        for each in error.problem.get("errors", []):
            say(f"{file}: {each['field'].removeprefix('body.')}: {each['message']}")
        raise
    _show(found)


def _show(found: Shown) -> None:
    for doubt in found["doubts"]:
        say(f"warning: {doubt['field']}: {doubt['message']}")
    title = "would change 将变更" if found["dry_run"] else "changed 已变更"
    rows = [
        (each["field"], _text(each["before"]), _text(each["after"])) for each in found["changes"]
    ]
    nothing = [("nothing 无", "", "")]
    console.print(table(title, ("rule 规则", "before 前", "after 后"), rows or nothing))
    say(f"version {found['version']}")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
