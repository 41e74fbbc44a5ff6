"""What administrators watch: log, jobs, mails, held-back answers, decisions, backups."""
