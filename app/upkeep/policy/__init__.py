"""The asking policy: versions, drafts, and what one would have changed."""
