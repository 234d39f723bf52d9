"""What goes wrong on the server's side of the wire; set through the control, looked at wherever bytes pass."""

from dataclasses import dataclass


@dataclass(slots=True)
class Faults:
    """`frozen`: nothing is read or written, all of it later. `dead`: what is sent is lost for good, both ways.
    `deaf`: what clients send is lost. `mute`: what clients should hear is lost. `events_twice`, `events_backwards`
    and `garbage` concern order events only. `login` is empty, `silent` (the socket closes without a word) or
    `in use` (the client id is taken). `throttle` answers the next request with error 100 and hangs up. `split`
    sends single bytes."""

    frozen: bool = False
    dead: bool = False
    deaf: bool = False
    mute: bool = False
    events_twice: bool = False
    events_backwards: bool = False
    garbage: bool = False
    split: bool = False
    throttle: bool = False
    login: str = ""
    no_positions: bool = False
    """Position requests are never answered."""
    read_only: bool = False
    """TWS's API is set to read only: lists of orders are refused without an end."""
    stale_ids: bool = False
    """The first free order number that is told at the log-in is long in use."""
    what_if_refused: tuple[int, str] | None = None
    """Error that each question about the costs of an order gets."""
    what_if_noted: tuple[int, str] | None = None
    """Remark that comes before each answer about the costs of an order."""
    no_fees: bool = False
    """Commission reports are not sent."""
