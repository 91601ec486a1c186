"""``POST requests``: a report by the channel open311, taken as every other is."""

import uuid
from collections.abc import MutableMapping
from typing import Any, cast

from case_contracts.events.intake import Channel
from case_contracts.events.registry import StandardMatter
from intake.adapters.entry import Contact
from intake.adapters.vault import Vault
from intake.api.open311.asking import Asking
from intake.api.open311.form import Form, Sent
from intake.api.open311.services import CONDITION, LIMITS, matters
from intake.api.schemas import Language, Said
from intake.api.taking import Taken, take
from intake.domain import open311_labels as labels
from intake.domain.labels import REJECTIONS
from intake.domain.open311 import OTHER, UNSURE, must_say_condition
from service_kit.auth import Principal
from service_kit.auth.principal import ANONYMOUS
from service_kit.errors import CivicError, Invalid, NotFound, Unauthenticated
from service_kit.ids import derived

ROUTE = "POST /open311/v2/requests"


class OpensNoCase(CivicError):
    """The report is kept, and opens no case: the description says why and where to turn."""

    status, code = 400, "rejected"


async def who(
    asking: Asking, scope: MutableMapping[str, Any], caller: Principal, key: str | None
) -> Principal:
    """Whose key it is: a token of the district's issuer, given as ``api_key`` or as a bearer.
    Raises Unauthenticated for a bad one, and for none where the district asks for one; TooMany
    where this caller asks too often."""
    if key:
        found: Principal = await asking.runtime.verifier.principal(key)
        asking.runtime.rates.known(scope, found.id, found.kind)
        return found
    if caller is ANONYMOUS and asking.settings.open311_key_required:
        raise Unauthenticated(asking.label(labels.KEY_NEEDED))
    return caller


async def post(
    asking: Asking, caller: Principal, sent: Sent, form: Form, idempotency_key: str | None
) -> dict[str, Any]:
    """The request's id where its case is open, else a token; raises OpensNoCase."""
    cause = derived(caller.id, ROUTE, idempotency_key or uuid.uuid4().hex)
    said = _said(asking, form, _condition(asking, sent, form))
    taken = await take(
        asking.runtime, caller, said, cause, sent.body, particulars=form.particulars()
    )
    if taken.reason is not None:
        raise OpensNoCase(_why(asking, taken))
    notice = asking.label(labels.RECEIPT).format(receipt=taken.receipt)
    if taken.case is None:
        vault: Vault = asking.runtime.extras["vault"]
        token = vault.references.token(taken.report)
        notice = f"{asking.label(labels.WAITS)} {notice}"
        return {"token": token, "service_notice": notice, "account_id": None}
    return {
        "service_request_id": request_id(taken.report),
        "service_notice": notice,
        "account_id": None,
    }


def request_id(report: str) -> str:
    """A report's public id: it opens nothing that is not public; only the receipt does."""
    return report.removeprefix("report:")


def _said(asking: Asking, form: Form, condition: str | None) -> Said:
    contact = Contact(email=form.email, phone=form.phone) if form.email or form.phone else None
    return Said(
        channel=Channel.OPEN311,
        matter=None if form.service_code == OTHER else _matter(asking, form).code,
        condition=condition,
        point=form.point,
        text=form.description,
        contact=contact,
        language=cast(Language, asking.language),
    )


def _matter(asking: Asking, form: Form) -> StandardMatter:
    found = matters(asking).get(form.service_code)
    if found is None:
        raise NotFound("service_code was not found: GET services lists those there are")
    return found


def _condition(asking: Asking, sent: Sent, form: Form) -> str | None:
    """The condition said; None where it is not, or where the reporter is not sure."""
    given = {code: values for code, values in sent.attributes.items() if code != LIMITS}
    if form.service_code == OTHER:
        _check_other(given, form)
        return None
    matter = _matter(asking, form)
    values = given.pop(CONDITION, [])
    if given:
        raise _wrong(f"attribute[{next(iter(given))}]", "the service has no such attribute")
    if not values:
        if must_say_condition(matter):
            raise _wrong(f"attribute[{CONDITION}]", "was not provided")
        return None
    known = {condition.code for condition in matter.conditions}
    known |= {UNSURE} if must_say_condition(matter) else set()
    if len(values) > 1 or values[0] not in known:
        raise _wrong(f"attribute[{CONDITION}]", "give one of the values of the definition")
    return None if values[0] == UNSURE else values[0]


def _check_other(given: dict[str, list[str]], form: Form) -> None:
    if given:
        raise _wrong("attribute", "this service has none")
    if not form.description:
        raise _wrong("description", "was not provided: say what it is about")


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(f"{field}: {message}", errors=[{"field": field, "message": message}])


def _why(asking: Asking, taken: Taken) -> str:
    assert taken.reason is not None
    parts = [REJECTIONS[taken.reason], *([taken.turn_to] if taken.turn_to else []), labels.RECEIPT]
    return " ".join(asking.label(part) for part in parts).format(receipt=taken.receipt)
