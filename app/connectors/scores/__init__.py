"""One file per source of customer scores."""
