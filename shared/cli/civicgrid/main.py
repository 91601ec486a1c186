"""``civicgrid``: the operator's command line."""

import signal
import sys

import typer

from civicgrid.client import ApiError
from civicgrid.commands import chaos, district, looking, month, real, running, shows, traffic, truth
from civicgrid.commands.departments import departments
from civicgrid.commands.dispatch import app as dispatch
from civicgrid.commands.duplicates import duplicates
from civicgrid.commands.intake import app as intake
from civicgrid.commands.new_department import new_department
from civicgrid.commands.provision import provision
from civicgrid.commands.registry import app as registry
from civicgrid.commands.report import report
from civicgrid.commands.sandbox import app as sandbox
from civicgrid.district_dir import DistrictUnreadableError
from civicgrid.local import LocalError
from civicgrid.new_department import NewDepartmentError
from civicgrid.onboard import OnboardError
from civicgrid.show import say

app = typer.Typer(
    name="civicgrid",
    help="Run, feed and watch a district's grid governance. 网格治理系统的运行、加载与查看。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("up")(running.up)
app.command("down")(running.down)
app.command("status")(running.status)
app.command("doctor")(running.doctor)
app.command("load-district")(district.load_district)
app.command("onboard")(district.onboard_city)
app.command("sample")(district.write_sample)
app.add_typer(registry, name="registry")
app.add_typer(intake, name="intake")
app.add_typer(dispatch, name="dispatch")
app.command("replay")(traffic.replay)
app.command("report")(report)
app.command("trace")(looking.trace)
app.add_typer(looking.held, name="held")
app.command("rebuild")(truth.rebuild)
app.command("verify")(truth.verify)
app.command("new-department")(new_department)
app.add_typer(departments, name="departments")
app.add_typer(sandbox, name="sandbox")
app.command("check-store")(truth.check_store)
app.command("provision")(provision)
app.command("demo")(shows.demo)
app.command("month")(month.month)
app.command("chaos")(chaos.chaos)
app.command("real")(real.real)
app.command("duplicates")(duplicates)

EXPECTED = (LocalError, ApiError, DistrictUnreadableError, OnboardError, NewDepartmentError)
"""Errors that say by themselves what is wrong and what to do."""


def main() -> None:
    """Run a command; an error says what is wrong and what to do, and ends with 1."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # in the background of a script
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        # As Ctrl-C, which asyncio turns into an orderly end of what is running.
        signal.signal(number, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        app()
    except EXPECTED as error:
        say(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
