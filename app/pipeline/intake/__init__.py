"""Coming in: events, deliveries and rows of an import, all into one sink."""
