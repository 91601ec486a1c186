"""The receipt, once a report was taken, and what happens next."""

import time
from urllib.parse import urljoin

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.adapters.pages import Reader
from console.adapters.qr import qr_svg
from console.domain.receipts import in_groups
from console.house import house_of, intake_for

router = APIRouter(tags=["receipt"])


class PassOver(Exception):
    """No pass, or one whose time is over: the receipt code is asked for again."""


def receipt_of(request: Request, opens: str) -> str:
    """The receipt that a pass is for; raises PassOver."""
    found = house_of(request).passes.read(opens, time.time())
    if found is None:
        raise PassOver
    return found


@router.get("/receipt/{opens}", response_class=Response)
async def receipt(request: Request, opens: str, photo: str = "") -> Response:
    """The code in groups, its QR code, and what happens next; why it opens no case."""
    house, code = house_of(request), receipt_of(request, opens)
    told = await intake_for(request).tracked(code)
    labels = house.pages.labels(Reader.of(request).language)
    given = {
        "opens": opens,
        "code": code,
        "told": told,
        "photo": photo,
        "qr": qr_svg(_address(request, code), labels("receipt.qr")),
    }
    return house.pages.show(request, "receipt.html", given)


def _address(request: Request, code: str) -> str:
    """Where the QR code leads. The receipt stands behind ``#``, which a browser keeps to itself."""
    base = house_of(request).settings.public_url or str(request.base_url)
    return urljoin(base.rstrip("/") + "/", f"track#{in_groups(code)}")
