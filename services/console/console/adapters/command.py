"""What the command centre asks of the services, in the name of whoever sits there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from pydantic import TypeAdapter

from console.adapters.asking import Peer
from console.views.command_told import Day, Ground, Operation, Score, Standing
from console.views.desk_told import Listed

_LISTED, _STANDINGS = TypeAdapter(list[Listed]), TypeAdapter(list[Standing])
_OPERATIONS, _SCORES = TypeAdapter(list[Operation]), TypeAdapter(list[Score])
_DAYS = TypeAdapter(list[Day])


@dataclass(frozen=True)
class Command:
    """Every method raises Refusal. ``peer`` is how a service is asked in this person's name."""

    peer: Callable[[str], Peer]

    async def _get(self, service: str, path: str, **query: Any) -> Any:
        given = {name: value for name, value in query.items() if value is not None}
        return (await self.peer(service).ask("GET", path, params=given)).json()

    async def ground(self, grid: str | None) -> Ground:
        return Ground.model_validate(await self._get("dispatch", "/cases/ground", grid=grid))

    async def cases(self, grid: str, limit: int, *, late: bool) -> list[Listed]:
        """The newest open ones in the grid and below."""
        late_only = "true" if late else None
        page = await self._get("dispatch", "/cases/list", grid=grid, limit=limit, late=late_only)
        return _LISTED.validate_python(page["cases"])

    async def days(self, grid: str | None) -> list[Day]:
        return _DAYS.validate_python(await self._get("dispatch", "/cases/days", grid=grid))

    async def standings(self, cases: Sequence[str]) -> dict[str, Standing]:
        """Those that this person may see, by case."""
        if not cases:
            return {}
        answer = await self.peer("dispatch").ask(
            "POST", "/cases/lookup", json={"cases": list(cases)}
        )
        return {each.case: each for each in _STANDINGS.validate_python(answer.json())}

    async def operations(self) -> list[Operation]:
        """Those under way, the newest first."""
        return _OPERATIONS.validate_python(await self._get("joint", "/operations"))

    async def scores(
        self, month: str, by: Literal["department", "grid"] = "department"
    ) -> list[Score]:
        """Figures of a month; a grid's include all below it."""
        query = {"period": month, "by": by}
        return _SCORES.validate_python(
            (await self._get("assessment", "/scores", **query))["scores"]
        )

    async def outlines(self, grid: str) -> list[dict[str, Any]]:
        """The grids directly below, as features with their outlines; where there are none, the
        grid itself."""
        found = await self._get("registry", "/grids/export", parent=grid)
        if found["features"]:
            features: list[dict[str, Any]] = found["features"]
            return features
        answer = await self.peer("registry").ask("GET", f"/grids/{grid}")
        own = orjson.loads(answer.content)
        names = {"name_zh": own["name"]["zh"], "name_en": own["name"]["en"]}
        known = {"grid": own["grid"], "level": own["level"], "parent": own["parent"]} | names
        return [{"type": "Feature", "properties": known, "geometry": own["geometry"]}]
