"""``... rules show|check|publish``: a district's rules, in the same manner for each service."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from civicgrid.client import Api, ApiError
from civicgrid.commands.options import RunDir, addresses
from civicgrid.rules_files import RulesFile, current_rules, publish_rules, read_rules
from civicgrid.show import console, say, table

Shown = dict[str, Any]
File = Annotated[Path, typer.Argument(help="YAML, as `rules show` prints it.")]
After = Annotated[
    int | None, typer.Option(help="The version it was written from; the one in force.")
]


def rules_commands(rules: RulesFile, text: str) -> typer.Typer:
    """The commands for these rules; ``text`` says what they are about, in both languages."""
    app = typer.Typer(name="rules", help=text, no_args_is_help=True)

    @app.command("show")
    def show(run_dir: RunDir = None) -> None:
        """What applies now, as a file that can be edited and published."""
        found = asyncio.run(_current(rules, run_dir))
        by = f"published by {found['by']} at {found['published_at']}" if found["by"] else "defaults"
        typer.echo(f"# version {found['version']}, {by}")
        typer.echo(yaml.safe_dump(found["rules"], allow_unicode=True, sort_keys=False), nl=False)

    @app.command("check")
    def check(file: File, after: After = None, run_dir: RunDir = None) -> None:
        """Say what would change and what may be a slip; nothing is published."""
        _put(rules, file, after, run_dir, dry_run=True)

    @app.command("publish")
    def publish(
        file: File,
        after: After = None,
        run_dir: RunDir = None,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Only say what would change.")
        ] = False,
    ) -> None:
        """Publish the rules whole; a refusal names every field that is wrong."""
        _put(rules, file, after, run_dir, dry_run=dry_run)

    return app


async def _current(rules: RulesFile, run_dir: Path | None) -> Shown:
    async with Api(addresses(run_dir)) as api:
        return await current_rules(api, rules)


def _put(
    rules: RulesFile, file: Path, after: int | None, run_dir: Path | None, *, dry_run: bool
) -> None:
    content = read_rules(file)

    async def go() -> Shown:
        async with Api(addresses(run_dir)) as api:
            return await publish_rules(api, rules, content, after=after, dry_run=dry_run)

    try:
        found = asyncio.run(go())
    except ApiError as error:
        for each in error.problem.get("errors", []):
            say(f"{file}: {each['field'].removeprefix('body.')}: {each['message']}")
        raise
    _show(found)


def _show(found: Shown) -> None:
    for doubt in found["doubts"]:
        say(f"warning: {doubt['field']}: {_both(doubt['message'])}")
    title = "would change 将变更" if found["dry_run"] else "changed 已变更"
    rows = [
        (each["field"], _text(each["before"]), _text(each["after"])) for each in found["changes"]
    ]
    nothing = [("nothing 无", "", "")]
    console.print(table(title, ("rule 规则", "before 前", "after 后"), rows or nothing))
    say(f"version {found['version']}")


def _both(message: Any) -> str:
    """A message in both languages, or in the only one that there is."""
    return f"{message['en']} {message['zh']}" if isinstance(message, dict) else str(message)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
