"""The floor: the least that the same libraries can do for one request.

FastAPI, one journaled insert, one confirmed persistent publish; no validation, no grid, no vault,
no audit. Settings: FLOOR_MONGO, FLOOR_AMQP, FLOOR_DATABASE, FLOOR_PORT.
"""

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI, Request

from case_bus.port import Outgoing
from case_bus.rabbit_publisher import RabbitPublisher
from service_kit.mongo import connect, database

EXCHANGE, KEY = "bench.floor", "floor"


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    client = connect(os.environ["FLOOR_MONGO"])
    app.state.commits = database(client, os.environ["FLOOR_DATABASE"])["commits"]
    app.state.publisher = RabbitPublisher(os.environ["FLOOR_AMQP"], name="floor")
    yield
    await app.state.publisher.close()


app = FastAPI(lifespan=lifespan)


@app.get("/readyz")
async def ready() -> dict[str, bool]:
    return {"ready": True}


@app.post("/reports", status_code=202)
async def accept(request: Request) -> dict[str, str]:
    body = await request.body()
    key = uuid.uuid4().hex
    await app.state.commits.insert_one({"_id": key, "body": body})
    [failed] = await app.state.publisher.publish([Outgoing(EXCHANGE, KEY, body)])
    if failed is not None:
        raise failed
    return {"report": key}


if __name__ == "__main__":
    uvicorn.run(
        app,
        port=int(os.environ["FLOOR_PORT"]),
        log_level="warning",
        access_log=False,
        loop="uvloop",
        http="httptools",
    )
