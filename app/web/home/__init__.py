"""`/home`: where everybody begins, and what waits for them."""
