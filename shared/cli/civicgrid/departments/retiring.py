"""Sweeping up after a department that answers for nothing any more."""

from collections.abc import Iterable

import typer

from civicgrid.departments import connecting
from civicgrid.departments.place import Place
from civicgrid.departments.registered import Registered
from civicgrid.local import LocalError
from civicgrid.show import say


def retire(
    place: Place, department: str, found: Iterable[Registered], *, sure: bool, dry_run: bool
) -> None:
    """Delete its line, vhost, user and client, after asking. Its rights went with its last
    charter entry: LocalError while it has one."""
    row = next((row for row in found if row.department == department), None)
    if row is not None and row.chartered:
        entries = row.in_force + row.to_come
        raise LocalError(
            f"{department} still answers for {', '.join(entries)}",
            "revoke them first: `civicgrid registry charters revoke CHARTER`",
        )
    if department not in place.files.lines() and department not in place.files.departments():
        raise LocalError(f"{department} is not connected", "see `civicgrid departments list`")
    what = f"{place.vhost(department)} with all that is in it, its user and its credentials"
    if dry_run:
        say(f"would delete 将删除 {what}")
        return
    if not sure:
        typer.confirm(f"Delete 删除 {what}?", abort=True)
    connecting.retire(place, department)
    say(f"deleted 已删除 {what}")
