"""What keeps an installation going: its state, its mails, its work, its copies."""
