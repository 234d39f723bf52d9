"""The profiles that hold now; the only writer of them. A saved or deleted copy counts from the next message on."""

from collections.abc import Sequence

from tradestream_gui.alerts.profiles.profiles import choose_profile
from tradestream_gui.domain.alert_profile import AlertProfile


class ProfileBook:
    """Shipped profiles with the user's copies over them."""

    def __init__(self, profiles: Sequence[AlertProfile]) -> None:
        self._profiles = tuple(profiles)

    @property
    def profiles(self) -> tuple[AlertProfile, ...]:
        return self._profiles

    def replace_all(self, profiles: Sequence[AlertProfile]) -> None:
        """One of them must be `default`, which serves whoever matches none."""
        assert any(profile.name == "default" for profile in profiles)
        self._profiles = tuple(profiles)

    def named(self, name: str) -> AlertProfile | None:
        return next((profile for profile in self._profiles if profile.name == name), None)

    def profile_for(self, name: str, channel: str, author: str) -> AlertProfile:
        """The profile that the route names, or else the one matched to the channel and author."""
        return self.named(name) or choose_profile(self._profiles, channel, author)
