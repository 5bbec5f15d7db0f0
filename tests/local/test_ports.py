"""A taken port is refused politely: which port, who, and by what flag to move."""

import os
import socket

import pytest

from infra.local.errors import PortTaken
from infra.local.ports import pick_free, require_free


def test_free_ports_are_accepted() -> None:
    require_free((port, "--x-port") for port in pick_free(3))


def test_a_taken_port_names_itself_its_holder_and_the_flag() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(PortTaken) as refusal:
            require_free([(port, "--web-port")])

    assert str(port) in str(refusal.value)
    assert f"process {os.getpid()}" in str(refusal.value)
    assert "--web-port PORT" in str(refusal.value)


def test_one_port_for_two_servers_is_refused() -> None:
    (port,) = pick_free(1)

    with pytest.raises(PortTaken, match="our own web port"):
        require_free([(port, "--web-port"), (port, "--slack-port")])
