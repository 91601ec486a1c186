import os
import socket

from civicgrid.local.ports import free_ports, is_free, listener


def test_drawn_ports_differ_and_are_free() -> None:
    drawn = free_ports(20)
    assert len(set(drawn)) == 20
    assert all(is_free(each) for each in drawn)


def test_no_outgoing_connection_can_take_a_drawn_port_while_its_server_is_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        outgoing = socket.create_connection(server.getsockname())
        with outgoing:
            assert max(free_ports(200)) < outgoing.getsockname()[1]


def test_the_listener_of_a_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
        assert f"pid {os.getpid()}" in listener(port)
    assert is_free(port)
