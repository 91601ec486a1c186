"""What a service request says: the fields of the form, as the specification names them."""

import re
from typing import Annotated, Self

import orjson
from pydantic import (
    AnyHttpUrl,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from intake.adapters.entry import Particulars
from intake.api.schemas import MOST_LETTERS, Place
from service_kit.errors import Invalid
from service_kit.http.problems import said

MOST_FIELDS = 200
_URLENCODED, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_ATTRIBUTE = re.compile(r"^attribute\[([^\[\]]{1,60})\](\[\])?$")
_URL = TypeAdapter(AnyHttpUrl)


def _web_address(text: str) -> str:
    """Kept as it was written; it is never fetched."""
    try:
        _URL.validate_python(text)
    except ValidationError:
        raise ValueError("give an address that begins with http:// or https://") from None
    return text


Id = Annotated[str, Field(max_length=200)]
Name = Annotated[str, Field(max_length=100)]
Address = Annotated[str, Field(max_length=500)]
Key = Annotated[str, Field(max_length=8000)]
Words = Annotated[str, Field(max_length=MOST_LETTERS)]
WebAddress = Annotated[str, Field(max_length=2000), BeforeValidator(_web_address)]


class Form(BaseModel):
    """A service request. Empty fields are as if they had not been sent; fields that the
    specification does not know are not looked at.

    The place is needed: ``lat`` and ``long`` together, or ``address_string`` or ``address_id``.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        json_schema_extra={
            "examples": [
                {
                    "service_code": "part_utilities_manhole-cover",
                    "attribute[condition]": "missing",
                    "lat": 34.70533,
                    "long": 113.60512,
                    "address_string": "兰河路与学府街路口东南角",
                    "description": "路口井盖不见了，很危险。",
                    "email": "reporter@example.org",
                    "first_name": "小明",
                    "last_name": "王",
                    "phone": "0371-00000000",
                    "media_url": "https://photos.example.org/manhole.jpg",
                }
            ]
        },
    )

    service_code: Annotated[str, Field(min_length=1, max_length=120)]
    jurisdiction_id: Id | None = None
    api_key: Key | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    long: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    address_string: Address | None = None
    address_id: Id | None = None
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)] | None = None
    device_id: Id | None = None
    account_id: Id | None = None
    first_name: Name | None = None
    last_name: Name | None = None
    phone: Annotated[str, Field(pattern=r"^\+?[0-9 ()-]{3,30}$")] | None = None
    description: Words | None = None
    media_url: WebAddress | None = None

    @property
    def point(self) -> Place | None:
        if self.lat is None or self.long is None:
            return None
        return Place(lon=self.long, lat=self.lat)

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if (self.lat is None) != (self.long is None):
            raise ValueError("lat and long are needed together")
        if self.lat is None and not self.address_string and not self.address_id:
            raise ValueError("a place is needed: lat and long, or address_string, or address_id")
        return self

    def particulars(self) -> Particulars | None:
        """What goes into the vault beside the words, the contact and the point."""
        given = self.model_dump(include=set(Particulars.model_fields), exclude_none=True)
        return Particulars(**given) if given else None


class Sent:
    """A form as it came, and the ``attributes`` in it: values by the attribute's code."""

    def __init__(self, data: FormData) -> None:
        self._given = [
            (name, value.strip())
            for name, value in data.multi_items()
            if isinstance(value, str) and value.strip()
        ]
        self.attributes: dict[str, list[str]] = {}
        for name, value in self._given:
            if (found := _ATTRIBUTE.match(name)) is not None:
                self.attributes.setdefault(found[1], []).append(value)

    @property
    def body(self) -> bytes:
        """What it says, for telling repetitions from other requests: not how it was sent."""
        return orjson.dumps(sorted(each for each in self._given if each[0] != "api_key"))

    def form(self) -> Form:
        """Raises Invalid with each field that is missing or wrong, never with what it said."""
        try:
            return Form.model_validate(dict(self._given))
        except ValidationError as error:
            raise Invalid("the request is not valid", errors=_fields(error)) from None


def _fields(error: ValidationError) -> list[dict[str, str]]:
    """What is missing is said as the specification does."""
    return [
        {
            "field": ".".join(str(part) for part in each["loc"]) or "location",
            "message": "was not provided" if each["type"] == "missing" else said(each),
        }
        for each in error.errors(include_input=False, include_url=False)
    ]


async def sent(request: Request) -> Sent:
    """The form of a request; raises Invalid for another kind of body, and for files."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in (_URLENCODED, _MULTIPART):
        raise Invalid(f"send the request as {_URLENCODED}")
    async with request.form(max_files=1, max_fields=MOST_FIELDS) as data:
        if any(isinstance(value, UploadFile) for value in data.values()):
            raise Invalid("send no files here: give the address of a picture as media_url")
        return Sent(data)
