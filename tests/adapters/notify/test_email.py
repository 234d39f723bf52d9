"""E-mail over a real mail server on loopback: private lines, log-in, refusals in words, no secret in any of them."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_string
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.servers.smtp import MailServerForTests, client_context, server_context
from tradestream_gui.adapters.notify import EmailOutlet, MailServer
from tradestream_gui.domain.events import NoticeKind, Severity
from tradestream_gui.ports.notify import NotDelivered, Post

USER, PASSWORD = "trader@example.org", "pass w0rd\u00e9-long-enough"
AT = datetime(2026, 11, 20, 14, 30, 5, tzinfo=UTC)
TITLE, WORDS = "Entry filled · Sim · SIMULATOR", "Bought 2 MES Dec26 at 6,326.25 (JM)"
POST = Post(NoticeKind.FILL, Severity.SUCCESS, TITLE, WORDS, AT)
EASTERN = ZoneInfo("America/New_York")


@asynccontextmanager
async def serving(server: MailServerForTests) -> AsyncIterator[MailServerForTests]:
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def outlet(
    server: MailServerForTests,
    folder: Path | None = None,
    *,
    password: str = PASSWORD,
    context: Callable[[], ssl.SSLContext] | None = None,
    **changes: object,
) -> EmailOutlet:
    mail = MailServer(
        "127.0.0.1", server.port, is_tls=False, starts_tls=folder is not None, user=USER if folder else "",
        sender="tradestream@example.org", to=("me@example.org", "you@example.org"),
    )  # fmt: skip

    async def secret() -> tuple[str, str]:
        return password, "" if password else "no password is kept"

    trusted = context or (lambda: client_context(folder) if folder else ssl.create_default_context())
    wanted = replace(mail, **changes)  # type: ignore[arg-type]  # by name
    return EmailOutlet(lambda: wanted, secret, lambda: EASTERN, trusted)


@pytest.mark.qt_loop
@pytest.mark.parametrize("at_once", [False, True], ids=["STARTTLS", "TLS"])
async def test_mail_goes_over_a_private_line_after_the_log_in(at_once: bool, tmp_path: Path) -> None:
    context = server_context(tmp_path)
    async with serving(
        MailServerForTests(context=context, tls_at_once=at_once, user=USER, password=PASSWORD)
    ) as server:
        await outlet(server, tmp_path, is_tls=at_once, starts_tls=not at_once).send([POST])
        (mail,) = server.mails
        assert (mail.was_private, mail.user, mail.sender) == (True, USER, "tradestream@example.org")
        assert mail.to == ["me@example.org", "you@example.org"]
        message = message_from_string(mail.text, policy=default)
        assert message["Subject"] == "TradeStream: Entry filled · Sim · SIMULATOR"
        assert message["Auto-Submitted"] == "auto-generated"
        text = message.get_content()
        assert "09:30:05 EST  Entry filled · Sim · SIMULATOR: Bought 2 MES Dec26 at 6,326.25 (JM)" in text


async def test_many_notices_are_one_mail_and_foreign_words_make_no_header(tmp_path: Path) -> None:
    async with serving(MailServerForTests()) as server:
        nasty = replace(POST, title="x\r\nBcc: all@example.org", words="a\r\n.\r\nMAIL FROM:<b@example.org>")
        await outlet(server).send([nasty])
        await outlet(server).send([POST, replace(POST, title="Stop filled"), replace(POST, is_silent=True)])
        first, second = (message_from_string(mail.text, policy=default) for mail in server.mails)
        assert first["Bcc"] is None
        assert first["Subject"] == "TradeStream: x Bcc: all@example.org"
        assert server.mails[0].to == ["me@example.org", "you@example.org"]
        assert second["Subject"] == "TradeStream: 3 notices"
        assert len(second.get_content().splitlines()) == 3
        assert len(server.mails) == 2


@pytest.mark.parametrize(
    ("severity", "silent", "importance"),
    [(Severity.DANGER, False, "high"), (Severity.SUCCESS, False, None), (Severity.DANGER, True, "low")],
)
async def test_importance_follows_severity_and_silence(
    severity: Severity, silent: bool, importance: str | None
) -> None:
    async with serving(MailServerForTests()) as server:
        await outlet(server).send([replace(POST, severity=severity, is_silent=silent)])
        assert message_from_string(server.mails[0].text, policy=default)["Importance"] == importance


async def refusal(sender: EmailOutlet) -> NotDelivered:
    with pytest.raises(NotDelivered) as caught:
        await sender.send([POST])
    assert PASSWORD not in str(caught.value)
    return caught.value


async def test_wrong_password_is_told_exactly_for_good_and_without_the_password(tmp_path: Path) -> None:
    context = server_context(tmp_path)
    async with serving(MailServerForTests(context=context, user=USER, password=PASSWORD)) as server:
        wrong = await refusal(outlet(server, tmp_path, password="another-password"))
        assert wrong.is_final
        assert f"127.0.0.1 refused the log-in of {USER}: 535 5.7.8 not accepted: {USER} …" in str(wrong)
        missing = await refusal(outlet(server, tmp_path, password=""))
        assert (str(missing), missing.is_final) == ("no password is kept", True)
        assert server.mails == []


async def test_server_without_starttls_gets_neither_password_nor_mail() -> None:
    async with serving(MailServerForTests(user=USER, password=PASSWORD)) as server:
        failure = await refusal(outlet(server, starts_tls=True, user=USER))
        assert "STARTTLS" in str(failure)
        assert server.mails == []


async def test_certificate_of_somebody_else_gets_nothing(tmp_path: Path) -> None:
    context = server_context(tmp_path)
    async with serving(MailServerForTests(context=context, user=USER, password=PASSWORD)) as server:
        failure = await refusal(outlet(server, tmp_path, context=ssl.create_default_context))
        assert "certificate" in str(failure).lower()
        assert not failure.is_final
        assert server.mails == []


@pytest.mark.parametrize(
    ("verb", "answer", "is_final", "words"),
    [
        ("MAIL", "451 try later", False, "answered 451 try later"),
        ("MAIL", "550 no such sender", True, "550 no such sender"),
        ("TEXT", "554 looks like spam", True, "answered 554 looks like spam"),
        ("TEXT", "452 full", False, "answered 452 full"),
        ("DATA", "drop", False, "cannot be used"),
        ("HELLO", "drop", False, "cannot be used"),
        ("HELLO", "554 go away", True, "554 go away"),
    ],
)
async def test_what_passes_is_tried_again_and_what_does_not_is_told_for_good(
    verb: str, answer: str, is_final: bool, words: str
) -> None:
    async with serving(MailServerForTests()) as server:
        server.next_answers[verb] = [answer]
        failure = await refusal(outlet(server))
        assert (failure.is_final, words in str(failure)) == (is_final, True), str(failure)
        await outlet(server).send([POST])
        assert len(server.mails) == 1


async def test_address_that_is_refused_is_named_whether_alone_or_among_others() -> None:
    async with serving(MailServerForTests()) as server:
        server.next_answers["RCPT"] = ["550 unknown", "550 unknown"]
        failure = await refusal(outlet(server))
        assert "me@example.org: 550 unknown" in str(failure)
        server.next_answers["RCPT"] = ["550 unknown"]
        partly = await refusal(outlet(server))
        assert "the other addresses have it" in str(partly)
        assert (failure.is_final, partly.is_final) == (True, True)
        assert [mail.to for mail in server.mails] == [["you@example.org"]]


async def test_server_that_is_not_there_is_told_with_its_port() -> None:
    server = MailServerForTests()
    await server.start()
    await server.stop()
    failure = await refusal(outlet(server))
    assert f"127.0.0.1:{server.port} cannot be used" in str(failure)
    assert not failure.is_final
