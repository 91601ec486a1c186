"""The generated part of each service's README: ``python -m tests.support.readmes [--check]``.

What a service consumes, publishes, owns and offers, and its settings, stand in its code; here
they are written between the markers in ``services/<name>/README.md``.
"""

import importlib
import sys
from collections.abc import Iterable, Iterator, Set
from itertools import chain
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic_settings import BaseSettings

from case_contracts.catalogue import owned_by
from console.main import ROUTERS
from console.settings import ConsoleSettings
from service_kit.runtime import Parts
from service_kit.settings import ServiceSettings
from tests.support import state_machine

ROOT = Path(__file__).parents[2]
SERVICES = ("registry", "intake", "dispatch", "joint", "assessment", "notification", "gateway")
PAGES = "console"
"""It has routes and settings, and no events."""
READMES = (*SERVICES, PAGES)
BEGIN, END = "<!-- generated: make flow -->", "<!-- /generated -->"
DRAWN = {"dispatch": state_machine.drawn}
"""What is drawn of a service beside what all have."""

EVERYWHERE = set(ServiceSettings.model_fields)
NEEDED: dict[str, Any] = {
    "district": "lanhe",
    "amqp_url": "amqp://",
    "mongo_url": "mongodb://",
    "database": "none",
    "jwks_url": "http://",
    "peers": {"intake": "http://"},
    "vault_keys": "k:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
}


def parts_of(service: str) -> Parts:
    """The service's parts, wired but not started."""
    module = importlib.import_module(f"{service}.main")
    settings = importlib.import_module(f"{service}.settings")
    kind = getattr(settings, f"{service.capitalize()}Settings")
    given = {key: value for key, value in NEEDED.items() if key in kind.model_fields}
    found: Parts = module.parts(kind(**given))
    return found


def generated(service: str) -> str:
    """The part between the markers."""
    if service == PAGES:
        return _of_pages()
    parts = parts_of(service)
    lines = [BEGIN, "", "**Consumes**", "", *_consumes(parts), "", "**Publishes**", ""]
    lines += _publishes(service)
    lines += [
        "",
        "**API** (every service also has `/healthz`, `/readyz`, `/metrics`, `/held`, `/commits`)",
        "",
    ]
    lines += _routes(parts.routers)
    own = type(parts.settings)
    lines += ["", "**Settings** (besides those of every service)", "", *_settings(own), ""]
    lines += [*DRAWN[service](), ""] if service in DRAWN else []
    lines.append(END)
    return "\n".join(lines)


def _of_pages() -> str:
    lines = [BEGIN, "", "**Routes**", "", *_routes(ROUTERS), "", "**Settings**", ""]
    return "\n".join([*lines, *_settings(ConsoleSettings, set()), "", END])


def _consumes(parts: Parts) -> Iterator[str]:
    yield "| event | as |"
    yield "|---|---|"
    for event_type in parts.subscriptions.types:
        kinds = {
            f"{type(entry).__name__.lower()} `{getattr(entry, 'collection', None) or entry.name}`"  # type: ignore[union-attr]  # one of the two is there
            for entry in parts.subscriptions.by_type[event_type]
        }
        yield f"| `{event_type}` | {', '.join(sorted(kinds))} |"
    for kept in parts.kept:
        yield f"| `{kept.event.SPEC.type}`, its own | at once: fact `{kept.collection}` |"
    for each in parts.follow_ups:
        yield f"| `{each.event.SPEC.type}`, its own | at once, in the same batch: `{each.name}` |"
    if parts.on_command is not None:
        yield "| departments' commands, from the gateway | command |"


def _publishes(service: str) -> Iterator[str]:
    specs = owned_by(service)
    if not specs:
        yield "No events of its own."
        return
    yield "| event | meaning |"
    yield "|---|---|"
    for spec in specs:
        yield f"| `{spec.type}` | {spec.meaning} |"


def _routes(routers: Iterable[APIRouter]) -> Iterator[str]:
    yield "| route | what |"
    yield "|---|---|"
    for route in chain.from_iterable(router.routes for router in routers):
        assert isinstance(route, APIRoute)
        what = " ".join((route.description or route.summary or "").split()).split(". ")[0]
        yield f"| `{'/'.join(sorted(route.methods or ()))} {route.path}` | {what.rstrip('.')} |"


def _settings(kind: type[BaseSettings], known: Set[str] = EVERYWHERE) -> Iterable[str]:
    own = {name: field for name, field in kind.model_fields.items() if name not in known}
    if not own:
        return ["None."]
    return ["| variable | default |", "|---|---|"] + [
        f"| `CIVICGRID_{name.upper()}` | {_default(field)} |" for name, field in own.items()
    ]


def _default(field: Any) -> str:
    if isinstance(field.default, Path):
        return "where `make setup` puts it"
    return (
        "must be set"
        if field.is_required()
        else f"`{field.get_default(call_default_factory=True)}`"
    )


def written(service: str) -> tuple[Path, str, str]:
    """The README's path, its text now, and as it should be."""
    path = ROOT / "services" / service / "README.md"
    now = path.read_text("utf-8")
    before, _, rest = now.partition(BEGIN)
    _, _, after = rest.partition(END)
    if not rest:
        raise SystemExit(f"{path}: the markers {BEGIN} and {END} are missing")
    return path, now, f"{before}{generated(service)}{after}"


def main(check: bool) -> int:
    stale = []
    for service in READMES:
        path, now, wanted = written(service)
        if now != wanted:
            stale.append(str(path.relative_to(ROOT)))
            if not check:
                path.write_text(wanted, "utf-8")
    for name in stale:
        sys.stdout.write(f"{'stale' if check else 'written'}: {name}\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main("--check" in sys.argv))
