"""What a person needs before a service can be reached, and what only that person's own account can prove."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConnectionGuide:
    title: str
    needs: tuple[str, ...]
    unproven: tuple[str, ...]


IBKR_GUIDE = ConnectionGuide(
    "Interactive Brokers",
    (
        "An account at Interactive Brokers with the permissions for what you trade: futures, options, shares. The "
        "paper account that comes with it is enough to begin.",
        "TWS or IB Gateway on this computer, logged in. Configuration, API, Settings: “Enable ActiveX and Socket "
        "Clients” on, “Read-Only API” off, “Allow connections from localhost only” on.",
        "Its socket port: TWS 7497 for the paper log-in and 7496 for the live one; IB Gateway 4002 and 4001.",
        "A daily restart set there instead of a daily log-off; once a week it asks you to log in again.",
        "Market data subscriptions for API use, paid in the Client Portal. Without one, prices of a paper account are "
        "delayed and say so; a live account takes none that are delayed.",
    ),
    (
        "How TWS's reduce groups shrink orders of unequal size: until then targets run here and the stop makes room.",
        "Whether your account may turn a resting stop into a market order.",
        "How soon commission reports come after a fill.",
        "Which data your subscriptions cover, and what a second log-in of yours takes away.",
        "What your TWS says of margin and commission before an order, and in which currency.",
        "Which strikes it lists at which expiry: it tells expiries and strikes apart, and some pairs do not exist.",
        "How your TWS behaves over its nightly restart and the weekly log-in.",
    ),
)
PROJECTX_GUIDE = ConnectionGuide(
    "TopstepX",
    (
        "A TopstepX user with a practice account, an evaluation or a funded account.",
        "The API add-on, about $29 a month: TopstepX, Settings, API, subscribe. Agreements that wait at its site must "
        "be signed first.",
        "An API key, made on the same page. It goes into the vault and is shown nowhere.",
        "Your own computer: Topstep's rules allow neither a VPN nor a rented server.",
        "In the account's risk settings Position Brackets off; else TopstepX lays stops of its own beside ours.",
    ),
    (
        "What the action numbers beside wrapped events mean, and whether the size of a change counts what is filled.",
        "With which code and words a used tag is refused, and brackets in each of the two account modes.",
        "How soon the lists show a new order, how many contracts a search lists, in which order bars come.",
        "Whether a 429 says how long to wait, and how many hub connections are allowed.",
        "That practice accounts are the ones whose name begins with PRAC.",
        "What TopstepX does with resting orders at the day's end, and whether the API may cancel in a LIVE account.",
        "Topstep's present loss limits, how the maximum loss trails, scaling steps and holiday hours: compare them "
        "with your account's page.",
    ),
)
DISCORD_GUIDE = ConnectionGuide(
    "Discord bot",
    (
        "An application with a bot of your own: Discord's Developer Portal, New Application, Bot. Its token goes into "
        "the vault; the token of a person's own account is refused, it breaks Discord's terms.",
        "Message Content Intent on: Developer Portal, your application, Bot, Privileged Gateway Intents. Without it "
        "messages come without their words.",
        "The bot in the server, with View Channel and Read Message History: the server's owner opens its invitation.",
        "Where nobody invites a bot: follow the analyst's announcement channel into a server of your own and put the "
        "bot there, or ask for a webhook into it, or use the clipboard inbox.",
        "The ids of the channels (Developer Mode on, right click, Copy Channel ID), listed on Discord & channels with "
        "the source discord.",
    ),
    (
        "Whether the server's owner lets a bot in, and whether that server allows what you do with its messages.",
        "How the analyst really posts: as a member, a bot, a webhook or a followed channel, in words or in cards.",
        "How long Discord's own outages last: what a gap held is read afterwards and opens nothing.",
    ),
)
