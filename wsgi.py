"""Environment -> Settings -> create_app."""

import config
from app import create_app

app = create_app(config.load())
