"""Canaries (金丝雀): words that nobody else writes, sent in by every way a person's words can
take, and everything that a system keeps, sends or says, to look for them."""

import io
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import TracebackType

import aio_pika
import bson
import orjson
from PIL import Image
from pymongo import MongoClient

from case_bus.definitions import permission, user
from case_bus.topology import COMMANDS, EVENTS
from civicgrid.deployment import Run
from civicgrid.local import Broker
from service_kit.mongo import Document

WAYS = (
    "text", "email", "name", "lastname", "address", "addressid", "media", "account", "device",
    "filename", "exif", "agent", "key", "referer", "cookie", "forwarded", "invalidtext",
    "invalidfield", "invalidquery", "invalidpath", "invalidheader", "invalidmail", "invalidopen",
    "invalidfile", "invalidline", "supplement", "importtext", "receiptguess",
)  # fmt: skip
NOT_OURS = ("mails.ndjson",)
"""Files of a run's folder that are the outside world: the demo's mail server keeps its mails."""


def _number(digits: int) -> str:
    return "".join(secrets.choice("123456789") for _ in range(digits))


@dataclass
class Canaries:
    """One for each way: letters and digits alone, so that no spelling hides one."""

    of: dict[str, str] = field(
        default_factory=lambda: {way: f"canary{way}{secrets.token_hex(6)}" for way in WAYS}
    )
    phone: str = field(default_factory=lambda: f"137{_number(11)}")
    lon: float = field(default_factory=lambda: float(f"113.5{_number(8)}"))
    lat: float = field(default_factory=lambda: float(f"34.5{_number(8)}"))

    def __getitem__(self, way: str) -> str:
        return self.of[way]

    @property
    def email(self) -> str:
        return f"{self['email']}@example.org"

    def words(self) -> dict[str, bytes]:
        places = {"phone": self.phone, "lon": str(self.lon), "lat": str(self.lat)}
        return {way: word.encode() for way, word in {**self.of, **places}.items()}

    def found_in(self, content: bytes) -> set[str]:
        return {way for way, word in self.words().items() if word in content}

    def photo(self) -> bytes:
        """A photo that says in its EXIF where and by whom it was taken."""
        made, picture = io.BytesIO(), Image.effect_noise((64, 64), 60).convert("RGB")
        exif = Image.Exif()
        exif[0x010E], exif[0x013B] = self["exif"], self["exif"]  # description, artist
        picture.save(made, "JPEG", exif=exif, comment=self["exif"].encode())
        return made.getvalue()


def of_databases(run: Run, names: Iterable[str]) -> dict[str, bytes]:
    """Every collection of these services: BSON as it is, and JSON, for numbers."""
    found = {}
    with MongoClient[Document](run.mongo_url) as client:
        for name in names:
            stored = client[run.database(name)]
            for collection in stored.list_collection_names():
                rows = list(stored[collection].find({}))
                plain = orjson.dumps(rows, default=str, option=orjson.OPT_NON_STR_KEYS)
                found[f"{name}.{collection}"] = b"".join(map(bson.encode, rows)) + plain
    return found


def of_files(folder: Path) -> dict[str, bytes]:
    """Logs and whatever else is written under the run's folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in NOT_OURS
    }


class Tap:
    """A queue that gets a copy of every event and command from now on."""

    def __init__(self, run: Run, broker: Broker) -> None:
        self._name, word = f"tap-{run.id}", secrets.token_hex(12)
        self._url = broker.amqp_url(run.vhost, self._name, word)
        binding = {"vhost": run.vhost, "destination": "tap", "destination_type": "queue"}
        keys = [(EVENTS, "#"), (COMMANDS, "dispatch"), (COMMANDS, "joint")]
        broker.import_definitions(
            {
                "users": [user(self._name, word)],
                "permissions": [permission(self._name, run.vhost, read=".*")],
                "queues": [{"name": "tap", "vhost": run.vhost, "durable": True,
                            "auto_delete": False, "arguments": {"x-queue-type": "quorum"}}],
                "bindings": [
                    {**binding, "source": source, "routing_key": key, "arguments": {}}
                    for source, key in keys
                ],
            }
        )  # fmt: skip

    async def messages(self) -> list[bytes]:
        """Bodies with their headers and properties."""
        found = []
        async with await aio_pika.connect(self._url) as connection:
            channel = await connection.channel()
            queue = await channel.get_queue("tap", ensure=False)
            while (message := await queue.get(fail=False, no_ack=True)) is not None:
                found.append(message.body + str(message.info()).encode())
        return found

    def remove_user(self, broker: Broker) -> None:
        broker.delete([], [self._name])


class Collector:
    """Takes the traces of every process, as OTLP over HTTP; strings in protobuf are as they are."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        bodies = self.bodies

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                bodies.append(self.rfile.read(int(self.headers["Content-Length"] or 0)))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Collector":
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._server.shutdown()


def told(places: Mapping[str, bytes], canaries: Canaries) -> dict[str, set[str]]:
    """The places in which a canary sings."""
    found = {place: canaries.found_in(content) for place, content in places.items()}
    return {place: ways for place, ways in found.items() if ways}
