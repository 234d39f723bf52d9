"""A room's habits applied to a reading: its own words, what "added" and "loaded" mean, what its cards must carry."""

from tradestream_gui.alerts.grammar.scene import Draft
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.domain.alert_profile import AddedMeans, AlertProfile, LoadedMeans
from tradestream_gui.domain.alerts import ActionKind, Level, LevelUnit
from tradestream_gui.domain.instruments import AssetClass


def room_words(profile: AlertProfile) -> dict[str, str] | None:
    """The words that the room uses in its own sense, by class; None when it has none."""
    bought = profile.loaded_means is LoadedMeans.BOUGHT
    if not (bought or profile.entry_words or profile.trim_words or profile.close_words or profile.watch_words):
        return None
    words: dict[str, str] = {}
    for listed, cls in (
        (profile.entry_words, W.BUY),
        (profile.trim_words, W.TRIM),
        (profile.close_words, W.EXIT),
        (profile.watch_words, W.LOAD),
    ):
        if listed:
            words.update(dict.fromkeys(listed, cls))
    if bought:
        words["loaded"] = W.BUY
    return words


def apply_habits(draft: Draft, profile: AlertProfile) -> None:
    """Settles what the grammar leaves to the room, and notes a doubt where a card lacks what it always carries."""
    contract = draft.contract
    if draft.kind is ActionKind.ADD and contract is not None and contract.is_full:
        if profile.added_means is AddedMeans.NEW:
            draft.kind = ActionKind.OPEN
        elif profile.added_means is AddedMeans.ASK:
            draft.doubt("ADDED_UNCLEAR", '"added" may be a first entry or an addition in this room')
    if draft.stop is not None and profile.stop_levels_are_underlying is not None:
        draft.stop = _in_room_unit(draft.stop, profile.stop_levels_are_underlying)
    if draft.kind is not ActionKind.OPEN:
        return
    future = contract is not None and contract.is_root and not contract.is_option
    if future and profile.stop_required and draft.stop is None:
        draft.doubt("STOP_MISSING", "the alerts of this room carry a stop, and this one does not")
    if future and profile.size_letter_required and draft.quantity is None:
        draft.doubt("SIZE_MISSING", "the alerts of this room carry a size letter, and this one does not")
    if contract is None and not profile.bare_entry_opens:
        draft.doubt("CONTRACT_MISSING", "an entry that names no contract")
    if profile.assets and contract is not None and not _is_allowed(draft, profile):
        draft.doubt("ASSET_NOT_ALERTED", "this room does not alert such instruments")
    if future and profile.count_without_price_opens and draft.quantity is not None and draft.price is None:
        draft.at_market = True
        draft.doubts = [doubt for doubt in draft.doubts if doubt.code != "PRICE_MISSING"]


def _in_room_unit(level: Level, underlying: bool) -> Level:
    if level.unit not in (LevelUnit.PRICE, LevelUnit.UNDERLYING):
        return level
    unit = LevelUnit.UNDERLYING if underlying else LevelUnit.PRICE
    return Level(unit, level.value, level.candle_minutes, level.trail_percent)


def _is_allowed(draft: Draft, profile: AlertProfile) -> bool:
    contract = draft.contract
    assert contract is not None
    if contract.is_option:
        return AssetClass.OPTION in profile.assets
    if contract.is_root:
        return AssetClass.FUTURE in profile.assets
    return AssetClass.STOCK in profile.assets
