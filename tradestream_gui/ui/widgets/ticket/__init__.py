"""The pieces of a ticket, shared by the places that take an order."""
