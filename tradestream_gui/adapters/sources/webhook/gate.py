"""Who may post: address, origin, token or signature, once and not too often (standard library only)."""

import hashlib
import hmac
import re
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass

from tradestream_gui.adapters.sources.webhook.setup import HOST, MAX_BODY, Timing
from tradestream_gui.ports.clock import Clock

TOKEN_HEADER = "X-TradeStream-Token"
TIMESTAMP_HEADER = "X-TradeStream-Timestamp"
NONCE_HEADER = "X-TradeStream-Nonce"
SIGNATURE_HEADER = "X-TradeStream-Signature"
ID_HEADER = "Idempotency-Key"
KINDS = ("application/json", "text/plain", "")
KEPT = 4096
"""Nonces and posts that are remembered; far more than the limits let through in the time that they are needed."""
_GROUP = r"([A-Za-z0-9_.-]{1,40})"
_OPEN_PATH = re.compile(rf"/v1/alerts(?:/{_GROUP})?\Z")
_SECRET_PATH = re.compile(rf"/v1/hook/([A-Za-z0-9_-]{{16,128}})(?:/{_GROUP})?\Z")
_NONCE = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")
_TIME = re.compile(r"[0-9]{9,11}\Z")


class Refused(Exception):
    """Not taken; the HTTP status and the words for the sender."""

    def __init__(self, status: int, words: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.status = status
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Head:
    """A request before its body. `headers` are looked up without regard to case."""

    method: str
    path: str
    headers: Mapping[str, str]
    length: int | None
    peer: str


def check_head(head: Head, port: int, token: str) -> str:
    """The group that the address names, empty for none. Raises Refused for what no own sender would ask; a request
    without the token passes only if it is signed, which is checked when its body is there. `token` is never empty."""
    if head.peer != HOST:
        raise Refused(403, "only this computer may post here")
    if head.headers.get("Host", "").lower() not in (f"{HOST}:{port}", f"localhost:{port}"):
        raise Refused(403, f"ask for {HOST}:{port} by that name; a tunnel must set the Host header to it")
    if "Origin" in head.headers or "Sec-Fetch-Site" in head.headers:
        raise Refused(403, "web pages may not post here")
    open_path, secret_path = _OPEN_PATH.match(head.path), _SECRET_PATH.match(head.path)
    if open_path is None and secret_path is None:
        raise Refused(404, "not found")
    if head.method != "POST":
        raise Refused(405, "only POST is taken", {"Allow": "POST"})
    given = secret_path[1] if secret_path else _given_token(head.headers)
    has_token = bool(given) and hmac.compare_digest(given.encode(), token.encode())
    if not has_token and (given or SIGNATURE_HEADER not in head.headers):
        raise Refused(404, "not found")
    if head.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused(415, "a packed body is not taken")
    if head.headers.get("Content-Type", "").partition(";")[0].strip().lower() not in KINDS:
        raise Refused(415, "the body must be application/json or text/plain")
    if head.length is not None and head.length > MAX_BODY:
        raise too_long()
    group = open_path[1] if open_path else secret_path[2] if secret_path else ""
    return group or ""


def too_long() -> Refused:
    return Refused(413, f"the body is longer than {MAX_BODY} bytes")


def signature(token: str, timestamp: str, nonce: str, body: bytes) -> str:
    """HMAC-SHA256 in hex, with the token as its key, over `timestamp.nonce.body`."""
    return hmac.new(token.encode(), f"{timestamp}.{nonce}.".encode() + body, hashlib.sha256).hexdigest()


class Gatekeeper:
    """Remembers nonces, posts and their pace: the only writer of them."""

    def __init__(self, clock: Clock, timing: Timing) -> None:
        self._clock = clock
        self._timing = timing
        self._nonces: OrderedDict[str, float] = OrderedDict()
        self._posts: OrderedDict[tuple[str, str], tuple[str, float]] = OrderedDict()
        self._opening: deque[float] = deque()
        self._reducing: deque[float] = deque()

    def check_signature(self, headers: Mapping[str, str], body: bytes, token: str, *, demanded: bool) -> None:
        """Raises Refused for a signature that is wrong, old or used, and for a missing one where it is demanded."""
        given = headers.get(SIGNATURE_HEADER, "")
        if not given:
            if demanded:
                raise Refused(401, f"sign the post: {TIMESTAMP_HEADER}, {NONCE_HEADER} and {SIGNATURE_HEADER}")
            return
        timestamp, nonce = headers.get(TIMESTAMP_HEADER, ""), headers.get(NONCE_HEADER, "")
        if not _TIME.match(timestamp) or not _NONCE.match(nonce):
            raise Refused(401, f"{TIMESTAMP_HEADER} must be Unix seconds, {NONCE_HEADER} 8 to 64 letters and digits")
        right = signature(token, timestamp, nonce, body)
        if not hmac.compare_digest(given.encode("utf-8", "replace"), right.encode()):
            raise Refused(404, "not found")
        off_s = int(timestamp) - self._clock.now().timestamp()
        if abs(off_s) > self._timing.skew_s:
            raise Refused(401, f"the timestamp is {off_s:+.0f} s off; {self._timing.skew_s:.0f} s are allowed")
        self._drop_old_nonces()
        if nonce in self._nonces:
            raise Refused(409, "this nonce was used before")
        if len(self._nonces) >= KEPT:
            raise Refused(429, "too many signed posts", {"Retry-After": "60"})
        self._nonces[nonce] = self._clock.monotonic()

    def is_repeat(self, group: str, post_id: str, body: str) -> bool:
        """Whether this post was taken before: by its id for as long as it is remembered, else by its body for some
        seconds. Raises Refused for an id that came with another body."""
        digest = hashlib.sha256(body.encode()).hexdigest()
        key = (group, f"id {post_id}" if post_id else digest)
        known = self._posts.get(key)
        now_s = self._clock.monotonic()
        if known is not None and post_id:
            if known[0] != digest:
                raise Refused(409, f"the id {post_id[:40]} came with another body before")
            return True
        return known is not None and now_s - known[1] < self._timing.repeat_s

    def note(self, group: str, post_id: str, body: str) -> None:
        """The post was taken."""
        digest = hashlib.sha256(body.encode()).hexdigest()
        key = (group, f"id {post_id}" if post_id else digest)
        self._posts[key] = (digest, self._clock.monotonic())
        self._posts.move_to_end(key)
        while len(self._posts) > KEPT:
            self._posts.popitem(last=False)

    def check_pace(self, *, only_reduces: bool) -> None:
        """Raises Refused beyond the limit of the minute; what only reduces does not wait for what opens."""
        kept = self._reducing if only_reduces else self._opening
        most = self._timing.reducing_per_minute if only_reduces else self._timing.per_minute
        now_s = self._clock.monotonic()
        while kept and now_s - kept[0] >= 60:
            kept.popleft()
        if len(kept) >= most:
            wait_s = max(int(60 - (now_s - kept[0])) + 1, 1)
            words = f"more than {most} posts a minute; try again in {wait_s} s"
            raise Refused(429, words, {"Retry-After": str(wait_s)})
        kept.append(now_s)

    def _drop_old_nonces(self) -> None:
        """A nonce is safe to forget once its timestamp cannot pass any more."""
        oldest_s = self._clock.monotonic() - 2 * self._timing.skew_s - 1
        while self._nonces and next(iter(self._nonces.values())) < oldest_s:
            self._nonces.popitem(last=False)


def _given_token(headers: Mapping[str, str]) -> str:
    bearer = headers.get("Authorization", "")
    if bearer.lower().startswith("bearer "):
        return bearer[7:].strip()
    return headers.get(TOKEN_HEADER, "").strip()
