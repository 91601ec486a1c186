"""Intake's vault as dispatch sees it: words of cases, erased ones, or away."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query

CASE_WORDS = {
    "text": "门口堆了垃圾",
    "point": {"lon": 113.6021, "lat": 34.7021},
    "language": "zh",
    "attachments": [
        {"evidence": "evidence:1", "phase": "report", "format": "image/jpeg", "taken_at": None}
    ],
    "withheld": 1,
}


@dataclass
class FakeIntake:
    """``known`` has the cases with words, ``erased`` those whose key is gone; ``asked`` notes
    case, purpose and for whom. ``away`` makes every answer a 503."""

    known: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    away: bool = False
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/healthz")
        def healthz() -> None:
            """It runs."""

        @app.get("/commits/writers")
        def writers() -> list[Any]:
            return []

        @app.get("/vault/cases/{case}/words")
        def words(
            case: str, purpose: str, person: Annotated[str, Query(alias="for")]
        ) -> dict[str, Any]:
            self.asked.append((case, purpose, person))
            if self.away:
                raise HTTPException(503)
            if case in self.erased:
                raise HTTPException(410)
            if case not in self.known:
                raise HTTPException(404)
            return {"case": case, **CASE_WORDS}

        return app
