"""What one chart was set to: contract, interval, style, indicators and link colour; written down between runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.market.bar_builder import FRAMES_S
from tradestream_gui.market.studies import Study, StudyKind, study_of
from tradestream_gui.ui.charts.chart_data import ChartStyle

FIRST_INTERVAL_S = 60
MOST_STUDIES = 12
FIRST_STUDIES = (Study(StudyKind.VWAP), Study(StudyKind.EMA, (20.0,)))


class LinkColour(Enum):
    """(word, shape, colour token). Charts of one colour show one contract; blue is the window's own."""

    NONE = ("Not linked", "○", "muted")
    BLUE = ("Blue: follows the window", "●", "accent")
    ORANGE = ("Orange", "■", "sell")
    VIOLET = ("Violet", "▲", "demo")
    GREEN = ("Green", "◆", "ok")

    @property
    def words(self) -> str:
        return self.value[0]

    @property
    def shape(self) -> str:
        return self.value[1]

    @property
    def token(self) -> str:
        return self.value[2]


@dataclass(frozen=True, slots=True)
class ChartState:
    instrument_id: InstrumentId | None = None
    seconds: int = FIRST_INTERVAL_S
    style: ChartStyle = ChartStyle.CANDLES
    studies: tuple[Study, ...] = field(default=FIRST_STUDIES)
    has_volume: bool = True
    link: LinkColour = LinkColour.BLUE

    def plain(self) -> dict[str, object]:
        """As it is written down."""
        return {
            "instrument": self.instrument_id or "",
            "seconds": self.seconds,
            "style": self.style.name,
            "studies": [study.code for study in self.studies],
            "volume": self.has_volume,
            "link": self.link.name,
        }


def chart_state_of(stored: object) -> ChartState:
    """What was written down; whatever cannot be read is as at the first start."""
    if not isinstance(stored, Mapping):
        return ChartState()
    usual = ChartState()
    seconds, name = stored.get("seconds"), stored.get("instrument")
    codes = stored.get("studies")
    studies = usual.studies
    if isinstance(codes, list):
        found = [study_of(str(code)) for code in codes[:MOST_STUDIES]]
        studies = tuple(dict.fromkeys(study for study in found if study is not None))
    return ChartState(
        instrument_id=InstrumentId(name) if isinstance(name, str) and name else None,
        seconds=seconds if isinstance(seconds, int) and seconds in FRAMES_S else usual.seconds,
        style=ChartStyle.__members__.get(str(stored.get("style")), usual.style),
        studies=studies,
        has_volume=stored.get("volume") is not False,
        link=LinkColour.__members__.get(str(stored.get("link")), usual.link),
    )
