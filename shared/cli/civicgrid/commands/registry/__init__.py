"""``civicgrid registry ...``: the territory, its people, and who answers for what."""

import typer

from civicgrid.commands.registry.admissions import admissions
from civicgrid.commands.registry.calendars import calendars
from civicgrid.commands.registry.charters import charters
from civicgrid.commands.registry.commitments import commitments
from civicgrid.commands.registry.grids import grids
from civicgrid.commands.registry.households import households
from civicgrid.commands.registry.people import people
from civicgrid.commands.registry.standards import standards
from civicgrid.commands.registry.trail import audit, changes

app = typer.Typer(
    name="registry",
    help="Change and ask the registry: grids, people, charters, rules. 基础信息的变更与查询。",
    no_args_is_help=True,
)
app.add_typer(people, name="people")
app.add_typer(grids)
app.add_typer(households, name="households")
for each in (charters, standards, calendars, admissions, commitments):
    app.add_typer(each)
app.command("audit")(audit)
app.command("changes")(changes)
