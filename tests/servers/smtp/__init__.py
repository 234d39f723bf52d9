"""A mail server on loopback: EHLO, STARTTLS or TLS, log-in, one mail after the other, and faults on request."""

from tests.servers.smtp.server import Mail, MailServerForTests
from tests.servers.smtp.tls import client_context, server_context

__all__ = ["Mail", "MailServerForTests", "client_context", "server_context"]
