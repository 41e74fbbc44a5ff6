"""What a moment that lies ahead of our clock means."""

from datetime import timedelta

#: Clocks of two machines differ by less; a moment further ahead comes of a wrong clock, time zone or date.
CLOCKS_DIFFER = timedelta(hours=1)
