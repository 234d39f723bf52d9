"""A place of secrets that lets the log know each value it hands out or takes, so that the log can mask it."""

from collections.abc import Callable, Iterable

from tradestream_gui.ports.secrets import Secrets, SecretsStatus


class LearnedSecrets:
    """`learn` hears of every value before anybody else does. `make` gives what keeps them, at the first use: libraries
    for keyrings are heavy. Blocking like what it stands before."""

    def __init__(self, make: Callable[[], Secrets], learn: Callable[[Iterable[str]], None]) -> None:
        self._make = make
        self._learn = learn
        self._made: Secrets | None = None

    @property
    def _inner(self) -> Secrets:
        if self._made is None:
            self._made = self._make()
        return self._made

    def status(self) -> SecretsStatus:
        return self._inner.status()

    def unlock(self, passphrase: str | None) -> None:
        if passphrase is not None:
            self._learn([passphrase])
        self._inner.unlock(passphrase)
        for name in self._inner.names():
            self.get(name)

    def get(self, name: str) -> str | None:
        value = self._inner.get(name)
        if value is not None:
            self._learn([value])
        return value

    def put(self, name: str, value: str) -> None:
        self._learn([value])
        self._inner.put(name, value)

    def delete(self, name: str) -> None:
        self._inner.delete(name)

    def names(self) -> tuple[str, ...]:
        return self._inner.names()
