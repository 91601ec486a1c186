"""The composition root of the reference department service."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from department.adapters.store import DepartmentStore
from department.behaviour.config import BadConfig, config_of, load_all
from department.hosted import Hosted
from department.settings import HostSettings
from department_sdk.line import AmqpLine
from service_kit.mongo import connect, database


class TaskTaken(BaseModel):
    """A task as our own store has it; ``since`` is when it was read from the inbox."""

    taskid: str
    case: str
    assignment: int
    since: datetime
    state: str
    fate: str


def hosted(settings: HostSettings) -> list[Hosted]:
    """The departments that run here; raises BadConfig."""
    configs = load_all(settings.department_config)
    client = connect(settings.mongo_url.get_secret_value())
    found = []
    for department, url in sorted(settings.department_amqp.items()):
        config = config_of(department, configs)
        if config is None:
            raise BadConfig(f"no file is about {department}; write one, or one for '*'")
        line = AmqpLine(url.get_secret_value(), name=f"department:{department}")
        store = DepartmentStore(database(client, settings.database_of(department)), config)
        found.append(Hosted(department, config, line, store))
    return found


def build(departments: Sequence[Hosted]) -> FastAPI:
    """The app: its departments start and stop with it."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        starting = [asyncio.create_task(each.start()) for each in departments]
        try:
            yield
        finally:
            for task in starting:
                task.cancel()
            await asyncio.gather(*(each.stop() for each in departments))

    app = FastAPI(title="civicgrid reference department", version="1.0.0", lifespan=lifespan)

    @app.get("/healthz", tags=["health"])
    async def alive() -> dict[str, str]:
        """The process runs."""
        return {"status": "alive"}

    @app.get("/readyz", tags=["health"], responses={503: {"description": "Not ready, and why"}})
    async def ready() -> JSONResponse:
        """Whether each department reads its inbox; 503 with those that do not."""
        checks = {each.department: each.state() for each in departments}
        at_work = all(state == "ok" for state in checks.values())
        return JSONResponse({"ready": at_work, "checks": checks}, 200 if at_work else 503)

    @app.get("/departments/{department}/tasks", tags=["tasks"])
    async def tasks(department: str) -> list[TaskTaken]:
        """The tasks that this department has taken from its inbox, and when."""
        found = next((each for each in departments if each.department == department), None)
        if found is None:
            raise HTTPException(404, f"no department {department} is hosted here")
        return [TaskTaken.model_validate(row) for row in await found.store.taken()]

    @app.get("/metrics", tags=["health"], response_class=Response)
    async def metrics() -> Response:
        """Prometheus text format."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app
