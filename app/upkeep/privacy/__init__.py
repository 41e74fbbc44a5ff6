"""What the law and our promise ask of stored data: forget a person, tell them what we hold, keep nothing too long."""

from app.upkeep.privacy.erasure import Erased, erase
from app.upkeep.privacy.export import export
from app.upkeep.privacy.retention import retain

__all__ = ["Erased", "erase", "export", "retain"]
