"""No test leaves this machine: the guard in conftest.py is itself tested."""

import socket

import pytest
import requests


@pytest.mark.parametrize("host", ["93.184.216.34", "example.com", "169.254.169.254", "2606:2800:220:1::1"])
def test_it_refuses_to_reach_another_machine(host):
    with pytest.raises(RuntimeError, match="tried to reach"):
        requests.get(f"http://[{host}]/" if ":" in host else f"http://{host}/", timeout=1)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_it_lets_tests_talk_to_themselves(host):
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection((host, server.getsockname()[1]), timeout=5).close()
