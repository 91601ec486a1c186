"""What every request to Open311 says: the format, the jurisdiction, the language."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Path, Query, Request
from pydantic.config import JsonDict

from case_contracts.values import Text
from intake.api.open311.formats import Format
from intake.domain.open311_labels import said
from intake.domain.world import World
from intake.settings import IntakeSettings
from service_kit.errors import NotFound
from service_kit.language import preferred
from service_kit.runtime import Runtime

FORMATS: JsonDict = {"enum": [each.value for each in Format]}


@dataclass(frozen=True)
class Asking:
    """Who asks how; ``world`` is what is known of the district now."""

    runtime: Runtime
    world: World
    format: Format
    language: str

    def label(self, text: Text) -> str:
        return said(text, self.language)

    @property
    def settings(self) -> IntakeSettings:
        found = self.runtime.settings
        assert isinstance(found, IntakeSettings)
        return found

    @property
    def headers(self) -> dict[str, str]:
        return {"Content-Language": self.language, "Vary": "Accept-Language"}

    def same_district(self, jurisdiction_id: str | None) -> None:
        """Raises NotFound for another district's; we have one, so it may be left out."""
        if jurisdiction_id and jurisdiction_id != self.settings.district:
            raise NotFound("jurisdiction_id was not found: this district has another one")


async def asking(
    request: Request,
    wanted: Annotated[
        str, Path(alias="format", description="json or xml", json_schema_extra=FORMATS)
    ],
    jurisdiction_id: Annotated[
        str | None, Query(description="The district's id; may be left out")
    ] = None,
    accept_language: Annotated[str | None, Header(description="zh or en")] = None,
) -> Asking:
    """Raises NotFound for another format or district, DistrictNotLoaded before there is one."""
    if wanted not in set(Format):
        raise NotFound("there is no such format: ask for .json or .xml")
    runtime: Runtime = request.app.state.runtime
    language = preferred(accept_language or "")
    found = Asking(runtime, await runtime.load_world(), Format(wanted), language)
    found.same_district(jurisdiction_id)
    return found


Asked = Annotated[Asking, Depends(asking)]
