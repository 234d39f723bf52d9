"""Where packages come from: the user's own pip settings, and one pinned pip wheel fetched by its hash."""

import base64
import configparser
import hashlib
import html
import os
import re
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PIP_WHEEL = "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
MAX_BYTES = 20_000_000
"""A pip wheel is 2 MB and its index page 1 MB; more is not what was asked for."""
TIMEOUT_S = 60


class PipNotFound(Exception):
    """No index gave the pinned wheel."""


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """What pip's variables and configuration files say; variables win."""

    index_url: str
    extra_index_urls: tuple[str, ...]
    find_links: tuple[str, ...]
    cert: str
    proxy: str

    @property
    def all_index_urls(self) -> tuple[str, ...]:
        return (*((self.index_url,) if self.index_url else ()), *self.extra_index_urls)


def read_settings(variables: Mapping[str, str]) -> IndexSettings:
    configured = _configured(variables)

    def setting(key: str) -> str:
        return variables.get("PIP_" + key.upper().replace("-", "_")) or configured.get(key, "")

    return IndexSettings(
        index_url=setting("index-url") or variables.get("UV_DEFAULT_INDEX") or variables.get("UV_INDEX_URL") or "",
        extra_index_urls=tuple(setting("extra-index-url").split()),
        find_links=tuple(setting("find-links").split()),
        cert=setting("cert") or variables.get("SSL_CERT_FILE") or "",
        proxy=setting("proxy"),
    )


def fetch_pip(settings: IndexSettings, folder: Path) -> Path:
    """The pinned wheel, saved in `folder`; raises PipNotFound when no index has it or its hash differs."""
    problems = []
    for index in settings.all_index_urls:
        try:
            address = _wheel_address(index, settings)
            content = _read(address, settings)
        except (OSError, ValueError) as error:
            problems.append(f"{_without_password(index)}: {error}")
            continue
        digest = hashlib.sha256(content).hexdigest()
        if digest != PIP_SHA256:
            problems.append(f"{_without_password(index)}: {PIP_WHEEL} has SHA-256 {digest}, expected {PIP_SHA256}")
            continue
        path = folder / PIP_WHEEL
        path.write_bytes(content)
        return path
    raise PipNotFound("; ".join(problems) or "no package index is configured")


def _wheel_address(index: str, settings: IndexSettings) -> str:
    page_address = index.rstrip("/") + "/pip/"
    if page_address.startswith("file:"):
        return page_address + PIP_WHEEL
    page = _read(page_address, settings).decode("utf-8", "replace")
    for link in re.findall(r"""href=["']([^"']+)["']""", page):
        address = urllib.parse.urldefrag(urllib.parse.urljoin(page_address, html.unescape(link))).url
        if urllib.parse.unquote(address).endswith("/" + PIP_WHEEL):
            return address
    raise ValueError(f"it does not list {PIP_WHEEL}")


def _read(address: str, settings: IndexSettings) -> bytes:
    parts = urllib.parse.urlsplit(address)
    if parts.scheme not in ("https", "http", "file"):
        raise ValueError(f"{parts.scheme} addresses are not read")
    headers = {"Accept": "text/html, */*;q=0.1"}
    if parts.username is not None:
        pair = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode("ascii")
        address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    handlers: list[urllib.request.BaseHandler] = [
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=settings.cert or None))
    ]
    if settings.proxy:
        handlers.append(urllib.request.ProxyHandler({"http": settings.proxy, "https": settings.proxy}))
    request = urllib.request.Request(address, headers=headers)
    with urllib.request.build_opener(*handlers).open(request, timeout=TIMEOUT_S) as answer:
        content: bytes = answer.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"it answered with more than {MAX_BYTES} bytes")
    return content


def _without_password(address: str) -> str:
    parts = urllib.parse.urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _configured(variables: Mapping[str, str]) -> dict[str, str]:
    """The [global] and [install] settings of pip's configuration files, the more specific file last."""
    settings: dict[str, str] = {}
    for path in _config_files(variables):
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue
        for section in ("global", "install"):
            if parser.has_section(section):
                settings.update({key.replace("_", "-"): value for key, value in parser.items(section)})
    return settings


def _config_files(variables: Mapping[str, str]) -> list[Path]:
    chosen = variables.get("PIP_CONFIG_FILE", "")
    if chosen == os.devnull:
        return []
    home = Path(variables.get("HOME") or variables.get("USERPROFILE") or ".")
    if os.name == "nt":
        files = [Path(variables.get("PROGRAMDATA", "")) / "pip/pip.ini", home / "pip/pip.ini",
                 Path(variables.get("APPDATA", "")) / "pip/pip.ini"]  # fmt: skip
    else:
        files = [Path("/etc/pip.conf"), home / ".pip/pip.conf"]
        if sys.platform == "darwin":
            files.append(home / "Library/Application Support/pip/pip.conf")
        files.append(Path(variables.get("XDG_CONFIG_HOME") or home / ".config") / "pip/pip.conf")
    return [*files, *([Path(chosen)] if chosen else [])]
