"""Drawing is slow and not for threads: pages draw one after the other and keep what they drew."""

import threading

LOCK = threading.Lock()
