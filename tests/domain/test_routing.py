"""Whose words a post is, and that nobody who is not listed is ever listened to."""

from dataclasses import replace

from tradestream_gui.domain.ids import AnalystId, ChannelId
from tradestream_gui.domain.routing import Analyst, Channel, RoutingRule, RoutingRules

ROOM, RELAY, LOUNGE = ChannelId("room"), ChannelId("relay"), ChannelId("lounge")
NOTHING = RoutingRule()
JM = Analyst(AnalystId("jm"), "JM", frozenset({"1"}), frozenset({ROOM}), NOTHING)
ANN = Analyst(AnalystId("ann"), "Ann", frozenset({"2"}), frozenset(), NOTHING)
PLAIN = Channel(ROOM, "room", "discord", None, NOTHING)
RULES = RoutingRules(
    analysts={JM.analyst_id: JM, ANN.analyst_id: ANN},
    channels={
        ROOM: PLAIN,
        LOUNGE: replace(PLAIN, channel_id=LOUNGE),
        RELAY: replace(PLAIN, channel_id=RELAY, speaks_for=JM.analyst_id),
    },
    accounts={},
    defaults=NOTHING,
)


def test_an_author_is_an_analyst_only_where_he_is_listened_to() -> None:
    assert RULES.analyst_of(ROOM, "1") is JM
    assert RULES.analyst_of(LOUNGE, "1") is None
    assert RULES.analyst_of(LOUNGE, "2") is ANN
    assert RULES.analyst_of(ROOM, "3") is None
    assert RULES.analyst_of(ChannelId("elsewhere"), "1") is None


def test_every_post_of_a_relay_is_its_analysts() -> None:
    assert RULES.analyst_of(RELAY, "the bot") is JM
    gone = replace(RULES, analysts={ANN.analyst_id: ANN})
    assert gone.analyst_of(RELAY, "the bot") is None
    assert gone.route(RELAY, "the bot") is None
