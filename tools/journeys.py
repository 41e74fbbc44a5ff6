"""Pictures of the journeys: what the browser tests saw at each station, for docs/pictures."""

import subprocess
import sys

from tests.servers.fixtures import ARTEFACTS
from tools.keeping import keep

TESTS = "tests/browser"


def take_journeys() -> None:
    """Walk all journeys and keep a picture of each station. Raises CalledProcessError where a journey fails."""
    for old in ARTEFACTS.glob("journey-*.png"):
        old.unlink()
    options = ["-q", "-n", "0", "--pictures", "-k", "test_journey"]
    subprocess.run([sys.executable, "-m", "pytest", *options, TESTS], check=True)
    for picture in sorted(ARTEFACTS.glob("journey-*.png")):
        keep(picture.stem, picture.read_bytes())
