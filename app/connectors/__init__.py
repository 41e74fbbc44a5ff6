"""Tools in: bytes and settings in, events and a new cursor out; never the tables."""
