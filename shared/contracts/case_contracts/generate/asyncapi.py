"""AsyncAPI 3.0: what goes over the broker, seen by a department or an integrator."""

from typing import Any

from case_contracts import __version__
from case_contracts.catalogue import CATALOGUE, OWNERS
from case_contracts.events.base import EventSpec
from case_contracts.generate.schemas import (
    COMMAND_MODELS,
    ENVELOPE,
    FORWARDED,
    INBOX_MODELS,
    Description,
    Json,
    envelope_example,
    of_command,
    of_event,
    of_inbox_item,
)

EVENTS_EXCHANGE = "case.events.v1"
SCHEMA_FORMAT = "application/schema+json;version=draft-2020-12"
AMQP = "0.3.0"

_ABOUT = """\
Services of a district talk by events: CloudEvents 1.0 in structured JSON on the topic exchange
`case.events.v1`, routing key `<owner>.<type>`. A department has a broker vhost of its own: it
reads the queue `inbox`, writes the exchange `commands`, and configures nothing.

Delivery is at least once and in no promised order: remember the ids you have handled.

各服务以事件交换信息：CloudEvents 1.0 结构化 JSON，主题交换机 `case.events.v1`，路由键为
`<归属服务>.<类型>`。每个部门有自己的 vhost：读队列 `inbox`，写交换机 `commands`，无须任何配置。

至少送达一次，不保证顺序：请记住已处理的编号。"""


def document() -> Json:
    """The whole document; schemas are referred to by file."""
    return {
        "asyncapi": "3.0.0",
        "info": _info(),
        "defaultContentType": "application/json",
        "servers": {"district": _server("events"), "department": _server("department")},
        "channels": _channels(),
        "operations": _operations(),
        "components": {"messages": _messages()},
    }


def _info() -> Json:
    return {
        "title": "civicgrid",
        "version": __version__,
        "description": _ABOUT,
        "license": {"name": "Apache-2.0"},
    }


def _server(vhost: str) -> Json:
    told = "Given by whoever runs the district. / 由运行方提供。"
    return {
        "host": "{broker}",
        "pathname": "/{vhost}",
        "protocol": "amqp",
        "protocolVersion": "0.9.1",
        "variables": {"broker": {"description": told}, "vhost": {"description": told}},
        "tags": [{"name": vhost}],
    }


def _ref(*path: str) -> Json:
    return {"$ref": "#/" + "/".join(path)}


def _file(described: Description) -> Json:
    return {"$ref": f"./schemas/{described.path}"}


def _payload(schema: Json) -> Json:
    return {"schemaFormat": SCHEMA_FORMAT, "schema": schema}


def _messages() -> Json:
    events = {spec.type: _event_message(spec) for spec in CATALOGUE.values()}
    commands = {f"command.{name}": _message(of_command(name)) for name in COMMAND_MODELS}
    items = {f"inbox.{kind}": _message(of_inbox_item(kind)) for kind in INBOX_MODELS}
    return {**events, **commands, **items, "forwarded": _message(FORWARDED)}


def _message(described: Description) -> Json:
    return {
        "title": described.model.__name__,
        "summary": described.zh,
        "description": described.text,
        "payload": _payload(_file(described)),
        "examples": [{"payload": described.example}],
    }


def _event_message(spec: EventSpec) -> Json:
    described = of_event(spec)
    narrowed = {"properties": {"type": {"const": spec.type}, "data": _file(described)}}
    return {
        **_message(described),
        "name": spec.type,
        "tags": [{"name": spec.owner}],
        "payload": _payload({"allOf": [_file(ENVELOPE), narrowed]}),
        "examples": [{"payload": envelope_example(spec)}],
    }


def _channels() -> Json:
    events = {spec.type: _event_channel(spec) for spec in CATALOGUE.values()}
    return {
        **events,
        "subscriber-queue": _subscriber_queue(),
        "service-commands": _service_commands(),
        "inbox": _inbox(),
        "commands": _commands(),
    }


def _event_channel(spec: EventSpec) -> Json:
    exchange = {"name": EVENTS_EXCHANGE, "type": "topic", "durable": True}
    return {
        "address": spec.routing_key,
        "title": spec.type,
        "servers": [_ref("servers", "district")],
        "messages": {spec.type: _ref("components", "messages", spec.type)},
        "bindings": {"amqp": _exchange(exchange)},
    }


def _exchange(exchange: Json) -> Json:
    return {"is": "routingKey", "exchange": exchange, "bindingVersion": AMQP}


def _queue(**queue: Any) -> Json:
    settled = {"durable": True, "exclusive": False, "autoDelete": False}
    return {"amqp": {"is": "queue", "queue": {**queue, **settled}, "bindingVersion": AMQP}}


def _subscriber_queue() -> Json:
    return {
        "address": "{subscriber}.events.v1",
        "title": "Subscriber queue / 订阅队列",
        "description": (
            "One quorum queue per subscriber, bound to the routing keys of the types it handles;"
            " what it fails on repeatedly goes to `<queue>.parked`.\n\n"
            "每个订阅方一个仲裁队列，绑定所需类型的路由键；反复失败的消息进入 `<queue>.parked`。"
        ),
        "servers": [_ref("servers", "district")],
        "parameters": {"subscriber": {"enum": list(OWNERS), "examples": ["dispatch"]}},
        "messages": {name: _ref("components", "messages", name) for name in CATALOGUE},
        "bindings": _queue(),
    }


def _service_commands() -> Json:
    return {
        "address": "{service}.commands.v1",
        "title": "Commands of a service / 服务命令队列",
        "description": "Written by the gateway alone. / 仅由网关写入。",
        "servers": [_ref("servers", "district")],
        "parameters": {"service": {"enum": ["dispatch", "joint"]}},
        "messages": {"forwarded": _ref("components", "messages", "forwarded")},
        "bindings": _queue(),
    }


def _inbox() -> Json:
    return {
        "address": "inbox",
        "title": "A department's inbox / 部门收件箱",
        "description": (
            "What the charter lets the department see; `cursor` has no gaps.\n\n"
            "权责清单允许该部门看到的内容；`cursor` 连续无间断。"
        ),
        "servers": [_ref("servers", "department")],
        "messages": _messages_of("inbox", INBOX_MODELS),
        "bindings": _queue(name="inbox"),
    }


def _commands() -> Json:
    exchange = {"name": "commands", "type": "fanout", "durable": True}
    return {
        "address": "commands",
        "title": "A department's commands / 部门命令",
        "description": (
            "The sender's department is taken from its connection, never from the body.\n\n"
            "部门身份取自连接，不取自消息内容。"
        ),
        "servers": [_ref("servers", "department")],
        "messages": _messages_of("command", COMMAND_MODELS),
        "bindings": {"amqp": _exchange(exchange)},
    }


def _messages_of(prefix: str, names: Any) -> Json:
    return {
        f"{prefix}.{name}": _ref("components", "messages", f"{prefix}.{name}") for name in names
    }


def _operations() -> Json:
    events = {f"on.{name}": _operation("receive", name) for name in CATALOGUE}
    return {
        **events,
        "readInbox": _operation("receive", "inbox"),
        "sendCommand": _operation("send", "commands"),
    }


def _operation(action: str, channel: str) -> Json:
    return {"action": action, "channel": _ref("channels", channel)}
