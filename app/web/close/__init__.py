"""`/close`: how HR closes a quarter, reads the mails before they leave, and chooses who gets them."""
