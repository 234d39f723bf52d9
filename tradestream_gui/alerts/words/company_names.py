"""Companies by the name that people say: `the Exxon calls`, `Disney 118c`, where the name can mean nothing else."""

_NAMES = {
    "AAPL": "apple", "TSLA": "tesla", "NVDA": "nvidia", "AMZN": "amazon", "MSFT": "microsoft", "META": "facebook",
    "GOOGL": "google alphabet", "NFLX": "netflix", "PLTR": "palantir", "COIN": "coinbase", "HOOD": "robinhood",
    "DIS": "disney", "BA": "boeing", "WMT": "walmart", "COST": "costco", "SBUX": "starbucks", "INTC": "intel",
    "AVGO": "broadcom", "MU": "micron", "ORCL": "oracle", "CRM": "salesforce", "SHOP": "shopify", "SPOT": "spotify",
    "ABNB": "airbnb", "SNOW": "snowflake", "CRWD": "crowdstrike", "DDOG": "datadog", "NET": "cloudflare",
    "MCD": "mcdonalds mcdonald's", "NKE": "nike", "XOM": "exxon exxonmobil", "CVX": "chevron", "PFE": "pfizer",
    "MRNA": "moderna", "MRK": "merck", "JPM": "jpmorgan", "CAT": "caterpillar", "LMT": "lockheed", "RTX": "raytheon",
    "GME": "gamestop", "BABA": "alibaba", "BIDU": "baidu", "PYPL": "paypal", "RBLX": "roblox", "CVNA": "carvana",
    "DKNG": "draftkings", "MSTR": "microstrategy", "SMCI": "supermicro", "QCOM": "qualcomm", "ADBE": "adobe",
    "CSCO": "cisco", "RIVN": "rivian", "LCID": "lucid", "PTON": "peloton", "LULU": "lululemon", "UNH": "unitedhealth",
    "LLY": "lilly", "FDX": "fedex", "PEP": "pepsi pepsico",
}  # fmt: skip
COMPANIES: dict[str, str] = {name: ticker for ticker, names in _NAMES.items() for name in names.split()}
