"""The words of trade alerts by class: what each means to the grammar, one word or one phrase a row."""


class W:
    """Classes of words. The grammar knows classes only; no rule below this file names an English word."""

    BUY = "buy"
    ENTER = "enter"
    ENTRY = "entry"
    IN = "in"
    TAKE = "take"
    FILLED = "filled"
    OPEN = "open"
    LONG = "long"
    SHORT = "short"
    SELL_TO_OPEN = "sell to open"
    ADD = "add"
    AVERAGED = "averaged"
    AVERAGE = "average"
    TRIM = "trim"
    CLOSE = "close"
    EXIT = "exit"
    SELL = "sell"
    CUT = "cut"
    FLAT = "flat"
    OUT = "out"
    OFF = "off"
    STOPPED = "stopped"
    STOP = "stop"
    RISK = "risk"
    HIT = "hit"
    BREAK_EVEN = "break-even"
    TARGET = "target"
    CANCEL = "cancel"
    CORRECT = "correct"
    LOAD = "load"
    WATCH = "watch"
    NEGATION = "negation"
    HYPOTHESIS = "hypothesis"
    FUTURE = "future"
    PAST = "past"
    PAST_TIME = "past time"
    """A time that is over: it turns an order form anywhere in its sentence into a report."""
    TEACHING = "teaching"
    ANNOUNCE = "announce"
    QUESTION = "question"
    UNREAL = "unreal"
    RECAP = "recap"
    STATUS = "status"
    PERMISSION = "permission"
    OBSERVED = "observed"
    SPREAD = "spread"
    FLOW = "flow"
    PROMO = "promo"
    SELF = "self"
    OTHERS = "others"
    LEAVE = "leave"
    HOLD = "hold"
    RUNNER = "runner"
    PART = "part"
    FRACTION = "fraction"
    MOST = "most"
    ALL = "all"
    REST = "rest"
    MORE = "more"
    AGAIN = "again"
    POSITION = "position"
    NOW = "now"
    HERE = "here"
    MARKET = "market"
    MOVE = "move"
    USE = "use"
    BELOW = "below"
    ABOVE = "above"
    BREAK = "break"
    CANDLE = "candle"
    TO = "to"
    AT = "at"
    FOR = "for"
    OF = "of"
    ON = "on"
    FROM = "from"
    IS = "is"
    AND = "and"
    OR = "or"
    BUT = "but"
    THEN = "then"
    SIZE = "size"
    SIZE_WORD = "size word"
    CONTRACTS = "contracts"
    SHARES = "shares"
    POINTS = "points"
    RIGHT = "right"
    WHEN = "when"
    EXPIRY = "expiry"
    NEXT = "next"
    LABEL = "label"
    LEVEL = "level"
    PROFIT = "profit"
    LOSS = "loss"
    DONE = "done"


def words_of(text: str) -> frozenset[str]:
    """The words of a text block, for tables that are easier to read and to extend as prose."""
    return frozenset(text.split())


def _rows(table: dict[str, str]) -> dict[str, str]:
    return {word.strip(): cls for cls, words in table.items() for word in words.split(",")}


