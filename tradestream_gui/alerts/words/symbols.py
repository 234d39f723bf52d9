"""Which words are symbols: futures roots and contract codes, widely traded tickers, and capitals that are neither."""

import re
from typing import NamedTuple

from tradestream_gui.alerts.words.lexicon import words_of

FUTURES_ROOTS = words_of(
    """
    ES MES NQ MNQ YM MYM RTY M2K CL MCL NG MNG GC MGC SI SIL HG MHG PL ZB ZN ZF ZT 6E 6J 6B 6A 6C 6S M6E M6A M6B ZC ZS
    ZW MBT MET
    """
)
ROOTS_WITH_32NDS = frozenset(["ZB", "ZN", "ZF", "ZT"])

_MONTH_CODE = re.compile(r"[FGHJKMNQUVXZ][0-9]{1,2}\Z")

TICKERS = words_of(
    """
    SPY SPX SPXW XSP QQQ NDX NDXP IWM RUT DIA VIX VXX UVXY SVXY TQQQ SQQQ SOXL SOXS SPXL SPXS SPXU UPRO TNA TZA LABU
    LABD TLT TBT TMF HYG LQD IEF GLD SLV GDX GDXJ USO UNG UCO BOIL KOLD XLE XLF XLK XLV XLI XLP XLU XLY XLB XLC XLRE XBI
    IBB SMH SOXX KRE XRT XHB ITB XOP OIH ARKK ARKG EEM EFA FXI KWEB EWZ EWJ INDA IBIT FBTC ETHA BITO BITX GBTC ETHE JETS
    MSOS SVIX NVDL NVDX TSLL TSLQ TSLT MSTU MSTX MSTZ CONL NVDA NVD AAPL TSLA AMZN MSFT GOOGL GOOG META AMD NFLX INTC
    AVGO QCOM MU ARM SMCI TSM ASML AMAT LRCX KLAC MRVL TXN ADI NXPI MCHP WDC STX DELL HPQ HPE IBM ORCL CRM ADBE NOW SNOW
    PLTR PANW CRWD ZS NET DDOG MDB OKTA FTNT S TEAM WDAY SHOP SQ XYZ PYPL AFRM SOFI UPST HOOD COIN MSTR MARA RIOT CLSK
    HUT BITF WULF IREN CIFR CORZ BTBT CRCL GLXY UBER LYFT DASH ABNB BKNG EXPE RBLX U ROKU SPOT PINS SNAP TTD ZM DOCU
    TWLO PTON CVNA CHWY ETSY EBAY W BABA JD PDD BIDU NIO XPEV LI BILI TME FUTU BEKE NTES SE MELI GRAB CPNG DIS CMCSA WBD
    PARA T VZ TMUS CHTR F GM RIVN LCID STLA TM QS NKLA FSR PSNY BA LMT RTX NOC GD GE HON CAT DE MMM UPS FDX LUV DAL UAL
    AAL JBLU CCL RCL NCLH MAR HLT WMT TGT COST HD LOW BBY DG DLTR KR M KSS GPS GAP JWN ULTA LULU NKE UAA SKX CROX DECK
    ONON SBUX MCD CMG YUM DPZ QSR CAVA SHAK WING KO PEP MNST CELH STZ TAP BUD MO TLRY CGC ACB SNDL JNJ PFE MRK ABBV
    LLY BMY AMGN GILD REGN VRTX BIIB MRNA BNTX NVAX UNH CVS CI HUM ELV HCA ISRG MDT ABT SYK DHR TMO HIMS JPM BAC C WFC
    GS MS SCHW BLK AXP V MA COF USB PNC BX KKR APO CB AIG PRU MET ALL XOM CVX COP OXY SLB HAL MPC VLO PSX DVN EOG APA
    FANG MRO KMI WMB ET FCX NEM GOLD AEM CLF X NUE STLD AA VALE RIO BHP SCCO CCJ UEC UUUU OKLO SMR NNE LEU VST CEG NRG
    TLN GEV NEE DUK SO D FSLR ENPH SEDG RUN PLUG FCEL BE BLDP CHPT GME AMC BB NOK BBBY KOSS DJT RDDT RUM IONQ RGTI QBTS
    QUBT ARQQ SOUN BBAI AI PATH ASTS RKLB LUNR RDW SPCE JOBY ACHR LILM EVTL OPEN Z RKT LMND ROOT UWMC OPENL BRK.B BRK.A
    BRKB DKNG PENN MGM WYNN LVS CZR VICI APP ASAN DUOL U PLNT EA TTWO ATVI BYND OATLY TDOC ZIM SBLK FRO NAT TELL LNG TEM
    NBIS CRWV ALAB CRDO ANET CSCO CIEN LITE COHR AAOI VRT MOD ETN PWR TT JCI LITM ALB SQM LAC MP USAR TMC AG PAAS HL CDE
    BTG KGC WPM FNV SIRI AXON TASR PODD DXCM ALGN GEHC NVO SNY AZN GSK NVS ANF AEO URBN BURL ROST TJX FIVE OLLI KMX AN
    AZO ORLY TSCO WSM RH W CHGG INTU ADSK ANSS CDNS SNPS FICO MSCI SPGI MCO ICE CME NDAQ CBOE IBKR MKTX TDW SGML HOLX
    GRPN YELP ANGI MTCH BMBL IAC FVRR UPWK WIX SQSP GDDY HUBS BILL GTLB ESTC CFLT DOCN FSLY AKAM AMKR ON WOLF MPWR SWKS
    QRVO ACLS TER ENTG UMC GFS INDI AEHR POWI RMBS SITM KO CL PG KMB CLX EL COTY KHC GIS HSY MDLZ CPB CAG TSN ADM BG CF
    IT ARE MOS NTR DOW DD LYB SHW PPG ECL IP WRK PLD AMT CCI EQIX DLR SPG O WELL
    """
)  # fmt: skip
"""Tickers with active options, so that lower-case and mid-sentence mentions are known; others need capitals."""

