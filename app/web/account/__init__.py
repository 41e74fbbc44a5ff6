"""What belongs to oneself: ways in, passkeys, keys of the API, sessions."""
