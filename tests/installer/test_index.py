"""pip is fetched only from the user's own index, and only if it is the very file that we pinned."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer import index
from installer.index import PipNotFound, fetch_pip, read_settings

WHEEL = b"a wheel's bytes"


class Index(http.server.BaseHTTPRequestHandler):
    """A small package index: one page, one file, for one user."""

    def do_GET(self) -> None:
        if self.headers.get("Authorization") != "Basic amFuZTpwQHNz":
            self.send_error(401)
        elif self.path == "/simple/pip/":
            self._answer(b'<a href="../../files/pip-1.0-py3-none-any.whl#sha256=00">old</a>'
                         b'<a href="../../files/' + index.PIP_WHEEL.encode() + b'#sha256=00">new</a>')  # fmt: skip
        elif self.path == f"/files/{index.PIP_WHEEL}":
            self._answer(WHEEL)
        else:
            self.send_error(404)

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the test speaks."""


@pytest.fixture
def address() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://jane:p%40ss@127.0.0.1:{server.server_port}/simple"
        server.shutdown()
        thread.join()


def test_the_pinned_file_is_fetched_with_the_users_name_and_password(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "PIP_SHA256", index.hashlib.sha256(WHEEL).hexdigest())
    settings = read_settings({"PIP_INDEX_URL": address, "PIP_CONFIG_FILE": "/dev/null"})
    assert fetch_pip(settings, tmp_path).read_bytes() == WHEEL


def test_a_file_with_another_hash_is_refused_and_not_kept(address: str, tmp_path: Path) -> None:
    settings = read_settings({"PIP_INDEX_URL": address, "PIP_CONFIG_FILE": "/dev/null"})
    with pytest.raises(PipNotFound, match=r"has SHA-256 \w{64}, expected f3b60b20"):
        fetch_pip(settings, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_password_is_in_no_message(address: str, tmp_path: Path) -> None:
    settings = read_settings({"PIP_INDEX_URL": address, "PIP_CONFIG_FILE": "/dev/null"})
    with pytest.raises(PipNotFound) as refused:
        fetch_pip(settings, tmp_path)
    assert "p%40ss" not in str(refused.value)
    assert "p@ss" not in str(refused.value)


def test_the_next_index_is_asked_when_the_first_does_not_answer(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "PIP_SHA256", index.hashlib.sha256(WHEEL).hexdigest())
    variables = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_EXTRA_INDEX_URL": address,
        "PIP_CONFIG_FILE": "/dev/null",
    }
    assert fetch_pip(read_settings(variables), tmp_path).name == index.PIP_WHEEL


def test_an_index_in_a_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "PIP_SHA256", index.hashlib.sha256(WHEEL).hexdigest())
    folder = tmp_path / "simple" / "pip"
    folder.mkdir(parents=True)
    (folder / index.PIP_WHEEL).write_bytes(WHEEL)
    settings = read_settings({"PIP_INDEX_URL": (tmp_path / "simple").as_uri(), "PIP_CONFIG_FILE": "/dev/null"})
    assert fetch_pip(settings, tmp_path).read_bytes() == WHEEL


def test_without_any_index_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(PipNotFound, match="no package index is configured"):
        fetch_pip(read_settings({"PIP_CONFIG_FILE": "/dev/null"}), tmp_path)


def test_the_variable_wins_over_the_configuration_file(tmp_path: Path) -> None:
    config = tmp_path / "pip.conf"
    config.write_text("[global]\nindex-url = https://one.invalid/\ncert = ca.pem\nextra-index-url = a\n  b\n")
    of_file = read_settings({"PIP_CONFIG_FILE": str(config)})
    assert (of_file.index_url, of_file.cert, of_file.extra_index_urls) == ("https://one.invalid/", "ca.pem", ("a", "b"))
    of_both = read_settings({"PIP_CONFIG_FILE": str(config), "PIP_INDEX_URL": "https://two.invalid/"})
    assert of_both.index_url == "https://two.invalid/"
