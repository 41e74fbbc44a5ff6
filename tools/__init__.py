"""What the Makefile calls: small programs about the repository itself, not part of the application."""
