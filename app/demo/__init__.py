"""The sample company and the demo mailbox: the real steps, run day by day, on invented people."""
