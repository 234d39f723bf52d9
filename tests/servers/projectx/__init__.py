"""A ProjectX gateway (TopstepX) on loopback: its REST API and both SignalR hubs over a small exchange of its own."""

from tests.servers.projectx.server import ACCOUNT_NAME, KEY, USER, ProjectXServer

__all__ = ["ACCOUNT_NAME", "KEY", "USER", "ProjectXServer"]
