"""The one way out to other servers: time-outs, patience, limits of size and rate, and no way into our own network."""

from app.foundations.http.addresses import AddressRefused, Doors
from app.foundations.http.client import Answer, Client
from app.foundations.http.deadline import limited
from app.foundations.http.memory import Calls, Memory, Recalling
from app.foundations.http.pace import Pace
from app.foundations.http.trouble import Broken, Refused, Throttled, TookTooLong, Trouble, Unreachable, UnreadableAnswer

__all__ = [
    "AddressRefused",
    "Answer",
    "Broken",
    "Calls",
    "Client",
    "Doors",
    "Memory",
    "Pace",
    "Recalling",
    "Refused",
    "Throttled",
    "TookTooLong",
    "Trouble",
    "Unreachable",
    "UnreadableAnswer",
    "limited",
]
