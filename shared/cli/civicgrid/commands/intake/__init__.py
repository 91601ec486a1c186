"""``civicgrid intake ...``: what people report, and by which rules it is filed."""

import typer

from civicgrid.commands.intake.rules import rules

app = typer.Typer(
    name="intake",
    help="What people report: the rules by which it is filed. 上报受理：立案规则。",
    no_args_is_help=True,
)
app.add_typer(rules)
