"""Accounts, and what an address may see today."""