WORDS: dict[str, str] = _rows({
    W.BUY:
        "bto, bought, buy, buying, grabbed, grabbing, scooped, scooping, snagged, snagging, picked, "
        "initiated, initiating",
    W.ENTER: "entering, entered, enter, enters, reentering, reentered, longing, re-entered, re-entering",
    W.ENTRY: "entry, entries, reentry, entrance",
    W.IN: "in",
    W.TAKE: "took, taking, take, takes",
    W.FILLED: "filled, fill, fills",
    W.OPEN: "open, opened, opening",
    W.LONG: "long, longs, longed",
    W.SHORT: "short, shorts, shorting, shorted",
    W.SELL_TO_OPEN: "sto",
    W.ADD: "added, adding, add, adds, readded, rebought",
    W.AVERAGED: "averaged, averaging, avgd",
    W.AVERAGE: "avg, average, ave",
    W.TRIM:
        "trim, trims, trimmed, trimming, trimmin, partial, partials, peeled, peeling, scaling, scaled, scale, "
        "tp'd, lightened",
    W.CLOSE: "closed, closing, close, closes",
    W.EXIT: "stc, exited, exiting, exit, exits, dumped, dumping, liquidated",
    W.SELL: "sold, selling, sell, sells, unloaded, unloading",
    W.CUT: "cover, covered, covering, cut, cutting, cuts, bailed, bailing, ditched",
    W.FLAT: "flat, flattened, flattening, flatten",
    W.OUT: "out",
    W.OFF: "off",
    W.STOPPED: "stopped, stopping",
    W.STOP:
        "stop, stops, sl, stoploss, stope, st0p, stp, trail, trailing, trails, invalidation, invalidated, "
        "sls, invalid",
    W.RISK: "risk, risking",
    W.HIT: "hit, hits, triggered, tagged, reached, achieved, smashed, taken, tagging, cracked, tapped, hitting",
    W.BREAK_EVEN: "be, breakeven, slbe, b.e",
    W.TARGET: "pt, pts, tp, tps, target, targets, tgt, tgts, tartet, taget, targte, takeprofit, targeting",
    W.CANCEL:
        "cancel, cancelled, canceled, cancelling, canceling, void, voided, scratch, disregard, ignore, "
        "nevermind",
    W.CORRECT:
        "correction, corrected, correct, fixing, typo, edit, edited, revised, amended, meant, fix, date, "
        "correcting",
    W.LOAD: "loading, loaded, load, preloading",
    W.WATCH:
        "watching, watch, watchlist, eyeing, eyes, eye, stalking, looking, waiting, wait, considering, "
        "thinking, interested, monitoring, idea, ideas, setup, setups, set-up, potential, possible, possibly, "
        "bias, radar, prepare, preparing, prepping, plan, planning, plans, like, likes, liking, love, prefer, "
        "wishlist, zone, scenario, outlook, thesis, contemplating, need, needs, want, wants, wanted, hoping, "
        "hope, hopefully, expecting, expect, could, would, should, might, may, maybe, ready, key",
    W.NEGATION:
        "not, no, don't, dont, never, isn't, isnt, didn't, didnt, won't, wont, can't, cant, without, neither, "
        "nor, haven't, havent, wasn't, doesn't, doesnt, ain't, aint, nothing, nobody, instead, avoid, "
        "avoiding, stay, skipping, skip, passing, couldn't, shouldn't, wouldn't",
    W.HYPOTHESIS:
        "if, unless, when, whenever, once, until, till, otherwise, whether, assuming, incase, depending, "
        "wherever",
    W.FUTURE: "will, gonna, imma, ima, i'll, ill, we'll, shall, i'd, we'd, upcoming, later, soon, eventually",
    W.PAST:
        "was, were, had, been, did, prior, used, i've, we've, could've, would've, should've, wish, missed, "
        "almost, nearly, called, printed, caught, nailed, happened, weeks, days, personally",
    W.PAST_TIME: "yesterday, earlier, ago, previously",
    W.TEACHING:
        "test, testing, reminder, always, usually, typically, generally, rule, rules, lesson, tip, tips, psa, "
        "remember",
    W.QUESTION: "who, how, what, why, anyone, anybody, which, where, whose, does, do, everyone's, remembers",
    W.UNREAL:
        "ira, roth, paper, sim, simulated, demo, example, hypothetical, hypothetically, hindsight, backtest, "
        "backtested, pretend, personal, kidding, jk, joke, joking, practice, eval, evals, challenge",
    W.RECAP:
        "reposting, repost, reposted, recap, pnl, p&l, results, scoreboard, summary, recapping, journal, "
        "winners, losers, trades, congrats, stats, record",
    W.STATUS: "still, currently, up, down, running, sitting, riding",
    W.PERMISSION:
        "fine, okay, ok, free, feel, optional, can, you, your, u, ur, yours, yourself, anybody's, recommend, "
        "suggest, consider",
    W.OBSERVED:
        "nice, great, good, perfect, beautiful, amazing, clean, solid, look, looks, seeing, see, saw, hot, "
        "strong, weak, works, worked, working, chart, candle, ema, vwap, support, resistance, market, "
        "markets, price, trend, volume",
    W.SPREAD:
        "spread, spreads, ic, condor, butterfly, strangle, straddle, csp, csps, pcs, ccs, cds, pds, bps, "
        "calendar, diagonal, ratio, hedge, hedged, naked, iron, vertical, credit, debit, collar, wheel, fly, "
        "bwb, leg, legs, jade",
    W.FLOW:
        "pelosi, congress, premium, sweep, sweeps, block, flow, unusual, oi, prem, whale, whales, darkpool, "
        "bullish, bearish, gex, sweeper",
    W.PROMO:
        "discount, webinar, giveaway, subscribe, promo, sponsored, coupon, zoom, membership, sale, giveaways, "
        "affiliate, nasdaq:, nyse:, disclaimer, newsletter",
    W.SELF: "i, i'm, im, we, we're, my, me, our, us",
    W.OTHERS: "they, he, she, his, her, their, people, someone",
    W.LEAVE: "leave, leaving, left, keep, keeping",
    W.HOLD: "holding, hold, holds, held",
    W.RUNNER: "runner, runners, moonbag",
    W.PART: "some, few, portion, little, bit, couple, several, piece, chunk, majority",
    W.FRACTION: "half, third, quarter, halves, halfs",
    W.MOST: "most",
    W.ALL: "all, everything, full, fully, completely, entire, whole, remaining, final, both",
    W.REST: "rest, remainder",
    W.MORE: "more, another, extra",
    W.AGAIN: "again, back, re-entry, reload, reloading, reloaded, 2nd, second",
    W.POSITION: "position, positions, pos, trade, play, plays",
    W.NOW: "now",
    W.HERE: "them, here, this, it, these, that, those",
    W.MARKET: "mkt, mkt.",
    W.MOVE:
        "move, moved, moving, raise, raised, raising, set, setting, adjust, adjusted, adjusting, trailed, "
        "bump, bumped, tighten, tightened, lower, lowered, lowering, change, changed, update, updated, sets",
    W.USE: "use, using, uses",
    W.BELOW: "below, under, loses, lost, losing, underneath, beneath",
    W.ABOVE: "above, over, reclaims, clears, past, reclaim",
    W.BREAK:
        "break, breaks, breakout, breaking, broke, breakdown, triggers, trigger, crosses, cross, pullback, "
        "retest, dip, touches",
    W.TO: "to",
    W.AT: "at, around, near, @, approx, roughly, about",
    W.FOR: "for",
    W.OF: "of",
    W.ON: "on",
    W.FROM: "from",
    W.IS: "is, are, =, remains, its, it's",
    W.AND: "and, &, plus, also",
    W.OR: "or",
    W.BUT: "but, so, because, although, however, while",
    W.THEN: "then",
    W.SIZE: "size, sized, sz, sizing",
    W.SIZE_WORD:
        "lotto, lottos, tiny, light, starter, starters, small, smaller, risky, swing, swinging, scalp, "
        "lottery, yolo, heavy, conservative, aggressive, daytrade, riskier, lite",
    W.CONTRACTS: "con, cons, contract, contracts, lot, lots, car, cars, cts, ct",
    W.SHARES: "equity, equities, share, shares, shs, stock, commons, common",
    W.POINTS: "point, points, tick, ticks, handle, handles, pips, pip, pnts, cents, cent, bucks, dollars, dollar",
    W.RIGHT: "put, call, calls, puts, c, p, cs, ps",
    W.WHEN:
        "today, tomorrow, tmrw, tmr, tommorow, weekly, weeklies, eow, monthly, monthlies, leap, leaps, "
        "friday, monday, tuesday, wednesday, thursday, zeroes, zerodte, 2morrow, fri, tom, 0days, tonight, "
        "dailies",
    W.EXPIRY: "exp, expiry, expiration, expires, expiring, expirations, dte, exps, expire, dated",
    W.NEXT: "next",
    W.LABEL: "action, ticker, symbol, strike, type, side, direction, underlying, cp, instrument, option, order",
    W.LEVEL: "level, levels, demand, supply, spot",
    W.PROFIT: "profit, profits, gain, gains, green, banger, win, winner, bangers, winning, dub",
    W.LOSS: "loss, losses, red, lose, l",
    W.DONE: "done, finished",
})  # fmt: skip
"""Each word by its class."""

