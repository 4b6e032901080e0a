"""The settings of a register that a test serves: its held files lie in a folder of the test's own."""

import os

from heritage.settings import *  # noqa: F403

MEDIA_ROOT = os.environ["MEDIA_ROOT"]
