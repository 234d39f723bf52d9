"""Wordings of real rooms beyond the usual forms: executions, cards, cells, slang, conditions, expiries."""

import pytest

from tests.alerts.reading import in_words, read, same_words

ALERTS = [
    ("BOT 5 AMZN 18DEC26 250 C @ 4.10", "OPEN option long AMZN 250 C 2026-12-18 qty=5 price=4.10"),
    ("BOT +2 .NVDA261204C190 @3.20", "OPEN option long NVDA 190 C 2026-12-04 qty=2 price=3.20"),
    ("SOLD -2 NVDA 100 (Weeklys) 4 DEC 26 190 CALL @4.40", "CLOSE NVDA 190 C 2026-12-04 price=4.40"),
    ("BOT +2 MU 100 18 DEC 26 420 CALL @9.05", "OPEN option long MU 420 C 2026-12-18 qty=2 price=9.05"),
    ("SLD 3 AMD 240C 12/4 @ 2.90", "CLOSE AMD 240 C 2026-12-04 price=2.90"),
    ("BOT +2 MORE .NVDA261204C190 @2.90", "ADD NVDA 190 C 2026-12-04 qty=2 price=2.90"),
    ("CXL AMD ORDER", "CANCEL AMD"),
    ("cxl the NQ bid", "CANCEL NQ"),
    ("pulling my bid in ES", "CANCEL ES"),
    ("Pulled the AMD order", "CANCEL AMD"),
    ("I've pulled the TSLA buy order", "CANCEL TSLA"),
    ("order removed", "CANCEL"),
    (
        "NQ | L | 25600 | x2 | SL 25570 | TP 25650, 25700",
        "OPEN future long NQ qty=2 price=25600 pts=25650,25700 sl=25570",
    ),
    ("ES | S | 6820.50 | SL 6826 | TP 6810", "OPEN future short ES price=6820.50 pts=6810 sl=6826"),
    ("NQ | -ALL | 25640", "CLOSE NQ price=25640"),
    (
        "Ticker: META\nType: Put\nStrike: 600\nExp: 12/4\nCost: 4.50\nInvalidation: 3.00\nObjective: 7 / 9",
        "OPEN option long META 600 P 2026-12-04 price=4.50 pts=7,9 sl=3.00",
    ),
    (
        "Underlying » TSLA\nContract » 430C 12/4\nFilled » 3.10\nKill » 2.00\nGoals » 5, 6",
        "OPEN option long TSLA 430 C 2026-12-04 price=3.10 pts=5,6 sl=2.00",
    ),
    (
        "- ticker: AMD\n- contract: 240c\n- expiry: 12/4\n- paid: 2.10\n- bail: 1.40",
        "OPEN option long AMD 240 C 2026-12-04 price=2.10 sl=1.40",
    ),
    (
        "Product → MES | Direction → Long | Fill → 6801.25 | Stop → 6790 | Target → 6820",
        "OPEN future long MES price=6801.25 pts=6820 sl=6790",
    ),
    ("Product: NQ\nWay: Sell\nFill: 25600\nStop: 25650", "OPEN future short NQ price=25600 sl=25650"),
    (
        "▸ Product: CL\n▸ Way: Long\n▸ Buy stop: 60.40\n▸ Out if wrong: 60.05\n▸ Pay zones: 60.90 · 61.20",
        "OPEN_IF future long CL pts=60.90,61.20 sl=60.05 trigger=60.40",
    ),
    (
        "Underlying: HOOD | Type: EQUITY | Qty: 300 | Fill: 128.40 | Stop: 121",
        "OPEN stock long HOOD qty=300 price=128.40 sl=121",
    ),
    (
        "PUT OPENED\nAMD Dec04'26 230 Put\nDebit 3.10 x 2\nGuard 2.00 | Objective 5.00",
        "OPEN option long AMD 230 P 2026-12-04 qty=2 price=3.10 pts=5.00 sl=2.00",
    ),
    ("opened a position in NFLX 1100c 12/18 at 14.2", "OPEN option long NFLX 1100 C 2026-12-18 price=14.2"),
    ("I have opened the NFLX 1100c 12/18 at 14.2", "OPEN option long NFLX 1100 C 2026-12-18 price=14.2"),
    ("im in SPY 668c 0d .85", "OPEN option long SPY 668 C 2026-11-20 price=0.85"),
    ("punted 4 of the IWM 240 puts exp fri, 1.10, tiny", "OPEN option long IWM 240 P 2026-11-20 qty=4 price=1.10"),
    ("sniped 2 QQQ 612c 12/4 @1.40", "OPEN option long QQQ 612 C 2026-12-04 qty=2 price=1.40"),
    ("Bought TSLA 430c 12/4 for 85 cents", "OPEN option long TSLA 430 C 2026-12-04 price=0.85"),
    ("in tsla 430c this fri 3.2", "OPEN option long TSLA 430 C 2026-11-20 price=3.2"),
    ("META 700P DEC MONTHLY BOUGHT 14.20", "OPEN option long META 700 P 2026-12-18 price=14.20"),
    ("bought GOOGL Jan 2027 300c 12.5", "OPEN option long GOOGL 300 C 2027-01-15 price=12.5"),
    ("SPY 668c same day .90 in", "OPEN option long SPY 668 C 2026-11-20 price=0.90"),
    (
        "BUY 2 AMD 240C 12/4 IF AMD > 238, LMT 2.10",
        "OPEN_IF option long AMD 240 C 2026-12-04 qty=2 price=2.10 trigger=u238",
    ),
    ("buy stop MES 6830 stop 6822 target 6845", "OPEN_IF future long MES pts=6845 sl=6822 trigger=6830"),
    ("BUY ES on a trade through 6830, stop 6824", "OPEN_IF future long ES sl=6824 trigger=6830"),
    ("sell limit NQ 25700 stop 25730", "OPEN future short NQ price=25700 sl=25730"),
    ("working a bid in NQ at 25550 stop 25520", "OPEN future long NQ price=25550 sl=25520"),
    ("Long ZB 117'08 stop 117'00 target 117'20", "OPEN future long ZB price=117.25 pts=117.625 sl=117"),
    ("short ZN 112'20 stop 112'26+ 2 lots", "OPEN future short ZN qty=2 price=112.625 sl=112.828125"),
    ("long BTC (CME) 91200 stop 90500", "OPEN future long BTC price=91200 sl=90500"),
    ("ES long 6820 risk 6812 first pay 6830", "OPEN future long ES price=6820 pts=6830 sl=6812"),
    ("ES short 6820, one lot, stop 6826", "OPEN future short ES qty=1 price=6820 sl=6826"),
    ("AMD 240c 12/4 in 2.10 🎯 3 🛑 1.5", "OPEN option long AMD 240 C 2026-12-04 price=2.10 pts=3 sl=1.5"),
    ("killed the AMD calls 1.2", "CLOSE AMD C price=1.2"),
    ("NQ covered 25510", "CLOSE NQ price=25510"),
    ("scratched ES at cost", "CLOSE ES"),
    ("last one out 6822.25", "CLOSE price=6822.25"),
    ("STOPPED: AMD 1.20", "CLOSE AMD price=1.20"),
    ("half gone 4.10", "TRIM qty=1/2 price=4.10"),
    ("1/3 banked @ 25640", "TRIM qty=1/3 price=25640"),
    ("banked one lot 25640", "TRIM qty=1 price=25640"),
    ("took 2 of the 3 off at 6815", "TRIM qty=2/3 price=6815"),
    ("rang the register on some NVDA 4.4", "TRIM NVDA price=4.4"),
    ("trim 2 filled 4.20 (1/4)", "TRIM qty=1/4 price=4.20"),
    ("reduced NVDA by 50% at 5.1", "TRIM NVDA qty=50% price=5.1"),
    ("TP hit, 1 left", "TRIM qty=leave:1"),
    ("BE on the rest", "SET_STOP sl=BE"),
    ("stop to cost on NVDA", "SET_STOP NVDA sl=BE"),
    ("NVDA: protect at entry", "SET_STOP NVDA sl=BE"),
    ("plug stop 2.1", "SET_STOP PLUG sl=2.1"),
    ("cut the plug 2.15", "CLOSE PLUG price=2.15"),
    ("Trimmed NVDA at 4, out below 3.5", "TRIM NVDA price=4; SET_STOP NVDA sl=3.5"),
    ("new targets for the NVDA calls: 6 / 7.5", "SET_TARGET NVDA C pts=6,7.5"),
    ("Sold PLTR 185C 12/4 at 4.4, bought at 3.1", "CLOSE PLTR 185 C 2026-12-04 price=4.4"),
    ("moving the stop to even now", "SET_STOP sl=BE"),
    ("Rest of CRWD off at 6.20", "CLOSE CRWD price=6.20"),
    ("+8, took one off", "TRIM qty=1"),
    ("Bought CRWD 520c for Friday, paid 4.10", "OPEN option long CRWD 520 C 2026-11-20 price=4.10"),
    ("BTO CRWD 520c Dec 18 20.5", "OPEN option long CRWD 520 C 2026-12-18 price=20.5"),
]
"""Each message with its reading on Friday 2026-11-20 at 10:00 Eastern."""
REPORTS_AND_TALK = [
    "Month in review: I bought the LLY 700 calls at 6.10 and sold half at 9.00.",
    "Weekly wrap - 7 opened, 5 closed, best trade TSLA 400c +80%",
    "EOD SUMMARY: 4 trades opened, 3 closed, 1 stopped",
    "Today's scorecard\nclosed NVDA +40%\nclosed AMD -10%",
    "My rules:\n1. never add to a loser\n2. sell half at +50%\n3. stop to cost",
    "Trading checklist\n- trim 1/3 at +30%\n- stop to entry after first trim",
    "1. trim half at +40%\n2. stop to cost\n3. never chase",
    "Result\nTicker: NVDA 190c 12/4\nPaid: 2.10\nSold: 4.10",
    "WATCHING\nName: NVDA\nContract: 190c 12/4\nEntry: 2.10",
    "that bot +3 ES points today",
    "pulled back to 7700 and bounced",
    "pulled up the chart for NQ",
    "buy stop on ES at 7700 stop loss for my short",
    "killed it today",
    "rang the register at work",
    "paid myself first this month",
    "bail money is 5000",
    "Objective: no FOMO",
    "half the room is gone 5 minutes after the open",
    "they took the offer down on the house",
    "BTC (CME) gap at 91000",
    "one lot of people asked about ES",
    "I have closed my laptop for the day",
    "Open positions\nTicker: AMD 240c 12/4\nCost: 2.10",
    "Position: AMD 240c 12/4 | Avg: 2.10 | Mark: 3.10",
    "AMD 240c 12/4\nPaid: 2.10\nGain: 47%",
    "Product: NQ\nWay: Long\nFill: 25600\nResult: +20",
    "Entry: 6800\nES long idea for tomorrow\nStop: 6790",
    "I've trimmed HOOD twice since the open",
    "PLTR 185C 12/4\nCost: 3.10\nNow at 4.05",
    "im in PLTR shares since 160",
    "PLTR 185C 12/4 TP filled 4.05",
    "I sold too soon on CRWD, next time",
]
UNSETTLED = [
    "bought AAPL 300c dec 3.1",
    "bought AAPL 300c next friday 3.1",
    "bought AAPL 300c 3.1 opex",
    "BTO SPY 668c .9 today",
    "STAGED: BUY 1 META 700C 12/18 LMT 9.00",
    "pending order: buy QQQ 612c 12/4 1.10",
    "sell limit NQ 25700 stop 25530",
    "TSLA 430c 2w in 3.1",
    "Ticker: AMD\nType: Call\nStrike: 240\nWhen: 2 weeks out\nPaid: 2.10",
    "Underlying: AMD | Type: CALL | K: 240 | Exp: Dec | Fill: 2.10",
    "bought PLTR 185C 12/4 3.1 -> 4.5 lovely",
    "Buy stop ES 6850 if payrolls beat, stop 6840",
    "Back in PLTR 164.50, stop 160",
    "BTO CRWD Dec 205c 1.2",
]
"""A date, a condition or a side that is said but not certain never becomes an order."""


@pytest.mark.parametrize(("text", "wanted"), ALERTS)
def test_the_wording_gives_its_reading(text: str, wanted: str) -> None:
    assert same_words(in_words(read(text))) == same_words(wanted)


@pytest.mark.parametrize("text", REPORTS_AND_TALK)
def test_reports_rules_and_talk_are_left_alone(text: str) -> None:
    assert in_words(read(text)) == "NONE"


@pytest.mark.parametrize("text", UNSETTLED)
def test_what_was_said_but_not_settled_is_held(text: str) -> None:
    assert in_words(read(text)) == "HELD"
