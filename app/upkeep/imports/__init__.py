"""Tables on their way in: kept for a day, mapped, checked, taken over once."""
