"""Settings of routing and of exit plans: rows for channels and analysts, templates for exits."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, model_validator

from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.domain.policies import DistanceUnit, Mode, OneContract
from tradestream_gui.upkeep.settings.fields import Section, option, rail, rows


def _letters(sizes: dict[str, int]) -> dict[str, int]:
    for letter, units in sizes.items():
        if not (len(letter) == 1 and letter.isascii() and letter.isalpha()):
            raise ValueError(f"{letter} is no size letter; use single letters A to Z")
        if not 0 <= units <= 100:
            raise ValueError(f"size {letter} = {units} is outside 0 to 100")
    return {letter.upper(): units for letter, units in sizes.items()}


Sizes = Annotated[dict[str, int], AfterValidator(_letters)]


class TargetRow(Section):
    distance: Decimal = rail(Decimal(7), "Distance from the alert's price, in favour.", "", low=0, high=1_000_000)
    share: Decimal = rail(Decimal("0.5"), "Part of the position that leaves there.", "", low=0, high=1)


class ExitTemplateRow(Section):
    """An exit plan for alerts that give none; what the alert itself says wins."""

    id: str = rail("futures", "Name of the plan.", "")
    asset_class: AssetClass = rail(AssetClass.FUTURE, "What it is for.", "")
    unit: DistanceUnit = rail(DistanceUnit.POINTS, "What distances are counted in.", "")
    stop_distance: Decimal | None = rail(
        None, "Stop for alerts without one; empty: such an alert is held.", "lower", low=0, high=1_000_000
    )
    targets: tuple[TargetRow, ...] = rows("Targets from the nearest to the farthest.")
    break_even_after: int | None = rail(1, "Targets done before the stop moves to our fill; empty: never.", "")
    break_even_offset: Decimal = option(Decimal(0), "How far beyond our fill, in price.", low=-1_000, high=1_000)
    trail_distance: Decimal | None = option(
        None, "Trail the stop at this distance; empty: no trail.", low=0, high=1_000_000
    )
    trail_after: Decimal = option(Decimal(0), "Profit from which it trails.", low=0, high=1_000_000)
    trail_step: Decimal = option(Decimal(0), "Smallest move of the trailed stop.", low=0, high=1_000_000)
    close_after_min: int | None = option(None, "Close what is left after this time.", unit="min", low=1, high=10_080)
    one_contract: OneContract = rail(OneContract.CLOSE, "What the first target does with a single contract.", "")
    roots: tuple[str, ...] = option((), "Roots that these distances are meant for, as ES; empty: all.")
    elsewhere: str | None = option(None, "Plan for other roots.")

    @model_validator(mode="after")
    def _shares(self) -> "ExitTemplateRow":
        if sum(target.share for target in self.targets) > 1:
            raise ValueError(f"the targets of {self.id} leave more than the whole position")
        distances = [target.distance for target in self.targets]
        if distances != sorted(distances):
            raise ValueError(f"the targets of {self.id} must stand from the nearest to the farthest")
        return self


class HandRow(Section):
    """What an order by hand in one contract begins with; each order may differ."""

    id: str = rail("ES", "Root or symbol, as ES.", "")
    exit_plan: str | None = option(None, "Exit plan of its brackets; empty: the one of the defaults.")
    stop_distance: Decimal | None = option(
        None, "Distance of its stop, in the unit of the plan; empty: the plan's own.", low=0, high=1_000_000
    )


class TicketSettings(Section):
    """Orders by hand, in the ticket and on the ladder."""

    contracts: tuple[HandRow, ...] = rows("Stop distance and exit plan that orders by hand begin with, by contract.")


class RuleRow(Section):
    """What one layer says about routing; empty leaves it to the layer below."""

    mode: Mode | None = option(None, "WATCH, PAPER, ASK or AUTO.", tighter="mode")
    account: str | None = option(None, "Account that trades it.")
    profile: str | None = option(None, "Alert profile that reads the text.")
    sizes: Sizes | None = option(None, "Units of each size letter.")
    base_units: int | None = option(None, "Units of an alert without a size.", low=0, high=100)
    exit_future: str | None = option(None, "Exit plan of futures.")
    exit_option: str | None = option(None, "Exit plan of options.")
    exit_stock: str | None = option(None, "Exit plan of stocks.")
    use_micros: bool | None = option(None, "Trade the micro of an alerted full-size future.", tighter="on")
    micro_when_zero: bool | None = option(None, "Try the micro when no full-size contract fits the risk.")


class DefaultRule(RuleRow):
    """The lowest layer: nothing stays open here."""

    mode: Mode = rail(Mode.ASK, "What a readable alert leads to.", "mode")
    account: str = rail("sim", "Account that trades it.", "")
    profile: str = rail("generic", "Alert profile that reads the text.", "")
    sizes: Sizes = rail({"A": 3, "B": 2, "C": 1}, "Units of each size letter.", "")
    base_units: int = rail(1, "Units of an alert without a size.", "lower", low=0, high=100)
    exit_future: str = rail("futures", "Exit plan of futures.", "")
    exit_option: str = rail("options", "Exit plan of options.", "")
    exit_stock: str = rail("stocks", "Exit plan of stocks.", "")
    use_micros: bool = rail(True, "Trade the micro of an alerted full-size future (ES to MES).", "on")
    micro_when_zero: bool = rail(True, "Try the micro when no full-size contract fits the risk.", "")


class AnalystRow(RuleRow):
    """A person who is followed; trust is given to author ids."""

    id: str = rail("", "Short name that never changes.", "")
    name: str = rail("", "Name on screen.", "")
    authors: tuple[str, ...] = rail((), "Author ids in the source (never names).", "fewer")
    channels: tuple[str, ...] = option((), "Channels listened to; empty: all listed.")
    daily_loss_limit: Decimal | None = option(
        None, "Own daily loss limit.", unit="$", low=1, high=100_000, tighter="lower"
    )
    risk_per_trade: Decimal | None = option(None, "Own risk per trade.", unit="$", low=1, high=100_000, tighter="lower")
    max_open_trades: int | None = option(None, "Own number of open trades.", low=1, high=50, tighter="lower")
    max_entries_per_day: int | None = option(None, "Own entries a day.", low=1, high=200, tighter="lower")
    loss_streak: int | None = option(None, "Own losing streak.", low=1, high=50, tighter="lower")
    loss_pause_min: int | None = option(None, "Own pause.", unit="min", low=1, high=1_440, tighter="higher")
    alert_max_age_s: int | None = option(None, "Own alert age.", unit="s", low=5, high=120, tighter="lower")


class ChannelRow(RuleRow):
    """A channel that is listened to."""

    id: str = rail("", "Channel id in the source.", "")
    name: str = rail("", "Name on screen.", "")
    source: str = option("discord", "Source it comes from.")
    speaks_for: str | None = option(None, "Analyst of every post here (a bot's own channel); empty: by author.")


class RoutingSettings(Section):
    """Layers below the alert itself: analyst, channel, account, defaults."""

    defaults: DefaultRule
    channels: tuple[ChannelRow, ...] = rows("Channels that are listened to.")
    analysts: tuple[AnalystRow, ...] = rows("People who are followed.")

    def rules(self) -> Iterator[tuple[str, RuleRow]]:
        yield "routing.defaults", self.defaults
        for channel in self.channels:
            yield f"routing.channels.{channel.id}", channel
        for analyst in self.analysts:
            yield f"routing.analysts.{analyst.id}", analyst