_NOT_TICKERS = words_of(
    """
    A I AM AN AND ARE AS AT BE BIG BUT BY CAN DID DO FOR FROM GET GO GOT HAD HAS HE HER HEY HI HIM HIS HOT HOW IF IN IS
    IT ITS LET ME MY NEW NO NOT OF OFF OK OLD ON ONE OR OUR OUT OWN SAY SEE SHE SO THE TO TOO TOP TWO UP US WAS WAY WE
    WHO WHY WIN YES YET YOU YOUR THIS THAT THEY THEM THEN WHAT WHEN WITH WILL WOULD HAVE HERE JUST LIKE MORE MOST MUCH
    MUST NEXT NICE OVER SAME SOME SUCH TAKE TIME VERY WANT WELL WERE GOOD BACK BEEN COME DONE DOWN EACH EVEN EVER FREE
    FULL GIVE GREAT INTO KEEP KNOW LAST LATE LEFT LESS LOOK LOTS MADE MAKE MANY NEED ONLY ONTO OPEN PLAY REAL RUN RUNS
    SAFE SEND SETS STAY STOP SURE TALK TEAM TELL THAN THEIR THERE THESE THING THINK THOSE TODAY TRADE UNDER UNTIL WATCH
    WEEK WHERE WHICH WHILE WORK YEAR ABOUT ABOVE AFTER AGAIN BELOW CLOSE COULD EARLY ENTRY EVERY FIRST GREEN GUYS HAPPY
    HEAVY LIGHT LIVE LONG LOTTO MIGHT MONEY NEVER OTHER PRICE QUICK READY RIGHT RISK RISKY SHORT SIZE SMALL STILL STRONG
    SWING TIGHT TREND WEAK WORTH WOW PM AM EST EDT ET CT CST PST PT UTC GMT EOD EOW EOM BOD HOD LOD HOW LOW HIGH ATH ATL
    VWAP EMA SMA MA RSI MACD ORB FVG BOS CHOCH IV OI ITM OTM ATM DTE CPI PPI PCE GDP NFP FOMC FED ECB BOJ SEC IRS CEO
    CFO IPO ETF USD EUR USA UK EU UN AI TA DD RR PNL PL FYI BTW TBH IMO IMHO LOL LMAO LFG LFGG GG GM GN OMG WTF SMH NFA
    DYOR YOLO FOMO FUD HODL BTFD ASAP FAQ DM VIP CEO LLC INC IG YT TG BTO STC STO BTC SL TP BE TGT CALL CALLS PUT PUTS
    CON CONS CSP CC IC PCS CCS GAMMA DELTA THETA VEGA MAX MIN AVG RED BLUE BULL BEAR BANG BOOM SEND PRINT HOLD ADD TRIM
    SOLD SELL BUY EXIT CUT FLAT ALL NOW YALL FAM BRO DUDE CORE RULE RULES TIP TIPS NEWS INFO ALERT ALERTS UPDATE VOL
    VIX1 MQSP TF HTF LTF PDH PDL PMH PML ONH ONL IB VAH VAL POC HVN LVN RTH ETH MOC SPREAD LEAP LEAPS EXP EXPIRY DATE
    STRIKE TYPE SIDE QTY FILL FILLS LIMIT MARKET ORDER ENTER CP R RIP DIP GAP NOTE TEST PING MSG THX PLS TY DID CHOP
    CHART LEVEL LEVELS ZONE PART HALF TOOK HIT GUY EASY PEASY WOWZER PUMP DUMP MOON FIRE LETS LET GOING GO ROI APY PDT
    JET JET2 FUCK SHIT ASS DAMN HELL GOD LORD MAMA KISS BABY LOVE HATE WAIT PATIENT PATIENCE
    """
)  # fmt: skip


