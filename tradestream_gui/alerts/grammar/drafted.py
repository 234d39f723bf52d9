"""A finished draft as an action: its contract's fields, its levels, and the words behind each."""

from tradestream_gui.alerts.grammar.contract import Contract
from tradestream_gui.alerts.grammar.scene import Draft
from tradestream_gui.domain.alerts import ActionKind, AlertAction, FieldEvidence
from tradestream_gui.domain.instruments import AssetClass

_new = tuple.__new__
"""Makes evidence without the keyword handling of its class: an alert has a dozen of them."""


def action_of(draft: Draft, raw: str) -> AlertAction:
    contract = draft.contract
    opens = draft.kind.opens
    evidence = list(draft.evidence)
    if contract is not None:
        evidence.extend(contract.evidence)
    told = tuple([_new(FieldEvidence, (name, at, end, raw[at:end], rule)) for name, at, end, rule in evidence])
    side = draft.side if opens else None
    named = (contract.symbol, contract.strike, contract.right, contract.expiry) if contract else _UNNAMED
    return AlertAction(
        draft.kind, _asset(draft, contract), side, *named, draft.quantity, draft.price, draft.at_market,
        draft.targets, draft.stop, draft.trigger, draft.size_words, draft.everything, draft.again, told,
    )  # fmt: skip


_UNNAMED = (None, None, None, None)


def _asset(draft: Draft, contract: Contract | None) -> AssetClass | None:
    if contract is None:
        return AssetClass.OPTION if draft.kind.opens and draft.kind is not ActionKind.ADD else None
    if contract.is_option:
        return AssetClass.OPTION
    if contract.is_root:
        return AssetClass.FUTURE
    if contract.shares:
        return AssetClass.STOCK
    return AssetClass.OPTION if draft.kind is ActionKind.OPEN else None
