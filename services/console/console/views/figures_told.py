"""What dispatch tells everybody about a month, as far as the page shows it."""

from datetime import datetime

from pydantic import BaseModel

from console.views.told import Text


class Share(BaseModel):
    """Per cent: at least ``least``, and less than ``most`` unless that is 100."""

    least: int
    most: int


class GridFigures(BaseModel):
    """Null is what dispatch leaves out, so that no small number can be told."""

    grid: str
    parent: str | None
    level: str | None
    name: Text | None
    reported: int | None
    classes: dict[str, int | None]
    open: int | None
    in_time: Share | None


class Month(BaseModel):
    month: str
    over: bool
    months: list[str]
    counted_at: datetime
    threshold: int
    grids: list[GridFigures]
