"""What we say, and posting it."""
