"""`/admin/trackers`: trackers and sources of scores, what they told us, and what their values mean."""

from app.web.connections import adding, deliveries, explaining, instruments, mapping, removing
from app.web.connections.one import pages

__all__ = ["adding", "deliveries", "explaining", "instruments", "mapping", "pages", "removing"]
