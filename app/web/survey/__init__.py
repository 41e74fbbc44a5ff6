"""What a requester sees: the survey behind the link in a mail, and the wishes not to be asked."""
