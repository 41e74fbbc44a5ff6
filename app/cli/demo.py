"""`flask demo`: the sample company and its mailbox."""

import signal
import threading

from flask.cli import AppGroup

from app.cli.demo_loading import load, show_links
from app.cli.sessions import settings
from app.demo.mailbox import FOLDER, receiving

demo = AppGroup("demo", help="The sample company, to look at and to try out.")
demo.add_command(load)
demo.add_command(show_links)


@demo.command("mailbox", help="Run the mail server that keeps the demo's mails, until Ctrl-C.")
def mailbox() -> None:
    """Receive on PARITY_MAIL_SERVER and PARITY_MAIL_PORT, and keep every message in PARITY_VAR."""
    installation = settings()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    host, port = installation.mail.server or "127.0.0.1", installation.mail.port
    with receiving(installation.var / FOLDER, host=host, port=port):
        stopping.wait()
