"""Small tools over libraries; no rules, no tables."""
