"""``civicgrid intake ...``: what people report, and by which rules it is filed."""

import typer

from civicgrid.commands.intake.imports import import_file, jobs
from civicgrid.commands.intake.visits import visiting
from civicgrid.commands.rules import rules_commands
from civicgrid.rules_files import INTAKE

app = typer.Typer(
    name="intake",
    help="What people report: bulk imports, and the rules by which it is filed."
    " 上报受理：批量导入、立案规则。",
    no_args_is_help=True,
)
app.add_typer(
    rules_commands(
        INTAKE,
        "The district's rules for intake: show, check, publish. 受理规则：查看、检查、发布。",
    )
)
app.command("import")(import_file)
app.add_typer(jobs)
app.add_typer(visiting)
