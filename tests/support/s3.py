"""A server that speaks S3 (moto), as a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from civicgrid.local.processes import wait_until
from tests.support.ports import free_port

START_SECONDS = 60.0


@dataclass(frozen=True)
class S3:
    """Where it is, and what a service needs in its environment to use it."""

    endpoint: str
    bucket: str = "evidence"

    @property
    def address(self) -> str:
        return f"s3://{self.bucket}/media"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }


@contextmanager
def s3_server() -> Iterator[S3]:
    """With an empty bucket in it."""
    port = free_port()
    found = S3(f"http://127.0.0.1:{port}")
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: _answers(found.endpoint), timeout=START_SECONDS, pause=0.1)
        httpx.put(f"{found.endpoint}/{found.bucket}").raise_for_status()
        yield found
    finally:
        process.terminate()
        process.wait(10)


def _answers(endpoint: str) -> bool:
    try:
        return httpx.get(f"{endpoint}/moto-api/").status_code < 500
    except httpx.HTTPError:
        return False
