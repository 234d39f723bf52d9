"""The phrases of trade alerts by class; a phrase wins over its first word."""

from tradestream_gui.alerts.words.lexicon import W, rows_of

PHRASES: dict[str, str] = rows_of({
    W.BUY:
        "buy limit, limit buy, buying limit, buy to open, bought to open, buying to open, picking up, picked up, got "
        "some, got a few, got a couple, got me some, averaging into, starting a position, started a position, opening "
        "a position, opened a position",
    W.ENTRY: "entry price, buy price, fill price, entry point, my entry",
    W.ENTER:
        "getting into, got into, get into, took entry, taking entry, jumping in, jumped in, hopping in, hopped in, re "
        "- entered, re - entering, re - enter, re entered, re entering, going long, went long, getting in, got in, "
        "scaled in, taking position, took position, going in, went in, going with, went with, taking a position, took "
        "a position, taking a shot, rolled into, rolling into, taking a stab at, took a stab at, took a shot at, "
        "taking a shot at, took a flyer on, took a swing at, taking a stab, nipped in, popped in, dipped in, starter "
        "in, starter on, starter position in, starter position on",
    W.SELL_TO_OPEN: "sell to open, sold to open, selling to open",
    W.ADD:
        "small add, added into, adding into, double down, averaged down, averaging down, average down, avg down, avgd "
        "down, avgd up, avg up, avging down, doubled down, doubling down, second entry, 2nd entry, 3rd entry, third "
        "entry, added to, adding to, add to, added more, adding more, averaged in, buying more, bought more, took "
        "more, taking more, added back to, averaged up, added back, 2nd buy, second buy, 1st add, 2nd add, first add, "
        "second add, doubling up, doubled the, doubled my, scale - in, 2nd tranche, second tranche",
    W.TRIM:
        "scale out, take profit here, take profits here, take some profit, take some profits, scaled out, scaling "
        "out, took some, take some, taking some, took some profit, some off, sold some, selling some, partial "
        "profits, partial profit, took partials, take partials, taking partials, secure some, secured some, locked "
        "some, lock some, locking some, take profits, taking profits, took profits, securing some, locking in some, "
        "locked in some, peel some, took a little, sell some, secure profits, securing profits, partially out, "
        "partially closed, took partial, lock in some, took profit, taking profit, locking in profit, locking in "
        "profits, locked in profit, locked in profits, lock in profit, lock in profits, took gains, taking gains, "
        "take gains, locking in gains, locked in gains, booked some, booking some, booked profit, booked profits, "
        "booking profit, booking profits, secured profit, secured profits, securing profit, securing gains, secured "
        "gains, banking some, banked some, ringing the register, rang the register, ring the register, paid myself, "
        "paying myself, took a slice, took a piece, shaved some, taking a piece, taking a slice, locking in, locked "
        "in, sliced some, skimmed some, take partial profits, taking partial profits, took partial profits, take "
        "partial profit, taking partial profit, took partial profit",
    W.EXIT:
        "sell to close, sold to close, selling to close, buy to close, bought to close, all out, complete exit, total "
        "exit, fully out, full out, completely out, full close, fully closed, full sold, fully sold, sold everything, "
        "sold out of, selling all, closed out, closing out, close out, all sold, exit all, close all, closed all, out "
        "completely, out entirely, taking papercut, took papercut, taking a papercut, taking paper cut, taking a "
        "paper cut, took a paper cut, took paper cut, taking be, took be, taking breakeven, took breakeven, taking "
        "small loss, took small loss, taking a small loss, took a small loss, taking the small loss, taking small l, "
        "taking loss, took loss, took the l, taking the l, taking an l, took an l, took the loss, taking the loss, "
        "taking a loss, took a loss, full exit, all closed, out of everything, rest off, all off, everything off, "
        "getting out, got out, gotten out, i'm out, im out, we're out, sell all, out full, out all, all done, last "
        "one out, last piece out, last lot out, last bit out, last con out, last contract out, last car out, last few "
        "out, last piece closed, last one closed, last ones sold, last ones out, last piece sold, last one sold, last "
        "lot sold, last bit sold, last con sold, last contract sold, last car sold, last few sold, rest sold, "
        "remainder sold, cashed out, cashing out, done with it, done with, taking full profits, taking full profit, "
        "took full profits, took full profit, take full profits, take full profit, taking all profits, took all "
        "profits, taking it off, took it off, taking this off, took this off, taking them off, took them off",
    W.CUT:
        "buying back my short, bought back my short, buy back my short, buying back the short, bought back the short, "
        "buying back shorts, bought back shorts, bought back short, buying back short, bought to cover, buying to "
        "cover, buy to cover",
    W.OFF: "off the table",
    W.OBSERVED:
        "all out war, all out effort, all out assault, all out attack, took out, takes out, taking out, take out",
    W.STOPPED:
        "hit my stop, hit our stop, hit stop, hit sl, hit the stop, hit my sl, hit our sl, trailed out, stopped be, "
        "be stop hit, breakeven stop hit, stopped breakeven, stopped at be, stopped at breakeven, stopped in profit, "
        "stopped for, be hit, stopped break even, trail hit, trail stop hit, trailing stop hit, stopped out, stop "
        "hit, sl hit, stopping out, stop loss hit, stop out, stops hit, stop got hit, be stop out, sl got hit, stop "
        "was hit, stop triggered, stop taken, stop loss triggered, got stopped, stop has been hit, sl triggered, stop "
        "got me, stops got me, stop got us, risk hit, sl taken, took me out, took us out, took the stop, took my stop",
    W.STOP:
        "stop loss, stop losses, trail stop, trailing stop, trailing stops, trailing sl, hard stop, stop out level, "
        "mental stop, stops out, trail stops, stop limit, stop - loss, stop - losses, new stop, stop order, out if "
        "wrong, out if, wrong if, wrong above, wrong below, wrong under, wrong over, out below, out under, bail at, "
        "bail if, bail level, protective stop",
    W.BREAK_EVEN:
        "break even, break - even, risk free, breakeven stop, stop be, sl be, stops be, above entry, at entry, to "
        "entry, stop entry, sl entry, stop even, stops even, stop evn, sl evn, sl even, cost basis, to cost, at cost, "
        "to my cost, at my cost, to our cost, to my entry, at my entry, to our entry, at our entry, to my avg, at my "
        "avg, to my average, at my average, to our avg, to avg, to average, to my fill, at my fill, to our fill, to "
        "fill, to scratch, free trade, free ride, free roll, to paid, risk - free, to even, at even, to evens, be on "
        "the rest, be on rest, breakeven on the rest, breakeven on rest, protect at cost, protect at entry, protect "
        "at be, be on runners, be the rest",
    W.TARGET:
        "take - profit, price target, profit target, next target, final target, first target, new target, target on "
        "rest, take profit, new pt, new tp, next pt, next tp, final pt, final tp, first pay, next pay, pay zone, pay "
        "zones, scale at, scale level, scale levels",
    W.RESTING: "buy stop, sell stop, sell limit, stop - mkt, stop - market",
    W.LONG: "working a bid, resting a bid, working bid",
    W.SHORT: "working an offer, resting an offer, working offer",
    W.BELOW: "trades under, trades below",
    W.ABOVE: "trades over, trades above",
    W.FOOTER: "not advice, not financial advice, no financial advice",
    W.BREAK: "trade through, trades through, trading through, trade above, trade below, push through, break of",
    W.CANCEL:
        "order pulled, pulled order, pull order, pulling order, no fill, not filled, never filled, didn't fill, "
        "cancel that, scratch that, void last, void that, pulled the order, pull the order, pulling the order, "
        "cancel order, order removed, order canceled, order cancelled",
    W.CORRECT:
        "should read, should say, meant to say, make that, my bad, my mistake, should be, supposed to be, fat finger, "
        "wrong strike, wrong date, wrong expiry, wrong expiration",
    W.WATCH:
        "on watch, high watch, keeping an eye, waiting for, waiting on, looking to, looking for, look for, looking "
        "at, on deck, on radar, about to, going to, plan to, want to, getting ready, trying to, try to, hoping to, "
        "need to, needs to, add level, add zone, add point, add area, entry level, entry zone, good entry, nice "
        "entry, entry area, trim target, trim targets, trim level, trim levels, trim zone, looks good, look good, "
        "be patient, room to, has to, have to, would be, will be, my level",
    W.SELF:
        "i am, we are, thats me, that's me, decided to, went ahead and, going ahead and, chose to, elected to",
    W.LOAD: "working a, working an, not filled yet, no fill yet, order in, orders in, limit in, bid in, bids in",
    W.PAST_TIME:
        "this morning, last month, way too early, way too soon, back in january, back in february, back in march, "
        "back in april, back in may, back in june, back in july, back in august, back in september, back in october, "
        "back in november, back in december, back in jan, back in feb, back in mar, back in apr, back in jun, back in "
        "jul, back in aug, back in sep, back in oct, back in nov, back in dec, last night, last friday, last week, "
        "last week's, past trade, past alert, past trades, past alerts, this am, earlier today, the other day, over "
        "the weekend, on friday, premarket today",
    W.ANNOUNCE:
        "new trade, new alert, new entry, new position, trade alert, alert new, day trade, swing trade, option "
        "alert, options alert, new play, play alert, new call, fresh entry, fresh position",
    W.UNREAL:
        "do not take, don't take, dont take, do not enter, don't enter, not an alert, not alerting, not a signal, do "
        "not buy, don't buy, not entering, not taking, not trading this, not trading it, not trading that, for "
        "example, my account, own account, other account, paper account, not a trade, not in this, not playing, just "
        "an idea, do not copy, by accident, by mistake, does not mean, doesn't mean, ira account, long term account",
    W.RECAP:
        "for the log, for the record, trade log, way to close, on the day, for the day, for the week, this morning's, "
        "what a day, last time, last trade, last alert, gave back, paid for, sold too early, sold too soon, sold way "
        "too early, out too early, out too soon, exited too early, exited too soon, closed too early, closed too "
        "soon, trimmed too early, trimmed too soon, sold too late, out too late, too early, too soon, too late, "
        "closed the day, closed the week, finished the day, ended the day, ended the week",
    W.STATUS: "up on, down on, in profit, in the green, in the money, from entry",
    W.PERMISSION:
        "feel free, if you, if u, if you're, if ur, up to you, self manage, your own, you can, u can, you guys, u "
        "guys, those who, for those",
    W.SPREAD:
        "cash secured, cash - secured, secured put, secured puts, covered call, covered calls, covered put, covered "
        "puts",
    W.MOST: "most of, majority of, three quarters, three quarters of",
    W.ALL: "all positions, every position, all of it, rest of it",
    W.REST:
        "other half, the other half, final half, the rest, rest of, last third, last half, final third",
    W.AGAIN: "back in, re entry, re - entry, one more time, same again, once again, same contract, same contracts",
    W.NOW: "right now",
    W.MARKET: "at market, @ market, market order, market price, mkt order",
    W.POINTS: "dollar per con, per con, a car, per car, per contract, a con, a contract",
    W.WHEN:
        "end of week, this week, next week, next friday, this friday, same day, end of day exp, two weeks, next "
        "month, next monday, next wednesday, this wednesday, next fri, this fri, zero dte",
    W.EXPIRY: "days to expiration, days out",
    W.LEVEL: "key level, pre market, low of day, high of day",
    W.PROFIT: "there you go, there we go, here we go, here you go, there you have it",
    W.LOSS: "took another l",
    W.DONE: "done for",
})  # fmt: skip
"""Phrases, which win over their first word."""


def _by_first_words() -> dict[str, dict[str, tuple[tuple[list[str], str, str], ...]]]:
    """What may follow each first word: by the second word, the words after it with class and text, longest first."""
    table: dict[str, dict[str, list[tuple[list[str], str, str]]]] = {}
    for phrase, cls in PHRASES.items():
        first, second, *rest = phrase.split(" ")
        table.setdefault(first, {}).setdefault(second, []).append((rest, cls, phrase))
    return {
        first: {second: tuple(sorted(rows, key=lambda row: -len(row[0]))) for second, rows in followers.items()}
        for first, followers in table.items()
    }


FOLLOWERS = _by_first_words()
