"""The sample company and the demo mailbox."""
