"""How departments' lines stand, as the gateway's replicas say in their metrics."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import httpx
from prometheus_client.parser import text_string_to_metric_families

from civicgrid.addresses import Addresses
from civicgrid.deployment.names import GATEWAY

UP, APART, SENT = (
    "civicgrid_gateway_line_up",
    "civicgrid_gateway_line_isolated",
    "civicgrid_gateway_sent_cursor",
)


@dataclass(frozen=True)
class Standing:
    """By metric and department, the values that replicas give."""

    said: dict[tuple[str, str], list[float]]
    silent: int

    def line(self, department: str) -> str:
        """In one word, for people."""
        if 0 in self.said.get((APART, department), ()):
            return "not apart 未隔离"
        up = self.said.get((UP, department))
        if up is None:
            return "gateway silent 网关无应答" if self.silent else "none 无"
        return "up 在用" if all(up) else "down 中断"

    def cursor(self, department: str) -> str:
        """Of the replica that is furthest; nothing since the gateway started: empty."""
        sent = self.said.get((SENT, department))
        return str(int(max(sent))) if sent else ""


async def standings(addresses: Addresses) -> Standing:
    """Asks every replica of the gateway."""
    verify = httpx.create_ssl_context()  # by SSL_CERT_FILE, if it is set
    async with httpx.AsyncClient(timeout=5, trust_env=False, verify=verify) as http:
        urls = addresses.services.get(GATEWAY, ())
        texts = await asyncio.gather(*(_text(http, url) for url in urls))
    said: dict[tuple[str, str], list[float]] = {}
    for name, department, value in _samples(text for text in texts if text is not None):
        said.setdefault((name, department), []).append(value)
    return Standing(said, sum(text is None for text in texts) if urls else 1)


async def _text(http: httpx.AsyncClient, url: str) -> str | None:
    try:
        answer = await http.get(f"{url}/metrics")
    except httpx.HTTPError:
        return None
    return answer.text if answer.is_success else None


def _samples(texts: Iterable[str]) -> Iterable[tuple[str, str, float]]:
    for text in texts:
        for family in text_string_to_metric_families(text):
            if family.name in (UP, APART, SENT):
                for sample in family.samples:
                    yield family.name, sample.labels["department"], sample.value
