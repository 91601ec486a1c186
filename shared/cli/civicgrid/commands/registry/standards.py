"""``civicgrid registry standards ...``: versions of the standard, as files and compared."""

from pathlib import Path
from typing import Annotated

import typer

from civicgrid.commands.options import RunDir
from civicgrid.commands.registry.asking import DryRun, ask, change, fetch
from civicgrid.show import console, say, table

standards = typer.Typer(
    name="standards",
    help="Versions of the standard: import, export, compare. 立案结案标准。",
    no_args_is_help=True,
)
KINDS = {
    ".xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".yaml": ("yaml", "application/yaml"),
    ".yml": ("yaml", "application/yaml"),
}
Id = Annotated[str, typer.Argument(help="The standard's id, such as lanhe.")]


def kind_of(file: Path) -> tuple[str, str]:
    """Format and media type by the file's ending; raises BadParameter."""
    found = KINDS.get(file.suffix.lower())
    if found is None:
        raise typer.BadParameter(f"{file.name}: a standard is a .xlsx or a .yaml file")
    return found


@standards.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".xlsx or .yaml")],
    run_dir: RunDir = None,
    dry_run: DryRun = False,
) -> None:
    """Publish the version that a file holds: whole or, with every error listed, not at all."""
    kind, media = kind_of(file)
    change(run_dir, f"/standards/{kind}", None, dry_run=dry_run, content=file.read_bytes(),
           headers={"Content-Type": media})  # fmt: skip


@standards.command("export")
def export_file(
    standard: Id,
    file: Annotated[Path, typer.Argument(dir_okay=False, help="Where to: .xlsx or .yaml")],
    version: Annotated[int | None, typer.Option(help="The newest, if it is left out.")] = None,
    run_dir: RunDir = None,
) -> None:
    """Write a version to a file, to read, or to edit and import as the next one."""
    kind, _ = kind_of(file)
    found = fetch(run_dir, f"/standards/{standard}/export", format=kind, version=version)
    file.write_bytes(found)
    say(f"written to {file}")


@standards.command("compare")
def compare(
    standard: Id,
    from_version: Annotated[int, typer.Argument(help="The earlier version.")],
    to_version: Annotated[int, typer.Argument(help="The later version.")],
    run_dir: RunDir = None,
) -> None:
    """What differs between two versions, in words."""
    found = ask(run_dir, f"/standards/{standard}/compare", from_version=from_version,
                to_version=to_version)  # fmt: skip
    rows = [
        (label, each["matter"], f"{each['name']['zh']} {each['name']['en']}")
        for key, label in (
            ("matters_added", "new 新增"), ("matters_removed", "gone 删除"),
            ("conditions_added", "new condition 新增条件"),
            ("conditions_removed", "condition gone 删除条件"),
        )
        for each in found[key]
    ]  # fmt: skip
    rows += [
        ("changed 变更", each["matter"], f"{each['words']['zh']}\n{each['words']['en']}")
        for each in found["changes"]
    ]
    title = f"{standard}: {from_version} → {to_version}"
    shown = rows or [("the same 相同", "", "")]
    console.print(table(title, ("what 项目", "matter 事项", "words 说明"), shown))
