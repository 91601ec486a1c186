"""Making what is missing, and sweeping up what nobody needs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx

from civicgrid.departments.files import as_env
from civicgrid.departments.place import Place
from civicgrid.departments.plan import Wanted, client_of, names_of, wanted
from civicgrid.departments.probing import holes
from civicgrid.local import LocalError, handles
from civicgrid.local.private import write_private
from service_kit.auth.issuer_clients import hashed

REFUSED = (401, 403)


def plans(
    place: Place, departments: Iterable[str], http_only: Collection[str] = ()
) -> list[Wanted]:
    """Each department as it should be, with what is missing; those of ``http_only`` get no vhost.
    LocalError for one of them that has one."""
    there, lines = place.admin.definitions(), place.files.lines()
    for department in http_only:
        if department in lines:
            raise LocalError(
                f"{department} is connected over AMQP",
                "revoke its entries and `--retire` it first, or let it use HTTP beside AMQP",
            )
    return [wanted(place, d, there, http_only=d in http_only) for d in departments]


async def connect(place: Place, wishes: Sequence[Wanted]) -> dict[str, list[str]]:
    """Make everything that is missing; a department with a hole gets no line and no credentials.

    Returns the holes, which the probes found for departments old and new.
    """
    rows = defaultdict[str, list[Mapping[str, Any]]](list)
    for wish in wishes:
        for kind, found in wish.rows.items():
            rows[kind] += found
    if any(rows.values()):
        handles.require_room(place.admin.handles(), rows)
        place.admin.import_definitions(rows)
    words = {wish.department: wish.password for wish in wishes if wish.password is not None}
    found_holes = await holes(place, words)
    for wish in wishes:
        if wish.missing and wish.department not in found_holes:
            hand_over(place, wish)
    return found_holes


def hand_over(place: Place, wish: Wanted) -> None:
    """Its credentials first, then its client, and its line last."""
    department, files = wish.department, place.files
    write_private(files.credentials_file(department), as_env(wish.variables))
    if "client" in wish.missing:
        add_secret(place, department, wish.variables)
    if "line" in wish.missing and wish.line is not None:
        files.save_lines(files.lines() | {department: wish.line})


def add_secret(place: Place, department: str, variables: Mapping[str, str]) -> None:
    """Let the client's new secret count; one before it counts on until it is ended."""
    clients, name = place.files.clients(), variables["CIVICGRID_CLIENT_ID"]
    before = clients.get(name, {}).get("secrets", [])[:1]
    kept = [hashed(variables["CIVICGRID_CLIENT_SECRET"]), *before]
    clients[name] = {"department": department, "secrets": kept}
    place.files.save_clients(clients)


def keep_token(place: Place, department: str) -> bool:
    """Write a token where there is none that the gateway takes; whether that was needed."""
    file = place.files.token_file(department)
    if place.token_url is None or _is_taken(place, department):
        return False
    said = place.files.credentials(department)
    form = {"grant_type": "client_credentials"}
    login = (quote(said["CIVICGRID_CLIENT_ID"]), said["CIVICGRID_CLIENT_SECRET"])
    answer = _asked("POST", place.token_url, data=form, auth=login)
    if not answer.is_success:
        raise LocalError(
            f"the issuer gives {department} no token: {answer.status_code} {answer.text[:200]}",
            f"make new credentials: `civicgrid departments rotate {department}`",
        )
    write_private(file, str(answer.json()["access_token"]))
    return True


def _is_taken(place: Place, department: str) -> bool:
    """Whether the token that is there opens the department's inbox."""
    file = place.files.token_file(department)
    if not file.is_file():
        return False
    url = f"{place.gateway_url}/departments/{department}/inbox"
    headers = {"Authorization": f"Bearer {file.read_text().strip()}"}
    return _asked("GET", url, params={"limit": 1}, headers=headers).status_code not in REFUSED


def _asked(method: str, url: str, **request: Any) -> httpx.Response:
    try:
        return httpx.request(method, url, trust_env=False, timeout=30, **request)
    except httpx.HTTPError as error:
        raise LocalError(
            f"{url} does not answer: {type(error).__name__} {error}", "see `civicgrid status`"
        ) from None


def retire(place: Place, department: str) -> None:
    """Close a department's line, then delete its vhost with all that is in it, user and client."""
    files = place.files
    lines, clients, brokers = files.lines(), files.clients(), files.brokers()
    own_broker = brokers.pop(department, None) is not None
    lines.pop(department, None)
    files.save_lines(lines)
    if clients.pop(client_of(department), None) is not None:
        files.save_clients(clients)
    if own_broker:
        files.save_brokers(brokers)
    else:
        vhost, user = names_of(place, department)
        place.admin.delete([vhost], [user])
    files.forget(department)


def use_broker(place: Place, department: str, url: str) -> bool:
    """Let the gateway use a department's own broker; whether that was news."""
    files = place.files
    if files.lines().get(department) == url and files.brokers().get(department) == url:
        return False
    files.save_brokers(files.brokers() | {department: url})
    files.save_lines(files.lines() | {department: url})
    return True
