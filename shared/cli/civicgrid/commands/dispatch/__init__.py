"""``civicgrid dispatch ...``: by which rules the work is supervised."""

import typer

from civicgrid.commands.rules import rules_commands
from civicgrid.rules_files import SUPERVISION

app = typer.Typer(
    name="dispatch",
    help="Dispatch: the rules by which the work is supervised. 派遣与督办：督办规则。",
    no_args_is_help=True,
)
app.add_typer(
    rules_commands(
        SUPERVISION,
        "The district's rules for supervision (slips, levels, more time): show, check, publish."
        " 督办规则：查看、检查、发布。",
    )
)
