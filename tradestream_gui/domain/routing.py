"""Where an alert goes: whose it is, which mode, account, sizes and exits hold, and which layer said so."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache

from tradestream_gui.domain.ids import AccountId, AnalystId, ChannelId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.policies import AnalystLimits, ExitTemplate, Mode, PerAsset, SizeMap


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """What one layer says; None leaves the value to the layer below it. The defaults leave nothing open."""

    mode: Mode | None = None
    account_id: AccountId | None = None
    profile: str | None = None
    """Name of the alert profile that reads the text."""
    sizes: SizeMap | None = None
    exits: PerAsset[ExitTemplate] | None = None
    use_micros: bool | None = None
    """An alert on a full-size future goes to its micro."""
    micro_when_zero: bool | None = None
    """When the risk lets no full-size contract pass, the micro is tried at the same risk."""
    limits: AnalystLimits | None = None


@dataclass(frozen=True, slots=True)
class Analyst:
    """A person who is followed: trust is given to the author ids, never to a name."""

    analyst_id: AnalystId
    name: str
    author_ids: frozenset[str]
    channel_ids: frozenset[ChannelId]
    """Where this analyst is listened to; empty: in every channel listed."""
    rule: RoutingRule


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that is listened to. `speaks_for` names the analyst of every post there (a bot's or relay's own
    channel); None: each author must be a listed analyst."""

    channel_id: ChannelId
    name: str
    source: str
    speaks_for: AnalystId | None
    rule: RoutingRule


@dataclass(frozen=True, slots=True)
class Route:
    """The values that hold for one alert, and per value the layer that gave it."""

    analyst: Analyst
    channel: Channel
    mode: Mode
    account_id: AccountId
    profile: str
    sizes: SizeMap
    exits: PerAsset[ExitTemplate]
    use_micros: bool
    micro_when_zero: bool
    limits: AnalystLimits
    layers: tuple[tuple[str, str], ...]

    def exit_template(self, instrument: Instrument) -> ExitTemplate:
        return self.exits.of(instrument.asset_class).serving(instrument.root)


@dataclass(frozen=True, slots=True)
class RoutingRules:
    """The layers below the alert itself: analyst, channel, account, defaults, in this order."""

    analysts: Mapping[AnalystId, Analyst]
    channels: Mapping[ChannelId, Channel]
    accounts: Mapping[AccountId, RoutingRule]
    defaults: RoutingRule

    def analyst_of(self, channel_id: ChannelId, author_id: str) -> Analyst | None:
        """Whose words these are; None for an unlisted channel or author, who is never traded."""
        channel = self.channels.get(channel_id)
        if channel is None:
            return None
        if channel.speaks_for is not None:
            return self.analysts.get(channel.speaks_for)
        for analyst in self.analysts.values():
            if author_id in analyst.author_ids and (not analyst.channel_ids or channel_id in analyst.channel_ids):
                return analyst
        return None

    def route(self, channel_id: ChannelId, author_id: str) -> Route | None:
        """Where an alert of this author in this channel goes; None when nobody listed said it."""
        analyst, channel = self.analyst_of(channel_id, author_id), self.channels.get(channel_id)
        if analyst is None or channel is None:
            return None
        upper = [("analyst", analyst.rule), ("channel", channel.rule)]
        account_id = next((rule.account_id for _, rule in upper if rule.account_id), self.defaults.account_id)
        below = self.accounts.get(account_id, RoutingRule()) if account_id else RoutingRule()
        values, layers = _merged([*upper, ("account", below), ("defaults", self.defaults)])
        return Route(analyst=analyst, channel=channel, layers=layers, **values)  # type: ignore[arg-type]  # by name


def _merged(stack: list[tuple[str, RoutingRule]]) -> tuple[dict[str, object], tuple[tuple[str, str], ...]]:
    values: dict[str, object] = {}
    layers: list[tuple[str, str]] = []
    for field in fields(RoutingRule):
        layer, value = next(
            ((name, getattr(rule, field.name)) for name, rule in stack if getattr(rule, field.name) is not None),
            ("", None),
        )
        assert value is not None, f"the routing defaults leave {field.name} open"
        values[field.name] = value
        layers.append(_from_layer(field.name, layer))
    return values, _one_for_all(tuple(layers))


@lru_cache(maxsize=512)
def _from_layer(field_name: str, layer: str) -> tuple[str, str]:
    """One for all decisions: each of them keeps which layer gave each value."""
    return field_name, layer


@lru_cache(maxsize=512)
def _one_for_all(layers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """As above, for the layers of a whole route."""
    return layers
