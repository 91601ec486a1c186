"""What is asked for in lists and exports, as query parameters."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query

from case_contracts.values import Instant, Ref
from dispatch.domain import looked_up
from dispatch.domain.looked_up import Share
from dispatch.domain.state import Status
from dispatch.domain.world import World
from dispatch.views.lists import Place, Wanted
from service_kit import clock
from service_kit.errors import Invalid

SHARES = {
    "open": (Share.OPEN,),
    "over": (Share.OVER,),
    "all": (Share.OPEN, Share.OVER),
}


class Asked:
    """The filters of a list of cases; the narrowest of them is read by."""

    def __init__(
        self,
        grid: Annotated[Ref | None, Query(description="this grid and all below it")] = None,
        department: Annotated[Ref | None, Query(description="handled by this department")] = None,
        person: Annotated[Ref | None, Query(description="handled by this post-holder")] = None,
        matter: Annotated[
            list[str], Query(max_length=20, description="codes, with * for any letters")
        ] = [],  # noqa: B006 - FastAPI copies it
        status: Annotated[list[Status], Query(max_length=12)] = [],  # noqa: B006
        share: Annotated[Literal["open", "over", "all"], Query()] = "open",
        late: Annotated[bool, Query(description="only those whose handler is late")] = False,
        since: Annotated[Instant | None, Query(description="reported at or after")] = None,
        until: Annotated[Instant | None, Query(description="reported before")] = None,
    ) -> None:
        self.grid, self.department, self.person = grid, department, person
        self.matter, self.status, self.share, self.late = matter, status, share, late
        self.since, self.until = since, until

    def wanted(self, world: World) -> Wanted:
        """Raises Invalid for a grid that there is none of."""
        now = clock.now()
        until = self.until or now
        return Wanted(
            scope=self._scope(world),
            shares=(Share.OPEN,) if self.late else SHARES[self.share],
            since=self.since or looked_up.earliest(until),
            until=until,
            matters=tuple(self.matter),
            grid=self.grid,
            department=self.department,
            person=self.person,
            statuses=tuple(self.status),
            late=self.late,
        )

    def _scope(self, world: World) -> str:
        if self.person is not None:
            return looked_up.of_person(self.person)
        if self.department is not None:
            return looked_up.of_department(self.department)
        if self.grid is not None:
            if self.grid not in world.paths:
                raise Invalid(f"there is no grid {self.grid}", code="unknown_grid")
            return looked_up.in_grid(self.grid)
        return looked_up.in_grid(world.root)


def cursor_of(place: Place | None) -> str | None:
    """A word for programs, to be given back as it is."""
    if place is None:
        return None
    at, case = place
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{case}".encode()).decode()


def place_at(cursor: str | None) -> Place | None:
    """Raises Invalid for what no page gave."""
    if cursor is None:
        return None
    try:
        told, case = base64.urlsafe_b64decode(cursor.encode()).decode().split("|", 1)
        at = datetime.fromisoformat(told)
        if at.tzinfo is None:
            raise ValueError
    except (ValueError, binascii.Error):
        raise Invalid("that is no cursor of this list", code="bad_cursor") from None
    return at, case
