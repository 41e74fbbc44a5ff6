"""`/admin/policy`: whom we ask, when, and what a draft of that would have changed."""
