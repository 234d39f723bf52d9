"""A Trader Workstation on loopback: the socket protocol of server version 176 over a small exchange of its own."""

from tests.servers.tws.server import TwsServer

__all__ = ["TwsServer"]
