"""``civicgrid registry ...``: the territory, its people, and who answers for what."""

import typer

app = typer.Typer(
    name="registry",
    help="Change and ask the registry: grids, people, charters, rules. 基础信息的变更与查询。",
    no_args_is_help=True,
)
