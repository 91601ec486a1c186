"""Where everybody finds their pages, as a table."""

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from civicgrid.deployment import Run
from civicgrid.deployment.names import CONSOLE
from civicgrid.show import console, table
from civicgrid.staff.chosen import SamplePerson
from civicgrid.staff.files import people_here
from service_kit.auth.issuer_people import Text

_COLUMNS = ("who 身份", "where 所在", "log in as 登录身份 · begins at 首页")
_RESIDENT = ("居民\nResident", "", "nobody 无需登录\n/")


def show_people(run: Run, folder: Path) -> None:
    """Print the pages' address, and as whom one can look at them."""
    console.print(people_table(run.url(CONSOLE), people_here(folder)))


def people_table(address: str, people: Sequence[SamplePerson]) -> Table:
    """Without people residents' pages alone: no district is loaded yet."""
    rows = [(_both(each.name), _both(each.place), f"{each.id}\n{each.start}") for each in people]
    found = table(f"pages 页面: {address}/", _COLUMNS, [_RESIDENT, *rows])
    found.columns[-1].no_wrap = True  # ids and addresses are copied
    return found


def _both(text: Text) -> str:
    return f"{text.zh}\n{text.en}"
