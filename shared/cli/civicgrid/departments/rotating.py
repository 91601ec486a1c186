"""Another password and another secret for a department, without losing anything.

RabbitMQ keeps one password per user and lets open connections live on; the development issuer
lets the secret before count on. So the department may switch when it likes, and then what is old
is ended.
"""

import secrets

from case_bus.definitions import user
from civicgrid.departments.connecting import add_secret
from civicgrid.departments.files import as_env
from civicgrid.departments.place import Place
from civicgrid.departments.plan import client_of, names_of, variables_of
from civicgrid.local import LocalError
from civicgrid.local.private import write_private

SECRET = "CIVICGRID_CLIENT_SECRET"


def rotate(place: Place, department: str) -> None:
    """Write new credentials, then let them count. Who is connected stays connected."""
    _require_connected(place, department)
    password = None if place.is_http_only(department) else secrets.token_urlsafe(24)
    variables = variables_of(place, department, password)
    if SECRET in variables:
        variables[SECRET] = secrets.token_urlsafe(24)
    write_private(place.files.credentials_file(department), as_env(variables))
    if password is not None:
        place.admin.import_definitions({"users": [user(names_of(place, department)[1], password)]})
    if SECRET in variables:
        add_secret(place, department, variables)


def end_old(place: Place, department: str) -> None:
    """End what was opened with earlier credentials: connections are closed (whoever has the new
    password comes back at once), and of the client's secrets only the newest counts."""
    _require_connected(place, department)
    if not place.is_http_only(department):
        place.admin.close_connections(names_of(place, department)[1], "its password was changed")
    clients = place.files.clients()
    client = clients.get(client_of(department))
    if client is not None:
        client["secrets"] = client["secrets"][:1]
        place.files.save_clients(clients)


def _require_connected(place: Place, department: str) -> None:
    if department in place.files.brokers():
        raise LocalError(
            f"{department} has a broker of its own",
            "change the password there, then"
            f" `civicgrid departments apply --broker {department}=<new address>`",
        )
    if not place.files.credentials_file(department).is_file():
        raise LocalError(
            f"{department} is not connected: {place.files.credentials_file(department)} is missing",
            "see `civicgrid departments list`; connect it with `civicgrid departments apply`",
        )