class Root(NamedTuple):
    """A futures root as written, with its month code when the alert names one."""

    root: str
    month: str


def futures_root(word: str) -> Root | None:
    """The root of `ES`, `ESZ6`, `MNQ1` (continuous) or `MESZ26`; None for any other word."""
    upper = word.upper()
    if upper in FUTURES_ROOTS:
        return Root(upper, "")
    if upper.isalpha():
        return None
    for size in (2, 3):
        head, tail = upper[:size], upper[size:]
        if head in FUTURES_ROOTS and tail and (tail in ("1", "2") or _MONTH_CODE.match(tail)):
            return Root(head, tail if len(tail) > 1 else "")
    return None


WORDS_THAT_ARE_TICKERS = words_of(
    """
    mod ter etn alb ecl pan
    now on all open path root well cost low dash spot snap pins shop team run hood coin hut riot gold be so net se
    li plug cat
    de gap key go has he it mo bud tap wing lite ai aa ma arm fang hum ice jets cop rum bull nat an ag mp tm para
    five tell
    met cars play fun eat cake live real fast car any good big man me us up you by sun best ip hp ea el et ses sol sand
    vale five rio snow uber zoom bill tem team turn loan main fit gold mos
    lac see sea life safe rock pool post nice max
    unit bro hog cpb cat dis fox sky true trade stem cave love fly leu ally ford open rare rent ride roll send
    """
)
"""Tickers that are words or names too: in lower case they count only with a strike, a date or a `$`."""

CURRENCIES = words_of("usd eur gbp jpy chf aud nzd cad xau xag btc eth usdt xrp sol doge bnb ltc ada")


_SPOT_NAMES = words_of("btc eth usdt xrp xau xag gbp nzd jpy chf doge us30 nas100 spx500")


def is_foreign_market(lower: str) -> bool:
    """Currency pairs, spot metals and coins: markets that this program does not trade."""
    if lower in _SPOT_NAMES:
        return True
    return (len(lower) == 6 or lower.endswith("usdt")) and lower[:3] in CURRENCIES and lower[3:] in CURRENCIES


def is_known_ticker(upper: str) -> bool:
    return upper in TICKERS


def is_plain_word(word: str) -> bool:
    """Whether a word is one of the everyday words that are never taken for a ticker."""
    return word.upper() in _NOT_TICKERS


def may_be_ticker(word: str) -> bool:
    """Whether a word in capitals could be a ticker that the list lacks."""
    return 2 <= len(word) <= 5 and word.isupper() and word.isalpha() and word not in _NOT_TICKERS
