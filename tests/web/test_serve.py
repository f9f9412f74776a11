"""Starting, refusing to start, and stopping without dropping what has begun."""

import socket
import threading

import pytest

from syndication.errors import SettingsError
from syndication.web.serve import Listener, serve
from tests.conftest import free_port


async def hello(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def test_a_taken_address_is_refused_with_its_name():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(SettingsError, match=f"the public address 127.0.0.1:{port} cannot be had"):
            serve([Listener("public", "127.0.0.1", port, hello)], wait=lambda: None)


def test_a_second_service_on_the_same_port_is_refused_though_the_server_would_share_it():
    port, stop, up = free_port(), threading.Event(), threading.Event()
    listeners = [Listener("public", "127.0.0.1", port, hello)]
    first = threading.Thread(target=serve, args=(listeners,), kwargs={"wait": stop.wait, "up": up.set})
    first.start()
    try:
        assert up.wait(15)
        with pytest.raises(SettingsError):
            serve(listeners, wait=lambda: None)
    finally:
        stop.set()
        first.join(15)
    assert not first.is_alive()


def test_stopping_lets_a_request_finish():
    port, stop, up = free_port(), threading.Event(), threading.Event()
    begun = threading.Event()

    async def slow(scope, receive, send):
        import asyncio

        begun.set()
        await asyncio.to_thread(stop.wait, 10)
        await asyncio.sleep(0.2)
        await hello(scope, receive, send)

    listeners = [Listener("public", "127.0.0.1", port, slow)]
    server = threading.Thread(target=serve, args=(listeners,), kwargs={"wait": stop.wait, "up": up.set})
    server.start()
    assert up.wait(15)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert begun.wait(10)
        stop.set()
        found = b""
        while chunk := connection.recv(4096):
            found += chunk
    assert found.endswith(b"hello")
    server.join(15)
    assert not server.is_alive()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