PHRASES: dict[str, str] = _rows({
    W.BUY:
        "buy limit, limit buy, buying limit, buy to open, bought to open, buying to open, picking up, picked "
        "up, averaging into, starting a position, started a position, opening a position, opened a position, "
        "entry price",
    W.ENTER:
        "getting into, got into, get into, took entry, taking entry, jumping in, jumped in, hopping in, "
        "hopped in, going long, went long, getting in, got in, scaled in, taking position, took position, "
        "taking a position, took a position, taking a shot, rolled into, rolling into, taking a stab",
    W.SELL_TO_OPEN: "sell to open, sold to open, selling to open",
    W.ADD:
        "small add, added into, adding into, double down, averaged down, averaging down, average down, avg "
        "down, avging down, doubled down, doubling down, second entry, 2nd entry, 3rd entry, third entry, "
        "added to, adding to, add to, added more, adding more, averaged in, buying more, bought more, took "
        "more, taking more, added back to, averaged up, added back, 1st add, 2nd add, first add, second add, "
        "doubling up",
    W.TRIM:
        "scale out, scaled out, scaling out, took some, take some, taking some, took some profit, some off, "
        "sold some, selling some, partial profits, partial profit, took partials, take partials, taking "
        "partials, secure some, secured some, locked some, lock some, locking some, take profits, taking "
        "profits, took profits, securing some, locking in some, locked in some, peel some, took a little, "
        "sell some, secure profits, securing profits, partially out, partially closed, took partial, lock in "
        "some, took profit, taking profit",
    W.EXIT:
        "sell to close, sold to close, selling to close, buy to close, bought to close, all out, fully out, "
        "full out, completely out, full close, fully closed, full sold, fully sold, sold everything, sold out "
        "of, selling all, closed out, closing out, close out, all sold, exit all, close all, closed all, out "
        "completely, out entirely, taking papercut, took papercut, taking a papercut, taking paper cut, "
        "taking a paper cut, took a paper cut, took paper cut, taking be, took be, taking breakeven, took "
        "breakeven, taking small loss, took small loss, taking a small loss, took a small loss, taking the "
        "small loss, taking small l, taking loss, took loss, took the l, taking the l, taking an l, took an "
        "l, took the loss, taking the loss, taking a loss, took a loss, full exit, all closed, out of "
        "everything, i'm out, im out, we're out, sell all, out full, out all, all done",
    W.OFF: "off the table",
    W.STOPPED:
        "hit my stop, hit our stop, hit stop, hit sl, hit the stop, hit my sl, hit our sl, trailed out, "
        "stopped be, be stop hit, breakeven stop hit, stopped breakeven, stopped at be, stopped at breakeven, "
        "stopped in profit, stopped for, be hit, stopped break even, trail hit, trail stop hit, trailing stop "
        "hit, stopped out, stop hit, sl hit, stopping out, stop loss hit, stop out, stops hit, stop got hit, "
        "sl got hit, stop was hit, stop triggered, stop taken, stop loss triggered, got stopped, stop has "
        "been hit, sl triggered, sl taken",
    W.STOP:
        "stop loss, stop losses, trail stop, trailing stop, trailing stops, trailing sl, hard stop, stop out "
        "level, mental stop, stops out, trail stops, stop limit, new stop, stop order",
    W.BREAK_EVEN:
        "break even, risk free, breakeven stop, stop be, sl be, stops be, above entry, at entry, to entry, "
        "stop entry, sl entry, cost basis",
    W.TARGET:
        "price target, profit target, next target, final target, first target, new target, target on rest, "
        "take profit",
    W.CANCEL:
        "order pulled, pulled order, pull order, pulling order, no fill, not filled, never filled, didn't "
        "fill, cancel that, scratch that, void last, void that, pulled the order, pull the order, pulling the "
        "order, cancel order",
    W.CORRECT:
        "my bad, my mistake, should be, supposed to be, fat finger, wrong strike, wrong date, wrong expiry, "
        "wrong expiration",
    W.WATCH:
        "buy stop, sell stop, sell limit, on watch, high watch, keeping an eye, waiting for, waiting on, "
        "looking to, looking for, look for, looking at, on deck, on radar, about to, going to, plan to, want "
        "to, getting ready, trying to, try to, hoping to, need to, needs to, add level, add zone, add point, "
        "add area, entry level, entry zone, good entry, nice entry, entry area, trim target, trim targets, "
        "trim level, trim levels, trim zone, looks good, look good, be patient, room to, has to, have to, "
        "would be, will be, my level",
    W.PAST_TIME:
        "this morning, last night, last friday, last week, last week's, this am, earlier today, the other "
        "day, over the weekend, on friday, premarket today",
    W.ANNOUNCE:
        "new trade, new alert, new entry, new position, trade alert, alert new, day trade, swing trade, "
        "option alert, options alert, new play, play alert",
    W.UNREAL:
        "do not take, don't take, dont take, do not enter, don't enter, not an alert, not alerting, not a "
        "signal, do not buy, don't buy, not entering, not taking, for example, my account, own account, other "
        "account, paper account, not a trade, not in this, not playing, just an idea, do not copy, does not "
        "mean, doesn't mean, ira account, long term account",
    W.RECAP:
        "way to close, on the day, for the day, for the week, this morning's, what a day, last time, last "
        "trade, last month, last alert, gave back, paid for",
    W.STATUS: "up on, down on, in profit, in the green, in the money, from entry",
    W.PERMISSION:
        "feel free, if you, if u, if you're, if ur, up to you, self manage, your own, you can, u can, you "
        "guys, u guys, those who, for those",
    W.SPREAD: "covered call, covered calls, covered put, covered puts",
    W.MOST: "most of, majority of",
    W.ALL: "all positions, every position, all of it, rest of it",
    W.REST: "the rest, rest of",
    W.AGAIN: "back in, re entry, one more time, same again, once again, same contract, same contracts",
    W.NOW: "right now",
    W.MARKET: "at market, @ market, market order, market price, mkt order",
    W.POINTS: "dollar per con, per con, a car, per car, per contract, a con, a contract",
    W.WHEN:
        "end of week, this week, next week, next friday, this friday, same day, end of day exp, two weeks, "
        "next month, next monday, next wednesday, this wednesday",
    W.EXPIRY: "days to expiration, days out",
    W.LEVEL: "key level, premarket, pre market, low of day, high of day",
    W.PROFIT: "there you go, there we go, here we go, here you go, there you have it",
    W.LOSS: "took another l",
    W.DONE: "done for, out for",
})  # fmt: skip
"""Phrases, which win over their first word."""
