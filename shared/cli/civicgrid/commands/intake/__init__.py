"""``civicgrid intake ...``: what people report, and by which rules it is filed."""

import typer

from civicgrid.commands.intake.imports import import_file, jobs
from civicgrid.commands.intake.rules import rules
from civicgrid.commands.intake.visits import visiting

app = typer.Typer(
    name="intake",
    help="What people report: bulk imports, and the rules by which it is filed."
    " 上报受理：批量导入、立案规则。",
    no_args_is_help=True,
)
app.add_typer(rules)
app.command("import")(import_file)
app.add_typer(jobs)
app.add_typer(visiting)
