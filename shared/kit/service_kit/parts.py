"""What a service consists of: what each ``main.build`` gives to the runtime."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.types import ASGIApp

from case_bus.port import Consumer, Publisher
from service_kit.events.command_queue import Translate
from service_kit.events.subscriptions import Subscriptions
from service_kit.mongo import Database
from service_kit.settings import ServiceSettings
from service_kit.store.follow import FollowUp
from service_kit.store.kept import Kept
from service_kit.store.model import Aggregate, Foresee

if TYPE_CHECKING:
    from service_kit.runtime import Runtime

Background = Callable[["Runtime"], Coroutine[Any, Any, None]]


@dataclass
class Parts:
    """What makes one service different from another; each service's ``main.build`` gives it.

    ``follow_ups`` are what this service does at once, in the same batch, on events of its own;
    ``kept`` the rows that it keeps of them. ``caches`` name the mirrors that decisions need:
    ``{"grids": ("mirror_grid", build_grids)}``; ``make_world`` gets their values by name;
    ``foresee`` looks up at once what a batch's commands are going to ask of the world.
    ``fenced`` names those caches of which nothing older may be the ground of a commit once a newer
    one is stored. ``on_command`` translates departments' commands; None where the service takes
    none.
    ``background`` runs while the service does (timers). ``prepare`` makes indexes; ``assemble``
    makes what the service builds on the running store and committer, and puts it into
    ``runtime.extras``. ``guessable`` are path prefixes below which a hit would be somebody else's:
    misses there are limited (``rate_failures``). ``around`` is middleware of this service's own,
    outside of all that every service has. ``details`` is what an operator should see in ``/readyz``
    though it does not make the service unready.
    """

    name: str
    settings: ServiceSettings
    aggregates: Sequence[Aggregate[Any]]
    subscriptions: Subscriptions
    routers: Sequence[APIRouter] = ()
    follow_ups: Sequence[FollowUp] = ()
    kept: Sequence[Kept] = ()
    caches: Mapping[str, tuple[str, Callable[[list[Any]], Any]]] = field(default_factory=dict)
    make_world: Callable[..., Any] = dict
    foresee: Foresee | None = None
    fenced: Sequence[str] = ()
    on_command: Translate | None = None
    background: Sequence[Background] = ()
    prepare: Callable[[Database], Awaitable[None]] | None = None
    assemble: Callable[["Runtime"], Awaitable[None]] | None = None
    larger_bodies: Mapping[str, int] = field(default_factory=dict)
    guessable: Sequence[str] = ()
    peer_scopes: str = "commits.read"
    around: Sequence[Callable[[ASGIApp], ASGIApp]] = ()
    details: Callable[["Runtime"], Mapping[str, str]] | None = None
    extras: dict[str, Any] = field(default_factory=dict)


@dataclass
class Edges:
    """The world outside, replaceable by twins in tests."""

    publisher: Publisher
    consumer: Consumer
