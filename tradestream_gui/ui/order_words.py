"""What an order's state is called on every screen."""

from tradestream_gui.domain.orders import OrdStatus

STATUS_TEXT = {
    OrdStatus.DENIED: "Denied",
    OrdStatus.PENDING_NEW: "Storing",
    OrdStatus.SENT: "Sent",
    OrdStatus.UNCERTAIN: "Asking broker",
    OrdStatus.NEW: "Working",
    OrdStatus.PARTIALLY_FILLED: "Part filled",
    OrdStatus.FILLED: "Filled",
    OrdStatus.PENDING_CANCEL: "Cancelling",
    OrdStatus.PENDING_REPLACE: "Changing",
    OrdStatus.CANCELED: "Cancelled",
    OrdStatus.REJECTED: "Rejected",
    OrdStatus.EXPIRED: "Expired",
    OrdStatus.NOT_FOUND: "Not found",
    OrdStatus.ABANDONED: "Never sent",
}
