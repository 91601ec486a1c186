"""How servers run: what their clients have to be able to rely on."""

import httpx
import pytest
from fastapi import FastAPI

from service_kit.http import serving


def test_a_server_keeps_a_connection_longer_than_its_clients() -> None:
    clients = httpx.Limits().keepalive_expiry
    assert clients is not None
    kept = serving.config(FastAPI(), "127.0.0.1", 0).timeout_keep_alive
    assert kept > 60 > clients


def test_nobody_is_believed_about_an_address_by_the_server_itself() -> None:
    assert not serving.config(FastAPI(), "127.0.0.1", 0).proxy_headers


def test_what_is_changed_is_changed_for_one_server() -> None:
    changed = serving.config(FastAPI(), "127.0.0.1", 0, timeout_graceful_shutdown=1)
    assert changed.timeout_graceful_shutdown == 1
    assert serving.config(FastAPI(), "127.0.0.1", 0).timeout_graceful_shutdown == 10
    with pytest.raises(TypeError):
        serving.config(FastAPI(), "127.0.0.1", 0, unheard_of=True)
