"""The words of trade alerts by class: what each means to the grammar, one row a class."""


class WordClasses:
    """Classes of words. The grammar knows classes only; no rule below this file names an English word."""

    def __init__(self) -> None:
        self.__dict__.update(vars(WordClasses))

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
    PULL = "pull"
    QUOTE = "quote"
    """A bid or an offer that rests in the market."""
    RESTING = "resting order"
    GONE = "gone"
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
    FOOTER = "footer"
    """A line of duty under an alert, which takes nothing back."""
    LEVEL = "level"
    PROFIT = "profit"
    LOSS = "loss"
    DONE = "done"


W = WordClasses()
"""An instance that holds every name itself: the rules ask for hundreds in a message, and a class answers slower."""


def words_of(text: str) -> frozenset[str]:
    """The words of a text block, for tables that are easier to read and to extend as prose."""
    return frozenset(text.split())


def rows_of(table: dict[str, str]) -> dict[str, str]:
    return {word.strip(): cls for cls, words in table.items() for word in words.split(",")}


WORDS: dict[str, str] = rows_of({
    W.BUY:
        "bto, bought, boguht, bougt, bougth, buy, buying, grabbed, grabbing, scooped, scooping, snagged, snagging, "
        "picked, initiated, initiating, nibbled, nibbling, snatched, purchased, punted, punting, sniped, sniping, "
        "swiped, swiping, nabbed, copped, bagged, copping, nabbing, snatching, swooped, grab, snag, "
        "scoop, acquired, acquiring, purchasing, grabbin, buyin",
    W.ENTER:
        "entering, entered, enterd, entring, enter, enters, reentering, reentered, longing, reentry, re-entered, "
        "re-entering, entred",
    W.ENTRY: "entry, entries, entrance",
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
        "trim, trims, trimmed, trimed, triming, trimming, trimmin, partial, partials, peeled, peeling, scaling, "
        "scaled, scale, tp'd, lightened, lightening, lighten, shaved, shaving, clipped, clipping, cashing, cashed, "
        "reduce, reduced, reducing, lifted, snipped, snipping, pared, paring, securing, secured, secure, "
        "locked, locking, lock, skimmed, skimming, trimm, trimd",
    W.CLOSE: "closed, closing, close, closes",
    W.EXIT: "stc, exited, exiting, exit, exits, dumped, dumping, liquidated, killed, scratched, gtfo, "
        "liquidating, exitted",
    W.SELL: "sold, selling, sell, sells, unloaded, unloading, sld, offloaded, offloading, soldd",
    W.CUT: "cover, cvrd, covered, covering, cut, cutting, cuts, bailed, bailing, ditched",
    W.FLAT: "flat, flattened, flattening, flatten",
    W.OUT: "out",
    W.OFF: "off",
    W.STOPPED: "stopped, stpd, stoped, stopping, sl'd",
    W.STOP:
        "stop, stops, sl, stoploss, stope, st0p, stp, trail, trailing, trails, invalidation, invalidated, sls, "
        "invalid",
    W.RISK: "risk, risking",
    W.HIT:
        "hit, hits, triggered, tagged, reached, achieved, smashed, taken, tagging, cracked, tapped, hitting, touched",
    W.BREAK_EVEN: "be, breakeven, breakevn, brekeven, breakeaven, slbe, b.e",
    W.TARGET:
        "pt, pts, tp, tps, target, targets, tgt, tgts, tartet, taget, targte, takeprofit, targeting, objective, "
        "obj, objectives",
    W.PULL: "pull, pulled, pulling, removed, removing, withdrew, withdrawn, yanked",
    W.QUOTE: "bid, bids, offer, offers",
    W.GONE: "gone, banked",
    W.CANCEL:
        "cancel, cancelled, canceled, cancelling, canceling, void, voided, scratch, disregard, ignore, nevermind, "
        "cxl, cxld, cxled, nvm, canx",
    W.CORRECT:
        "correction, corrected, correct, fixing, typo, edit, edited, revised, amended, meant, fix, date, "
        "correcting, sorry, oops, apologies, mistyped, srry, sry, whoops, oopsie",
    W.LOAD: "loading, loaded, load, preloading, bidding",
    W.WATCH:
        "watching, watch, watchlist, eyeing, eyes, eye, stalking, looking, waiting, wait, considering, thinking, "
        "interested, monitoring, idea, ideas, setup, setups, set-up, potential, possible, possibly, bias, radar, "
        "prepare, preparing, prepping, plan, planning, plans, like, likes, liking, love, prefer, wishlist, zone, "
        "scenario, outlook, thesis, contemplating, need, needs, want, wants, wanted, hoping, hope, hopefully, "
        "expecting, expect, could, would, should, might, may, maybe, ready, key",
    W.NEGATION:
        "not, no, rather, don't, dont, never, isn't, isnt, didn't, didnt, won't, wont, can't, cant, without, "
        "neither, nor, haven't, havent, wasn't, doesn't, doesnt, ain't, aint, nothing, nobody, instead, avoid, "
        "avoiding, stay, skipping, skip, passing, couldn't, shouldn't, wouldn't",
    W.HYPOTHESIS:
        "if, unless, when, whenever, once, until, till, otherwise, whether, assuming, incase, depending, wherever",
    W.FUTURE: "will, gonna, imma, ima, i'll, ill, we'll, shall, i'd, we'd, upcoming, later, soon, eventually",
    W.PAST:
        "typed, after, was, were, had, been, did, prior, used, i've, we've, could've, would've, should've, wish, "
        "missed, almost, nearly, called, printed, caught, nailed, happened, weeks, days, personally, glad, "
        "thankful, previous, historical, history, imagine, suppose, quiz",
    W.PAST_TIME: "yesterday, earlier, ago, previously, since",
    W.TEACHING:
        "test, testing, reminder, always, usually, typically, generally, rule, rules, lesson, tip, tips, psa, "
        "remember, means, meaning, stands, definition, explained, explanation",
    W.QUESTION: "who, how, what, why, anyone, anybody, which, where, whose, does, do, everyone's, remembers",
    W.UNREAL:
        "ira, roth, paper, sim, simulated, demo, example, hypothetical, hypothetically, hindsight, backtest, "
        "backtested, pretend, accidentally, personal, kidding, jk, joke, joking, practice, eval, evals, challenge",
    W.RECAP:
        "reposting, repost, reposted, recap, pnl, p&l, results, scoreboard, summary, recapping, journal, winners, "
        "losers, trades, congrats, stats, record",
    W.STATUS: "still, currently, up, down, running, sitting, riding",
    W.PERMISSION:
        "fine, okay, ok, free, feel, optional, can, you, your, u, ur, yours, yourself, anybody's, recommend, "
        "suggest, consider",
    W.OBSERVED:
        "nice, great, good, perfect, beautiful, amazing, clean, solid, look, looks, seeing, see, saw, hot, strong, "
        "weak, works, worked, working, chart, candle, ema, vwap, support, resistance, market, markets, price, "
        "trend, volume, pop, rip, bounce, fade, squeeze, trapped",
    W.SPREAD:
        "spread, spreads, ic, condor, butterfly, strangle, straddle, csp, csps, pcs, ccs, cds, pds, bps, calendar, "
        "diagonal, ratio, hedge, hedged, naked, iron, vertical, credit, debit, collar, wheel, fly, bwb, leg, legs, "
        "jade",
    W.FLOW:
        "pelosi, congress, premium, sweep, sweeps, block, flow, unusual, oi, prem, whale, whales, darkpool, "
        "bullish, bearish, gex, sweeper, analyst, analysts, upgrade, upgraded, upgrades, downgrade, downgraded, "
        "downgrades, reiterates, overweight, outperform, underweight, rating, citi, goldman, barclays, bofa, "
        "jefferies, wedbush, oppenheimer, needham, evercore",
    W.PROMO:
        "discount, webinar, giveaway, subscribe, promo, sponsored, coupon, zoom, membership, sale, giveaways, "
        "affiliate, nasdaq:, nyse:, disclaimer, newsletter",
    W.SELF: "i, i'm, im, we, we're, my, me, our, us",
    W.OTHERS:
        "they, he, she, his, her, their, people, someone, members, member, subscribers, students, student, buddy, "
        "followers, bulls, bears, buyers, sellers, dealers, algos, algo",
    W.LEAVE: "leave, leaving, left, keep, keeping, leavin, keepin",
    W.HOLD: "holding, hold, holds, held",
    W.RUNNER: "runner, runners, moonbag",
    W.PART: "some, few, portion, little, bit, couple, several, piece, chunk, majority",
    W.FRACTION: "half, third, quarter, halves, halfs",
    W.MOST: "most",
    W.ALL: "all, everything, full, fully, completely, entire, whole, remaining, final, both",
    W.REST: "rest, remainder, balance",
    W.MORE: "more, another, extra",
    W.AGAIN: "again, back, re-entry, reload, reloading, reloaded, 2nd, second",
    W.POSITION: "position, positions, pos, trade, play, plays",
    W.NOW: "now",
    W.HERE: "them, em, here, this, it, these, that, those, mine",
    W.MARKET: "mkt, mkt.",
    W.MOVE:
        "move, moved, moving, raise, raised, raising, set, setting, adjust, adjusted, adjusting, trailed, bump, "
        "bumped, slid, sliding, slide, tighten, tightened, lower, lowered, lowering, change, changed, update, "
        "updated, sets, extend, extended, extending",
    W.USE: "use, using, uses",
    W.BELOW: "below, under, loses, lost, losing, underneath, beneath",
    W.ABOVE: "above, over, reclaims, clears, past, reclaim",
    W.BREAK:
        "break, breaks, breakout, breaking, broke, breakdown, triggers, trigger, crosses, cross, pullback, retest, "
        "dip, touches",
    W.TO: "to",
    W.AT: "at, around, near, @, approx, roughly, about",
    W.FOR: "for",
    W.OF: "of",
    W.ON: "on",
    W.FROM: "from",
    W.IS: "is, are, =, remains, its, it's",
    W.AND: "and, &, plus, also",
    W.OR: "or",
    W.BUT: "but, except, so, because, although, however, while",
    W.THEN: "then",
    W.SIZE: "size, sized, sz, sizing",
    W.SIZE_WORD:
        "lotto, lottos, tiny, light, starter, starters, small, smaller, risky, swing, swinging, scalp, lottery, "
        "yolo, scalping, heavy, conservative, aggressive, daytrade, riskier, lite",
    W.CONTRACTS: "con, cons, contract, contracts, lot, lots, car, cars, cts, ct",
    W.SHARES: "equity, equities, share, shares, shs, stock, commons, common",
    W.POINTS: "point, points, tick, ticks, handle, handles, pips, pip, pnts, cents, cent, bucks, dollars, dollar",
    W.RIGHT: "put, call, calls, puts, c, p, cs, ps",
    W.WHEN:
        "today, tomorrow, tmrw, tmr, tommorow, weekly, weeklies, eow, monthly, monthlies, leap, leaps, friday, "
        "monday, tuesday, wednesday, thursday, zeroes, zerodte, 2morrow, fri, mon, tue, tues, wed, weds, thu, thur, "
        "thurs, tom, 0days, tonight, dailies, opex",
    W.EXPIRY: "exp, expiry, expiration, expires, expiring, expirations, dte, exps, expire, dated",
    W.NEXT: "next",
    W.LABEL: "action, ticker, symbol, strike, type, side, direction, underlying, cp, instrument, option, order",
    W.LEVEL: "premarket, level, levels, demand, supply, spot",
    W.PROFIT: "profit, profits, gain, gains, green, banger, win, winner, bangers, winning, dub",
    W.LOSS: "loss, losses, red, lose, l",
    W.DONE: "done, finished",
})  # fmt: skip
"""Each word by its class."""
